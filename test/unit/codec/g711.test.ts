import { describe, expect, test } from 'vitest';
import type { G711Name } from '../../../src/codec/g711.ts';
import {
  amplitudeOfDbm0,
  conversionTable,
  convertInPlace,
  decodeG711,
  decodeTable,
  encodeG711,
  silenceByte,
} from '../../../src/codec/g711.ts';

const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
const names: G711Name[] = ['PCMU', 'PCMA'];

describe('G.711', () => {
  // Decision values of ITU-T G.711 tables 1a and 2a, scaled to 16 bit.
  test.each<[G711Name, number, number]>([
    ['PCMU', 0xff, 0],
    ['PCMU', 0x7f, 0],
    ['PCMU', 0xfe, 8],
    ['PCMU', 0xf0, 120],
    ['PCMU', 0xef, 132],
    ['PCMU', 0x80, 32_124],
    ['PCMU', 0x00, -32_124],
    ['PCMA', 0xd5, 8],
    ['PCMA', 0x55, -8],
    ['PCMA', 0xc5, 264],
    ['PCMA', 0xaa, 32_256],
    ['PCMA', 0x2a, -32_256],
  ])('%s code %i stands for %i', (codec, code, sample) => {
    expect(decodeTable[codec][code]).toBe(sample);
  });

  test.each(names)('%s gives each code back, but one of two zeros', (codec) => {
    const again = encodeG711(codec, decodeG711(codec, codes));
    const changed = codes.filter((code) => again[code] !== code);
    expect([...changed]).toEqual(codec === 'PCMU' ? [0x7f] : []);
  });

  test.each(names)('%s is monotonic, and never off by more than half a step of its segment', (codec) => {
    const samples = Int16Array.from({ length: 65_536 }, (_, index) => index - 32_768);
    const decoded = decodeG711(codec, encodeG711(codec, samples));
    let falls = 0;
    let worst = 0;
    for (const [index, sample] of samples.entries()) {
      const value = decoded[index] as number;
      if (index > 0 && value < (decoded[index - 1] as number)) falls++;
      // A segment has 16 steps and begins at 16 of them, bias counted; beyond the code's end all is clipped.
      const halfStep = Math.max(8, (Math.abs(sample) + 132) / 32);
      if (Math.abs(sample) < 32_124) worst = Math.max(worst, Math.abs(value - sample) / halfStep);
    }
    expect(falls).toBe(0);
    expect(worst).toBeLessThanOrEqual(1.01);
  });

  test('turns one law into the other by nearest value, silence into silence', () => {
    const toA = conversionTable('PCMU', 'PCMA') as Uint8Array;
    const toMu = conversionTable('PCMA', 'PCMU') as Uint8Array;
    expect(conversionTable('PCMA', 'PCMA')).toBeNull();
    expect(toA[silenceByte.PCMU]).toBe(silenceByte.PCMA);
    for (const code of codes) {
      const original = decodeTable.PCMU[code] as number;
      const converted = decodeTable.PCMA[toA[code] as number] as number;
      expect(Math.abs(converted - original)).toBeLessThanOrEqual(Math.max(8, Math.abs(original) / 30));
      const other = decodeTable.PCMA[code] as number;
      const back = decodeTable.PCMU[toMu[code] as number] as number;
      expect(Math.abs(back - other)).toBeLessThanOrEqual(Math.max(8, Math.abs(other) / 30));
    }
  });

  test('converts only the bytes it is told to', () => {
    const bytes = Uint8Array.of(0xff, 0xff, 0xff, 0xff);
    convertInPlace(bytes, 1, 2, conversionTable('PCMU', 'PCMA') as Uint8Array);
    expect([...bytes]).toEqual([0xff, 0xd5, 0xd5, 0xff]);
  });
});

test('levels are those of a sine: 3.17 dBm0 fills the code, 6 dB less is half', () => {
  expect(amplitudeOfDbm0(3.17)).toBeCloseTo(32_124, 0);
  expect(amplitudeOfDbm0(3.17 - 6.0206)).toBeCloseTo(16_062, 0);
});
