import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DurableFile, diskFileSystem, makeDirectory } from '../../../src/store/durable-file.ts';
import { ForgetfulFileSystem } from './forgetful-file-system.ts';

const path = '/data/settings.json';
const old = 'the old text, whole';
const young = 'the new text, whole as well';

async function written(): Promise<ForgetfulFileSystem> {
  const fileSystem = new ForgetfulFileSystem();
  await new DurableFile(path, fileSystem).write(old);
  return fileSystem;
}

describe('a durable file', () => {
  it('is whole, old or new, whatever step of a write the power goes at', async () => {
    const whole = await written();
    const before = whole.steps;
    await new DurableFile(path, whole).write(young);
    const steps = whole.steps - before;
    expect(steps).toBeGreaterThanOrEqual(6);
    const found = new Set<string | null>();
    for (let step = 0; step < steps; step++) {
      for (const renamesReachedDisk of [false, true]) {
        const fileSystem = await written();
        fileSystem.cutAfter(step);
        await expect(new DurableFile(path, fileSystem).write(young)).rejects.toThrow();
        const text = await new DurableFile(path, fileSystem.afterPowerCut(renamesReachedDisk)).read();
        expect([old, young]).toContain(text);
        found.add(text);
      }
    }
    expect(found).toEqual(new Set([old, young]));
  });

  it('is the new one after an acknowledged write, even when nothing unsynced survives', async () => {
    const fileSystem = await written();
    await new DurableFile(path, fileSystem).write(young);
    expect(await new DurableFile(path, fileSystem.afterPowerCut(false)).read()).toBe(young);
  });

  it('can be written again after a write that failed half way', async () => {
    const fileSystem = await written();
    const file = new DurableFile(path, fileSystem);
    fileSystem.cutAfter(1);
    await expect(file.write(young)).rejects.toMatchObject({ code: 'disk.failed' });
    fileSystem.cutAfter(null);
    await file.write(young);
    expect(await new DurableFile(path, fileSystem.afterPowerCut(false)).read()).toBe(young);
  });

  it('on a real disk replaces the file, leaves no temporary one and is readable by its owner alone', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'cordboard-durable-'));
    const file = new DurableFile(join(directory, 'a.json'));
    expect(await file.read()).toBeNull();
    await Promise.all([file.write('1'), file.write('2'), file.write('3')]);
    expect(await file.read()).toBe('3');
    expect(await readdir(directory)).toEqual(['a.json']);
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  });

  it('keeps a last good copy that an editor writing into the file does not reach', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'cordboard-durable-'));
    const file = new DurableFile(join(directory, 'a.json'));
    await file.write('good');
    await file.keepAsLastGood('good');
    await writeFile(file.path, 'torn');
    expect(await file.readLastGood()).toBe('good');
    expect(await readFile(file.path, 'utf8')).toBe('torn');
  });

  it('says disk.full when the file system has no space', async () => {
    const full = {
      ...diskFileSystem,
      writeSynced: () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' })),
    };
    await expect(new DurableFile('/nowhere/a', full).write('x')).rejects.toMatchObject({ code: 'disk.full' });
  });

  it('gets its directories made', async () => {
    const directory = join(await mkdtemp(join(tmpdir(), 'cordboard-durable-')), 'a', 'b', 'c');
    await makeDirectory(directory);
    await makeDirectory(directory);
    expect((await stat(directory)).isDirectory()).toBe(true);
  });
});
