/** The history of the settings: one durable file for each revision, `revisions/000042.json`, the newest 200 kept. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CordboardError } from '../base/errors.ts';
import { DurableFile, diskFileSystem, makeDirectory } from './durable-file.ts';
import type { Change } from './settings-diff.ts';

export interface RevisionSummary {
  revision: number;
  /** Wall clock, ms since the epoch. */
  at: number;
  /** User name, or what did it: `settings file`, `migration`, `edited by hand`. */
  who: string;
  /** What changed; secrets are masked. */
  changes: Change[];
}

export interface StoredRevision extends RevisionSummary {
  /** The whole document as it was then, secrets sealed. */
  settings: unknown;
}

const defaultCap = 200;

export class RevisionFiles {
  readonly #directory: string;
  readonly #cap: number;

  constructor(directory: string, cap: number = defaultCap) {
    this.#directory = directory;
    this.#cap = cap;
  }

  /** Numbers of the revisions on disk, newest first. */
  async numbers(): Promise<number[]> {
    const names = await readdir(this.#directory).catch(() => [] as string[]);
    return names
      .flatMap((name) => (/^\d{6,}\.json$/.test(name) ? [Number.parseInt(name, 10)] : []))
      .sort((a, b) => b - a);
  }

  /** Writes one and lets the oldest go. @throws CordboardError disk.full, disk.failed */
  async append(revision: StoredRevision): Promise<void> {
    await makeDirectory(this.#directory);
    await new DurableFile(this.#path(revision.revision)).write(`${JSON.stringify(revision, null, 2)}\n`);
    for (const old of (await this.numbers()).slice(this.#cap)) await this.remove(old);
  }

  async remove(revision: number): Promise<void> {
    await rm(this.#path(revision), { force: true });
  }

  /** Newest first. A file that cannot be read is left out: the history is no reason to stop the office. */
  async list(): Promise<RevisionSummary[]> {
    const found: RevisionSummary[] = [];
    for (const number of await this.numbers()) {
      const stored = await this.read(number).catch(() => undefined);
      if (!stored) continue;
      const { settings: _, ...summary } = stored;
      found.push(summary);
    }
    return found;
  }

  /** @throws CordboardError not-found */
  async read(revision: number): Promise<StoredRevision> {
    const text = await diskFileSystem.read(this.#path(revision));
    if (text === null) throw new CordboardError('not-found', `there is no revision ${revision}`);
    return JSON.parse(text) as StoredRevision;
  }

  #path(revision: number): string {
    return join(this.#directory, `${String(revision).padStart(6, '0')}.json`);
  }
}
