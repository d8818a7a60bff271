/**
 * Reliable provisional responses of one INVITE of theirs (RFC 3262 §3): one at a time, repeated until its PRACK; what
 * comes behind waits.
 */
import type { Clock, Timer } from '../base/clock.ts';
import { type SipTiming, transactionTimeoutMs } from './timing.ts';

export interface ReliableProvisionalsOptions {
  clock: Clock;
  timing: SipTiming;
  /** No PRACK within 64*T1: the INVITE is to be refused (§3). */
  gaveUp(): void;
}

export class ReliableProvisionals {
  readonly #options: ReliableProvisionalsOptions;
  #nextRSeq = 1 + Math.floor(Math.random() * 0x3fffffff);
  /** RSeq that waits for its PRACK; 0: none. */
  #waitingFor = 0;
  #repeat: Timer | undefined;
  #limit: Timer | undefined;
  #queue: (() => void)[] = [];

  constructor(options: ReliableProvisionalsOptions) {
    this.#options = options;
  }

  /** Number for the next response. */
  takeRSeq(): number {
    return this.#nextRSeq++;
  }

  /** Sends by `transmit` now or when its turn has come, and repeats it. */
  send(rseq: number, transmit: () => void): void {
    this.whenIdle(() => {
      const { clock, timing, gaveUp } = this.#options;
      this.#waitingFor = rseq;
      transmit();
      this.#arm(timing.t1Ms, transmit);
      this.#limit = clock.after(transactionTimeoutMs(timing), () => {
        this.stop();
        gaveUp();
      });
    });
  }

  /** Runs `action` when nothing waits for a PRACK any more, after what was asked for before. */
  whenIdle(action: () => void): void {
    if (this.#waitingFor === 0 && this.#queue.length === 0) action();
    else this.#queue.push(action);
  }

  /** True for the response that waits for its PRACK now. */
  isWaitingFor(rseq: number): boolean {
    return rseq !== 0 && rseq === this.#waitingFor;
  }

  /** A PRACK came. @returns false when it is not about the response that waits */
  acknowledge(rseq: number): boolean {
    if (!this.isWaitingFor(rseq)) return false;
    this.#disarm();
    const queue = this.#queue;
    this.#queue = [];
    while (queue.length > 0 && this.#waitingFor === 0) queue.shift()?.();
    this.#queue = [...queue, ...this.#queue];
    return true;
  }

  /** Repeats nothing any more and forgets what waits. Idempotent. */
  stop(): void {
    this.#disarm();
    this.#queue = [];
  }

  #arm(delayMs: number, transmit: () => void): void {
    this.#repeat = this.#options.clock.after(delayMs, () => {
      transmit();
      this.#arm(delayMs * 2, transmit);
    });
  }

  #disarm(): void {
    this.#waitingFor = 0;
    this.#repeat?.cancel();
    this.#limit?.cancel();
  }
}
