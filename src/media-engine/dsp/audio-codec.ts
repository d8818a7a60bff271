/**
 * Codecs as the mixer sees them: packets in, linear samples out, and back. In all of them one byte of payload is
 * one RTP timestamp unit of 1/8 ms, G.722 included (RFC 3551 section 4.5.2).
 */
import { decodeTable, encodeTable } from '../../codec/g711.ts';
import { G722Decoder, G722Encoder } from '../../codec/g722.ts';
import type { CodecName } from '../../codec/media-control.ts';

/** Rates of the linear side, hertz. */
export type SampleRateHz = 8000 | 16_000;

/** Timestamp units in a beat of 20 ms. */
export const frameUnits = 160;
/** Timestamp units in a millisecond. */
export const unitsPerMs = 8;

/** The linear rate of a codec. */
export function rateOf(codec: CodecName): SampleRateHz {
  return codec === 'G722' ? 16_000 : 8000;
}

/** Decodes the packets of one stream, in order. */
export class PacketDecoder {
  #g722: G722Decoder | undefined;

  /** Writes `count` (G.722: twice as many) samples at `at` for `count` bytes from `offset`. */
  decode(
    codec: CodecName,
    bytes: Uint8Array,
    offset: number,
    count: number,
    into: Int16Array,
    at: number,
  ): void {
    if (codec === 'G722') {
      this.#g722 ??= new G722Decoder();
      this.#g722.decode(bytes, offset, count, into, at);
      return;
    }
    const table = decodeTable[codec];
    for (let i = 0; i < count; i++) into[at + i] = table[bytes[offset + i] as number] as number;
  }
}

/** Encodes one stream, in order. */
export class PacketEncoder {
  #g722: G722Encoder | undefined;

  /** Writes `count` bytes at `offset` for `count` (G.722: twice as many) samples from `at`. */
  encode(
    codec: CodecName,
    samples: Int16Array,
    at: number,
    count: number,
    into: Uint8Array,
    offset: number,
  ): void {
    if (codec === 'G722') {
      this.#g722 ??= new G722Encoder();
      this.#g722.encode(samples, at, 2 * count, into, offset);
      return;
    }
    const table = encodeTable[codec];
    for (let i = 0; i < count; i++) into[offset + i] = table[(samples[at + i] as number) & 0xffff] as number;
  }
}
