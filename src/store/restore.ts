/**
 * Backups that come back. One is sent in pieces and unpacked as it comes into a scratch directory of the data
 * directory, under names that a backup may have and no others; then it is checked as a whole, and what it would
 * change is told. Nothing of the office changes before `commit`, and then only at the next start.
 */
import { createHash, type Hash } from 'node:crypto';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock, Timer } from '../base/clock.ts';
import { CordboardError } from '../base/errors.ts';
import { randomId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import { TarReader } from '../codec/tar.ts';
import {
  backupFileFault,
  backupFormat,
  type Manifest,
  manifestName,
  manifestSchema,
} from '../domain/backup.ts';
import type { Settings } from '../domain/settings.ts';
import { freeBytes } from './backup.ts';
import { unwrapKey } from './backup-key.ts';
import { backupDatabases, inBackupThread } from './backup-task.ts';
import { DurableFile, diskError } from './durable-file.ts';
import { planRestore, replacedPaths } from './restore-journal.ts';
import { readRestoredSettings } from './restore-settings.ts';
import { SecretBox } from './secrets.ts';
import { formatStored } from './settings-file.ts';

const keptMs = 3_600_000;
const spareBytes = 50_000_000;

type FileHandle = Awaited<ReturnType<typeof open>>;

/** One being received: `files` are those that came whole, by name. */
interface Incoming {
  id: string;
  dir: string;
  totalBytes: number;
  receivedBytes: number;
  reader: TarReader;
  files: Map<string, { bytes: number; sha256: string }>;
  open: { name: string; bytes: number; handle: FileHandle; hash: Hash } | undefined;
  /** What it holds, once checked. */
  checked: { manifest: Manifest; calls: number } | undefined;
  /** The key behind the passphrase, once told. */
  key: Uint8Array | undefined;
  forget: Timer;
}

/** What a checked backup would make of the office. */
export interface CheckedRestore {
  manifest: Manifest;
  settings: Settings;
  calls: number;
  /** Whether the key came out of it. */
  unlocked: boolean;
  /** Paths of passwords that cannot be read here and are replaced by new ones. */
  lostSecrets: string[];
}

export class Restores {
  readonly #dataDir: string;
  readonly #scratch: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  #incoming: Incoming | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: { dataDir: string; clock: Clock; log: Logger }) {
    this.#dataDir = parts.dataDir;
    this.#scratch = join(parts.dataDir, 'restore');
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** What an earlier run received is of no use to anybody. */
  async start(): Promise<void> {
    await rm(this.#scratch, { recursive: true, force: true });
  }

  /** Begins one; an earlier one that was not applied gives way. @throws CordboardError disk.full, disk.failed */
  begin(totalBytes: number): Promise<{ id: string }> {
    return this.#serialise(async () => {
      await this.#forget();
      if ((await freeBytes(this.#dataDir)) < totalBytes + spareBytes)
        throw new CordboardError('disk.full', 'There is too little free space to unpack this backup.');
      const id = randomId(16);
      const dir = join(this.#scratch, id);
      await mkdir(dir, { recursive: true, mode: 0o700 });
      this.#incoming = {
        id,
        dir,
        totalBytes,
        receivedBytes: 0,
        reader: new TarReader(),
        files: new Map(),
        open: undefined,
        checked: undefined,
        key: undefined,
        forget: this.#clock.after(keptMs, () => void this.drop(id).catch(() => undefined)),
      };
      return { id };
    });
  }

  /** The next piece. One that is refused ends the whole. @throws CordboardError backup.invalid, not-found, disk.* */
  receive(id: string, offset: number, piece: Uint8Array): Promise<void> {
    return this.#serialise(async () => {
      const incoming = this.#find(id);
      if (offset !== incoming.receivedBytes || offset + piece.length > incoming.totalBytes)
        throw invalid('the pieces of the file do not follow one another');
      try {
        for (const part of incoming.reader.read(piece)) {
          if (part.kind === 'file') await this.#openFile(incoming, part);
          else if (part.kind === 'data') await append(incoming, part.data);
          else await closeFile(incoming);
        }
        incoming.receivedBytes += piece.length;
      } catch (error) {
        await this.#forget();
        throw diskError(incoming.dir, error);
      }
    });
  }

  /**
   * Checks all of it.
   * @throws CordboardError backup.invalid, backup.newer, backup.passphrase, settings.invalid (details.problems: each
   * with its path), settings.unreadable, not-found
   */
  check(id: string, passphrase?: string): Promise<CheckedRestore> {
    return this.#serialise(async () => {
      const incoming = this.#find(id);
      const { manifest, calls } = await this.#verify(incoming);
      if (passphrase !== undefined && manifest.hasKey)
        incoming.key = await unwrapKey(await readFile(join(incoming.dir, 'secret.key'), 'utf8'), passphrase);
      const { settings, lostSecrets } = await this.#settings(incoming);
      return { manifest, settings, calls, unlocked: incoming.key !== undefined, lostSecrets };
    });
  }

  /** Makes it what the next start brings in. @throws as `check` */
  commit(id: string, officeNow: string): Promise<void> {
    return this.#serialise(async () => {
      const incoming = this.#find(id);
      const { manifest } = await this.#verify(incoming);
      const { settings, box } = await this.#settings(incoming);
      const at = this.#clock.now();
      const stored = { revision: 1, at, who: 'restored', settings: box.sealAll(settings) };
      await new DurableFile(join(incoming.dir, 'settings.json')).write(formatStored(stored));
      const keyFile = join(incoming.dir, 'secret.key');
      if (incoming.key) await new DurableFile(keyFile).write(incoming.key);
      else await rm(keyFile, { force: true });
      incoming.forget.cancel();
      this.#incoming = undefined;
      await planRestore(this.#dataDir, {
        from: join('restore', id),
        paths: replacedPaths({ key: incoming.key !== undefined, recordings: manifest.hasRecordings }),
        at,
        officeName: officeNow,
      });
      this.#log.info('a restore is planned for the next start', { officeName: manifest.officeName });
    });
  }

  drop(id: string): Promise<void> {
    return this.#serialise(async () => {
      this.#find(id);
      await this.#forget();
    });
  }

  stop(): Promise<void> {
    return this.#serialise(() => this.#forget());
  }

  async #openFile(incoming: Incoming, { name, bytes }: { name: string; bytes: number }): Promise<void> {
    const fault = backupFileFault(name, bytes);
    if (fault !== undefined) throw invalid(fault);
    if (incoming.files.has(name)) throw invalid(`${name}: is in it twice`);
    if (incoming.receivedBytes + bytes > incoming.totalBytes)
      throw invalid(`${name}: claims to be longer than the whole file`);
    const path = join(incoming.dir, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    incoming.open = { name, bytes, handle: await open(path, 'wx', 0o600), hash: createHash('sha256') };
  }

  /** The manifest and every file it names, once. */
  async #verify(incoming: Incoming): Promise<{ manifest: Manifest; calls: number }> {
    if (incoming.checked) return incoming.checked;
    if (incoming.receivedBytes < incoming.totalBytes || !incoming.reader.isEnded)
      throw invalid('the file ends too early');
    const manifest = await readManifest(incoming);
    let calls = 0;
    for (const name of Object.keys(backupDatabases)) {
      if (!incoming.files.has(name)) continue;
      const found = await inBackupThread({ kind: 'check', file: join(incoming.dir, name), name });
      if (name === 'call-log.db') calls = found;
    }
    incoming.checked = { manifest, calls };
    return incoming.checked;
  }

  async #settings(
    incoming: Incoming,
  ): Promise<{ settings: Settings; lostSecrets: string[]; box: SecretBox }> {
    const box = incoming.key ? new SecretBox(incoming.key) : await SecretBox.open(this.#dataDir);
    const text = await readFile(join(incoming.dir, 'settings.json'), 'utf8');
    return { ...readRestoredSettings(text, box), box };
  }

  #find(id: string): Incoming {
    if (this.#incoming?.id !== id)
      throw new CordboardError('not-found', 'This backup is no longer here. Choose the file again.');
    return this.#incoming;
  }

  async #forget(): Promise<void> {
    const incoming = this.#incoming;
    this.#incoming = undefined;
    if (!incoming) return;
    incoming.forget.cancel();
    await incoming.open?.handle.close();
    await rm(incoming.dir, { recursive: true, force: true });
  }

  #serialise<T>(action: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(action);
    this.#queue = run.catch(() => undefined);
    return run;
  }
}

async function append({ open: file }: Incoming, data: Uint8Array): Promise<void> {
  file?.hash.update(data);
  await file?.handle.writeFile(data);
}

async function closeFile(incoming: Incoming): Promise<void> {
  const file = incoming.open;
  if (!file) return;
  await file.handle.sync();
  await file.handle.close();
  incoming.open = undefined;
  incoming.files.set(file.name, { bytes: file.bytes, sha256: file.hash.digest('hex') });
}

async function readManifest({ dir, files }: Incoming): Promise<Manifest> {
  if (!files.has(manifestName) || !files.has('settings.json'))
    throw invalid('it has no manifest or no settings');
  let value: unknown;
  try {
    value = JSON.parse(await readFile(join(dir, manifestName), 'utf8'));
  } catch (cause) {
    throw new CordboardError('backup.invalid', 'its manifest is no JSON', { cause });
  }
  if (typeof value === 'object' && value !== null && 'format' in value && Number(value.format) > backupFormat)
    throw new CordboardError(
      'backup.newer',
      `it is of format ${Number(value.format)}; this box reads ${backupFormat}`,
    );
  const { data: manifest } = manifestSchema.safeParse(value);
  if (!manifest) throw invalid('its manifest cannot be read');
  const named = new Map(manifest.files.map((file) => [file.name, file]));
  for (const [name, file] of files) {
    if (name === manifestName) continue;
    const wanted = named.get(name);
    if (wanted?.bytes !== file.bytes || wanted.sha256 !== file.sha256)
      throw invalid(`${name}: not as the manifest has it`);
    named.delete(name);
  }
  const [missing] = named.keys();
  if (missing !== undefined) throw invalid(`${missing}: is missing`);
  if (manifest.hasKey !== files.has('secret.key')) throw invalid('secret.key: not as the manifest has it');
  return manifest;
}

function invalid(why: string): CordboardError {
  return new CordboardError('backup.invalid', `The file cannot be restored: ${why}.`);
}
