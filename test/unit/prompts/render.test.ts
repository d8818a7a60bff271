import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseWav } from '../../../src/codec/wav.ts';
import { activeLevelDbm0, sine } from '../../../src/prompts/level.ts';
import { convertUpload, renderPrompt } from '../../../src/prompts/render.ts';
import { runProgram } from '../../../src/prompts/run-program.ts';
import { writeSoundFile } from '../../../src/prompts/sound-file.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'prompts-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function samplesOf(file: string): Promise<Int16Array> {
  const bytes = await readFile(file);
  return Int16Array.from({ length: (bytes.length - 44) / 2 }, (_, i) => bytes.readInt16LE(44 + 2 * i));
}

/** The same tone as a file of another format, made by ffmpeg. */
async function encoded(name: string, durationMs: number, ...options: string[]): Promise<Buffer> {
  const wav = join(dir, `${name}.source.wav`);
  const out = join(dir, name);
  await writeSoundFile(wav, sine(440, durationMs, -35));
  await runProgram('ffmpeg', ['-v', 'error', '-nostdin', '-i', wav, ...options, out], {
    timeoutMs: 10_000,
    maxOutputBytes: 0,
  });
  return readFile(out);
}

describe('rendering prompts', () => {
  it.each([
    ['en', 'Please hold the line.'],
    ['hu', 'Kérjük, tartsa a vonalat.'],
    ['ru', 'Пожалуйста, оставайтесь на линии.'],
    ['sk', 'Zostaňte, prosím, na linke.'],
    ['lt', 'Prašome palaukti telefone.'],
    ['tr', 'Lütfen hatta kalın.'],
  ] as const)(
    '%s text becomes 8 kHz mono 16-bit sound at -20 dBm0 after 100 ms of silence',
    async (language, text) => {
      const file = join(dir, `${language}.wav`);
      const durationMs = await renderPrompt({ kind: 'speech', text }, language, file);
      const wav = parseWav(await readFile(file));
      const samples = await samplesOf(file);
      expect(wav).toMatchObject({ encoding: 'linear', sampleRateHz: 8000, channels: 1, bitsPerSample: 16 });
      expect(wav).toMatchObject({ dataOffset: 44, dataBytes: samples.length * 2 });
      expect(samples.length / 8).toBeCloseTo(durationMs, 0);
      expect(durationMs).toBeGreaterThan(800);
      expect(durationMs).toBeLessThan(4000);
      expect(samples.slice(0, 800).every((sample) => sample === 0)).toBe(true);
      expect(samples.slice(800, 1600).some((sample) => Math.abs(sample) > 500)).toBe(true);
      expect(activeLevelDbm0(samples)).toBeCloseTo(-20, 0);
    },
  );

  it('a text that begins like an option is spoken, not obeyed', async () => {
    const file = join(dir, 'option.wav');
    expect(await renderPrompt({ kind: 'speech', text: '--version five' }, 'en', file)).toBeGreaterThan(500);
  });

  it('a text without anything to say is refused and leaves no file', async () => {
    const file = join(dir, 'nothing.wav');
    await expect(renderPrompt({ kind: 'speech', text: ' . ' }, 'en', file)).rejects.toMatchObject({
      code: 'prompt.invalid',
    });
    expect((await readdir(dir)).filter((name) => name.startsWith('nothing'))).toEqual([]);
  });

  it.each([
    ['a.mp3', ['-ar', '44100', '-ac', '2']],
    ['a.ogg', ['-c:a', 'libopus', '-ar', '48000']],
    ['a.m4a', ['-c:a', 'aac']],
    ['a.flac', []],
  ] as const)('an upload like %s is converted and brought to -20 dBm0', async (name, options) => {
    const file = join(dir, `${name}.wav`);
    const { durationMs, levelBeforeDbm0 } = await convertUpload(await encoded(name, 700, ...options), file);
    expect(levelBeforeDbm0).toBeLessThan(4);
    expect(levelBeforeDbm0).toBeGreaterThan(-60);
    expect(durationMs).toBeGreaterThan(850);
    expect(durationMs).toBeLessThan(1050);
    expect(activeLevelDbm0(await samplesOf(file))).toBeCloseTo(-20, 0);
  });

  it.each([
    ['no sound', Buffer.from('%PDF-1.4 this is no sound at all'), 'prompt.invalid'],
    [
      'a playlist naming another file',
      Buffer.from('#EXTM3U\n#EXTINF:5,\nfile:///etc/hostname\n'),
      'prompt.invalid',
    ],
    ['an empty file', Buffer.alloc(0), 'prompt.invalid'],
    ['more than 20 MB', Buffer.alloc(20 * 1024 * 1024 + 1), 'request.too-large'],
  ])('an upload that is %s is refused', async (_what, bytes, code) => {
    const file = join(dir, 'refused.wav');
    await expect(convertUpload(bytes, file)).rejects.toMatchObject({ code });
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('an upload longer than 10 minutes is refused', async () => {
    const long = await encoded('long.mp3', 600_500, '-b:a', '8k');
    await expect(convertUpload(long, join(dir, 'long.wav'))).rejects.toMatchObject({
      code: 'request.too-large',
    });
  });

  it('a program that is missing is named', async () => {
    const run = runProgram('no-such-synthesiser', [], { timeoutMs: 1000, maxOutputBytes: 0 });
    await expect(run).rejects.toMatchObject({
      code: 'program.missing',
      message: expect.stringContaining('no-such-synthesiser'),
    });
  });

  it('a program that hangs is ended after its time', async () => {
    await expect(runProgram('sleep', ['60'], { timeoutMs: 50, maxOutputBytes: 0 })).rejects.toMatchObject({
      code: 'program.failed',
      message: expect.stringContaining('50 ms'),
    });
  });
});
