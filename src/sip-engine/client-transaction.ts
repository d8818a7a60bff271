/**
 * Non-INVITE client transaction (RFC 3261 §17.1.2):
 *
 *     Trying --1xx--> Proceeding --final--> Completed --K--> Terminated
 *        +-------------final------------------^
 *        +--F (no answer), transport error--> Terminated      (from Proceeding too)
 *
 * Until the final response the request is repeated (E, UDP only), each T2 once a provisional has come.
 */
import type { Timer } from '../base/clock.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import type { Flow } from './flow.ts';
import type { ClientFailure, ClientTransactionOptions } from './invite-client-transaction.ts';
import { ConnectionFailure } from './stream-wire.ts';
import { transactionTimeoutMs } from './timing.ts';

export class ClientTransaction {
  readonly #options: ClientTransactionOptions;
  #state: 'trying' | 'proceeding' | 'completed' | 'terminated' = 'trying';
  #retransmit: Timer | undefined;
  #limit: Timer | undefined;
  #stopListening: (() => void) | undefined;

  constructor(options: ClientTransactionOptions) {
    this.#options = options;
  }

  get state(): string {
    return this.#state;
  }

  /** Over, and remembered only because something may be repeated. */
  get isSettled(): boolean {
    return this.#state === 'completed';
  }

  /** Sends the request. */
  start(): void {
    const { clock, timing, flow } = this.#options;
    this.#limit = clock.after(transactionTimeoutMs(timing), () => this.#fail('timeout'));
    if (!flow.reliable) this.#armRetransmit(timing.t1Ms);
    this.#stopListening = flow.onClose((error) => this.#fail('transport', error));
    this.#send();
  }

  receive(response: SipMessage, flow: Flow): void {
    if (this.#state !== 'trying' && this.#state !== 'proceeding') return;
    if (response.status < 200) this.#state = 'proceeding';
    else this.#complete();
    this.#options.response(response, flow);
  }

  /** Ends it at once. Idempotent. */
  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#disarm();
    this.#stopListening?.();
    this.#options.ended();
  }

  #complete(): void {
    const { clock, timing, flow } = this.#options;
    this.#state = 'completed';
    this.#disarm();
    if (flow.reliable) this.terminate();
    else this.#limit = clock.after(timing.t4Ms, () => this.terminate());
  }

  #armRetransmit(delayMs: number): void {
    const { clock, timing } = this.#options;
    this.#retransmit = clock.after(delayMs, () => {
      this.#send(this.#state === 'trying');
      this.#armRetransmit(this.#state === 'proceeding' ? timing.t2Ms : Math.min(delayMs * 2, timing.t2Ms));
    });
  }

  #send(isRepeated = false): void {
    const { flow, request } = this.#options;
    flow.send(request.serialise(), request.callId, (error) => this.#fail('transport', error), isRepeated);
  }

  #fail(failure: ClientFailure, error?: Error): void {
    if (this.#state !== 'trying' && this.#state !== 'proceeding') return;
    this.terminate();
    this.#options.failed(failure, error instanceof ConnectionFailure ? error.message : undefined);
  }

  #disarm(): void {
    this.#retransmit?.cancel();
    this.#limit?.cancel();
    this.#retransmit = undefined;
    this.#limit = undefined;
  }
}
