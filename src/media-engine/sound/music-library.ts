/**
 * The built-in music on hold: rendered once for an office, by a thread of its own, and kept in the data directory.
 */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { CordboardError } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import type { SharedSound } from '../edge/player.ts';
import { musicVersion } from '../music/composition.ts';
import { loadSoundFile } from './sound-file.ts';

export class MusicLibrary {
  readonly #cacheDir: string;
  #builtIn: Promise<SharedSound> | undefined;

  constructor(options: { cacheDir: string }) {
    this.#cacheDir = options.cacheDir;
  }

  /** The built-in piece; the first time in an office it takes a moment. */
  builtIn(): Promise<SharedSound> {
    this.#builtIn ??= this.#load().catch((error: unknown) => {
      this.#builtIn = undefined; // a full disk may have room tomorrow
      throw error;
    });
    return this.#builtIn;
  }

  async #load(): Promise<SharedSound> {
    const file = join(this.#cacheDir, `music-${musicVersion}.wav`);
    const cached = await loadSoundFile(file).catch(() => null);
    if (cached) return cached;
    await mkdir(this.#cacheDir, { recursive: true });
    // Under another name until it is whole: what has the right name is good.
    const draft = `${file}.${randomId(8)}`;
    try {
      await render(draft);
      await rename(draft, file);
    } finally {
      await rm(draft, { force: true });
    }
    return loadSoundFile(file);
  }
}

function render(file: string): Promise<void> {
  const worker = new Worker(new URL('../music/render-worker.ts', import.meta.url), {
    workerData: { file },
    name: 'music',
  });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new CordboardError('internal', `rendering music ended with ${code}`));
    });
  });
}
