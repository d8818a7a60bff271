/**
 * One file that survives a power cut: whoever reads it finds the whole old text or the whole new one.
 *
 *     write:  NAME.tmp  write, fsync, close  ->  rename to NAME  ->  fsync of the directory
 *
 * A crash before the rename leaves the old file and a stray `.tmp`, overwritten by the next write. A crash before
 * the fsync of the directory leaves the old or the new one. `write` resolves only after the last step.
 */
import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CordboardError, errorMessage } from '../base/errors.ts';

/** The few file operations whose order decides; a test gives one that forgets what was not synced. */
export interface DurableFileSystem {
  /** Creates or truncates `path` (mode 0600), writes `data`, fsyncs and closes it. */
  writeSynced(path: string, data: string | Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Makes renames within the directory last. */
  syncDirectory(path: string): Promise<void>;
  /** Text of the file; null when it does not exist. */
  read(path: string): Promise<string | null>;
  remove(path: string): Promise<void>;
}

export const diskFileSystem: DurableFileSystem = {
  async writeSynced(path, data) {
    const handle = await open(path, 'w', 0o600);
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  rename: (from, to) => rename(from, to),
  async syncDirectory(path) {
    const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  async read(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  },
  remove: (path) => rm(path, { force: true }),
};

/** Makes `directory` and its parents, durably. */
export async function makeDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = directory; ; made = dirname(made)) {
    await diskFileSystem.syncDirectory(dirname(made));
    if (made === first || made === dirname(made)) return;
  }
}

/** Turns an error of the disk into ours. */
export function diskError(path: string, cause: unknown): CordboardError {
  if (cause instanceof CordboardError) return cause;
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new CordboardError(
    full ? 'disk.full' : 'disk.failed',
    full ? `no space left to write ${path}` : `cannot write ${path}: ${errorMessage(cause)}`,
    { cause },
  );
}

export class DurableFile {
  readonly path: string;
  readonly #fileSystem: DurableFileSystem;
  #queue: Promise<void> = Promise.resolve();

  constructor(path: string, fileSystem: DurableFileSystem = diskFileSystem) {
    this.path = path;
    this.#fileSystem = fileSystem;
  }

  /** Text of the file; null when there is none. */
  async read(): Promise<string | null> {
    return await this.#fileSystem.read(this.path);
  }

  /** The copy made by `keepAsLastGood`; null when there is none. */
  async readLastGood(): Promise<string | null> {
    return await this.#fileSystem.read(`${this.path}.last-good`);
  }

  /**
   * Replaces the file; writes are done one after the other. A failed one leaves the old file untouched.
   * @throws CordboardError disk.full, disk.failed
   */
  write(data: string | Uint8Array): Promise<void> {
    return this.#enqueue(this.path, data);
  }

  /**
   * Writes a second copy next to the file, of its own (an editor that changes the file in place does not reach it).
   * @throws CordboardError disk.full, disk.failed
   */
  keepAsLastGood(data: string): Promise<void> {
    return this.#enqueue(`${this.path}.last-good`, data);
  }

  #enqueue(path: string, data: string | Uint8Array): Promise<void> {
    const write = this.#queue.then(() => this.#replace(path, data));
    this.#queue = write.catch(() => undefined);
    return write;
  }

  async #replace(path: string, data: string | Uint8Array): Promise<void> {
    const temporary = `${path}.tmp`;
    try {
      await this.#fileSystem.writeSynced(temporary, data);
      await this.#fileSystem.rename(temporary, path);
      await this.#fileSystem.syncDirectory(dirname(path));
    } catch (error) {
      await this.#fileSystem.remove(temporary).catch(() => undefined);
      throw diskError(path, error);
    }
  }
}
