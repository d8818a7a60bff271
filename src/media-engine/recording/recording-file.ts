/**
 * One recording on disk: stereo µ-law WAV, growing, with a header that is true after each flush.
 */
import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CordboardError, errorMessage } from '../../base/errors.ts';
import type { RecordingResult } from '../../codec/media-control.ts';
import { g711WavHeader, wavHeaderBytes } from '../../codec/wav.ts';

/** Bytes of one sample of both channels. */
const frameBytes = 2;
const framesPerMs = 8;

/** Whether a write failed because no room is left (disk or quota). */
export function isDiskFull(error: unknown): boolean {
  const code = (error as { code?: unknown }).code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** The part of a file handle that recordings use; a test can make its disk slow, full or faulty. */
export interface RecordingHandle {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ bytesWritten: number }>;
  truncate(bytes: number): Promise<void>;
  datasync(): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Creates the file, which must not exist. */
export type CreateFile = (file: string) => Promise<RecordingHandle>;

/** On the real disk, readable by this user only. */
export const createOnDisk: CreateFile = (file) => open(file, 'wx', 0o600);

export class RecordingFile {
  readonly recordingId: string;
  readonly file: string;
  readonly #handle: RecordingHandle;
  /** Bytes of samples that reached the file. */
  #dataBytes = 0;

  private constructor(recordingId: string, file: string, handle: RecordingHandle) {
    this.recordingId = recordingId;
    this.file = file;
    this.#handle = handle;
  }

  /**
   * Makes the file with a header of an empty recording, durably.
   * @throws CordboardError `disk.full`, `disk.failed`, or `media.bad-state` when the file exists
   */
  static async create(
    recordingId: string,
    file: string,
    createFile: CreateFile = createOnDisk,
  ): Promise<RecordingFile> {
    let handle: RecordingHandle | undefined;
    try {
      handle = await createFile(file);
      const recording = new RecordingFile(recordingId, file, handle);
      await recording.#writeHeader();
      await handle.sync();
      await syncDirectory(dirname(file)); // or its name may be lost with all that is in it
      return recording;
    } catch (error) {
      await handle?.close();
      const code = (error as { code?: unknown }).code === 'EEXIST' ? 'media.bad-state' : diskCode(error);
      throw new CordboardError(code, `cannot record to ${file}: ${errorMessage(error)}`, { cause: error });
    }
  }

  /** Appends whole frames, sets the sizes in the header and waits for the disk. @throws as the file system does */
  async append(frames: Uint8Array): Promise<void> {
    for (let done = 0; done < frames.length; ) {
      const at = wavHeaderBytes + this.#dataBytes;
      const { bytesWritten } = await this.#handle.write(frames, done, frames.length - done, at);
      done += bytesWritten;
      this.#dataBytes += bytesWritten;
    }
    await this.#writeHeader();
    await this.#handle.datasync();
  }

  /** Cuts to whole frames, finishes the header and closes. Whatever of that fails, the file is closed. */
  async finish(): Promise<RecordingResult> {
    try {
      this.#dataBytes -= this.#dataBytes % frameBytes;
      await this.#handle.truncate(wavHeaderBytes + this.#dataBytes);
      await this.#writeHeader();
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
    return {
      recordingId: this.recordingId,
      file: this.file,
      durationMs: Math.round(this.#dataBytes / frameBytes / framesPerMs),
      bytes: wavHeaderBytes + this.#dataBytes,
      sha256: await sha256OfFile(this.file),
    };
  }

  /** Closes and removes the file: nothing was recorded. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.file, { force: true });
  }

  async #writeHeader(): Promise<void> {
    const whole = this.#dataBytes - (this.#dataBytes % frameBytes);
    await this.#handle.write(g711WavHeader('PCMU', 2, whole), 0, wavHeaderBytes, 0);
  }
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Which of our codes an error of the file system is. */
export function diskCode(error: unknown): 'disk.full' | 'disk.failed' {
  return isDiskFull(error) ? 'disk.full' : 'disk.failed';
}

async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
