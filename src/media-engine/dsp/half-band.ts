/**
 * 16 kHz to 8 kHz and back by a half-band low-pass: every second tap of such a filter is zero and its middle one a
 * half, so that one phase of the two is a mere delay. Passes to 3.4 kHz within 0.1 dB, stops from 4.6 kHz by 60 dB.
 */
import { saturate16 } from '../../codec/g722-band.ts';

/** Taps of one side that are not zero: the filter is 4 * 16 - 1 = 63 taps long. */
const sideTaps = 16;
/** Samples of one phase that an output looks at. */
const span = 2 * sideTaps;
/** Samples at a time at the low rate: 60 ms. */
const maxBlock = 480;
/** Delay of one pass, in samples of 16 kHz. */
export const halfBandDelay = 2 * sideTaps - 1;

/** Windowed sinc at distances 1, 3, 5 … from the middle; scaled so that all sum to a half. */
const taps = makeTaps();

/** 16 kHz to 8 kHz. */
export class Downsampler {
  /** The phase that meets the taps and the phase that meets the middle, each with its past in front. */
  readonly #tapped = new Float64Array(span + maxBlock);
  readonly #middle = new Float64Array(span + maxBlock);

  /** Writes `count / 2` samples for the `count` (even, at most 960) read. */
  process(from: Int16Array, at: number, count: number, into: Int16Array, offset: number): void {
    const half = count >> 1;
    const tapped = this.#tapped;
    const middle = this.#middle;
    for (let i = 0; i < half; i++) {
      tapped[span - 1 + i] = from[at + 2 * i] as number;
      middle[span - 1 + i] = from[at + 2 * i + 1] as number;
    }
    for (let i = 0; i < half; i++) {
      const sum = 0.5 * (middle[i + sideTaps - 1] as number) + convolve(tapped, i);
      into[offset + i] = saturate16(Math.round(sum));
    }
    tapped.copyWithin(0, half, half + span - 1);
    middle.copyWithin(0, half, half + span - 1);
  }
}

/** 8 kHz to 16 kHz. */
export class Upsampler {
  readonly #line = new Float64Array(span + maxBlock);

  /** Writes `2 * count` samples for the `count` (at most 480) read. */
  process(from: Int16Array, at: number, count: number, into: Int16Array, offset: number): void {
    const line = this.#line;
    for (let i = 0; i < count; i++) line[span - 1 + i] = from[at + i] as number;
    for (let i = 0; i < count; i++) {
      into[offset + 2 * i] = saturate16(Math.round(2 * convolve(line, i)));
      into[offset + 2 * i + 1] = line[i + sideTaps] as number;
    }
    line.copyWithin(0, count, count + span - 1);
  }
}

/** The symmetric half of the filter that is not the middle, over `span` samples from `at` on. */
function convolve(line: Float64Array, at: number): number {
  let sum = 0;
  for (let k = 0, left = at + sideTaps - 1, right = at + sideTaps; k < sideTaps; k++, left--, right++) {
    sum += (taps[k] as number) * ((line[left] as number) + (line[right] as number));
  }
  return sum;
}

function makeTaps(): Float64Array {
  const values = Float64Array.from({ length: sideTaps }, (_, k) => {
    const distance = 2 * k + 1;
    const sinc = Math.sin((Math.PI * distance) / 2) / (Math.PI * distance);
    return sinc * kaiser(distance / (2 * sideTaps), 7);
  });
  const sum = values.reduce((total, value) => total + 2 * value, 0);
  return values.map((value) => (value * 0.5) / sum);
}

/** Kaiser window at `x` (0 the middle, 1 the edge). */
export function kaiser(x: number, beta: number): number {
  return bessel(beta * Math.sqrt(1 - x * x)) / bessel(beta);
}

/** Modified Bessel function of the first kind, order 0. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; k < 30; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
