import { describe, expect, test } from 'vitest';
import { Downsampler, halfBandDelay, Upsampler } from '../../../../src/media-engine/dsp/half-band.ts';
import { toneShare } from '../../../support/sound.ts';

function sine(frequencyHz: number, rateHz: number, seconds = 1, peak = 10_000): Int16Array {
  return Int16Array.from({ length: rateHz * seconds }, (_, i) =>
    Math.round(peak * Math.sin((2 * Math.PI * frequencyHz * i) / rateHz)),
  );
}

function down(wide: Int16Array, block = 320): Int16Array {
  const narrow = new Int16Array(wide.length / 2);
  const filter = new Downsampler();
  for (let at = 0; at < wide.length; at += block)
    filter.process(wide, at, Math.min(block, wide.length - at), narrow, at / 2);
  return narrow;
}

function up(narrow: Int16Array, block = 160): Int16Array {
  const wide = new Int16Array(narrow.length * 2);
  const filter = new Upsampler();
  for (let at = 0; at < narrow.length; at += block)
    filter.process(narrow, at, Math.min(block, narrow.length - at), wide, at * 2);
  return wide;
}

const levelDb = (samples: Int16Array): number =>
  10 * Math.log10(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length / (10_000 ** 2 / 2));

describe('16 kHz to 8 kHz', () => {
  test.each([300, 1000, 2000, 3400])('%i Hz passes unchanged and pure', (frequencyHz) => {
    const heard = down(sine(frequencyHz, 16_000)).subarray(200);
    expect(Math.abs(levelDb(heard))).toBeLessThan(0.1);
    expect(toneShare(heard, frequencyHz)).toBeGreaterThan(0.9999);
  });

  test.each([4600, 5000, 6000, 7500])('%i Hz, which 8 kHz cannot hold, is 60 dB down', (frequencyHz) => {
    expect(levelDb(down(sine(frequencyHz, 16_000)).subarray(200))).toBeLessThan(-60);
  });
});

describe('8 kHz to 16 kHz', () => {
  test.each([300, 1000, 2000, 3400])('%i Hz passes with no image above', (frequencyHz) => {
    const heard = up(sine(frequencyHz, 8000)).subarray(400);
    expect(Math.abs(levelDb(heard))).toBeLessThan(0.1);
    expect(toneShare(heard, frequencyHz, 16_000)).toBeGreaterThan(0.9999);
  });
});

test('up and down again is the sound itself, later by both delays', () => {
  const sound = sine(1234, 8000);
  const heard = down(up(sound));
  // 31 samples of 16 kHz each way: 31 samples of 8 kHz in all.
  for (let i = 500; i < 4000; i++)
    expect(Math.abs((heard[i] as number) - (sound[i - halfBandDelay] as number))).toBeLessThan(12);
});

test('the size of the blocks makes no difference', () => {
  const wide = sine(777, 16_000, 1);
  expect(down(wide, 960)).toEqual(down(wide, 2));
  const narrow = sine(777, 8000, 1);
  expect(up(narrow, 480)).toEqual(up(narrow, 1));
});

test('full scale saturates instead of wrapping round', () => {
  const square = Int16Array.from({ length: 8000 }, (_, i) => (i % 40 < 20 ? 32_767 : -32_768));
  const heard = up(square);
  for (let i = 1; i < heard.length; i++)
    expect(Math.abs((heard[i] as number) - (heard[i - 1] as number))).toBeLessThan(50_000);
});
