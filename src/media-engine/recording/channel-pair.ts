/**
 * Two channels that arrive in pieces of their own size, as frames of left and right.
 */

/** Collects both channels and gives what both have. */
export class ChannelPair {
  readonly #pieces: [Uint8Array[], Uint8Array[]] = [[], []];
  readonly #lengths: [number, number] = [0, 0];

  /** @param channel 0 left, 1 right */
  push(channel: 0 | 1, samples: Uint8Array): void {
    this.#pieces[channel].push(samples);
    this.#lengths[channel] += samples.length;
  }

  /** Takes the frames that are complete: left and right byte by turns. */
  take(): Uint8Array {
    const count = Math.min(...this.#lengths);
    const frames = new Uint8Array(count * 2);
    this.#interleave(0, frames);
    this.#interleave(1, frames);
    return frames;
  }

  #interleave(channel: 0 | 1, frames: Uint8Array): void {
    const pieces = this.#pieces[channel];
    let at: number = channel;
    while (at < frames.length) {
      const piece = pieces[0] as Uint8Array;
      const count = Math.min(piece.length, (frames.length - at + 1) >> 1);
      for (let i = 0; i < count; i++, at += 2) frames[at] = piece[i] as number;
      if (count === piece.length) pieces.shift();
      else pieces[0] = piece.subarray(count);
    }
    this.#lengths[channel] -= frames.length / 2;
  }
}
