import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeG711, encodeG711, encodeTable } from '../../../src/codec/g711.ts';
import { g711WavHeader } from '../../../src/codec/wav.ts';
import { fillDigitTone } from '../../../src/media-engine/dsp/dtmf-tone.ts';
import { MusicPlayer, type SharedSound } from '../../../src/media-engine/edge/player.ts';
import { soundOf } from '../../../src/media-engine/sound/sound.ts';
import { SoundCache } from '../../../src/media-engine/sound/sound-cache.ts';
import { loadSoundFile } from '../../../src/media-engine/sound/sound-file.ts';
import { synthesizeTone } from '../../../src/media-engine/sound/tone.ts';
import { level, sine, toneShare, writeWav } from '../../support/sound.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cordboard-sound-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const linear = (sound: SharedSound, codec: 'PCMU' | 'PCMA'): Int16Array =>
  decodeG711(codec, new Uint8Array(sound[codec]));

describe('a sound file', () => {
  test('of 16-bit samples is ready in both codecs', async () => {
    const file = join(dir, 'a.wav');
    writeWav(file, sine(700, 10_000));
    const sound = await loadSoundFile(file);
    expect(sound.samples).toBe(80_000);
    expect(toneShare(linear(sound, 'PCMU'), 700)).toBeGreaterThan(0.99);
    expect(toneShare(linear(sound, 'PCMA'), 700)).toBeGreaterThan(0.99);
  });

  test('of G.711 keeps its codes', async () => {
    const file = join(dir, 'a.wav');
    const codes = encodeG711('PCMA', sine(700, 100));
    await writeFile(file, Buffer.concat([g711WavHeader('PCMA', 1, codes.length), codes]));
    expect(new Uint8Array((await loadSoundFile(file)).PCMA)).toEqual(codes);
  });

  test('cut short plays as far as it goes', async () => {
    const file = join(dir, 'a.wav');
    await writeFile(file, Buffer.concat([g711WavHeader('PCMU', 1, 8000), Buffer.alloc(100)]));
    expect((await loadSoundFile(file)).samples).toBe(100);
  });

  test.each([
    ['that is missing', 'none.wav', undefined, /ENOENT/],
    ['in stereo', 'a.wav', g711WavHeader('PCMU', 2, 0), /2 channels, not mono/],
    ['that is no WAV', 'a.wav', Buffer.from('OggS and more of it'), /no RIFF/],
  ])('%s is refused in words', async (_what, name, content, words) => {
    if (content) await writeFile(join(dir, name), content);
    await expect(loadSoundFile(join(dir, name))).rejects.toMatchObject({
      code: 'media.no-file',
      message: expect.stringMatching(words),
    });
  });

  test('at another rate is refused in words', async () => {
    writeWav(join(dir, 'a.wav'), sine(700, 100), 16_000);
    await expect(loadSoundFile(join(dir, 'a.wav'))).rejects.toThrow(/16000 Hz, not 8000/);
  });
});

describe('the sound cache', () => {
  test('reads a file once, and again when it has changed', async () => {
    let nowMs = 0;
    const cache = new SoundCache({ limitBytes: 1e6, nowMs: () => nowMs });
    const file = join(dir, 'a.wav');
    writeWav(file, sine(700, 100));
    const first = await cache.file(file);
    expect(await cache.file(file)).toBe(first);
    writeWav(file, sine(900, 100));
    await utimes(file, new Date(), new Date(Date.now() + 5000));
    expect(await cache.file(file)).toBe(first);
    nowMs = 1000;
    expect(await cache.file(file)).not.toBe(first);
  });

  test('gives up what was not used for longest when it grows too large', async () => {
    const cache = new SoundCache({ limitBytes: 40_000 });
    const tone = (hz: number) => cache.tone({ frequenciesHz: [hz], durationMs: 1000, levelDbm0: -10 });
    const first = await tone(400);
    const second = await tone(500);
    expect(await tone(400)).toBe(first);
    await tone(600);
    expect(cache.totalBytes).toBeLessThanOrEqual(40_000);
    expect(await tone(400)).toBe(first);
    expect(await tone(500)).not.toBe(second);
  });

  test('forgets a failure', async () => {
    const cache = new SoundCache({ limitBytes: 1e6 });
    const file = join(dir, 'a.wav');
    await writeFile(file, 'no sound');
    await expect(cache.file(file)).rejects.toThrow();
    writeWav(file, sine(700, 100));
    expect((await cache.file(file)).samples).toBe(800);
  });
});

describe('a tone', () => {
  test('has its frequencies and its level, both together', () => {
    const samples = synthesizeTone({ frequenciesHz: [350, 440], durationMs: 1000, levelDbm0: -13 });
    expect(samples).toHaveLength(8000);
    expect(toneShare(samples, 350)).toBeCloseTo(0.5, 1);
    expect(toneShare(samples, 440)).toBeCloseTo(0.5, 1);
    // 0 dBm0 is 3.17 dB below a full sine, whose effective value is 32124 / sqrt 2.
    expect(20 * Math.log10((level(samples) * 32_768 * Math.SQRT2) / 32_124) + 3.17).toBeCloseTo(-13, 0);
  });

  test('begins and ends softly', () => {
    const samples = synthesizeTone({ frequenciesHz: [1000], durationMs: 100, levelDbm0: 0 });
    for (const at of [0, 1, 2, 797, 798, 799]) expect(Math.abs(samples[at] as number)).toBeLessThan(3000);
  });

  test.each([
    [[], 100, -10],
    [[5000], 100, -10],
    [[400], 0, -10],
    [[400], 1e9, -10],
    [[400], 100, 1],
    [[400], 100, -64],
    [[Number.NaN], 100, -10],
  ])('of %j Hz, %d ms and %d dBm0 is refused', (frequenciesHz, durationMs, levelDbm0) => {
    expect(() => synthesizeTone({ frequenciesHz, durationMs, levelDbm0 })).toThrow(/a tone needs/);
  });

  test('of a digit has the two frequencies of its row and column', () => {
    const into = new Uint8Array(800);
    fillDigitTone(11, 0, encodeTable.PCMU, into, 0, 800); // #
    const samples = decodeG711('PCMU', into);
    expect(toneShare(samples, 941) + toneShare(samples, 1477)).toBeGreaterThan(0.98);
  });
});

test('music is at the same place for everybody, over its seam too', () => {
  const sound = soundOf(Int16Array.from({ length: 1000 }, (_, n) => n * 30));
  const early = new MusicPlayer('early', sound);
  const into = new Uint8Array(320);
  for (let tick = 1; tick < 12; tick++) early.read(tick, 'PCMU', into, 0);
  new MusicPlayer('late', sound).read(11, 'PCMU', into, 160);
  expect(into.subarray(0, 160)).toEqual(into.subarray(160));
  const whole = new Uint8Array(sound.PCMU);
  const at = (11 * 160) % 1000;
  expect(into.subarray(0, 160)).toEqual(
    Uint8Array.from({ length: 160 }, (_, n) => whole[(at + n) % 1000] as number),
  );
});
