/**
 * The call log: what happened, in order, for good. `append` never waits and never throws; a thread commits what came
 * in (group commit), one batch at a time. While the disk refuses, events wait in memory; when even that is full, what
 * is lost is counted and told.
 */
import type { Clock, Timer } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { CordboardError, errorMessage } from '../base/errors.ts';
import { randomId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import type { Call, PastCall } from '../domain/call.ts';
import type { CallEvent, LogEvent } from '../domain/call-event.ts';
import type { LiveFault } from '../domain/live.ts';
import type {
  AgentEventPage,
  AgentEventQuery,
  CallLogQueryOperations,
  CallPage,
  CallQuery,
  FoundRecording,
} from './call-log-queries.ts';
import type { CallLogWriterOperations, MovedAside } from './call-log-writer.ts';
import type { CallerHistoryQuery } from './caller-history.ts';
import { WorkerClient } from './worker-client.ts';

export type CallLogEvents = {
  /** `disk.full`, `disk.failed`, `call-log.lost` (until written again), `call-log.damaged` (until the next start). */
  problem: [LiveFault];
  recovered: [code: string];
  /** Events up to this number (`seq`) are on disk and in what the reads answer. */
  committed: [lastSeq: number];
};

export interface CallLogOptions {
  file: string;
  clock: Clock;
  log: Logger;
  /** Longest time an event waits for others to be committed with it; default 20 ms. */
  commitDelayMs?: number;
  /** A batch of this size is not waited for; default 500. */
  maxBatch?: number;
  /** Time between tries while the disk refuses; default 1000 ms. */
  retryMs?: number;
  /** Events kept while the disk refuses; default 100,000. Traces are given up at half of it. */
  queueCap?: number;
}

interface Batch {
  id: string;
  events: LogEvent[];
}

interface Waiter {
  /** Settled when this many events in all are committed. */
  target: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export class CallLog {
  readonly events = new Emitter<CallLogEvents>();
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #commitDelayMs: number;
  readonly #maxBatch: number;
  readonly #retryMs: number;
  readonly #queueCap: number;
  readonly #writer: WorkerClient<CallLogWriterOperations>;
  readonly #reader: WorkerClient<CallLogQueryOperations>;
  readonly #run = randomId();
  #queue: LogEvent[] = [];
  /** The batch under way, or being tried again: it keeps its id, so that it is never written twice. */
  #batch: Batch | undefined;
  #busy = false;
  #timer: Timer | undefined;
  #waiters: Waiter[] = [];
  #accepted = 0;
  #committed = 0;
  #batches = 0;
  /** Events to be sent one by one, because one among them is refused. */
  #singly = 0;
  #lost = 0;
  #losing = false;
  #failing: 'disk.full' | 'disk.failed' | undefined;
  #stopped = true;

  constructor(options: CallLogOptions) {
    const { clock, log } = options;
    this.#clock = clock;
    this.#log = log;
    this.#commitDelayMs = options.commitDelayMs ?? 20;
    this.#maxBatch = options.maxBatch ?? 500;
    this.#retryMs = options.retryMs ?? 1000;
    this.#queueCap = options.queueCap ?? 100_000;
    const data = { file: options.file };
    const writer = new URL('./call-log-worker.ts', import.meta.url);
    const reader = new URL('./call-log-reader-worker.ts', import.meta.url);
    this.#writer = new WorkerClient({ script: writer, name: 'call-log-writer', data, clock, log });
    this.#reader = new WorkerClient({ script: reader, name: 'call-log-reader', data, clock, log });
  }

  /** Events that could not be kept since the start. */
  get lost(): number {
    return this.#lost;
  }

  /** Events not yet on disk. */
  get pending(): number {
    return this.#accepted - this.#committed;
  }

  /** Opens the log. A disk that refuses is a `problem`, no error: calls go on and events wait. */
  async start(): Promise<void> {
    this.#stopped = false;
    this.#writer.start();
    this.#reader.start();
    this.#writer.events.on('died', () => this.#schedule(0));
    try {
      this.#told((await this.#writer.call('open', {})).movedAside);
      if (this.#queue.length > 0) this.#schedule(0);
    } catch (error) {
      this.#fail(error);
      this.#schedule(this.#retryMs);
    }
  }

  /** Writes what is left, closes the files and ends the threads. What cannot be written is counted as lost. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    await this.flush().catch(() => undefined);
    this.#stopped = true;
    this.#timer?.cancel();
    if (this.pending > 0) this.#lose(this.pending, 'the log is being closed and the disk refuses');
    await this.#reader.call('close', {}).catch(() => undefined);
    await this.#reader.stop();
    await this.#writer.call('close', {}).catch(() => undefined);
    await this.#writer.stop();
  }

  /** Takes an event; it must not be changed afterwards. Returns at once, whatever the disk does. */
  append(event: LogEvent): void {
    const room = event.name === 'TRACE' ? this.#queueCap / 2 : this.#queueCap;
    if (this.#queue.length >= room) {
      this.#lose(1, 'the disk has refused for too long');
      return;
    }
    this.#accepted++;
    this.#queue.push(event);
    if (this.#failing === undefined)
      this.#schedule(this.#queue.length === this.#maxBatch ? 0 : this.#commitDelayMs);
  }

  /**
   * Resolves when everything appended so far is on disk.
   * @throws CordboardError disk.full, disk.failed when it cannot be written now; it is still kept and tried again
   */
  flush(): Promise<void> {
    if (this.pending === 0) return Promise.resolve();
    if (this.#stopped) return Promise.reject(new CordboardError('disk.failed', 'the call log is not open'));
    return new Promise((resolve, reject) => {
      this.#waiters.push({ target: this.#accepted, resolve, reject });
      this.#timer?.cancel();
      this.#timer = undefined;
      void this.#commit();
    });
  }

  /**
   * At the start, before the first `append`: ends the calls an earlier process left open, with this reason (e.g.
   * `appliance-failed`), and returns them. A recording of theirs that still runs in the log is the caller's to
   * finalise (RECORDEND, RECORDFAIL).
   * @throws CordboardError disk.full, disk.failed
   */
  recover(options: { at: number; reason: string }): Promise<Call[]> {
    return this.#writer.call('recover', options);
  }

  /** Calls, newest first; also those in progress. @throws CordboardError request.invalid for a strange cursor */
  listCalls(query: CallQuery = {}): Promise<CallPage> {
    return this.#reader.call('listCalls', query);
  }

  /** One call, folded; undefined when the log knows none of this id. */
  getCall(callId: string): Promise<Call | undefined> {
    return this.#reader.call('getCall', { callId });
  }

  /** A recording and its call; undefined when the log knows none of this id. */
  findRecording(recordingId: string): Promise<FoundRecording | undefined> {
    return this.#reader.call('findRecording', { recordingId });
  }

  /** The last calls from and to a number, newest first; ended ones. */
  history(query: CallerHistoryQuery): Promise<PastCall[]> {
    return this.#reader.call('history', query);
  }

  /** All events of a call, oldest first. */
  eventsOf(callId: string): Promise<CallEvent[]> {
    return this.#reader.call('eventsOf', { callId });
  }

  /** All events of a call and of agents about it, oldest first. */
  courseOf(callId: string): Promise<LogEvent[]> {
    return this.#reader.call('courseOf', { callId });
  }

  /** What agents did apart from calls, newest first. */
  agentEvents(query: AgentEventQuery = {}): Promise<AgentEventPage> {
    return this.#reader.call('agentEvents', query);
  }

  #schedule(delayMs: number): void {
    if (this.#stopped || this.#busy || (this.#timer && delayMs > 0)) return;
    this.#timer?.cancel();
    this.#timer = this.#clock.after(delayMs, () => {
      this.#timer = undefined;
      void this.#commit();
    });
  }

  async #commit(): Promise<void> {
    if (this.#busy || this.#stopped) return;
    this.#batch ??= this.#nextBatch();
    const batch = this.#batch;
    if (!batch) return;
    this.#busy = true;
    try {
      const result = await this.#writer.call('append', { batchId: batch.id, events: batch.events });
      this.#busy = false;
      this.#batch = undefined;
      this.#committed += batch.events.length;
      this.#told(result.movedAside);
      if (result.unfoldable > 0)
        this.#log.warn('call log: events of calls without a beginning', { count: result.unfoldable });
      this.#succeed();
      this.events.emit('committed', result.lastSeq);
    } catch (error) {
      this.#busy = false;
      if (error instanceof CordboardError && error.code === 'internal') this.#sift(batch, error);
      else this.#fail(error);
    }
    if (this.#failing !== undefined) this.#schedule(this.#retryMs);
    else if (this.#waiters.length > 0) void this.#commit();
    else if (this.#queue.length > 0)
      this.#schedule(this.#queue.length >= this.#maxBatch ? 0 : this.#commitDelayMs);
  }

  #nextBatch(): Batch | undefined {
    if (this.#queue.length === 0) return undefined;
    const count = this.#singly > 0 ? 1 : this.#maxBatch;
    if (this.#singly > 0) this.#singly--;
    return { id: `${this.#run}-${++this.#batches}`, events: this.#queue.splice(0, count) };
  }

  /** One event that cannot be stored must not hold up the others. */
  #sift(batch: Batch, error: CordboardError): void {
    this.#batch = undefined;
    if (batch.events.length > 1) {
      this.#queue.unshift(...batch.events);
      this.#singly = batch.events.length;
      return;
    }
    this.#log.error('call log: an event is refused', { event: batch.events[0], error });
    this.#committed++;
    this.#lose(1, errorMessage(error));
    this.#succeed();
  }

  #succeed(): void {
    if (this.#failing !== undefined) {
      const code = this.#failing;
      this.#failing = undefined;
      this.#log.info('call log: the disk takes writes again', { lost: this.#lost });
      this.events.emit('recovered', code);
      if (this.#losing) this.events.emit('recovered', 'call-log.lost');
      this.#losing = false;
    }
    const settled = this.#waiters.filter((waiter) => waiter.target <= this.#committed);
    this.#waiters = this.#waiters.filter((waiter) => waiter.target > this.#committed);
    for (const waiter of settled) waiter.resolve();
  }

  #fail(error: unknown): void {
    const code = error instanceof CordboardError && error.code === 'disk.full' ? 'disk.full' : 'disk.failed';
    if (this.#failing !== code) {
      if (this.#failing !== undefined) this.events.emit('recovered', this.#failing);
      this.#failing = code;
      this.#log.error('call log: the disk refuses; events wait in memory', { error });
      this.#problem(code, `the call log cannot be written: ${errorMessage(error)}`);
    }
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(error);
  }

  #lose(count: number, why: string): void {
    const first = !this.#losing;
    this.#losing = true;
    this.#lost += count;
    if (first || this.#lost % 1000 === 0) this.#log.error('call log: events lost', { lost: this.#lost, why });
    if (first) this.#problem('call-log.lost', `events of the call log are lost: ${why}`);
  }

  #told(movedAside: MovedAside | null): void {
    if (!movedAside) return;
    this.#log.error('call log: the file was damaged; a new one was begun', { ...movedAside });
    this.#problem(
      'call-log.damaged',
      `the call log was damaged and is kept as ${movedAside.path}; a new one was begun`,
    );
    void this.#reader.call('close', {}).catch(() => undefined);
  }

  #problem(code: string, message: string): void {
    this.events.emit('problem', { code, message, since: this.#clock.now() });
  }
}
