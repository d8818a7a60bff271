/**
 * The figures of the call log, counted in a thread of their own, so that neither calls nor pages wait for them. What is
 * committed is followed by itself; a question counts what is newer.
 */
import type { Clock, Timer } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { CountedOffice, FiguresNow, FiguresQuery, ReportQuery } from '../domain/metrics/report.ts';
import type { FiguresOperations } from './figures-worker.ts';
import { WorkerClient } from './worker-client.ts';

export interface FiguresParts {
  /** Where the sums are kept; all in it can be counted again. */
  file: string;
  /** The call log's. */
  logFile: string;
  office: CountedOffice;
  clock: Clock;
  log: Logger;
  /** Time between two looks at the log; default 5 s. */
  followMs?: number;
}

/** A long log is counted in pieces of about a tenth of a second, so that questions get their turn. */
const eventsAtOnce = 20_000;

export class Figures {
  readonly #worker: WorkerClient<FiguresOperations>;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #followMs: number;
  #office: CountedOffice;
  #timer: Timer | undefined;
  #stopped = true;
  #failing = false;

  constructor({ file, logFile, office, clock, log, followMs = 5000 }: FiguresParts) {
    this.#office = office;
    this.#clock = clock;
    this.#log = log;
    this.#followMs = followMs;
    const script = new URL('./figures-worker.ts', import.meta.url);
    this.#worker = new WorkerClient({ script, name: 'figures', data: { file, logFile }, clock, log });
  }

  /** Begins to count; does not wait for the end of it. */
  start(): void {
    this.#stopped = false;
    this.#worker.start();
    this.#worker.events.on('died', () => void this.#follow());
    void this.#follow();
  }

  /** Stores what was counted and ends the thread. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#worker.call('close', {}).catch((error: unknown) => this.#failed(error));
    await this.#worker.stop();
  }

  /** What there is, and how to count from now on, the past too. */
  configure(office: CountedOffice): void {
    if (JSON.stringify(office) === JSON.stringify(this.#office)) return;
    this.#office = office;
    if (!this.#stopped) void this.#follow();
  }

  /** The log's file was replaced by another. */
  logReplaced(): void {
    if (!this.#stopped) void this.#worker.call('reopen', {}).catch((error: unknown) => this.#failed(error));
  }

  /** Figures as of `now` (ms since the epoch), of what is on disk then. @throws CordboardError disk.* */
  async figures(query: FiguresQuery, now: number): Promise<FiguresNow> {
    await this.#worker.call('configure', this.#office);
    return this.#worker.call('figures', { query, now });
  }

  /** A report as JSON (domain/metrics/report.ts). @throws CordboardError disk.* */
  async report(query: ReportQuery, now: number): Promise<string> {
    await this.#worker.call('configure', this.#office);
    return this.#worker.call('report', { query, now });
  }

  /** A report for spreadsheets. @throws CordboardError disk.* */
  async reportCsv(query: ReportQuery, now: number): Promise<string> {
    await this.#worker.call('configure', this.#office);
    return this.#worker.call('reportCsv', { query, now });
  }

  async #follow(): Promise<void> {
    this.#timer?.cancel();
    let isBehind = false;
    try {
      await this.#worker.call('configure', this.#office);
      const { seq, lastSeq } = await this.#worker.call('advance', { maxEvents: eventsAtOnce });
      isBehind = seq < lastSeq;
      if (this.#failing) this.#log.info('figures: counting again');
      this.#failing = false;
    } catch (error) {
      this.#failed(error);
    }
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#timer = this.#clock.after(isBehind ? 0 : this.#followMs, () => void this.#follow());
  }

  #failed(error: unknown): void {
    if (!this.#failing)
      this.#log.error('figures: the call log cannot be counted', { error: errorMessage(error) });
    this.#failing = true;
  }
}
