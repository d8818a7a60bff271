/** A 2xx of ours to an INVITE: repeated until its ACK comes, whatever the transport (RFC 3261 §13.3.1.4). */
import type { Clock, Timer } from '../base/clock.ts';
import type { Flow } from './flow.ts';
import { type SipTiming, transactionTimeoutMs } from './timing.ts';

export interface AcceptedInviteOptions {
  clock: Clock;
  timing: SipTiming;
  flow: Flow;
  callId: string;
  text: string;
  /** Under which the ACK is told to the application. */
  transactionId: string;
  /** No ACK within 64*T1. */
  timedOut(): void;
}

export class AcceptedInvite {
  readonly transactionId: string;
  readonly #options: AcceptedInviteOptions;
  #repeat: Timer | undefined;
  #limit: Timer | undefined;

  constructor(options: AcceptedInviteOptions) {
    this.#options = options;
    this.transactionId = options.transactionId;
  }

  /** Begins repeating; the first copy has been sent. */
  start(): void {
    const { clock, timing, timedOut } = this.#options;
    this.#arm(timing.t1Ms);
    this.#limit = clock.after(transactionTimeoutMs(timing), () => {
      this.stop();
      timedOut();
    });
  }

  /** Idempotent. */
  stop(): void {
    this.#repeat?.cancel();
    this.#limit?.cancel();
  }

  #arm(delayMs: number): void {
    const { clock, timing, flow, text, callId } = this.#options;
    this.#repeat = clock.after(delayMs, () => {
      flow.send(text, callId);
      this.#arm(Math.min(delayMs * 2, timing.t2Ms));
    });
  }
}
