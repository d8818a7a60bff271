/**
 * An RTP thread as the main thread sees it.
 */
import { MessageChannel, Worker } from 'node:worker_threads';
import { CordboardError, type ErrorCode, errorCodes } from '../../base/errors.ts';
import {
  type EdgeNotices,
  type EdgeOperations,
  type EdgeThreadConfig,
  Outbox,
  type ThreadMessage,
  type ThreadRequest,
} from './edge-control.ts';

export type EdgeNotice = {
  [Name in keyof EdgeNotices & string]: [event: Name, args: EdgeNotices[Name]];
}[keyof EdgeNotices & string];

interface Pending {
  resolve: (value: never) => void;
  reject: (error: Error) => void;
}

/** What places legs on threads needs of one. */
export type RtpThread = Pick<EdgeThread, 'index' | 'call'>;

export class EdgeThread {
  readonly index: number;
  readonly #config: EdgeThreadConfig;
  readonly #onNotice: (...notice: EdgeNotice) => void;
  readonly #onFailure: (error: Error) => void;
  readonly #pending = new Map<number, Pending>();
  readonly #outbox = new Outbox<ThreadRequest>((requests, transfer) =>
    this.#worker?.postMessage(requests, transfer),
  );
  #worker: Worker | undefined;
  #nextId = 1;
  #stopping = false;

  /** @param options.onFailure the thread died: its legs are gone, the process had better go too */
  constructor(options: {
    config: EdgeThreadConfig;
    onNotice: (...notice: EdgeNotice) => void;
    onFailure: (error: Error) => void;
  }) {
    this.index = options.config.threadIndex;
    this.#config = options.config;
    this.#onNotice = options.onNotice;
    this.#onFailure = options.onFailure;
  }

  start(): void {
    const worker = new Worker(new URL('./edge-worker.ts', import.meta.url), {
      workerData: this.#config,
      name: `rtp-${this.index}`,
    });
    this.#worker = worker;
    worker.on('message', (messages: ThreadMessage[]) => {
      for (const message of messages) this.#receive(message);
    });
    worker.on('error', (error: unknown) =>
      this.#fail(error instanceof Error ? error : new Error(String(error))),
    );
    worker.on('exit', (code) => {
      if (!this.#stopping) this.#fail(new Error(`RTP thread ${this.index} ended with ${code}`));
    });
  }

  /** Asks the thread. @throws CordboardError as the edge threw it, or `media.worker-died` */
  call<Op extends keyof EdgeOperations & string>(
    op: Op,
    args: EdgeOperations[Op]['args'],
    transfer: MessagePort[] = [],
  ): Promise<EdgeOperations[Op]['result']> {
    if (!this.#worker) {
      return Promise.reject(
        new CordboardError('media.worker-died', `RTP thread ${this.index} is not running`),
      );
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: never) => void, reject });
      this.#outbox.add({ id, op, args }, transfer as never);
    });
  }

  /** Says good-bye on all legs and ends the thread. Idempotent. */
  async stop(): Promise<void> {
    if (this.#stopping || !this.#worker) return;
    this.#stopping = true;
    await this.call('stop', {});
    await this.#worker.terminate();
    this.#worker = undefined;
  }

  #receive(message: ThreadMessage): void {
    if ('event' in message) {
      this.#onNotice(...([message.event, message.args] as EdgeNotice));
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.ok) pending?.resolve(message.result as never);
    else {
      const code = Object.hasOwn(errorCodes, message.code) ? (message.code as ErrorCode) : 'internal';
      pending?.reject(new CordboardError(code, message.message));
    }
  }

  #fail(error: Error): void {
    if (!this.#worker) return;
    this.#worker = undefined;
    for (const pending of this.#pending.values()) {
      pending.reject(new CordboardError('media.worker-died', error.message, { cause: error }));
    }
    this.#pending.clear();
    if (!this.#stopping) this.#onFailure(error);
  }
}

/** Gives two threads a direct line, both ways. */
export async function linkThreads(a: EdgeThread, b: EdgeThread): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await Promise.all([
    a.call('thread.link', { threadIndex: b.index, port: port1 as never }, [port1 as never]),
    b.call('thread.link', { threadIndex: a.index, port: port2 as never }, [port2 as never]),
  ]);
}
