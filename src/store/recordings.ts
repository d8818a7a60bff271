/**
 * Recordings on disk, `YYYY/MM/DD/CALL-RECORDING.wav` (the day in UTC), and the watch over free space: below the
 * limit nothing is recorded any more and a fault says so, while calls go on.
 */
import { createReadStream } from 'node:fs';
import { readdir, realpath, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { Clock, Timer } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { CordboardError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { LiveFault } from '../domain/live.ts';
import { diskError, makeDirectory } from './durable-file.ts';
import { type PeaksOperations, peaksFile, type RecordingPeaks } from './peaks.ts';
import { WorkerClient } from './worker-client.ts';

/** A file to be sent: its size now, and its bytes from `start` to `end` inclusive. */
export interface StoredSound {
  bytes: number;
  modifiedAt: number;
  read(start: number, end: number): ReadableStream<Uint8Array>;
}

const checkEveryMs = 5_000;
/** Room beyond the limit before recording begins again, so that it does not flutter. */
const hysteresisBytes = 50_000_000;
const safeName = /^[A-Za-z0-9_-]{1,80}$/;
/** The part of a logged path that counts; what is before it may be another machine's. */
const storedPath = /(?:^|[/\\])(\d{4})[/\\](\d{2})[/\\](\d{2})[/\\]([A-Za-z0-9_-]+\.wav)$/;

export class Recordings {
  /** Fault code `disk.full`; told again at each check while it lasts. */
  readonly events = new Emitter<{ problem: [LiveFault]; recovered: [code: string] }>();
  readonly #directory: string;
  readonly #minFreeBytes: () => number;
  readonly #freeBytes: (directory: string) => Promise<number>;
  readonly #clock: Clock;
  readonly #log: Logger;
  #timer: Timer | undefined;
  #fullSince: number | undefined;
  #started = false;
  readonly #drawer: WorkerClient<PeaksOperations>;
  /** The thread begins with the first question. */
  #isDrawing = false;

  /**
   * @param options.minFreeBytes the limit, asked at each check
   * @param options.freeBytes free space of the file system that holds a directory; default statfs
   */
  constructor(options: {
    dir: string;
    minFreeBytes: () => number;
    clock: Clock;
    log: Logger;
    freeBytes?: (directory: string) => Promise<number>;
  }) {
    this.#directory = options.dir;
    this.#minFreeBytes = options.minFreeBytes;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#freeBytes = options.freeBytes ?? freeBytesOf;
    this.#drawer = new WorkerClient({
      script: new URL('./peaks-worker.ts', import.meta.url),
      name: 'recording-peaks',
      data: null,
      clock: options.clock,
      log: options.log,
    });
  }

  /** Below the limit at the last check. */
  get isFull(): boolean {
    return this.#fullSince !== undefined;
  }

  /** @throws CordboardError disk.full, disk.failed when the directory cannot be made */
  async start(): Promise<void> {
    await makeDirectory(this.#directory).catch((error: unknown) => {
      throw diskError(this.#directory, error);
    });
    this.#started = true;
    await this.check();
    this.#schedule();
  }

  stop(): void {
    this.#started = false;
    this.#timer?.cancel();
    void this.#drawer.stop();
  }

  /** Looks at the free space now. */
  async check(): Promise<void> {
    let free: number;
    try {
      free = await this.#freeBytes(this.#directory);
    } catch (error) {
      this.#log.error('the free space cannot be read', { error });
      return;
    }
    const limit = this.#minFreeBytes();
    if (free < limit || (this.isFull && free < limit + hysteresisBytes)) {
      this.#fullSince ??= this.#clock.now();
      this.events.emit('problem', {
        code: 'disk.full',
        message: `calls are not recorded: less than ${megabytes(limit)} of the disk are free`,
        since: this.#fullSince,
      });
    } else if (this.isFull) {
      this.#fullSince = undefined;
      this.events.emit('recovered', 'disk.full');
    }
  }

  /**
   * Where a new recording is to be written; its directory is there afterwards.
   * @returns an absolute path if the directory given was one; it goes into the log as it is
   * @throws CordboardError disk.full when there is too little room, disk.failed
   */
  async newFile(callId: string, recordingId: string, at: number): Promise<string> {
    for (const id of [callId, recordingId])
      if (!safeName.test(id)) throw new CordboardError('request.invalid', `${id} is no id for a file name`);
    await this.check();
    if (this.isFull) throw new CordboardError('disk.full', 'too little free space to record');
    const [day = ''] = new Date(at).toISOString().split('T');
    const directory = join(this.#directory, ...day.split('-'));
    await makeDirectory(directory).catch((error: unknown) => {
      throw diskError(directory, error);
    });
    return join(directory, `${callId}-${recordingId}.wav`);
  }

  /** A recording to be sent. @param file as the call log names it; undefined when it is gone, or none of ours */
  async open(file: string): Promise<StoredSound | undefined> {
    const path = await this.#resolve(file);
    if (path === undefined) return undefined;
    const { size, mtimeMs } = await stat(path);
    return {
      bytes: size,
      modifiedAt: Math.floor(mtimeMs),
      read: (start, end) =>
        Readable.toWeb(createReadStream(path, { start, end })) as ReadableStream<Uint8Array>,
    };
  }

  /** What it looks like; undefined when it is gone. @throws CordboardError media.no-file, disk.failed */
  async peaks(file: string): Promise<RecordingPeaks | undefined> {
    const path = await this.#resolve(file);
    if (path === undefined) return undefined;
    if (!this.#isDrawing) this.#drawer.start();
    this.#isDrawing = true;
    return this.#drawer.call('peaks', { file: path });
  }

  /** Deletes a recording, and the directory of its day when it was the last. False when it was gone. */
  async remove(file: string): Promise<boolean> {
    const path = await this.#resolve(file);
    if (path === undefined) return false;
    await rm(path, { force: true });
    await rm(peaksFile(path), { force: true });
    const day = dirname(path);
    if ((await readdir(day)).length === 0) await rm(day, { recursive: true });
    return true;
  }

  /** What all recordings take on disk. */
  async totalBytes(): Promise<number> {
    const entries = await readdir(this.#directory, { recursive: true, withFileTypes: true });
    let total = 0;
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const found = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
      total += found?.size ?? 0;
    }
    return total;
  }

  /** The true path of a logged file, if it is a file within our directory. */
  async #resolve(file: string): Promise<string | undefined> {
    const parts = storedPath.exec(file);
    if (!parts) return undefined;
    try {
      const root = await realpath(this.#directory);
      const path = await realpath(join(root, ...parts.slice(1)));
      return path.startsWith(root + sep) && (await stat(path)).isFile() ? path : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw diskError(file, error);
    }
  }

  #schedule(): void {
    if (!this.#started) return;
    this.#timer = this.#clock.after(checkEveryMs, () => {
      void this.check().then(() => this.#schedule());
    });
  }
}

async function freeBytesOf(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1_000_000)} MB`;
}
