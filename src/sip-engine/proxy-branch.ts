/** One target of a proxied request: its client transaction, time limits and CANCEL (RFC 3261 §16.6–§16.10). */
import type { Timer } from '../base/clock.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Flow } from './flow.ts';
import { cancelOf, syntheticResponse } from './message-builder.ts';
import { transactionTimeoutMs } from './timing.ts';
import type { AnyClientTransaction } from './transaction-layer.ts';

/** A target that rings this long without a new provisional is given up on: timer C, milliseconds. */
const timerCMs = 185_000;

export interface ProxyBranchOptions {
  parts: EngineParts;
  request: SipMessage;
  flow: Flow;
  provisionalTimeoutMs: number;
  finalTimeoutMs: number;
  provisional(response: SipMessage): void;
  /** Each 2xx, repetitions too. */
  success(response: SipMessage, flow: Flow): void;
  /** Once: what this target said, or that it said nothing. `flow` undefined: nobody sent it. */
  failure(response: SipMessage, flow: Flow | undefined): void;
}

export class ProxyBranch {
  readonly #options: ProxyBranchOptions;
  readonly #limits = new Set<Timer>();
  #transaction: AnyClientTransaction | undefined;
  #timerC: Timer | undefined;
  #heard = false;
  #hasRung = false;
  #isSettled = false;
  #cancel: { sent: boolean; reasons: string[] } | undefined;
  /** It lost its turn: whatever refusal comes is a timeout. */
  #isLate = false;

  constructor(options: ProxyBranchOptions) {
    this.#options = options;
  }

  /** True while no final response is known. */
  get isOpen(): boolean {
    return !this.#isSettled;
  }

  /** True when a provisional other than 100 has been passed on. */
  get hasRung(): boolean {
    return this.#hasRung;
  }

  start(): void {
    const { parts, request, flow, provisionalTimeoutMs, finalTimeoutMs } = this.#options;
    this.#transaction = parts.transactions.startClient({
      request,
      flow,
      response: (response, from) => this.#receive(response, from),
      failed: (failure) => this.#fail(failure === 'timeout' ? 408 : 503),
    });
    if (provisionalTimeoutMs > 0)
      this.#limit(provisionalTimeoutMs, () => {
        if (this.#heard || this.#isSettled) return;
        this.#isLate = true;
        this.cancel([]);
        this.#fail(408);
      });
    if (finalTimeoutMs > 0) this.#limit(finalTimeoutMs, () => this.#loseTurn());
    if (request.method === 'INVITE') this.#armTimerC();
  }

  /** Withdraws it: at once when the target has been heard of, else when it is (§9.1). */
  cancel(reasons: string[]): void {
    if (this.#isSettled || this.#cancel || this.#options.request.method !== 'INVITE') return;
    this.#cancel = { sent: false, reasons };
    if (this.#heard) this.#sendCancel();
  }

  /** Stops its timers. */
  stop(): void {
    this.#timerC?.cancel();
    for (const limit of this.#limits) limit.cancel();
    this.#limits.clear();
  }

  #receive(response: SipMessage, flow: Flow): void {
    const { provisional, success, failure } = this.#options;
    if (response.status < 200) {
      this.#heard = true;
      if (this.#cancel && !this.#cancel.sent) this.#sendCancel();
      if (this.#isSettled || response.status === 100) return;
      this.#armTimerC();
      this.#hasRung = true;
      provisional(response);
      return;
    }
    if (response.status < 300) {
      this.#settle();
      success(response, flow);
      return;
    }
    if (this.#isSettled) return;
    if (this.#isLate) {
      this.#fail(408);
      return;
    }
    this.#settle();
    failure(response, flow);
  }

  #loseTurn(): void {
    if (this.#isSettled) return;
    this.#isLate = true;
    if (this.#options.request.method === 'INVITE') this.cancel([]);
    else this.#fail(408);
  }

  #fail(status: number): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#options.failure(syntheticResponse(this.#options.request, status), undefined);
  }

  #settle(): void {
    this.#isSettled = true;
    this.stop();
  }

  #sendCancel(): void {
    const { parts, request, flow } = this.#options;
    const wanted = this.#cancel;
    if (!wanted) return;
    wanted.sent = true;
    const cancel = cancelOf(request);
    for (const reason of wanted.reasons) cancel.add('reason', reason);
    parts.transactions.startClient({ request: cancel, flow, response: () => {}, failed: () => {} });
    if (this.#isSettled) return;
    // A target that answers the CANCEL but never the INVITE is not waited for (§9.1).
    this.#limit(transactionTimeoutMs(parts.timing), () => {
      this.#fail(this.#isLate ? 408 : 487);
      this.#transaction?.terminate();
    });
  }

  #armTimerC(): void {
    if (this.#options.request.method !== 'INVITE') return;
    this.#timerC?.cancel();
    this.#timerC = this.#options.parts.clock.after(timerCMs, () => this.#loseTurn());
  }

  #limit(delayMs: number, action: () => void): void {
    const limit = this.#options.parts.clock.after(delayMs, () => {
      this.#limits.delete(limit);
      action();
    });
    this.#limits.add(limit);
  }
}
