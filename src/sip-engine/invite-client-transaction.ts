/**
 * INVITE client transaction (RFC 3261 §17.1.1 with RFC 6026):
 *
 *     Calling --1xx--> Proceeding
 *        |                |
 *        +--2xx--> Accepted --M--> Terminated          (from Proceeding too)
 *        +--300-699--> Completed --D--> Terminated     (from Proceeding too)
 *        +--B (no answer), transport error--> Terminated
 *
 * Calling: the INVITE is repeated (A, UDP only). Completed: each repeated final gets the ACK again.
 * Accepted: every 2xx goes up, the transaction user acknowledges (several forks may answer).
 */
import type { Clock, Timer } from '../base/clock.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import type { Flow } from './flow.ts';
import { acknowledgeFailure } from './message-builder.ts';
import { ConnectionFailure } from './stream-wire.ts';
import { type SipTiming, transactionTimeoutMs } from './timing.ts';

export type ClientFailure = 'timeout' | 'transport';

export interface ClientTransactionOptions {
  clock: Clock;
  timing: SipTiming;
  flow: Flow;
  request: SipMessage;
  /** Each response that is not a mere repetition. */
  response(response: SipMessage, flow: Flow): void;
  /** No final response will come. @param reason in words for people, where there are any */
  failed(failure: ClientFailure, reason?: string): void;
  /** The transaction is over and its key free. */
  ended(): void;
}

export class InviteClientTransaction {
  readonly #options: ClientTransactionOptions;
  #state: 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated' = 'calling';
  #retransmit: Timer | undefined;
  #limit: Timer | undefined;
  #ack = '';
  #stopListening: (() => void) | undefined;

  constructor(options: ClientTransactionOptions) {
    this.#options = options;
  }

  get state(): string {
    return this.#state;
  }

  /** Over, and remembered only because something may be repeated. */
  get isSettled(): boolean {
    return this.#state === 'accepted' || this.#state === 'completed';
  }

  /** Sends the request. */
  start(): void {
    const { clock, timing, flow } = this.#options;
    this.#limit = clock.after(transactionTimeoutMs(timing), () => this.#fail('timeout'));
    if (!flow.reliable) this.#armRetransmit(timing.t1Ms);
    this.#stopListening = flow.onClose((error) => this.#fail('transport', error));
    this.#send(this.#options.request.serialise());
  }

  receive(response: SipMessage, flow: Flow): void {
    const waiting = this.#state === 'calling' || this.#state === 'proceeding';
    const { status } = response;
    if (status < 200) {
      if (!waiting) return;
      if (this.#state === 'calling') {
        this.#state = 'proceeding';
        this.#disarm();
      }
      this.#options.response(response, flow);
    } else if (status < 300) {
      if (waiting) this.#accept();
      if (this.#state === 'accepted') this.#options.response(response, flow);
    } else if (waiting) {
      this.#complete(response);
      this.#options.response(response, flow);
    } else if (this.#state === 'completed') this.#send(this.#ack);
  }

  /** Says no more; what comes all the same is handed up until B or M ends it. */
  abandon(): void {
    this.#retransmit?.cancel();
    this.#retransmit = undefined;
  }

  /** Ends it at once. Idempotent. */
  terminate(): void {
    if (this.#state === 'terminated') return;
    this.#state = 'terminated';
    this.#disarm();
    this.#stopListening?.();
    this.#options.ended();
  }

  #accept(): void {
    const { clock, timing } = this.#options;
    this.#state = 'accepted';
    this.#disarm();
    this.#limit = clock.after(transactionTimeoutMs(timing), () => this.terminate());
  }

  #complete(response: SipMessage): void {
    const { clock, timing, flow, request } = this.#options;
    this.#state = 'completed';
    this.#disarm();
    this.#ack = acknowledgeFailure(request, response).serialise();
    this.#send(this.#ack);
    if (flow.reliable) queueMicrotask(() => this.terminate());
    else this.#limit = clock.after(timing.timerDMs, () => this.terminate());
  }

  #armRetransmit(delayMs: number): void {
    this.#retransmit = this.#options.clock.after(delayMs, () => {
      this.#send(this.#options.request.serialise(), true);
      this.#armRetransmit(delayMs * 2);
    });
  }

  #send(text: string, isRepeated = false): void {
    const { flow, request } = this.#options;
    flow.send(text, request.callId, (error) => this.#fail('transport', error), isRepeated);
  }

  #fail(failure: ClientFailure, error?: Error): void {
    // The ACK of a refusal that cannot be sent cannot be sent again either (§17.1.1.2).
    if (this.#state === 'completed') this.terminate();
    if (this.#state !== 'calling' && this.#state !== 'proceeding') return;
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
