import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { G722Decoder, G722Encoder, g722SampleRateHz } from '../../../src/codec/g722.ts';
import { sine, toneShare } from '../../support/sound.ts';

/** ffmpeg as the second opinion: raw 16 kHz samples in, G.722 out, or the other way round. */
function ffmpeg(direction: 'encode' | 'decode', input: Uint8Array): Buffer {
  const linear = ['-f', 's16le', '-ar', String(g722SampleRateHz), '-ac', '1'];
  const coded = ['-f', 'g722'];
  const args =
    direction === 'encode'
      ? [...linear, '-i', '-', '-c:a', 'g722', ...coded, '-']
      : [...coded, '-i', '-', ...linear, '-'];
  return execFileSync('ffmpeg', ['-loglevel', 'error', ...args], { input, maxBuffer: 1e8 });
}

const bytesOf = (samples: Int16Array): Buffer => Buffer.from(samples.buffer, 0, samples.byteLength);
const samplesOf = (bytes: Buffer): Int16Array =>
  Int16Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(2 * i));

function encode(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length >> 1);
  new G722Encoder().encode(samples, 0, samples.length, bytes, 0);
  return bytes;
}

function decode(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length * 2);
  new G722Decoder().decode(bytes, 0, bytes.length, samples, 0);
  return samples;
}

/** A sine at 16 kHz. */
function wideSine(frequencyHz: number, durationMs: number, peak: number): Int16Array {
  return Int16Array.from({ length: durationMs * 16 }, (_, i) =>
    Math.round(peak * Math.sin((2 * Math.PI * frequencyHz * i) / g722SampleRateHz)),
  );
}

/** Repeatable noise in -1..1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x8000_0000 - 1;
  };
}

/** Everything that could part two implementations: silence, sweeps, noise, full scale, steps. */
function hardSignal(): Int16Array {
  const random = noise(7);
  return Int16Array.from({ length: 4 * g722SampleRateHz }, (_, i) => {
    const second = i / g722SampleRateHz;
    if (second < 0.2) return 0;
    if (second < 1.5) return Math.round(12_000 * Math.sin(2 * Math.PI * (100 + 2500 * second) * second));
    if (second < 2.5) return Math.round(32_767 * random() * (second - 1.5));
    if (second < 3) return i % 48 < 24 ? 32_767 : -32_768;
    return Math.round(3000 * random() + 20_000 * Math.sin(2 * Math.PI * 440 * second) * (4 - second));
  });
}

describe('G.722 beside ffmpeg', () => {
  test('our encoder sends bit for bit what ffmpeg sends', () => {
    const samples = hardSignal();
    expect(Buffer.compare(Buffer.from(encode(samples)), ffmpeg('encode', bytesOf(samples)))).toBe(0);
  });

  test('our decoder hears sample for sample what ffmpeg hears', () => {
    const coded = ffmpeg('encode', bytesOf(hardSignal()));
    expect(Buffer.compare(bytesOf(decode(coded)), ffmpeg('decode', coded))).toBe(0);
  });

  test('bytes that no encoder made are decoded as ffmpeg decodes them', () => {
    const random = noise(99);
    const bytes = Uint8Array.from({ length: 20_000 }, () => Math.floor((random() + 1) * 128));
    expect(Buffer.compare(bytesOf(decode(bytes)), ffmpeg('decode', bytes))).toBe(0);
  });

  test.each([300, 1000, 3000, 5000, 6500])(
    'a tone of %i Hz stays pure in either direction',
    (frequencyHz) => {
      const tone = wideSine(frequencyHz, 1000, 8000);
      const ours = samplesOf(ffmpeg('decode', encode(tone))).subarray(1600);
      const theirs = decode(ffmpeg('encode', bytesOf(tone))).subarray(1600);
      for (const heard of [ours, theirs]) {
        const share = toneShare(heard, frequencyHz, g722SampleRateHz);
        // The higher band has 2 bits a sample only.
        expect(share).toBeGreaterThan(frequencyHz < 4000 ? 0.998 : 0.97);
      }
    },
  );
});

test('a stream coded in packets of any size is the stream coded at once', () => {
  const samples = hardSignal().subarray(0, 16_000);
  const whole = encode(samples);
  const encoder = new G722Encoder();
  const decoder = new G722Decoder();
  const pieces = new Uint8Array(whole.length);
  const heard = new Int16Array(samples.length);
  for (let at = 0, n = 1; at < whole.length; at += n, n = (n % 480) + 53) {
    const count = Math.min(n, whole.length - at);
    encoder.encode(samples, 2 * at, 2 * count, pieces, at);
    decoder.decode(pieces, at, count, heard, 2 * at);
  }
  expect(Buffer.compare(Buffer.from(pieces), Buffer.from(whole))).toBe(0);
  expect(Buffer.compare(bytesOf(heard), bytesOf(decode(whole)))).toBe(0);
});

test('speech-band sound survives G.722 with a signal-to-noise ratio above 25 dB', () => {
  const narrow = sine(700, 500);
  const wide = Int16Array.from({ length: narrow.length * 2 }, (_, i) => narrow[i >> 1] as number);
  const heard = decode(encode(wide));
  const delay = 22; // both mirror filters together
  let signal = 0;
  let error = 0;
  for (let i = 1000; i + delay < wide.length; i++) {
    const wanted = wide[i] as number;
    signal += wanted ** 2;
    error += (wanted - (heard[i + delay] as number)) ** 2;
  }
  expect(10 * Math.log10(signal / error)).toBeGreaterThan(25);
});
