/**
 * A worker thread that does what the main thread must not wait for, asked like an engine is (base/control-socket):
 * named operations with arguments and a result. One that dies is started anew; what was asked of it fails.
 */
import { Worker } from 'node:worker_threads';
import type { Clock, Timer } from '../base/clock.ts';
import type { Operations } from '../base/control-socket.ts';
import { Emitter } from '../base/emitter.ts';
import { CordboardError, type ErrorCode, errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';

export interface WorkerRequest {
  id: number;
  op: string;
  args: unknown;
}

export type WorkerReply =
  | { id: number; ok: true; result: unknown }
  | { id: number; ok: false; code: ErrorCode; message: string };

const restartDelayMs = 200;

type Pending = { resolve: (value: never) => void; reject: (error: Error) => void };

/** Small, so that it is often collected: buffers outside the heap are let go with what holds them. */
const youngGenerationMb = 4;

export class WorkerClient<Ops extends Operations> {
  /** `died`: it is being restarted; what it knew in memory is gone. */
  readonly events = new Emitter<{ died: [] }>();
  readonly #script: URL;
  readonly #name: string;
  readonly #data: unknown;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #restart: Timer | undefined;
  #stopped = true;
  #nextId = 1;

  /** @param options.data what the script reads as `workerData` */
  constructor(options: { script: URL; name: string; data: unknown; clock: Clock; log: Logger }) {
    this.#script = options.script;
    this.#name = options.name;
    this.#data = options.data;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  start(): void {
    this.#stopped = false;
    this.#spawn();
  }

  /** Ends the thread at once; ask it to close its files first. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#restart?.cancel();
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker) await worker.terminate();
    this.#failPending();
  }

  /** @throws CordboardError with the code the operation failed with; `disk.failed` when the thread is not there */
  call<Op extends keyof Ops & string>(op: Op, args: Ops[Op]['args']): Promise<Ops[Op]['result']> {
    const worker = this.#worker;
    if (!worker)
      return Promise.reject(new CordboardError('disk.failed', `${this.#name}: the thread is not running`));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: never) => void, reject });
      worker.postMessage({ id, op, args } satisfies WorkerRequest);
    });
  }

  #spawn(): void {
    const worker = new Worker(this.#script, {
      name: this.#name,
      workerData: this.#data,
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    });
    this.#worker = worker;
    worker.on('message', (reply: WorkerReply) => this.#settle(reply));
    worker.on('error', (error) => this.#log.error(`${this.#name}: the thread failed`, { error }));
    worker.on('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#failPending();
      if (this.#stopped) return;
      this.#restart = this.#clock.after(restartDelayMs, () => {
        this.#spawn();
        this.events.emit('died');
      });
    });
  }

  #settle(reply: WorkerReply): void {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    this.#pending.delete(reply.id);
    if (reply.ok) pending.resolve(reply.result as never);
    else pending.reject(new CordboardError(reply.code, reply.message));
  }

  #failPending(): void {
    const error = new CordboardError('disk.failed', `${this.#name}: the thread ended`);
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}

/** The other end's answer to anything thrown. */
export function failureReply(id: number, error: unknown): WorkerReply {
  const code = error instanceof CordboardError ? error.code : 'internal';
  return { id, ok: false, code, message: errorMessage(error) };
}
