/**
 * G.722: 7 kHz audio in 64 kbit/s (mode 1), to and from linear 16 bit at 16 kHz. Each byte is two samples:
 *
 *      7   6   5   4   3   2   1   0
 *     | high  |     lower band       |
 *
 * In RTP its clock runs at 8 kHz although it samples at 16 (RFC 3551 section 4.5.2): one byte is one timestamp unit.
 */
import { G722Band, highBand, lowBand, saturate16 } from './g722-band.ts';

/** Sampling rate of the linear side, hertz. */
export const g722SampleRateHz = 16_000;

/** Half of the quadrature mirror filter's 24 taps, the even ones; the odd ones are these in reverse (table 11). */
const mirrorTaps = Int32Array.of(3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11);
const mirrorSamples = 24;
/** Room for the filter's past and 30 ms before it is moved to the front. */
const mirrorRoom = 512;

/** Decision levels of the lower band's quantizer, 60 steps (table of block 1L). */
const lowDecisions = Int32Array.of(
  ...[35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714],
  ...[786, 858, 940, 1023, 1121, 1219, 1339, 1458, 1612, 1765, 1980, 2195, 2557, 2919],
);
const highDecision = 564;

/** Output levels of the 60-step quantizer for magnitudes 0 to 29; codes count them from the outside in. */
const lowLevels = [
  ...[136, 432, 728, 1040, 1360, 1688, 2032, 2400, 2776, 3168, 3576, 4008, 4464, 4944, 5456],
  ...[6000, 6576, 7192, 7856, 8576, 9360, 10_232, 11_192, 12_280, 13_512, 14_984, 16_704, 19_008],
  ...[21_904, 24_808],
];
const positiveCode = (magnitude: number): number => 61 - magnitude;
const negativeCode = (magnitude: number): number => (magnitude < 2 ? 63 - magnitude : 33 - magnitude);

/** Level of each 6 bit code; the four codes that no encoder sends mean the innermost step. */
const lowLevelOfCode = new Int32Array(64).fill(-136);
for (const [magnitude, level] of lowLevels.entries()) {
  lowLevelOfCode[positiveCode(magnitude)] = level;
  lowLevelOfCode[negativeCode(magnitude)] = -level;
}
/** Level and scale weight of the upper four bits, which alone drive the predictor. */
const coreLevels = Int32Array.of(
  ...[0, -20_456, -12_896, -8968, -6288, -4240, -2584, -1200],
  ...[20_456, 12_896, 8968, 6288, 4240, 2584, 1200, 0],
);
const coreWeights = Int32Array.of(
  -60,
  3042,
  1198,
  538,
  334,
  172,
  58,
  -30,
  3042,
  1198,
  538,
  334,
  172,
  58,
  -30,
  -60,
);
const highLevels = Int32Array.of(-7408, -1616, 7408, 1616);
const highWeights = Int32Array.of(798, -214, 798, -214);

/** Codes of differences by sign and magnitude. */
const lowPositiveCodes = Uint8Array.from({ length: 30 }, (_, magnitude) => positiveCode(magnitude));
const lowNegativeCodes = Uint8Array.from({ length: 30 }, (_, magnitude) => negativeCode(magnitude));

/** The 24 samples that the mirror filter looks at, without moving them each time. */
class MirrorLine {
  readonly samples = new Int32Array(mirrorRoom);
  /** First of the 24. */
  at = 0;

  /** Takes two samples more. */
  push(first: number, second: number): void {
    if (this.at + mirrorSamples + 2 > mirrorRoom) {
      this.samples.copyWithin(0, this.at + 2, this.at + mirrorSamples);
      this.at = -2;
    }
    this.at += 2;
    this.samples[this.at + 22] = first;
    this.samples[this.at + 23] = second;
  }

  /** Sum over the first, third, … sample. */
  even(): number {
    let sum = 0;
    for (let i = 0, at = this.at; i < 12; i++, at += 2)
      sum += (this.samples[at] as number) * (mirrorTaps[i] as number);
    return sum;
  }

  /** Sum over the second, fourth, … sample. */
  odd(): number {
    let sum = 0;
    for (let i = 11, at = this.at + 1; i >= 0; i--, at += 2)
      sum += (this.samples[at] as number) * (mirrorTaps[i] as number);
    return sum;
  }
}

/** 14 bit, the width at which the sub-bands are reconstructed. */
function saturate14(value: number): number {
  return Math.max(-16_384, Math.min(16_383, value));
}

/** Linear 16 kHz to G.722; one encoder for each stream. */
export class G722Encoder {
  readonly #low = new G722Band(lowBand);
  readonly #high = new G722Band(highBand);
  readonly #line = new MirrorLine();

  /** Encodes `count` samples (even) from `at` on into `count / 2` bytes at `offset`. */
  encode(samples: Int16Array, at: number, count: number, into: Uint8Array, offset: number): void {
    const line = this.#line;
    for (let i = 0; i + 1 < count; i += 2) {
      line.push(samples[at + i] as number, samples[at + i + 1] as number);
      const even = line.even();
      const odd = line.odd();
      into[offset + (i >> 1)] =
        (this.#encodeHigh((odd - even) >> 14) << 6) | this.#encodeLow((odd + even) >> 14);
    }
  }

  #encodeLow(sample: number): number {
    const band = this.#low;
    const error = saturate16(sample - band.prediction);
    const magnitude = error < 0 ? ~error : error;
    let step = 0;
    while (step < 29 && magnitude >= ((lowDecisions[step] as number) * band.scale) >> 12) step++;
    const code = (error < 0 ? lowNegativeCodes[step] : lowPositiveCodes[step]) as number;
    const difference = (band.scale * (coreLevels[code >> 2] as number)) >> 15;
    band.adaptScale(coreWeights[code >> 2] as number);
    band.advance(difference);
    return code;
  }

  #encodeHigh(sample: number): number {
    const band = this.#high;
    const error = saturate16(sample - band.prediction);
    const magnitude = error < 0 ? ~error : error;
    const outer = magnitude >= (highDecision * band.scale) >> 12;
    const code = (error < 0 ? 0 : 2) + (outer ? 0 : 1);
    const difference = (band.scale * (highLevels[code] as number)) >> 15;
    band.adaptScale(highWeights[code] as number);
    band.advance(difference);
    return code;
  }
}

/** G.722 to linear 16 kHz; one decoder for each stream, fed in order. */
export class G722Decoder {
  readonly #low = new G722Band(lowBand);
  readonly #high = new G722Band(highBand);
  readonly #line = new MirrorLine();

  /** Decodes `count` bytes from `offset` on into `2 * count` samples at `at`. */
  decode(bytes: Uint8Array, offset: number, count: number, into: Int16Array, at: number): void {
    const line = this.#line;
    for (let i = 0; i < count; i++) {
      const byte = bytes[offset + i] as number;
      const low = this.#decodeLow(byte & 63);
      const high = this.#decodeHigh(byte >> 6);
      line.push(low + high, low - high);
      into[at + 2 * i] = saturate16(line.odd() >> 11);
      into[at + 2 * i + 1] = saturate16(line.even() >> 11);
    }
  }

  #decodeLow(code: number): number {
    const band = this.#low;
    const sample = saturate14(band.prediction + ((band.scale * (lowLevelOfCode[code] as number)) >> 15));
    const difference = (band.scale * (coreLevels[code >> 2] as number)) >> 15;
    band.adaptScale(coreWeights[code >> 2] as number);
    band.advance(difference);
    return sample;
  }

  #decodeHigh(code: number): number {
    const band = this.#high;
    const difference = (band.scale * (highLevels[code] as number)) >> 15;
    const sample = saturate14(band.prediction + difference);
    band.adaptScale(highWeights[code] as number);
    band.advance(difference);
    return sample;
  }
}
