/**
 * Backups to be downloaded. One is made in two steps, so that what goes wrong is said before a byte is sent: `prepare`
 * copies what changes (databases, settings, the wrapped key) into a scratch directory, `stream` sends the copies and,
 * from where they are, prompts and recordings. Copies go when they were sent, when the client went away, after a
 * while, and at the next start.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { CordboardError } from '../base/errors.ts';
import { randomId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import { tarEnd, tarHeader, tarPadding } from '../codec/tar.ts';
import { backupFileFault, backupFormat, type Manifest, manifestName } from '../domain/backup.ts';
import { wrapKey } from './backup-key.ts';
import { backupDatabases, inBackupThread } from './backup-task.ts';
import { diskError } from './durable-file.ts';

const keptMs = 10 * 60_000;
/** Left free whatever a backup needs: recordings go on meanwhile. */
const spareBytes = 50_000_000;
const chunkBytes = 256 * 1024;

interface Source {
  name: string;
  path: string;
}

interface Prepared {
  dir: string;
  sources: Source[];
  manifest: Omit<Manifest, 'files'>;
  forget: { cancel(): void };
}

export interface BackupOptions {
  passphrase?: string | undefined;
  recordings: boolean;
}

export class Backups {
  readonly #dataDir: string;
  readonly #scratch: string;
  readonly #version: string;
  readonly #settings: () => { officeName: string; document: string };
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #prepared = new Map<string, Prepared>();
  #preparing = false;

  /** @param parts.settings the settings document as its file has it, secrets sealed */
  constructor(parts: {
    dataDir: string;
    version: string;
    settings: () => { officeName: string; document: string };
    clock: Clock;
    log: Logger;
  }) {
    this.#dataDir = parts.dataDir;
    this.#scratch = join(parts.dataDir, 'backup');
    this.#version = parts.version;
    this.#settings = parts.settings;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** Copies of an earlier run are of no use to anybody. */
  async start(): Promise<void> {
    await rm(this.#scratch, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    for (const id of [...this.#prepared.keys()]) await this.#drop(id);
  }

  /** What one would hold, for who chooses. */
  async sizes(): Promise<{
    databaseBytes: number;
    promptBytes: number;
    recordingBytes: number;
    recordings: number;
  }> {
    const bytesOf = (files: { bytes: number }[]): number =>
      files.reduce((total, { bytes }) => total + bytes, 0);
    const recordings = await this.#sources('recordings');
    return {
      databaseBytes: await this.#databaseBytes(),
      promptBytes: bytesOf(await this.#sources('prompts/uploaded')),
      recordingBytes: bytesOf(recordings),
      recordings: recordings.length,
    };
  }

  /** One that nobody came for gives way. @throws CordboardError disk.full, disk.failed, backup.busy */
  async prepare({ passphrase, recordings }: BackupOptions): Promise<{ id: string }> {
    if (this.#preparing)
      throw new CordboardError('backup.busy', 'Another backup is being made; wait until it is there.');
    this.#preparing = true;
    const id = randomId(16);
    const dir = join(this.#scratch, id);
    try {
      for (const waiting of [...this.#prepared.keys()]) await this.#drop(waiting);
      const free = await freeBytes(this.#dataDir);
      if (free < (await this.#databaseBytes()) + spareBytes)
        throw new CordboardError('disk.full', 'There is too little free space to copy the databases.');
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const { officeName, document } = this.#settings();
      const sources: Source[] = [];
      const add = async (name: string, content: string): Promise<void> => {
        await writeFile(join(dir, name), content, { mode: 0o600 });
        sources.push({ name, path: join(dir, name) });
      };
      await add('settings.json', document);
      if (passphrase !== undefined) await add('secret.key', await this.#wrappedKey(passphrase));
      for (const name of Object.keys(backupDatabases)) {
        const to = join(dir, name);
        await inBackupThread({ kind: 'copy', from: join(this.#dataDir, name), to });
        if (await stat(to).catch(() => undefined)) sources.push({ name, path: to });
      }
      sources.push(...(await this.#sources('prompts/uploaded')));
      if (recordings) sources.push(...(await this.#sources('recordings')));
      const manifest = {
        format: backupFormat,
        version: this.#version,
        officeName,
        at: this.#clock.now(),
        hasKey: passphrase !== undefined,
        hasRecordings: recordings,
      };
      const forget = this.#clock.after(keptMs, () => void this.#drop(id));
      this.#prepared.set(id, { dir, sources, manifest, forget });
      return { id };
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      throw diskError(dir, error);
    } finally {
      this.#preparing = false;
    }
  }

  /** Sends it, once. @throws CordboardError not-found */
  open(id: string): { fileName: string; stream: ReadableStream<Uint8Array> } {
    const prepared = this.#prepared.get(id);
    if (!prepared) throw new CordboardError('not-found', 'This backup is no longer here. Make a new one.');
    this.#prepared.delete(id);
    prepared.forget.cancel();
    const parts = archive(prepared);
    const tidy = (): Promise<void> => rm(prepared.dir, { recursive: true, force: true });
    let gone = false;
    const stream = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          const { done, value } = await parts.next();
          if (gone) return;
          if (!done) return controller.enqueue(value);
          await tidy();
          controller.close();
        } catch (error) {
          if (gone) return;
          // The file ends without its manifest, and so is no backup: nobody takes it for one.
          this.#log.error('a backup could not be sent to its end', { error });
          await tidy();
          controller.error(error);
        }
      },
      cancel: async () => {
        gone = true;
        await parts.return(undefined);
        await tidy();
      },
    });
    const day = new Date(prepared.manifest.at).toISOString().slice(0, 16).replaceAll(/[-:]/g, '');
    return { fileName: `cordboard-${day}.tar`, stream };
  }

  async #drop(id: string): Promise<void> {
    const prepared = this.#prepared.get(id);
    this.#prepared.delete(id);
    prepared?.forget.cancel();
    if (prepared) await rm(prepared.dir, { recursive: true, force: true });
  }

  async #wrappedKey(passphrase: string): Promise<string> {
    const handle = await open(join(this.#dataDir, 'secret.key'));
    try {
      return await wrapKey(await handle.readFile(), passphrase);
    } finally {
      await handle.close();
    }
  }

  async #databaseBytes(): Promise<number> {
    let total = 0;
    for (const name of Object.keys(backupDatabases))
      for (const suffix of ['', '-wal'])
        total += (await stat(join(this.#dataDir, name + suffix)).catch(() => undefined))?.size ?? 0;
    return total;
  }

  /** Files of a directory that have a place in a backup; others (drawings of recordings, say) stay behind. */
  async #sources(directory: string): Promise<(Source & { bytes: number })[]> {
    const root = join(this.#dataDir, directory);
    const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
    const found: (Source & { bytes: number })[] = [];
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      const name = directory + path.slice(root.length);
      if (!entry.isFile() || backupFileFault(name, 0) !== undefined) continue;
      const bytes = (await stat(path).catch(() => undefined))?.size;
      if (bytes !== undefined) found.push({ name, path, bytes });
    }
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** The archive, piece by piece; the manifest comes last, when every file was hashed on its way. */
async function* archive({ sources, manifest }: Prepared): AsyncGenerator<Uint8Array, void> {
  const files: Manifest['files'] = [];
  const modifiedAtS = manifest.at / 1000;
  for (const { name, path } of sources) {
    const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined; // a recording removed meanwhile
      throw error;
    });
    if (!handle) continue;
    try {
      // One that still grows is sent as long as it is now.
      const { size: bytes } = await handle.stat();
      const hash = createHash('sha256');
      yield tarHeader({ name, bytes, modifiedAtS });
      for (let at = 0; at < bytes; ) {
        const chunk = new Uint8Array(Math.min(chunkBytes, bytes - at));
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
        if (bytesRead === 0)
          throw new CordboardError('disk.failed', `${name} became shorter while it was sent`);
        const read = chunk.subarray(0, bytesRead);
        hash.update(read);
        at += bytesRead;
        yield read;
      }
      yield tarPadding(bytes);
      files.push({ name, bytes, sha256: hash.digest('hex') });
    } finally {
      await handle.close();
    }
  }
  const text = Buffer.from(JSON.stringify({ ...manifest, files } satisfies Manifest));
  yield tarHeader({ name: manifestName, bytes: text.length, modifiedAtS });
  yield text;
  yield tarPadding(text.length);
  yield tarEnd();
}

/** Free for us in the file system of `dir`. */
export async function freeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}
