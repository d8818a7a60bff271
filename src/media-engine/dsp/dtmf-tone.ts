/**
 * Digits as sound, ITU-T Q.23: one low and one high frequency together.
 */
import { amplitudeOfDbm0, sampleRateHz } from '../../codec/g711.ts';

/** Of the rows, hertz. */
export const lowHz = [697, 770, 852, 941];
/** Of the columns, hertz. */
export const highHz = [1209, 1336, 1477, 1633];
/** Rows of the keypad, as event codes. */
export const keypad = [
  [1, 2, 3, 12],
  [4, 5, 6, 13],
  [7, 8, 9, 14],
  [10, 0, 11, 15],
];

/** Level of each of the two tones: -9 and -7 dBm0, the high one stronger as Q.24's twist allows. */
const lowPeak = amplitudeOfDbm0(-9);
const highPeak = amplitudeOfDbm0(-7);

/** The two frequencies of an event code 0..15, low first; undefined for others. */
export function frequenciesOfEvent(event: number): [number, number] | undefined {
  for (const [row, codes] of keypad.entries()) {
    const column = codes.indexOf(event);
    if (column >= 0) return [lowHz[row] as number, highHz[column] as number];
  }
  return undefined;
}

/** Writes `count` encoded samples of a digit, from its sample `from` on; silence for codes that are no digit. */
export function fillDigitTone(
  event: number,
  from: number,
  encode: Uint8Array,
  into: Uint8Array,
  offset: number,
  count: number,
): void {
  const [low, high] = frequenciesOfEvent(event) ?? [0, 0];
  for (let i = 0; i < count; i++) {
    const turns = ((from + i) * 2 * Math.PI) / sampleRateHz;
    const sample = lowPeak * Math.sin(low * turns) + highPeak * Math.sin(high * turns);
    into[offset + i] = encode[Math.round(sample) & 0xffff] as number;
  }
}
