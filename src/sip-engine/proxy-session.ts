/** A request on its way to one or several targets, and which of their answers goes back (RFC 3261 §16.6, §16.7). */
import { parseNameAddress } from '../codec/sip-address.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import { parseUri } from '../codec/sip-uri.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Flow } from './flow.ts';
import { routingOf } from './loose-routing.ts';
import { newTag, responseTo, syntheticResponse } from './message-builder.ts';
import { forwarded, isMyself, meantPort, routesBeyondUs, withoutOurVia } from './proxied-message.ts';
import { ProxyBranch } from './proxy-branch.ts';
import type { Target } from './server-location.ts';
import type { AnyServerTransaction } from './transaction-layer.ts';

/** Targets one request may have, redirections included. */
const maxTargets = 32;

export interface ProxySessionOptions {
  parts: EngineParts;
  request: SipMessage;
  transaction: AnyServerTransaction;
  /** The way it came. */
  flow: Flow;
  targets: string[];
  simultaneous: boolean;
  followRedirects: boolean;
  recordRoute: boolean;
  provisionalTimeoutMs: number;
  finalTimeoutMs: number;
  added: SipMessage | undefined;
  /** The connection to use instead of what the target says. */
  via?: Flow | undefined;
  /** A final response of a target; `flow` undefined: nobody sent it. */
  answered(response: SipMessage, flow: Flow | undefined): void;
  /** A response that makes or keeps a dialog goes back. */
  forwarding(response: SipMessage, flow: Flow): void;
  /** The final response has gone back. */
  finished(response: SipMessage): void;
  /** No target is open any more. */
  ended(): void;
}

export class ProxySession {
  readonly #options: ProxySessionOptions;
  readonly #waiting: string[];
  readonly #tried = new Set<string>();
  readonly #branches: ProxyBranch[] = [];
  readonly #refusals: { response: SipMessage; isSynthetic: boolean }[] = [];
  #opening = 0;
  #isAnswered = false;
  #isCancelled = false;
  #isOver = false;

  constructor(options: ProxySessionOptions) {
    this.#options = options;
    this.#waiting = [...options.targets];
  }

  /** Sends to the first target, or to all. */
  start(): void {
    if (this.#options.simultaneous) while (this.#waiting.length > 0) this.#open(this.#waiting.shift() ?? '');
    this.#advance();
  }

  /** The caller gives up. @returns false when the final response has gone back */
  cancel(cancel: SipMessage): boolean {
    if (this.#isAnswered) return false;
    this.#isCancelled = true;
    this.#withdraw(cancel.list('reason'));
    this.#advance();
    return true;
  }

  /** Stops all timers. */
  stop(): void {
    for (const branch of this.#branches) branch.stop();
  }

  #open(target: string): void {
    const { parts, request, via } = this.#options;
    if (this.#tried.has(target) || this.#tried.size >= maxTargets) return;
    this.#tried.add(target);
    const routes = routesBeyondUs(parts, request);
    const { hop } = routingOf(target, routes);
    const uri = parseUri(hop);
    if (uri && isMyself(parts, uri.host, meantPort(uri))) {
      this.#refused(syntheticResponse(request, 482), undefined);
      return;
    }
    const connection = via ?? (routes.length === 0 ? parts.registered.find(target) : undefined);
    if (connection) {
      this.#launch(target, routes, connection, []);
      return;
    }
    this.#opening++;
    parts.nextHops.find(hop, { callId: request.callId }, (next) => {
      this.#opening--;
      if (this.#isAnswered) return;
      if (next.kind === 'flow') this.#launch(target, routes, next.flow, next.rest ?? []);
      else this.#refused(syntheticResponse(request, next.kind === 'failed' ? next.status : 503), undefined);
      this.#advance();
    });
  }

  /** @param rest further servers of this target, tried when this one fails (RFC 3263 §4.3) */
  #launch(target: string, routes: string[], to: Flow, rest: readonly Target[]): void {
    const { parts, request, flow, recordRoute, added, provisionalTimeoutMs } = this.#options;
    // Within a dialog only a server that is certainly gone is left, see RoutedRequest.
    const isInDialog = request.toTag !== '';
    const patienceMs = rest.length > 0 && !isInDialog ? parts.timing.targetTimeoutMs : 0;
    // When the application wants the next target sooner, that is where to go.
    const isOurTurn = provisionalTimeoutMs === 0 || patienceMs < provisionalTimeoutMs;
    const branch: ProxyBranch = new ProxyBranch({
      parts,
      request: forwarded(parts, request, { uri: target, routes, from: flow, to, recordRoute, added }),
      flow: to,
      provisionalTimeoutMs: patienceMs > 0 && isOurTurn ? patienceMs : provisionalTimeoutMs,
      finalTimeoutMs: this.#options.finalTimeoutMs,
      provisional: (response) => this.#forward(response, to),
      success: (response, from) => this.#succeeded(response, from),
      failure: (response, from) => {
        const isDead = from === undefined || (response.status === 503 && !isInDialog);
        if (from === undefined && rest.length > 0) parts.health.failed(to);
        if (isDead && isOurTurn && rest.length > 0 && !branch.hasRung && !this.#isCancelled)
          this.#moveOn(target, routes, rest, () => this.#refused(response, from));
        else {
          this.#refused(response, from);
          this.#advance();
        }
      },
    });
    this.#branches.push(branch);
    branch.start();
    if (this.#isCancelled) branch.cancel([]);
  }

  /** On to the next server of the same target. */
  #moveOn(target: string, routes: string[], rest: readonly Target[], otherwise: () => void): void {
    this.#opening++;
    this.#options.parts.nextHops.open(rest, (hop) => {
      this.#opening--;
      if (this.#isAnswered) return;
      if (hop && !this.#isCancelled) this.#launch(target, routes, hop.flow, hop.rest ?? []);
      else otherwise();
      this.#advance();
    });
  }

  #succeeded(response: SipMessage, flow: Flow): void {
    const isFirst = !this.#isAnswered;
    if (!isFirst && this.#options.request.method !== 'INVITE') return;
    this.#isAnswered = true;
    if (isFirst) this.#options.answered(response, flow);
    this.#forward(response, flow);
    if (isFirst) {
      this.#withdraw(['SIP;cause=200;text="Call completed elsewhere"']);
      this.#options.finished(response);
    }
    this.#advance();
  }

  #refused(response: SipMessage, flow: Flow | undefined): void {
    if (this.#isAnswered) return;
    this.#options.answered(response, flow);
    if (response.status < 400 && this.#options.followRedirects && !this.#isCancelled) {
      const contacts = redirections(response).filter((each) => !this.#tried.has(each));
      if (this.#options.simultaneous) for (const contact of contacts) this.#open(contact);
      else this.#waiting.unshift(...contacts);
      if (contacts.length > 0) return;
    }
    this.#refusals.push({ response, isSynthetic: flow === undefined });
    // A global failure: nobody else will take it either (§16.7 step 5).
    if (response.status >= 600) this.#withdraw([]);
  }

  #withdraw(reasons: string[]): void {
    this.#waiting.length = 0;
    for (const branch of this.#branches) branch.cancel(reasons);
  }

  /** Opens the next target, or answers when none is left. */
  #advance(): void {
    if (this.#isOver) return;
    while (!this.#isBusy() && !this.#isAnswered && this.#waiting.length > 0)
      this.#open(this.#waiting.shift() ?? '');
    if (this.#isBusy() || this.#isOver) return;
    if (!this.#isAnswered) this.#answerBest();
    this.#isOver = true;
    this.#options.ended();
  }

  #isBusy(): boolean {
    return this.#opening > 0 || this.#branches.some((branch) => branch.isOpen);
  }

  #answerBest(): void {
    const { request, transaction } = this.#options;
    this.#isAnswered = true;
    const best = bestOf(this.#refusals);
    const response = this.#isCancelled && !best ? responseTo(request, 487, newTag()) : this.#compose(best);
    transaction.respond(response.status, response.serialise());
    this.#options.finished(response);
  }

  #compose(best: { response: SipMessage; isSynthetic: boolean } | undefined): SipMessage {
    const { request } = this.#options;
    if (!best) return responseTo(request, 480, newTag());
    // Our neighbour cannot serve is no news of ours (§16.7 step 6).
    const passed = best.isSynthetic || best.response.status === 503 ? null : withoutOurVia(best.response);
    if (!passed)
      return responseTo(request, best.response.status === 503 ? 500 : best.response.status, newTag());
    if (passed.status === 401 || passed.status === 407) {
      // Who is challenged by several must be able to answer all (§16.7 step 7).
      for (const { response } of this.#refusals) {
        if (response === best.response) continue;
        for (const key of ['www-authenticate', 'proxy-authenticate'])
          for (const [each, , value] of response.entries()) if (each === key) passed.add(key, value);
      }
    }
    return passed;
  }

  #forward(response: SipMessage, flow: Flow): void {
    const { transaction, request } = this.#options;
    const passed = withoutOurVia(response);
    if (!passed) return;
    if (response.status < 300) this.#options.forwarding(response, flow);
    const text = passed.serialise();
    // Another 2xx to an INVITE passes by the transaction, which has ended with the first (RFC 6026 §8.5).
    if (!transaction.respond(response.status, text) && response.status >= 200)
      this.#options.flow.send(text, request.callId);
  }
}

/** Where a 3xx points to, its URIs in order of their q. */
function redirections(response: SipMessage): string[] {
  return response
    .list('contact')
    .flatMap((value) => parseNameAddress(value) ?? [])
    .map(({ uri, parameters }) => ({ uri, q: Number(/;\s*q\s*=\s*([\d.]+)/i.exec(parameters)?.[1] ?? 1) }))
    .sort((a, b) => b.q - a.q)
    .map(({ uri }) => uri);
}

/** The refusal to pass on: a 6xx if there is one, else the lowest class, and there what the caller can mend (§16.7 step 6). */
function bestOf<T extends { response: SipMessage }>(refusals: readonly T[]): T | undefined {
  const rank = ({ response: { status } }: T): number => {
    if (status >= 600) return 0;
    const isMendable = [401, 407, 415, 420, 484].includes(status);
    return Math.floor(status / 100) * 10 + (isMendable ? 0 : status === 408 || status === 503 ? 2 : 1);
  };
  return [...refusals].sort((a, b) => rank(a) - rank(b))[0];
}
