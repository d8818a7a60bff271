/** Requests that applications have proxied, and the later requests of their dialogs (facts of drachtio's `proxy`). */
import { randomUUID } from 'node:crypto';
import { type ApplicationFrame, proxiedResponsePayload } from '../codec/drachtio-wire.ts';
import { parseApplicationMessage, type SipMessage } from '../codec/sip-message.ts';
import { type EngineParts, metaOf, ourVia, syntheticMeta } from './engine-parts.ts';
import type { Flow } from './flow.ts';
import { routingOf } from './loose-routing.ts';
import { newBranch } from './message-builder.ts';
import type { PendingRequest, PendingRequests } from './pending-requests.ts';
import { ProxiedDialogs } from './proxied-dialogs.ts';
import { asMeant, copyOf, hopsLeft, routesBeyondUs, targetUri } from './proxied-message.ts';
import { type ProxyOrder, parseProxyOrder } from './proxy-order.ts';
import { ProxySession } from './proxy-session.ts';
import type { AnyServerTransaction } from './transaction-layer.ts';
import type { WireClient } from './wire-client.ts';

export interface ProxiesOptions {
  parts: EngineParts;
  pending: PendingRequests;
}

export class Proxies {
  readonly #options: ProxiesOptions;
  readonly #sessions = new Map<AnyServerTransaction, ProxySession>();
  readonly #dialogs = new ProxiedDialogs();

  constructor(options: ProxiesOptions) {
    this.#options = options;
  }

  /** Does what a `proxy` frame asks for. */
  order(client: WireClient, frame: ApplicationFrame): void {
    const { pending: all, parts } = this.#options;
    const order = parseProxyOrder(frame);
    const pending = all.get(order.transactionId);
    if (!pending || pending.isInDialog) {
      client.verdict(frame, 'NOK', 'Proxy failed: unknown transaction');
      return;
    }
    if (order.targets.length === 0) {
      client.verdict(frame, 'NOK', 'Proxy failed: no destination');
      return;
    }
    if (hopsLeft(pending.request) === 0) {
      all.refuse(pending, { status: 483 });
      client.verdict(frame, 'NOK', 'Rejected with 483 Too Many Hops due to Max-Forwards value of 0');
      return;
    }
    all.settle(pending);
    if (pending.dialog) parts.dialogs.remove(pending.dialog);
    this.#begin(client, frame, order, pending);
  }

  /** The caller cancels what is being proxied. @returns false when it is not */
  cancel(transaction: AnyServerTransaction, cancel: SipMessage): boolean {
    return this.#sessions.get(transaction)?.cancel(cancel) ?? false;
  }

  /** Passes on a request of a dialog in whose way we stay. @returns false when it belongs to none */
  pass(given: SipMessage, flow: Flow, transaction: AnyServerTransaction): boolean {
    const other = this.#dialogs.otherSide(given, flow);
    if (!other || hopsLeft(given) === 0) return false;
    const request = asMeant(this.#options.parts, given);
    this.#run({
      request,
      transaction,
      flow,
      targets: [request.uri],
      ...inOneGo,
      via: this.#connection(request, other),
      answered: () => {},
      forwarding: () => {},
      finished: () => {
        if (request.method !== 'BYE') return;
        this.#dialogs.forget(request.callId);
        this.#options.parts.records.stop('network', 'normal-release', request);
      },
    });
    return true;
  }

  /** The same for the ACK of a 2xx, which has no transaction. */
  passAck(given: SipMessage, flow: Flow): void {
    const other = this.#dialogs.otherSide(given, flow);
    if (!other || hopsLeft(given) === 0) return;
    const { parts } = this.#options;
    const ack = asMeant(parts, given);
    const { uri, routes, hop: hopUri } = routingOf(ack.uri, routesBeyondUs(parts, ack));
    const send = (to: Flow): void => {
      const copy = copyOf(ack);
      copy.uri = uri;
      copy.remove('route');
      for (const route of routes) copy.add('route', route);
      copy.set('max-forwards', String(hopsLeft(ack) - 1));
      copy.prepend('via', ourVia(parts, to, newBranch()));
      to.send(copy.serialise(), ack.callId);
    };
    const connection = this.#connection(ack, other);
    if (connection) send(connection);
    else
      parts.nextHops.find(hopUri, { callId: ack.callId }, (hop) => {
        if (hop.kind === 'flow') send(hop.flow);
      });
  }

  /** Stops all timers. */
  stop(): void {
    for (const session of this.#sessions.values()) session.stop();
    this.#sessions.clear();
  }

  #begin(client: WireClient, frame: ApplicationFrame, order: ProxyOrder, pending: PendingRequest): void {
    const { parts } = this.#options;
    const { request, transaction, flow } = pending;
    let isDone = false;
    const makesDialog = request.method === 'INVITE' || request.method === 'SUBSCRIBE';
    this.#run({
      request,
      transaction,
      flow,
      targets: order.targets.map((target) => targetUri(request, target)),
      simultaneous: order.simultaneous,
      followRedirects: order.followRedirects,
      recordRoute: order.remainInDialog && makesDialog,
      provisionalTimeoutMs: order.provisionalTimeoutMs,
      finalTimeoutMs: order.finalTimeoutMs,
      added: parseApplicationMessage(frame.text) ?? undefined,
      answered: (response, from) => {
        if (request.method === 'INVITE' && response.status < 300)
          parts.records.start('network', 'proxy-uac', response);
        if (isDone || !order.fullResponse) return;
        const text = response.serialise();
        const meta = from ? metaOf(parts, from, text) : syntheticMeta(parts);
        client.send(proxiedResponsePayload(randomUUID(), frame.id, meta, text));
      },
      forwarding: (response, from) => {
        if (order.remainInDialog && makesDialog) this.#dialogs.learn(response, flow, from);
      },
      finished: (response) => {
        isDone = true;
        if (request.method === 'INVITE') this.#record(response);
        client.verdict(frame, 'OK', 'done');
      },
    });
  }

  #record(final: SipMessage): void {
    const { records } = this.#options.parts;
    if (final.status < 300) records.start('application', 'proxy-uas', final);
    else records.stop('application', final.status === 487 ? 'call-canceled' : 'call-rejected', final);
  }

  #run(options: Omit<ConstructorParameters<typeof ProxySession>[0], 'parts' | 'ended'>): void {
    const { transaction } = options;
    const session = new ProxySession({
      ...options,
      parts: this.#options.parts,
      ended: () => void this.#sessions.delete(transaction),
    });
    this.#sessions.set(transaction, session);
    session.start();
  }

  /** The other side's own connection, where nothing says another way. */
  #connection(request: SipMessage, other: Flow): Flow | undefined {
    const hasRoute = routesBeyondUs(this.#options.parts, request).length > 0;
    return !hasRoute && other.reliable && other.isAlive ? other : undefined;
  }
}

/** How a request within a dialog goes: to the one place it names. */
const inOneGo = {
  simultaneous: false,
  followRedirects: false,
  recordRoute: false,
  provisionalTimeoutMs: 0,
  finalTimeoutMs: 0,
  added: undefined,
};
