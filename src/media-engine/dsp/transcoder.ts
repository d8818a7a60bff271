/**
 * G.722 to G.711 and back, payload by payload. Both have a byte for each timestamp unit, so that a payload keeps its
 * length and its packet its numbers: losses stay visible, nothing waits.
 */
import { decodeTable, encodeTable, type G711Name } from '../../codec/g711.ts';
import { G722Decoder, G722Encoder } from '../../codec/g722.ts';
import { Downsampler, Upsampler } from './half-band.ts';

/** Converted at a stretch: 60 ms, as much as the resamplers take. */
const stretchUnits = 480;
/** Only used within one call, and a thread makes one at a time. */
const narrow = new Int16Array(stretchUnits);
const wide = new Int16Array(2 * stretchUnits);

/** One stream of G.722, in order, to G.711; `into` may be `from`. */
export class Narrower {
  readonly #decoder = new G722Decoder();
  readonly #resampler = new Downsampler();

  /** Converts `count` bytes. */
  convert(
    from: Uint8Array,
    offset: number,
    count: number,
    codec: G711Name,
    into: Uint8Array,
    at: number,
  ): void {
    const table = encodeTable[codec];
    for (let done = 0; done < count; done += stretchUnits) {
      const units = Math.min(stretchUnits, count - done);
      this.#decoder.decode(from, offset + done, units, wide, 0);
      this.#resampler.process(wide, 0, 2 * units, narrow, 0);
      for (let i = 0; i < units; i++) into[at + done + i] = table[(narrow[i] as number) & 0xffff] as number;
    }
  }
}

/** What one peer hears in G.722, made of G.711 in place. */
export class Widener {
  readonly #encoder = new G722Encoder();
  readonly #resampler = new Upsampler();

  /** Converts `count` bytes. */
  convert(bytes: Uint8Array, offset: number, count: number, codec: G711Name): void {
    const table = decodeTable[codec];
    for (let done = 0; done < count; done += stretchUnits) {
      const units = Math.min(stretchUnits, count - done);
      const start = offset + done;
      for (let i = 0; i < units; i++) narrow[i] = table[bytes[start + i] as number] as number;
      this.#resampler.process(narrow, 0, units, wide, 0);
      this.#encoder.encode(wide, 0, 2 * units, bytes, start);
    }
  }
}
