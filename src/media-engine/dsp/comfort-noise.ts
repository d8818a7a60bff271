/**
 * Quiet noise for the time when nobody speaks: as loud as the peer said (RFC 3389) or as its pauses were.
 */

/** No louder than this, RMS of linear 16 bit (-50 dBov): a guess must not disturb. */
const maxLearntLevel = 100;
/** The quietest frame of this many counts as the background (3 s). */
const windowFrames = 150;

export class ComfortNoise {
  /** RMS of linear 16 bit. */
  level = 0;
  #state = 0x2545_f491;
  #previous = 0;
  #quietest = Number.POSITIVE_INFINITY;
  #quietestBefore = Number.POSITIVE_INFINITY;
  #frames = 0;

  /** Level as in the first byte of a comfort noise packet: -dBov, 0..127. */
  setLevel(minusDbov: number): void {
    this.level = 32_768 * 10 ** (-(minusDbov & 0x7f) / 20);
  }

  /** Learns the background from decoded sound. */
  learn(samples: Int16Array, at: number, count: number): void {
    let energy = 0;
    for (let i = at; i < at + count; i++) energy += (samples[i] as number) ** 2;
    const rms = Math.sqrt(energy / count);
    if (rms < this.#quietest) this.#quietest = rms;
    if (++this.#frames >= windowFrames) {
      this.#quietestBefore = this.#quietest;
      this.#quietest = Number.POSITIVE_INFINITY;
      this.#frames = 0;
    }
    this.level = Math.min(maxLearntLevel, this.#quietest, this.#quietestBefore);
  }

  /** The next sample. */
  next(): number {
    // xorshift: cheap, and long enough not to be heard repeating.
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    const white = this.#state / 0x8000_0000;
    // Rooms are darker than white noise: a gentle low-pass, scaled to an RMS of 1.
    this.#previous = 0.5 * this.#previous + white * 1.5;
    return this.#previous * this.level;
  }
}
