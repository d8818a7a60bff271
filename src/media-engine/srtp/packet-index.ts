/**
 * Where a packet stands in its stream (RFC 3711 section 3.3.1) and whether it was there before (section 3.3.2).
 * An index is the 16 bit sequence number with the count of its wraps (ROC) above it; 48 bits fit a number.
 */

const sequences = 0x1_0000;
const half = 0x8000;

/** Packets that may come this much out of order; RFC 3711 asks for at least 64. A power of two. */
export const replayWindowPackets = 128;

/**
 * The likeliest index of a sequence number, given the highest index so far; negative when it lies before the
 * stream's beginning.
 */
export function estimateIndex(highestIndex: number, sequence: number): number {
  const highest = highestIndex % sequences;
  const base = highestIndex - highest;
  if (highest < half) return sequence - highest > half ? base - sequences + sequence : base + sequence;
  return highest - half > sequence ? base + sequences + sequence : base + sequence;
}

/** Which of the latest indexes were seen. */
export class ReplayWindow {
  /** -1: none yet. */
  #highest = -1;
  /** One bit for each index, at its remainder. */
  readonly #seen = new Uint32Array(replayWindowPackets / 32);

  get highest(): number {
    return this.#highest;
  }

  /** Neither seen nor too old to tell. */
  isNew(index: number): boolean {
    if (index > this.#highest) return true;
    if (index <= this.#highest - replayWindowPackets) return false;
    return ((this.#word(index) >>> (index & 31)) & 1) === 0;
  }

  /** Notes an index that is new. */
  add(index: number): void {
    if (index - this.#highest >= replayWindowPackets) this.#seen.fill(0);
    else for (let skipped = this.#highest + 1; skipped <= index; skipped++) this.#clear(skipped);
    if (index > this.#highest) this.#highest = index;
    const at = wordOf(index);
    this.#seen[at] = (this.#seen[at] ?? 0) | (1 << (index & 31));
  }

  #word(index: number): number {
    return this.#seen[wordOf(index)] ?? 0;
  }

  #clear(index: number): void {
    const at = wordOf(index);
    this.#seen[at] = (this.#seen[at] ?? 0) & ~(1 << (index & 31));
  }
}

const wordOf = (index: number): number => (index & (replayWindowPackets - 1)) >>> 5;
