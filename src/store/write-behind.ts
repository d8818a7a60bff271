/**
 * A database in a thread of its own for what is kept but nobody waits for (audit, sessions, SIP traces): writes are
 * done in order and tried again while the disk refuses; reads see all writes made before them.
 */
import type { Clock, Timer } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { CordboardError, errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { LiveFault } from '../domain/live.ts';
import { WorkerClient } from './worker-client.ts';

/** Questions that the thread answers: name -> arguments and result. */
export type Reads = { [name: string]: { args: unknown; result: unknown } };

export type WriteBehindOperations = {
  /** All of them are on disk afterwards, or none. */
  write: { args: { writes: unknown[] }; result: { damaged: string[] } };
  read: { args: { name: string; args: unknown }; result: { answer: unknown; damaged: string[] } };
  close: { args: Record<string, never>; result: null };
};

/** Writes kept while the disk refuses. */
const queueCap = 10_000;
const maxBatch = 500;

export class WriteBehind<Write, Questions extends Reads> {
  /** Fault codes: `disk.full`, `disk.failed`, `NAME.lost`, `NAME.damaged` (until the next start). */
  readonly events = new Emitter<{ problem: [LiveFault]; recovered: [code: string] }>();
  readonly #name: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #retryMs: number;
  readonly #worker: WorkerClient<WriteBehindOperations>;
  #queue: Write[] = [];
  #pump: Promise<void> | undefined;
  #retry: Timer | undefined;
  #failing: CordboardError | undefined;
  #lost = 0;
  /** Writes to be sent one by one, because one among them is refused. */
  #singly = 0;

  constructor(options: {
    /** The worker's script; it calls `serveDatabase`. */
    script: URL;
    name: string;
    /** What the script reads as `workerData`: at least `file`. */
    data: { file: string };
    clock: Clock;
    log: Logger;
    /** Time between tries while the disk refuses; default 1000 ms. */
    retryMs?: number | undefined;
  }) {
    const { clock, log, name, script, data } = options;
    this.#name = name;
    this.#clock = clock;
    this.#log = log;
    this.#retryMs = options.retryMs ?? 1000;
    this.#worker = new WorkerClient({ script, name, data, clock, log });
  }

  /** Writes given up since the start. */
  get lost(): number {
    return this.#lost;
  }

  start(): void {
    this.#worker.events.on('died', () => this.#push());
    this.#worker.start();
  }

  /** Writes what is left and closes the file. */
  async stop(): Promise<void> {
    await this.flush().catch(() => undefined);
    this.#retry?.cancel();
    if (this.#queue.length > 0) this.#lose(this.#queue.length);
    this.#queue = [];
    await this.#worker.call('close', {}).catch(() => undefined);
    await this.#worker.stop();
  }

  /** Returns at once. */
  write(write: Write): void {
    if (this.#queue.length >= queueCap) {
      this.#lose(1);
      return;
    }
    this.#queue.push(write);
    if (!this.#failing) this.#push();
  }

  /** Asks after all writes made before; while the disk refuses, after those that could be done. */
  async read<Name extends keyof Questions & string>(
    name: Name,
    args: Questions[Name]['args'],
  ): Promise<Questions[Name]['result']> {
    await this.flush().catch(() => undefined);
    const { answer, damaged } = await this.#worker.call('read', { name, args });
    this.#tellDamaged(damaged);
    return answer;
  }

  /** Resolves when everything written so far is on disk. @throws CordboardError disk.full, disk.failed: not now */
  async flush(): Promise<void> {
    while (this.#queue.length > 0) {
      this.#retry?.cancel();
      this.#push();
      await this.#pump;
      if (this.#failing) throw this.#failing;
    }
  }

  #push(): void {
    this.#pump ??= this.#drain().finally(() => {
      this.#pump = undefined;
      if (this.#failing) this.#retry = this.#clock.after(this.#retryMs, () => this.#push());
    });
  }

  async #drain(): Promise<void> {
    await Promise.resolve(); // what happens at once is sent at once
    while (this.#queue.length > 0) {
      const writes = this.#queue.slice(0, this.#singly > 0 ? 1 : maxBatch);
      try {
        const { damaged } = await this.#worker.call('write', { writes });
        this.#queue.splice(0, writes.length);
        this.#singly = Math.max(0, this.#singly - 1);
        this.#tellDamaged(damaged);
        this.#succeed();
      } catch (error) {
        if (error instanceof CordboardError && error.code === 'internal') {
          this.#sift(writes, error);
          continue;
        }
        this.#fail(error);
        return;
      }
    }
  }

  /** One write that cannot be stored must not hold up the others. */
  #sift(writes: readonly Write[], error: CordboardError): void {
    if (writes.length > 1) {
      this.#singly = writes.length;
      return;
    }
    this.#queue.splice(0, 1);
    this.#singly = Math.max(0, this.#singly - 1);
    this.#lose(1);
    this.#log.error(`${this.#name}: an entry is refused`, { error });
  }

  #succeed(): void {
    const failed = this.#failing;
    this.#failing = undefined;
    if (failed) this.events.emit('recovered', failed.code);
  }

  #fail(error: unknown): void {
    const known = error instanceof CordboardError && error.code === 'disk.full' ? error : undefined;
    const failure = known ?? new CordboardError('disk.failed', errorMessage(error), { cause: error });
    if (this.#failing?.code === failure.code) return;
    if (this.#failing) this.events.emit('recovered', this.#failing.code);
    this.#failing = failure;
    this.#log.error(`${this.#name}: cannot be written; entries wait`, { error });
    this.#problem(failure.code, failure.message);
  }

  #lose(count: number): void {
    const first = this.#lost === 0;
    this.#lost += count;
    if (first || this.#lost % 1000 === 0)
      this.#log.error(`${this.#name}: entries lost`, { lost: this.#lost });
    if (first) this.#problem(`${this.#name}.lost`, 'entries are lost; the log says why');
  }

  #tellDamaged(paths: readonly string[]): void {
    for (const path of paths) {
      this.#log.error(`${this.#name}: the file was damaged; a new one was begun`, { path });
      this.#problem(`${this.#name}.damaged`, `the damaged file is kept as ${path}; a new one was begun`);
    }
  }

  #problem(code: string, message: string): void {
    this.events.emit('problem', { code, message, since: this.#clock.now() });
  }
}
