/**
 * One request on its way along its targets (RFC 3263 §4.3): each target gets a transaction of its own, and the next
 * one its turn when a target is not reached, says nothing for a while, or answers 503. Whoever sent the request sees
 * a single transaction. An INVITE given up on is listened to all the same: a phone that rings late is cancelled, one
 * that answers late is told that it lost.
 */
import type { Timer } from '../base/clock.ts';
import { parseApplicationMessage, type SipMessage } from '../codec/sip-message.ts';
import { type EngineParts, ourVia } from './engine-parts.ts';
import type { Flow } from './flow.ts';
import { type ClientFailure, InviteClientTransaction } from './invite-client-transaction.ts';
import { cancelOf, newBranch } from './message-builder.ts';
import type { Target } from './server-location.ts';
import type { AnyClientTransaction } from './transaction-layer.ts';

/** A request and where it goes. */
export interface RoutedRequest {
  /** As it leaves for `flow`. */
  request: SipMessage;
  flow: Flow;
  /** Where to turn when that fails. */
  rest: readonly Target[];
  /** The same request as it leaves for another flow. */
  rebuild(flow: Flow): SipMessage;
  /**
   * Within a dialog: only a server that is certainly gone is left. Another one may not know the dialog, and its 481
   * would end a call that the slow one still has.
   */
  isInDialog: boolean;
}

export interface RequestAttemptsOptions {
  parts: EngineParts;
  routed: RoutedRequest;
  response(response: SipMessage, flow: Flow): void;
  /** No target is left, and the last one failed so. */
  failed(failure: ClientFailure, reason?: string): void;
  /** The request is under way to another target, which has not been heard of. */
  movedOn?(): void;
  /** A 2xx of a target that was given up on, to its own copy of the INVITE. */
  late?(response: SipMessage, flow: Flow, request: SipMessage): void;
  /** The transaction with the target that answered is over. */
  ended?(): void;
}

interface Attempt {
  request: SipMessage;
  flow: Flow;
  transaction: AnyClientTransaction | undefined;
  /** What has come of it so far; ringing: a provisional that the application knows of. */
  heard: 'nothing' | 'trying' | 'ringing';
  isCancelled: boolean;
}

/** A server that wants to be left alone is for so long at most, seconds (Retry-After). */
const longestPauseS = 300;

export class RequestAttempts {
  readonly #options: RequestAttemptsOptions;
  readonly #isOneOfMany: boolean;
  #rest: readonly Target[];
  #current: Attempt;
  #patience: Timer | undefined;
  #staysHere = false;

  constructor(options: RequestAttemptsOptions) {
    this.#options = options;
    this.#rest = options.routed.rest;
    this.#isOneOfMany = this.#rest.length > 0;
    this.#current = attemptOf(options.routed.request, options.routed.flow);
  }

  /** As it left for the present target. */
  get request(): SipMessage {
    return this.#current.request;
  }

  get flow(): Flow {
    return this.#current.flow;
  }

  start(): void {
    this.#send(this.#current);
  }

  /** From now on no other target is tried: the request is to be cancelled. */
  stay(): void {
    this.#staysHere = true;
    this.#patience?.cancel();
  }

  terminate(): void {
    this.stay();
    this.#current.transaction?.terminate();
  }

  #send(attempt: Attempt): void {
    const { clock, timing, transactions } = this.#options.parts;
    if (this.#rest.length > 0 && !this.#staysHere && !this.#options.routed.isInDialog)
      this.#patience = clock.after(timing.targetTimeoutMs, () => this.#outwaited(attempt));
    attempt.transaction = transactions.startClient({
      request: attempt.request,
      flow: attempt.flow,
      response: (response, flow) =>
        attempt === this.#current
          ? this.#receive(attempt, response, flow)
          : this.#receiveLate(attempt, response, flow),
      failed: (failure, reason) => {
        if (attempt === this.#current) this.#failed(attempt, failure, reason);
      },
      ended: () => {
        if (attempt === this.#current) this.#options.ended?.();
      },
    });
  }

  #receive(attempt: Attempt, response: SipMessage, flow: Flow): void {
    const { status } = response;
    this.#patience?.cancel();
    if (status === 503 && !this.#options.routed.isInDialog && this.#mayMoveOn(attempt)) {
      const pauseS = Number.parseInt(response.get('retry-after') ?? '', 10);
      if (pauseS > 0) this.#options.parts.health.failed(attempt.flow, Math.min(pauseS, longestPauseS) * 1000);
      this.#moveOn(() => this.#options.response(response, flow));
      return;
    }
    if (status < 200 && attempt.heard !== 'ringing') attempt.heard = status === 100 ? 'trying' : 'ringing';
    this.#options.response(response, flow);
  }

  #failed(attempt: Attempt, failure: ClientFailure, reason: string | undefined): void {
    this.#patience?.cancel();
    if (this.#isOneOfMany) this.#options.parts.health.failed(attempt.flow);
    if (this.#mayMoveOn(attempt)) this.#moveOn(() => this.#options.failed(failure, reason));
    else this.#options.failed(failure, reason);
  }

  /** Not a word from this target while others wait. */
  #outwaited(attempt: Attempt): void {
    if (attempt !== this.#current || attempt.heard !== 'nothing' || !this.#mayMoveOn(attempt)) return;
    const { transaction } = attempt;
    this.#options.parts.health.failed(attempt.flow);
    this.#moveOn(() => this.#options.failed('timeout'));
    if (transaction instanceof InviteClientTransaction) transaction.abandon();
    else transaction?.terminate();
  }

  #mayMoveOn(attempt: Attempt): boolean {
    return this.#rest.length > 0 && !this.#staysHere && attempt.heard !== 'ringing';
  }

  /** On to the next target; `otherwise` says how it ends when there is none that can be sent to. */
  #moveOn(otherwise: () => void): void {
    const { parts, routed, movedOn } = this.#options;
    const given = attemptOf(this.#current.request, this.#current.flow);
    this.#current = given;
    parts.nextHops.open(this.#rest, (hop) => {
      this.#rest = hop?.rest ?? [];
      if (!hop || this.#staysHere) {
        otherwise();
        return;
      }
      const attempt = attemptOf(routed.rebuild(hop.flow), hop.flow);
      this.#current = attempt;
      movedOn?.();
      this.#send(attempt);
    });
  }

  #receiveLate(attempt: Attempt, response: SipMessage, flow: Flow): void {
    const { parts, late } = this.#options;
    if (response.status >= 200) {
      if (response.status < 300) late?.(response, flow, attempt.request);
      return;
    }
    if (attempt.isCancelled || attempt.request.method !== 'INVITE') return;
    attempt.isCancelled = true;
    parts.transactions.startClient({
      request: cancelOf(attempt.request),
      flow: attempt.flow,
      response: () => {},
      failed: () => {},
    });
  }
}

function attemptOf(request: SipMessage, flow: Flow): Attempt {
  return { request, flow, transaction: undefined, heard: 'nothing', isCancelled: false };
}

/** The same request for another flow where only the Via depends on it: within a dialog, or forwarded. */
export function withViaFor(parts: EngineParts, request: SipMessage, flow: Flow): SipMessage {
  const copy = parseApplicationMessage(request.serialise());
  if (!copy) throw new RangeError('a request of ours does not parse');
  const vias = copy.list('via').slice(1);
  copy.remove('via');
  for (const via of vias.reverse()) copy.prepend('via', via);
  return copy.prepend('via', ourVia(parts, flow, newBranch()));
}
