/**
 * What plays on one leg: a list of sounds one after the other, sample-exact, or the shared music. Sounds come
 * ready in both codecs, so that a beat is a copy.
 */
import { type G711Name, silenceByte } from '../../codec/g711.ts';
import { tickSamples } from './ticker.ts';

/** A sound in shared memory, one byte a sample in each codec. */
export interface SharedSound {
  samples: number;
  PCMU: SharedArrayBuffer;
  PCMA: SharedArrayBuffer;
}

export type PlayItem = { kind: 'sound'; sound: SharedSound } | { kind: 'silence'; samples: number };

/** Fills beats of 160 samples. */
export interface Player {
  readonly playId: string;
  /** Writes the next beat; false, with nothing written, when it is over. */
  read(tick: number, codec: G711Name, into: Uint8Array, offset: number): boolean;
}

interface LoadedItem {
  samples: number;
  /** null: silence. */
  bytes: Record<G711Name, Uint8Array> | null;
}

/** A list of sounds, once or endlessly. */
export class ListPlayer implements Player {
  readonly playId: string;
  readonly #items: LoadedItem[];
  readonly #loop: boolean;
  #item = 0;
  #at = 0;

  constructor(playId: string, items: PlayItem[], loop: boolean) {
    this.playId = playId;
    this.#items = items.map(load).filter((item) => item.samples > 0);
    this.#loop = loop;
  }

  read(_tick: number, codec: G711Name, into: Uint8Array, offset: number): boolean {
    let filled = 0;
    while (filled < tickSamples) {
      const item = this.#items[this.#item];
      if (!item) break;
      const count = Math.min(tickSamples - filled, item.samples - this.#at);
      copyItem(item, codec, this.#at, count, into, offset + filled);
      filled += count;
      this.#at += count;
      if (this.#at === item.samples) {
        this.#at = 0;
        this.#item++;
        if (this.#loop && this.#item === this.#items.length) this.#item = 0;
      }
    }
    if (filled === 0) return false;
    into.fill(silenceByte[codec], offset + filled, offset + tickSamples);
    return true;
  }
}

/** Endless music at the same place for everybody: who is put on hold joins it where it is. */
export class MusicPlayer implements Player {
  readonly playId: string;
  readonly #item: LoadedItem;

  constructor(playId: string, sound: SharedSound) {
    this.playId = playId;
    this.#item = load({ kind: 'sound', sound });
  }

  read(tick: number, codec: G711Name, into: Uint8Array, offset: number): boolean {
    const { samples } = this.#item;
    if (samples === 0) return false;
    let at = (tick * tickSamples) % samples;
    for (let filled = 0; filled < tickSamples; ) {
      const count = Math.min(tickSamples - filled, samples - at);
      copyItem(this.#item, codec, at, count, into, offset + filled);
      filled += count;
      at = (at + count) % samples;
    }
    return true;
  }
}

function load(item: PlayItem): LoadedItem {
  if (item.kind === 'silence') return { samples: item.samples, bytes: null };
  const { samples, PCMU, PCMA } = item.sound;
  return { samples, bytes: { PCMU: new Uint8Array(PCMU), PCMA: new Uint8Array(PCMA) } };
}

function copyItem(
  item: LoadedItem,
  codec: G711Name,
  at: number,
  count: number,
  into: Uint8Array,
  offset: number,
): void {
  if (!item.bytes) {
    into.fill(silenceByte[codec], offset, offset + count);
    return;
  }
  const bytes = item.bytes[codec];
  for (let i = 0; i < count; i++) into[offset + i] = bytes[at + i] as number;
}
