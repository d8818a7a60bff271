/**
 * Packets waiting to be played, by sequence number, in memory allocated once.
 */
import type { CodecName } from '../../codec/media-control.ts';

/** Packets at most: 640 ms of 10 ms packets. */
export const storeSlots = 64;
/** The longest payload: 120 ms. */
export const maxPayloadBytes = 960;

/** How a sequence number stands. */
export type SlotState = 'empty' | 'held' | 'played';

const empty = 0;
const held = 1;
const played = 2;

export class PacketStore {
  readonly bytes = new Uint8Array(storeSlots * maxPayloadBytes);
  readonly #sequence = new Float64Array(storeSlots);
  readonly #state = new Uint8Array(storeSlots);
  readonly #timestamp = new Float64Array(storeSlots);
  readonly #length = new Int32Array(storeSlots);
  readonly #codec: (CodecName | 'noise')[] = new Array<CodecName | 'noise'>(storeSlots).fill('noise');
  #count = 0;

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#state.fill(empty);
    this.#count = 0;
  }

  /** What became of `sequence`, as far as its slot still tells. */
  state(sequence: number): SlotState {
    const slot = slotOf(sequence);
    if (this.#sequence[slot] !== sequence) return 'empty';
    return this.#state[slot] === held ? 'held' : this.#state[slot] === played ? 'played' : 'empty';
  }

  /** Copies a payload in; whatever had its slot is gone. */
  put(
    sequence: number,
    timestamp: number,
    codec: CodecName | 'noise',
    payload: Uint8Array,
    offset: number,
    length: number,
  ): void {
    const slot = slotOf(sequence);
    if (this.#state[slot] !== held) this.#count++;
    this.#state[slot] = held;
    this.#sequence[slot] = sequence;
    this.#timestamp[slot] = timestamp;
    this.#length[slot] = length;
    this.#codec[slot] = codec;
    const start = slot * maxPayloadBytes;
    for (let i = 0; i < length; i++) this.bytes[start + i] = payload[offset + i] as number;
  }

  /** The lowest sequence held from `from` to `to`, both included; -1 when there is none. */
  first(from: number, to: number): number {
    if (this.#count === 0) return -1;
    for (let sequence = Math.max(from, to - storeSlots + 1); sequence <= to; sequence++) {
      const slot = slotOf(sequence);
      if (this.#state[slot] === held && this.#sequence[slot] === sequence) return sequence;
    }
    return -1;
  }

  timestamp(sequence: number): number {
    return this.#timestamp[slotOf(sequence)] as number;
  }

  length(sequence: number): number {
    return this.#length[slotOf(sequence)] as number;
  }

  codec(sequence: number): CodecName | 'noise' {
    return this.#codec[slotOf(sequence)] as CodecName | 'noise';
  }

  /** Where its payload begins in {@link bytes}. */
  offset(sequence: number): number {
    return slotOf(sequence) * maxPayloadBytes;
  }

  /** It has been played or thrown away. */
  release(sequence: number): void {
    const slot = slotOf(sequence);
    if (this.#state[slot] === held) this.#count--;
    this.#state[slot] = played;
  }
}

function slotOf(sequence: number): number {
  return sequence % storeSlots;
}
