import { describe, expect, test } from 'vitest';
import { decodeG711, encodeG711 } from '../../../../src/codec/g711.ts';
import { G722Decoder, G722Encoder } from '../../../../src/codec/g722.ts';
import { Narrower, Widener } from '../../../../src/media-engine/dsp/transcoder.ts';
import { level, sine, toneShare } from '../../../support/sound.ts';

const seconds = 1;
const units = seconds * 8000;

/** Converts in place, packet by packet of `packetUnits`. */
function inPackets(
  bytes: Uint8Array,
  packetUnits: number,
  convert: (offset: number, count: number) => void,
): void {
  for (let at = 0; at < bytes.length; at += packetUnits)
    convert(at, Math.min(packetUnits, bytes.length - at));
}

function wideSine(frequencyHz: number): Int16Array {
  return Int16Array.from({ length: 2 * units }, (_, at) =>
    Math.round(8000 * Math.sin((2 * Math.PI * frequencyHz * at) / 16_000)),
  );
}

describe.each(['PCMU', 'PCMA'] as const)('%s', (codec) => {
  test.each([
    [300, 160],
    [1000, 80],
    [2500, 240],
    [3300, 960],
  ])('of %i Hz is the same tone in G.722, in packets of %i units', (frequencyHz, packetUnits) => {
    const bytes = encodeG711(codec, sine(frequencyHz, seconds * 1000));
    const widener = new Widener();
    inPackets(bytes, packetUnits, (offset, count) => widener.convert(bytes, offset, count, codec));
    const samples = new Int16Array(2 * units);
    new G722Decoder().decode(bytes, 0, units, samples, 0);
    const settled = samples.subarray(4000);
    expect(toneShare(settled, frequencyHz, 16_000)).toBeGreaterThan(0.98);
    expect(level(settled)).toBeCloseTo(level(sine(frequencyHz, 1000)), 2);
  });

  test.each([300, 1000, 2500, 3300])('has a tone of %i Hz from G.722', (frequencyHz) => {
    const bytes = new Uint8Array(units);
    new G722Encoder().encode(wideSine(frequencyHz), 0, 2 * units, bytes, 0);
    const narrower = new Narrower();
    inPackets(bytes, 160, (offset, count) => narrower.convert(bytes, offset, count, codec, bytes, offset));
    const settled = decodeG711(codec, bytes).subarray(2000);
    expect(toneShare(settled, frequencyHz)).toBeGreaterThan(0.98);
    expect(level(settled)).toBeCloseTo(8000 / Math.SQRT2 / 32_768, 2);
  });

  test('has nothing of what G.722 carries above 4 kHz', () => {
    const bytes = new Uint8Array(units);
    new G722Encoder().encode(wideSine(5500), 0, 2 * units, bytes, 0);
    new Narrower().convert(bytes, 0, units, codec, bytes, 0);
    expect(level(decodeG711(codec, bytes).subarray(2000))).toBeLessThan(0.01);
  });
});

test('the packet that is narrowed into other memory stays as it was', () => {
  const bytes = new Uint8Array(160);
  new G722Encoder().encode(wideSine(1000), 0, 320, bytes, 0);
  const before = bytes.slice();
  new Narrower().convert(bytes, 0, 160, 'PCMU', new Uint8Array(160), 0);
  expect(bytes).toEqual(before);
});
