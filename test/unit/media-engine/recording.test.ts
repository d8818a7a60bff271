import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { CordboardError } from '../../../src/base/errors.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { parseWav, wavHeaderBytes } from '../../../src/codec/wav.ts';
import { flushIntervalMs, lateLimitMs } from '../../../src/media-engine/edge/channel-tap.ts';
import { ChannelPair } from '../../../src/media-engine/recording/channel-pair.ts';
import { createOnDisk, RecordingFile } from '../../../src/media-engine/recording/recording-file.ts';
import { type RecordFailure, Recordings } from '../../../src/media-engine/recording/recordings.ts';
import { repairRecordings } from '../../../src/media-engine/recording/repair-recordings.ts';
import { eventually } from '../../support/eventually.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cordboard-recording-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test('two channels that come in pieces of any size are joined sample by sample', () => {
  const pieces = fc.array(
    fc.record({ channel: fc.integer({ min: 0, max: 1 }), length: fc.nat(40), take: fc.boolean() }),
  );
  fc.assert(
    fc.property(pieces, (steps) => {
      const pair = new ChannelPair();
      const next = [0, 0];
      const frames: number[] = [];
      for (const { channel, length, take } of steps) {
        pair.push(
          channel,
          Uint8Array.from({ length }, () => ((next[channel] as number)++ * 2 + channel) & 0xff),
        );
        next[channel] = next[channel] as number;
        if (take) frames.push(...pair.take());
      }
      frames.push(...pair.take());
      expect(frames.length).toBe(2 * Math.min(...next));
      for (const [at, code] of frames.entries()) expect(code).toBe(at & 0xff);
    }),
  );
});

describe('a recording on disk', () => {
  test('has a true header from the beginning and after every flush', async () => {
    const file = join(dir, 'a.wav');
    const recording = await RecordingFile.create('r', file);
    expect(parseWav(await readFile(file))).toMatchObject({ encoding: 'PCMU', channels: 2, dataBytes: 0 });
    await recording.append(new Uint8Array(1600));
    expect(parseWav(await readFile(file))).toMatchObject({ dataBytes: 1600 });
    await recording.append(new Uint8Array(400));
    const result = await recording.finish();
    const bytes = await readFile(file);
    expect(parseWav(bytes)).toMatchObject({ dataBytes: 2000 });
    expect(result).toEqual({
      recordingId: 'r',
      file,
      durationMs: 125,
      bytes: wavHeaderBytes + 2000,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
  });

  test('does not overwrite what is there', async () => {
    const file = join(dir, 'a.wav');
    await writeFile(file, 'dear');
    await expect(RecordingFile.create('r', file)).rejects.toMatchObject({ code: 'media.bad-state' });
    expect(await readFile(file, 'utf8')).toBe('dear');
  });

  test('in a folder that is missing is refused with the disk’s words', async () => {
    await expect(RecordingFile.create('r', join(dir, 'none', 'a.wav'))).rejects.toMatchObject({
      code: 'disk.failed',
      message: expect.stringContaining('ENOENT'),
    });
  });
});

describe('running recordings', () => {
  const made = (startTap: (legId: string) => void = () => {}) => {
    const active = new Map<number, string>();
    const recordings: Recordings = new Recordings({
      taps: {
        start: async (tapId, legId) => {
          startTap(legId);
          active.set(tapId, legId);
        },
        stop: async (tapId) => {
          if (active.delete(tapId)) recordings.receive([{ tapId, samples: new Uint8Array(8).fill(tapId) }]);
        },
      },
      clock: new VirtualClock(),
      log: silentLogger,
      onFailure: () => {},
    });
    return { recordings, active };
  };

  test('are finalised with what their taps gave to the very end', async () => {
    const { recordings, active } = made();
    const file = join(dir, 'a.wav');
    await recordings.start('r', file, ['x', 'y']);
    const [left, right] = [...active.keys()] as [number, number];
    recordings.receive([
      { tapId: left, samples: new Uint8Array(800).fill(left) },
      { tapId: right, samples: new Uint8Array(800).fill(right) },
    ]);
    const result = await recordings.stop('r');
    expect(result).toMatchObject({ durationMs: 101, bytes: wavHeaderBytes + 1616 });
    const bytes = await readFile(file);
    expect([bytes[58], bytes[59], bytes.at(-2), bytes.at(-1)]).toEqual([left, right, left, right]);
    expect(active.size).toBe(0);
    expect(await recordings.stop('r')).toBeNull();
  });

  test('asked to stop twice at once give the same result', async () => {
    const { recordings } = made();
    await recordings.start('r', join(dir, 'a.wav'), ['x', 'y']);
    const [one, two] = await Promise.all([recordings.stop('r'), recordings.stop('r')]);
    expect(one).toEqual(two);
    expect(recordings.ids).toEqual([]);
  });

  test('of a leg that is not there leave neither file nor tap', async () => {
    const { recordings, active } = made((legId) => {
      if (legId === 'y') throw new CordboardError('media.unknown-leg', 'no leg y');
    });
    const file = join(dir, 'a.wav');
    await expect(recordings.start('r', file, ['x', 'y'])).rejects.toMatchObject({
      code: 'media.unknown-leg',
    });
    await expect(stat(file)).rejects.toThrow(/ENOENT/);
    expect(active.size).toBe(0);
    expect(recordings.ids).toEqual([]);
  });

  test('cannot be started twice', async () => {
    const { recordings } = made();
    const first = recordings.start('r', join(dir, 'a.wav'), ['x', 'y']);
    await expect(recordings.start('r', join(dir, 'b.wav'), ['x', 'y'])).rejects.toMatchObject({
      code: 'media.bad-state',
    });
    await first;
    await recordings.stopAll();
  });
});

describe('a disk', () => {
  /** Recordings on a disk whose `datasync` is as told, and what failed. */
  const onDisk = (datasync: () => Promise<void>) => {
    const failures: RecordFailure[] = [];
    const recordings = new Recordings({
      taps: { start: async () => {}, stop: async () => {} },
      clock: new VirtualClock(),
      log: silentLogger,
      onFailure: (failure) => failures.push(failure),
      createFile: async (file) => {
        const handle = await createOnDisk(file);
        return {
          write: (bytes, offset, length, position) => handle.write(bytes, offset, length, position),
          truncate: (bytes) => handle.truncate(bytes),
          sync: () => handle.sync(),
          close: () => handle.close(),
          datasync,
        };
      },
    });
    return { recordings, failures };
  };

  test('that takes 30 ms for each sync keeps 50 recordings within a second of the present', async () => {
    let synced = 0;
    const { recordings } = onDisk(async () => {
      await setTimeout(30);
      synced++;
    });
    for (let n = 0; n < 50; n++) await recordings.start(`r${n}`, join(dir, `${n}.wav`), ['x', 'y']);
    const samples = (): Uint8Array<ArrayBuffer> => new Uint8Array(flushIntervalMs * 8);
    const startedAt = performance.now();
    recordings.receive(Array.from({ length: 100 }, (_, n) => ({ tapId: n + 1, samples: samples() })));
    await eventually('all to be on disk', () => synced === 50);
    const passMs = performance.now() - startedAt;
    // The oldest sample not yet safe waited for the late limit, for the beat of the taps, and for this pass.
    expect(lateLimitMs + flushIntervalMs + passMs).toBeLessThan(1000);
    await recordings.stopAll();
  });

  test('that fails ends the recording with what it has, says so once, and leaves the others alone', async () => {
    let broken = false;
    const { recordings, failures } = onDisk(async () => {
      if (broken) throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
    });
    await recordings.start('bad', join(dir, 'bad.wav'), ['x', 'y']);
    await recordings.start('good', join(dir, 'good.wav'), ['x', 'y']);
    const both = (first: number) =>
      [first, first + 1].map((tapId) => ({ tapId, samples: new Uint8Array(800) }));
    broken = true;
    recordings.receive(both(1));
    await eventually('the failure', () => failures.length === 1);
    broken = false;
    recordings.receive(both(3));
    expect(failures).toMatchObject([
      {
        recordingId: 'bad',
        code: 'disk.failed',
        recording: { durationMs: 100, bytes: wavHeaderBytes + 1600 },
      },
    ]);
    expect(await recordings.stop('bad')).toBeNull();
    expect(await recordings.stop('good')).toMatchObject({ durationMs: 100 });
    expect(failures).toHaveLength(1);
  });
});

describe('repair after a power cut', () => {
  test('makes a recording cut anywhere playable, tells what it mended, and finds nothing the second time', async () => {
    const whole = join(dir, 'whole.wav');
    const recording = await RecordingFile.create('r', whole);
    await recording.append(new Uint8Array(200).fill(7));
    await recording.append(new Uint8Array(200).fill(7));
    await recording.finish();
    await mkdir(join(dir, 'out', '2026'), { recursive: true });
    const { size } = await stat(whole);
    const cuts = [0, 1, 30, 57, 58, 59, 60, 61, 158, size - 1];
    for (const cut of cuts) {
      const file = join(dir, 'out', '2026', `${cut}.wav`);
      await copyFile(whole, file);
      await truncate(file, cut);
    }
    await copyFile(whole, join(dir, 'out', 'good.wav'));
    await writeFile(
      join(dir, 'out', 'foreign.wav'),
      'RIFF....WAVEjunk of somebody else, long enough to be a header',
    );
    await writeFile(join(dir, 'out', 'note.txt'), 'no sound');
    const repaired = await repairRecordings(join(dir, 'out'));
    expect(repaired.map(({ file }) => file).sort()).toEqual(
      cuts.map((cut) => join(dir, 'out', '2026', `${cut}.wav`)).sort(),
    );
    for (const { file, bytes, durationMs } of repaired) {
      const content = await readFile(file);
      const format = parseWav(content);
      expect(format).toMatchObject({
        encoding: 'PCMU',
        channels: 2,
        dataBytes: content.length - wavHeaderBytes,
      });
      expect(bytes).toBe(content.length);
      expect(durationMs).toBe(Math.round((content.length - wavHeaderBytes) / 16));
    }
    expect(await repairRecordings(join(dir, 'out'))).toEqual([]);
  });

  test('makes silence of what never reached the disk, and of nothing else', async () => {
    const file = join(dir, 'holes.wav');
    const recording = await RecordingFile.create('r', file);
    const said = new Uint8Array(200_000).fill(7);
    said.fill(0, 199_000, 199_020); // loud for a moment
    await recording.append(said);
    await recording.finish();
    const expected = Buffer.concat([(await readFile(file)).subarray(0, wavHeaderBytes), said]);
    const handle = await open(file, 'r+');
    for (const [start, length] of [
      [150_016, 1024], // two sectors
      [160_756, 12], // from where a write began to the end of its sector
      [170_496, 6], // from the beginning of a sector to where a write ended
      [199_758, 300], // to the end of the file
    ] as const) {
      await handle.write(new Uint8Array(length), 0, length, start);
      expected.fill(0xff, start, start + length);
    }
    await handle.close();
    expect(await repairRecordings(dir)).toEqual([
      { file, durationMs: 12_500, bytes: wavHeaderBytes + 200_000 },
    ]);
    expect((await readFile(file)).equals(expected)).toBe(true);
    expect(await repairRecordings(dir)).toEqual([]);
  });

  test('of a directory that is missing has nothing to do', async () => {
    expect(await repairRecordings(join(dir, 'none'))).toEqual([]);
  });
});
