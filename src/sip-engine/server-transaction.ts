/**
 * Non-INVITE server transaction (RFC 3261 §17.2.2):
 *
 *     Trying --1xx--> Proceeding --final--> Completed --J--> Terminated
 *        +-------------final------------------^
 *
 * Trying: a repeated request is absorbed. Proceeding, Completed: it gets the last response again.
 */
import type { Timer } from '../base/clock.ts';
import type { ServerTransactionOptions } from './invite-server-transaction.ts';
import { transactionTimeoutMs } from './timing.ts';

export class ServerTransaction {
  readonly #options: ServerTransactionOptions;
  #state: 'trying' | 'proceeding' | 'completed' | 'terminated' = 'trying';
  #last = '';
  #limit: Timer | undefined;

  constructor(options: ServerTransactionOptions) {
    this.#options = options;
  }

  get state(): string {
    return this.#state;
  }

  /** Over, and remembered only because something may be repeated. */
  get isSettled(): boolean {
    return this.#state === 'completed';
  }

  get isProceeding(): boolean {
    return this.#state === 'trying' || this.#state === 'proceeding';
  }

  /** Sends a response. @returns false when a final one has been sent before */
  respond(status: number, text: string): boolean {
    if (!this.isProceeding) return false;
    const { clock, timing, flow, callId } = this.#options;
    flow.send(text, callId);
    this.#last = text;
    if (status < 200) {
      this.#state = 'proceeding';
      return true;
    }
    this.#state = 'completed';
    if (flow.reliable) this.terminate();
    else this.#limit = clock.after(transactionTimeoutMs(timing), () => this.terminate());
    return true;
  }

  /** The same request again. */
  receiveRequest(): void {
    const { flow, callId } = this.#options;
    if (this.#last !== '') flow.send(this.#last, callId);
  }

  /** Ends it at once. Idempotent. */
  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#last = '';
    this.#limit?.cancel();
    this.#options.ended();
  }
}
