import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { CordboardError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { LeadStore, ResultRecord } from '../domain/campaign/lead-store.ts';

const retryMs = 2_000;

/**
 * Writes what came of attempts, in order, and again while the disk refuses. One that is never written is of unknown
 * outcome at the next start: nobody calls again because a disk was full.
 */
export class ResultWriter {
  readonly events = new Emitter<{ written: [] }>();
  readonly #leads: Pick<LeadStore, 'recordResult'>;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #queue: ResultRecord[] = [];
  #writing = false;

  constructor(deps: { leads: Pick<LeadStore, 'recordResult'>; clock: Clock; log: Logger }) {
    this.#leads = deps.leads;
    this.#clock = deps.clock;
    this.#log = deps.log;
  }

  write(record: ResultRecord): void {
    this.#queue.push(record);
    if (!this.#writing) void this.#drain();
  }

  /** Resolves when all is written and `more` says that nothing more comes, at the latest after `patienceMs`. */
  async settle(more: () => boolean, patienceMs: number): Promise<void> {
    const deadlineMs = this.#clock.monotonic() + patienceMs;
    while ((this.#queue.length > 0 || more()) && this.#clock.monotonic() < deadlineMs)
      await new Promise<void>((resolve) => this.#clock.after(10, resolve));
  }

  async #drain(): Promise<void> {
    this.#writing = true;
    for (let next = this.#queue[0]; next; next = this.#queue[0]) {
      try {
        await this.#leads.recordResult(next);
        this.#queue.shift();
        this.events.emit('written');
      } catch (error) {
        const isDisk =
          error instanceof CordboardError && (error.code === 'disk.full' || error.code === 'disk.failed');
        if (!isDisk) {
          this.#log.error('the result of an attempt cannot be written', { attemptId: next.attemptId, error });
          this.#queue.shift();
        } else await new Promise<void>((resolve) => this.#clock.after(retryMs, resolve));
      }
    }
    this.#writing = false;
  }
}
