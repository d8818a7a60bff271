import { mkdir, mkdtemp, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { Recordings } from '../../../src/store/recordings.ts';

const at = Date.UTC(2026, 1, 3, 23, 59);
const limit = 200_000_000;
let root: string;
let dir: string;
let free: number;
let clock: VirtualClock;
let told: string[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cordboard-recordings-'));
  dir = join(root, 'recordings');
  free = 10 * limit;
  clock = new VirtualClock();
  told = [];
});

async function start(): Promise<Recordings> {
  const freeBytes = async (): Promise<number> => free;
  const recordings = new Recordings({ dir, minFreeBytes: () => limit, clock, log: silentLogger, freeBytes });
  recordings.events.on('problem', ({ code }) => told.push(`problem ${code}`));
  recordings.events.on('recovered', (code) => told.push(`recovered ${code}`));
  await recordings.start();
  return recordings;
}

async function written(recordings: Recordings, name = 'call1'): Promise<string> {
  const file = await recordings.newFile(name, 'rec1', at);
  await writeFile(file, 'sound of this call');
  return file;
}

describe('recordings', () => {
  it('go into the directory of their day, made when it is needed', async () => {
    const recordings = await start();
    expect(await recordings.newFile('call1', 'rec1', at)).toBe(
      join(dir, '2026', '02', '03', 'call1-rec1.wav'),
    );
    expect(await readdir(join(dir, '2026', '02'))).toEqual(['03']);
  });

  it('are never named by anything but plain ids', async () => {
    const recordings = await start();
    for (const id of ['../up', 'a/b', '', 'x'.repeat(81), 'a.b'])
      await expect(recordings.newFile(id, 'rec1', at)).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('are read from any byte to any byte', async () => {
    const recordings = await start();
    const sound = await recordings.open(await written(recordings));
    expect(sound?.bytes).toBe(18);
    expect(await new Response(sound?.read(9, 12)).text()).toBe('this');
  });

  it('are found when the data directory has moved', async () => {
    const file = await written(await start());
    await rename(dir, join(root, 'elsewhere'));
    dir = join(root, 'elsewhere');
    expect((await (await start()).open(file))?.bytes).toBe(18);
  });

  it('are the only files that are given out', async () => {
    const recordings = await start();
    await written(recordings);
    await writeFile(join(root, 'secret.wav'), 'secret');
    await symlink(join(root, 'secret.wav'), join(dir, '2026', '02', '03', 'link.wav'));
    await mkdir(join(dir, '2026', '02', '03', 'folder.wav'));
    const strange = [
      'secret.wav',
      '../secret.wav',
      `${dir}/2026/02/03/../../../../secret.wav`,
      '2026/02/03/link.wav',
      '2026/02/03/folder.wav',
      '2026/02/03/missing.wav',
      '/etc/passwd',
      '2026/02/03/call1-rec1.wav\0',
      '',
    ];
    for (const file of strange) expect(await recordings.open(file)).toBeUndefined();
    expect(await recordings.open('2026/02/03/call1-rec1.wav')).toBeDefined();
  });

  it('are counted and deleted, the empty day with the last', async () => {
    const recordings = await start();
    const files = [await written(recordings, 'a'), await written(recordings, 'b')];
    expect(await recordings.totalBytes()).toBe(36);
    expect(await recordings.remove(files[0] ?? '')).toBe(true);
    expect(await readdir(join(dir, '2026', '02'))).toEqual(['03']);
    expect(await recordings.remove(files[1] ?? '')).toBe(true);
    expect(await readdir(join(dir, '2026', '02'))).toEqual([]);
    expect(await recordings.remove(files[1] ?? '')).toBe(false);
  });
});

describe('when free space runs low', () => {
  it('no recording begins, a fault says so, and it is over only with room to spare', async () => {
    const recordings = await start();
    free = limit - 1;
    await expect(recordings.newFile('call1', 'rec1', at)).rejects.toMatchObject({ code: 'disk.full' });
    expect(told).toEqual(['problem disk.full']);
    free = limit + 49_999_999;
    await expect(recordings.newFile('call1', 'rec1', at)).rejects.toMatchObject({ code: 'disk.full' });
    free = limit + 50_000_000;
    await recordings.newFile('call1', 'rec1', at);
    expect(told.at(-1)).toBe('recovered disk.full');
    recordings.stop();
  });

  it('it is noticed within five seconds without any call', async () => {
    const recordings = await start();
    free = 0;
    clock.advance(4999);
    expect(told).toEqual([]);
    const problem = new Promise<number>((resolve) =>
      recordings.events.once('problem', ({ since }) => resolve(since)),
    );
    clock.advance(1);
    expect(await problem).toBe(clock.now());
    expect(recordings.isFull).toBe(true);
    recordings.stop();
  });

  it('the watch ends with stop', async () => {
    const recordings = await start();
    recordings.stop();
    expect(clock.armed).toBe(0);
  });
});
