import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { encodeG711 } from '../../../src/codec/g711.ts';
import { g711WavHeader } from '../../../src/codec/wav.ts';
import { silencesOf, usualSilence } from '../../../src/domain/silence-map.ts';
import { peaksOf } from '../../../src/store/peaks.ts';
import { Recordings } from '../../../src/store/recordings.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cordboard-peaks-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Stereo G.711: each channel a tone between its two seconds, silence elsewhere. */
function stereo(
  seconds: number,
  left: [number, number],
  right: [number, number],
  codec: 'PCMU' | 'PCMA',
): Buffer {
  const tone = ([from, to]: [number, number]): Uint8Array =>
    encodeG711(
      codec,
      Int16Array.from({ length: seconds * 8000 }, (_, i) =>
        i >= from * 8000 && i < to * 8000 ? 8000 * Math.sin(i / 3) : 0,
      ),
    );
  const [l, r] = [tone(left), tone(right)];
  const data = Buffer.alloc(l.length * 2);
  l.forEach((code, i) => {
    data[2 * i] = code;
    data[2 * i + 1] = r[i] ?? 0;
  });
  return Buffer.concat([g711WavHeader(codec, 2, data.length), data]);
}

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

describe('peaks of a recording', () => {
  it.each(['PCMU', 'PCMA'] as const)(
    'show each side in its time, and where nobody speaks (%s)',
    async (codec) => {
      const file = join(directory, 'a.wav');
      await writeFile(file, stereo(10, [0, 2], [6, 8], codec));
      const peaks = peaksOf(file);
      expect(peaks).toMatchObject({
        durationMs: 10_000,
        stepMs: 20,
        silences: [
          [2300, 5700],
          [8300, 10_000],
        ],
      });
      const [left, right] = [bytes(peaks.left), bytes(peaks.right)];
      expect(left.length).toBe(500);
      expect(Math.min(...left.subarray(1, 99))).toBeGreaterThan(120);
      expect(Math.max(...left.subarray(101))).toBeLessThan(10);
      expect(Math.max(...right.subarray(0, 299))).toBeLessThan(10);
      expect(Math.min(...right.subarray(301, 399))).toBeGreaterThan(120);
    },
  );

  it('stay small however long the talk was', async () => {
    const file = join(directory, 'long.wav');
    await writeFile(file, stereo(300, [0, 300], [0, 1], 'PCMU'));
    const peaks = peaksOf(file);
    expect(peaks.stepMs).toBe(160);
    expect(JSON.stringify(peaks).length).toBeLessThan(8000);
  });

  it('are computed once and go with the recording', async () => {
    const recordings = new Recordings({
      dir: directory,
      minFreeBytes: () => 0,
      clock: systemClock,
      log: silentLogger,
      freeBytes: async () => 1e12,
    });
    await recordings.start();
    const file = await recordings.newFile('call1', 'rec1', Date.UTC(2026, 1, 3));
    await writeFile(file, stereo(3, [0, 1], [1, 2], 'PCMA'));
    const [first, second] = await Promise.all([recordings.peaks(file), recordings.peaks(file)]);
    expect(first).toEqual(second);
    const kept = file.replace('.wav', '.peaks.json');
    expect(JSON.parse(await readFile(kept, 'utf8'))).toEqual(first);
    await writeFile(kept, '{"half'); // a power cut
    expect(await recordings.peaks(file)).toEqual(first);
    expect(await recordings.remove(file)).toBe(true);
    expect(await recordings.peaks(file)).toBeUndefined();
    expect(await readdir(directory, { recursive: true })).toEqual(['2026', '2026/02']);
    recordings.stop();
  });

  it('say that a file is no sound', async () => {
    const file = join(directory, 'a.wav');
    await writeFile(file, 'nonsense');
    expect(() => peaksOf(file)).toThrow('no RIFF WAVE file');
  });
});

describe('silence', () => {
  const rule = { ...usualSilence, stepMs: 100 };
  it('is where neither speaks for long enough, less a margin beside words', () => {
    const left = [9000, ...Array(20).fill(0), 9000, ...Array(10).fill(0)];
    expect(silencesOf(left, [], rule)).toEqual([[400, 1800]]);
    expect(silencesOf(left, Array(32).fill(5000), rule)).toEqual([]);
    expect(silencesOf([...Array(20).fill(0)], [], rule)).toEqual([[0, 2000]]);
    expect(silencesOf([], [], rule)).toEqual([]);
  });
});
