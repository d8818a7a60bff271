/**
 * INVITE server transaction (RFC 3261 §17.2.1 with RFC 6026):
 *
 *     Proceeding --2xx--> Accepted --L--> Terminated
 *        |
 *        +--300-699--> Completed --ACK--> Confirmed --I--> Terminated
 *                          +--H (no ACK)-----------------> Terminated
 *
 * Proceeding: the application decides; a repeated INVITE gets the last provisional again.
 * Completed: the final response is repeated (G, UDP only) until the ACK comes.
 * Confirmed, Accepted: stragglers are absorbed.
 */
import type { Clock, Timer } from '../base/clock.ts';
import type { Flow } from './flow.ts';
import { type SipTiming, transactionTimeoutMs } from './timing.ts';

export interface ServerTransactionOptions {
  clock: Clock;
  timing: SipTiming;
  callId: string;
  /** Where responses go. */
  flow: Flow;
  /** The transaction is over and its key free. */
  ended(): void;
}

export class InviteServerTransaction {
  readonly #options: ServerTransactionOptions;
  #state: 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated' = 'proceeding';
  #last = '';
  #toTag = '';
  #retransmit: Timer | undefined;
  #limit: Timer | undefined;

  constructor(options: ServerTransactionOptions) {
    this.#options = options;
  }

  get state(): string {
    return this.#state;
  }

  /** Over, and remembered only because something may be repeated. */
  get isSettled(): boolean {
    return this.#state === 'accepted' || this.#state === 'confirmed';
  }

  /** To tag of the latest response, empty before one has any. */
  get toTag(): string {
    return this.#toTag;
  }

  get isProceeding(): boolean {
    return this.#state === 'proceeding';
  }

  /** Sends a response. @returns false when a final one has been sent before */
  respond(status: number, text: string): boolean {
    if (this.#state !== 'proceeding') return false;
    const { clock, timing, flow } = this.#options;
    this.#send(text);
    if (status > 100) this.#toTag = /^To:.*;tag=([^;\s]+)/im.exec(text)?.[1] ?? this.#toTag;
    if (status < 200) {
      this.#last = text;
      return true;
    }
    const timeoutMs = transactionTimeoutMs(timing);
    if (status < 300) {
      // The transaction user repeats the 2xx end to end (§13.3.1.4); here nothing is kept.
      this.#state = 'accepted';
      this.#last = '';
      this.#limit = clock.after(timeoutMs, () => this.terminate());
      return true;
    }
    this.#state = 'completed';
    this.#last = text;
    this.#limit = clock.after(timeoutMs, () => this.terminate());
    if (!flow.reliable) this.#armRetransmit(timing.t1Ms);
    return true;
  }

  /** The same INVITE again. */
  receiveInvite(): void {
    if ((this.#state === 'proceeding' || this.#state === 'completed') && this.#last !== '')
      this.#send(this.#last);
  }

  /** An ACK of this very transaction, which only a non-2xx final has. */
  receiveAck(): void {
    if (this.#state !== 'completed') return;
    const { clock, timing, flow } = this.#options;
    this.#state = 'confirmed';
    this.#last = '';
    this.#retransmit?.cancel();
    this.#limit?.cancel();
    if (flow.reliable) this.terminate();
    else this.#limit = clock.after(timing.t4Ms, () => this.terminate());
  }

  /** Ends it at once. Idempotent. */
  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#last = '';
    this.#retransmit?.cancel();
    this.#limit?.cancel();
    this.#options.ended();
  }

  #armRetransmit(delayMs: number): void {
    const { clock, timing } = this.#options;
    this.#retransmit = clock.after(delayMs, () => {
      this.#send(this.#last);
      this.#armRetransmit(Math.min(delayMs * 2, timing.t2Ms));
    });
  }

  #send(text: string): void {
    const { flow, callId } = this.#options;
    flow.send(text, callId);
  }
}
