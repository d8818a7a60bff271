/**
 * Files that wait for their import: on disk under a name of ours, for an hour at most. What their sender called them
 * is text to be shown and nothing else.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { CordboardError } from '../base/errors.ts';
import { randomId } from '../base/ids.ts';

export interface Upload {
  fileId: string;
  name: string;
  bytes: number;
  path: string;
  at: number;
}

const keptMs = 3_600_000;
/** The oldest gives way. */
const keptAtMost = 8;

/** The last part of what a browser or script calls a file, without what could not be shown. */
export function shownFileName(text: string): string {
  const last = text.split(/[/\\]/).at(-1) ?? '';
  return (
    last
      .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
      .trim()
      .slice(0, 120) || 'table.csv'
  );
}

export class Uploads {
  readonly #dir: string;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Upload>();

  constructor(parts: { dir: string; clock: Clock }) {
    this.#dir = parts.dir;
    this.#clock = parts.clock;
  }

  /** Those of an earlier run are of no use to anybody. */
  async start(): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.#dir))
      await rm(join(this.#dir, name), { force: true, recursive: true });
  }

  /** @throws CordboardError disk.full, disk.failed */
  async keep(name: string, content: Uint8Array): Promise<Upload> {
    const fileId = randomId(16);
    const path = join(this.#dir, `${fileId}.csv`);
    try {
      await writeFile(path, content, { mode: 0o600 });
    } catch (cause) {
      await rm(path, { force: true });
      const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
      throw new CordboardError(full ? 'disk.full' : 'disk.failed', 'The file cannot be kept.', { cause });
    }
    const upload = {
      fileId,
      name: shownFileName(name),
      bytes: content.byteLength,
      path,
      at: this.#clock.now(),
    };
    this.#kept.set(fileId, upload);
    await this.#tidy();
    return upload;
  }

  /** @throws CordboardError import.gone */
  find(fileId: string): Upload {
    const upload = this.#kept.get(fileId);
    if (!upload || upload.at + keptMs <= this.#clock.now())
      throw new CordboardError('import.gone', 'The file is no longer here. Choose it again.');
    return upload;
  }

  /** Where rows left out of an import of this file are kept. */
  badRowsPath(importId: string): string {
    return join(this.#dir, `${importId}.bad.jsonl`);
  }

  async drop(fileId: string): Promise<void> {
    const upload = this.#kept.get(fileId);
    this.#kept.delete(fileId);
    if (upload) await rm(upload.path, { force: true });
  }

  async #tidy(): Promise<void> {
    const byAge = [...this.#kept.values()].sort((a, b) => b.at - a.at);
    const expired = byAge.filter(({ at }, rank) => rank >= keptAtMost || at + keptMs <= this.#clock.now());
    for (const { fileId } of expired) await this.drop(fileId);
  }
}
