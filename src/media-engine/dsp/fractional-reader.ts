/**
 * Reads a beat a little faster or slower than it was written: one timestamp unit more or less in 20 ms, each
 * sample interpolated where it then lies. The pitch moves by 0.6 % for that beat, nothing is cut: this is how a
 * peer's clock is followed and how a delay shrinks or grows while somebody speaks.
 */
import { saturate16 } from '../../codec/g722-band.ts';
import { frameUnits } from './audio-codec.ts';
import { kaiser } from './half-band.ts';

const taps = 16;
/** Samples that must lie behind the last one read. */
export const lookahead = taps / 2;
const before = taps / 2 - 1;

/** For each of 160 positions between two samples (and the far end) the weights of the 16 around it. */
const weights = makeWeights();

/**
 * Writes `count` samples (a beat: 160 or 320) for `count + step` read from `at` on, where step is ±`count / 160`.
 * Looks at 7 samples before and 8 behind.
 */
export function readStretched(
  from: Int16Array,
  at: number,
  into: Int16Array,
  offset: number,
  count: number,
  step: number,
): void {
  const direction = Math.sign(step);
  for (let i = 0; i < count; i++) {
    const shift = i * direction; // in 1/160 of a sample
    const whole = Math.floor(shift / frameUnits);
    const phase = (shift - whole * frameUnits) * taps;
    const first = at + i + whole - before;
    let sum = 0;
    for (let k = 0; k < taps; k++) sum += (weights[phase + k] as number) * (from[first + k] as number);
    into[offset + i] = saturate16(Math.round(sum));
  }
}

function makeWeights(): Float64Array {
  const table = new Float64Array(frameUnits * taps);
  for (let phase = 0; phase < frameUnits; phase++) {
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const distance = k - before - phase / frameUnits;
      const sinc = distance === 0 ? 1 : Math.sin(Math.PI * distance) / (Math.PI * distance);
      const window = Math.abs(distance) >= taps / 2 ? 0 : kaiser(distance / (taps / 2), 6);
      table[phase * taps + k] = sinc * window;
      sum += sinc * window;
    }
    for (let k = 0; k < taps; k++) table[phase * taps + k] = (table[phase * taps + k] as number) / sum;
  }
  return table;
}
