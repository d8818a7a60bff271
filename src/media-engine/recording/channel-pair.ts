/**
 * Two channels that arrive in pieces of their own size, as frames of left and right.
 */

/** Collects both channels and gives what both have. */
export class ChannelPair {
  readonly #left = new Channel();
  readonly #right = new Channel();

  /** @param channel 0 left, 1 right */
  push(channel: number, samples: Uint8Array): void {
    (channel === 0 ? this.#left : this.#right).push(samples);
  }

  /** Takes the frames that are complete: left and right byte by turns. */
  take(): Uint8Array {
    const count = Math.min(this.#left.length, this.#right.length);
    const frames = new Uint8Array(count * 2);
    this.#left.moveInto(frames, 0);
    this.#right.moveInto(frames, 1);
    return frames;
  }
}

class Channel {
  readonly #pieces: Uint8Array[] = [];
  length = 0;

  push(samples: Uint8Array): void {
    this.#pieces.push(samples);
    this.length += samples.length;
  }

  /** Fills every second byte from `start` on. */
  moveInto(frames: Uint8Array, start: number): void {
    let at = start;
    while (at < frames.length) {
      const piece = this.#pieces[0] as Uint8Array;
      const count = Math.min(piece.length, (frames.length - at + 1) >> 1);
      for (let i = 0; i < count; i++, at += 2) frames[at] = piece[i] as number;
      if (count === piece.length) this.#pieces.shift();
      else this.#pieces[0] = piece.subarray(count);
    }
    this.length -= frames.length / 2;
  }
}
