/**
 * Removes recordings that are older than the office keeps them, a page of calls at a time. The log is told after the
 * file is gone: a crash between the two finds the call again, and removing what is gone is harmless.
 */
import type { Clock, Timer } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { Call } from '../domain/call.ts';
import type { CallEvent } from '../domain/call-event.ts';

export interface RetentionParts {
  keepDays: () => number;
  callLog: {
    listCalls(query: {
      until: number;
      hasRecording: true;
      limit: number;
    }): Promise<{ items: Call[]; next: string | null }>;
    append(event: CallEvent): void;
    flush(): Promise<void>;
  };
  recordings: { remove(file: string): Promise<boolean> };
  clock: Clock;
  log: Logger;
}

const firstAfterMs = 60_000;
const everyMs = 3_600_000;
const dayMs = 86_400_000;
const pageSize = 100;

export class RecordingRetention {
  readonly #parts: RetentionParts;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  #stopped = true;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stopped = false;
    this.#schedule(firstAfterMs);
  }

  /** Waits for the page under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#running;
  }

  /** Removes what is too old now. @returns how many */
  async sweep(): Promise<number> {
    const { keepDays, callLog, recordings, clock, log } = this.#parts;
    const days = keepDays();
    if (days === 0) return 0;
    const until = clock.now() - days * dayMs;
    let removed = 0;
    for (;;) {
      const { items } = await callLog.listCalls({ until, hasRecording: true, limit: pageSize });
      const old = items.flatMap((call) =>
        call.recordings
          .filter(({ state, deleted }) => state === 'done' && !deleted)
          .map((recording) => ({ call, recording })),
      );
      if (old.length === 0 || this.#stopped) break;
      for (const { call, recording } of old) {
        await recordings.remove(recording.file);
        callLog.append({
          at: clock.now(),
          callId: call.callId,
          name: 'RECORDDELETE',
          recordingId: recording.recordingId,
          reason: `kept for ${days} days`,
        });
      }
      await callLog.flush();
      removed += old.length;
    }
    if (removed > 0) log.info('old recordings are removed', { removed, days });
    return removed;
  }

  #schedule(afterMs: number): void {
    if (this.#stopped) return;
    this.#timer = this.#parts.clock.after(afterMs, () => {
      this.#running = this.sweep()
        .then(
          () => undefined,
          (error: unknown) => this.#parts.log.error('old recordings cannot be removed', { error }),
        )
        .then(() => this.#schedule(everyMs));
    });
  }
}
