/**
 * Linear samples on their way from the decoder to the listener, with the latest ones read kept as history: the
 * concealment repeats them, the fractional reader looks back at them.
 */

/** Milliseconds of history kept: three of the longest pitch periods and a joint (48.75 ms). */
export const historyMs = 50;
/** Milliseconds that can lie in the line beside the history. */
const roomMs = 400;

export class SampleLine {
  readonly samples: Int16Array;
  readonly #history: number;
  /** The next to be read. */
  readAt: number;
  /** Behind the last one written. */
  writeAt: number;

  constructor(samplesPerMs: number) {
    this.#history = historyMs * samplesPerMs;
    this.samples = new Int16Array((historyMs + roomMs) * samplesPerMs);
    this.readAt = this.#history;
    this.writeAt = this.#history;
  }

  get available(): number {
    return this.writeAt - this.readAt;
  }

  /** Makes room for `count` samples at `writeAt`; history and what waits move to the front when they must. */
  reserve(count: number): void {
    if (this.writeAt + count <= this.samples.length) return;
    const from = Math.min(this.readAt, this.writeAt) - this.#history;
    this.samples.copyWithin(0, from, this.writeAt);
    this.readAt -= from;
    this.writeAt -= from;
  }
}
