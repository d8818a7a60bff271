/**
 * All running recordings and the one loop that brings them to disk. The taps are in the RTP threads; here, off the
 * audio path, their samples are joined and written.
 */
import type { Clock } from '../../base/clock.ts';
import { CordboardError, errorMessage } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { RecordingResult } from '../../codec/media-control.ts';
import type { TapChunk } from '../edge/edge-control.ts';
import { ChannelPair } from './channel-pair.ts';
import { type CreateFile, createOnDisk, diskCode, RecordingFile } from './recording-file.ts';

/** Files written at once: so many slow disk caches can be waited for together. */
export const parallelWrites = 12;

/** The taps, wherever their legs live. */
export interface TapControl {
  start(tapId: number, legId: string, startMs: number): Promise<void>;
  /** The last samples have been handed over when it resolves. */
  stop(tapId: number, legId: string): Promise<void>;
}

export interface RecordFailure {
  recordingId: string;
  code: 'disk.full' | 'disk.failed';
  message: string;
  recording: RecordingResult | null;
}

interface Running {
  file: RecordingFile;
  channels: ChannelPair;
  taps: TapRef[];
  /** Set when it is being finished, by whoever began with it. */
  finishing: Promise<RecordingResult | null> | undefined;
  /** The flush under way; writes of one file never overlap. */
  writing: Promise<void> | undefined;
}

interface TapRef {
  tapId: number;
  legId: string;
}

export class Recordings {
  readonly #taps: TapControl;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #onFailure: (failure: RecordFailure) => void;
  readonly #running = new Map<string, Running>();
  /** Ids of recordings whose file is being made. */
  readonly #starting = new Set<string>();
  readonly #byTap = new Map<number, { channels: ChannelPair; channel: number }>();
  readonly #createFile: CreateFile;
  #nextTapId = 1;
  /** A flush is under way, and samples came meanwhile. */
  #flushing = false;
  #flushAgain = false;
  #flushingSinceMs = 0;

  constructor(options: {
    taps: TapControl;
    clock: Clock;
    log: Logger;
    onFailure: (failure: RecordFailure) => void;
    createFile?: CreateFile;
  }) {
    this.#createFile = options.createFile ?? createOnDisk;
    this.#taps = options.taps;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#onFailure = options.onFailure;
  }

  get ids(): string[] {
    return [...this.#running.keys()];
  }

  /** How long the flush under way has taken so far, milliseconds; 0 when none is. */
  get lagMs(): number {
    return this.#flushing ? this.#clock.monotonic() - this.#flushingSinceMs : 0;
  }

  /** @throws CordboardError `media.bad-state`, `media.unknown-leg`, `disk.full`, `disk.failed` */
  async start(recordingId: string, path: string, legIds: [string, string]): Promise<void> {
    if (this.#running.has(recordingId) || this.#starting.has(recordingId))
      throw new CordboardError('media.bad-state', `recording ${recordingId} runs already`);
    const startMs = this.#clock.monotonic();
    const channels = new ChannelPair();
    const taps = legIds.map((legId): TapRef => ({ tapId: this.#nextTapId++, legId }));
    for (const [channel, { tapId }] of taps.entries()) this.#byTap.set(tapId, { channels, channel });
    this.#starting.add(recordingId);
    // Listening does not wait for the disk: what is said while the file is being made waits in memory.
    const listening = Promise.allSettled(
      taps.map(({ tapId, legId }) => this.#taps.start(tapId, legId, startMs)),
    );
    let file: RecordingFile | undefined;
    try {
      file = await RecordingFile.create(recordingId, path, this.#createFile);
      for (const outcome of await listening) if (outcome.status === 'rejected') throw outcome.reason;
    } catch (error) {
      await listening;
      await this.#endTaps(taps);
      await file?.discard();
      throw error;
    } finally {
      this.#starting.delete(recordingId);
    }
    this.#running.set(recordingId, { file, channels, taps, finishing: undefined, writing: undefined });
  }

  /** Samples of taps: the beat of the RTP threads sets off the one flush of all recordings. */
  receive(chunks: readonly TapChunk[]): void {
    for (const { tapId, samples } of chunks) {
      const entry = this.#byTap.get(tapId);
      entry?.channels.push(entry.channel, samples);
    }
    if (this.#flushing) this.#flushAgain = true;
    else void this.#flushAll();
  }

  /** Finalises; null when it does not run, or nothing could be kept. */
  async stop(recordingId: string): Promise<RecordingResult | null> {
    const running = this.#running.get(recordingId);
    if (!running) return null;
    running.finishing ??= this.#finish(running);
    return running.finishing;
  }

  /** Finalises all. */
  async stopAll(): Promise<void> {
    await Promise.all(this.ids.map((recordingId) => this.stop(recordingId)));
  }

  async #flushAll(): Promise<void> {
    this.#flushing = true;
    do {
      this.#flushAgain = false;
      this.#flushingSinceMs = this.#clock.monotonic();
      const waiting = [...this.#running.values()];
      const work = async (): Promise<void> => {
        for (let next = waiting.pop(); next; next = waiting.pop()) await this.#flush(next);
      };
      await Promise.all(Array.from({ length: parallelWrites }, work));
    } while (this.#flushAgain);
    this.#flushing = false;
  }

  async #flush(running: Running): Promise<void> {
    if (running.finishing) return;
    const frames = running.channels.take();
    if (frames.length === 0) return;
    running.writing = running.file.append(frames);
    try {
      await running.writing;
    } catch (error) {
      this.#fail(running, error);
    } finally {
      running.writing = undefined;
    }
  }

  /** The disk refused: keep what is there, and say so. Audio is no concern of this. */
  #fail(running: Running, error: unknown): void {
    const { recordingId, file } = running.file;
    this.#log.error('recording stopped by the disk', { recordingId, file, error });
    if (running.finishing) return; // whoever stops it gets what there is
    running.finishing = this.#finish(running, error);
    void running.finishing.then((recording) =>
      this.#onFailure({ recordingId, code: diskCode(error), message: errorMessage(error), recording }),
    );
  }

  async #finish(running: Running, failure?: unknown): Promise<RecordingResult | null> {
    const { recordingId, file } = running.file;
    try {
      await this.#endTaps(running.taps);
      if (!failure) {
        await running.writing?.catch(() => {}); // its own caller deals with it
        await running.file.append(running.channels.take());
      }
    } catch (error) {
      this.#log.error('the end of a recording is lost', { recordingId, file, error });
    }
    try {
      return await running.file.finish();
    } catch (error) {
      this.#log.error('a recording cannot be finalised', { recordingId, file, error });
      return null;
    } finally {
      this.#running.delete(recordingId);
    }
  }

  /** Takes the last samples and forgets the taps. */
  async #endTaps(taps: TapRef[]): Promise<void> {
    try {
      await Promise.all(taps.map(({ tapId, legId }) => this.#taps.stop(tapId, legId)));
    } finally {
      for (const { tapId } of taps) this.#byTap.delete(tapId);
    }
  }
}
