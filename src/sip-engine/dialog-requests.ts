/** Requests within dialogs, both ways, and how dialogs end (RFC 3261 §12.2, §15). */
import { randomUUID } from 'node:crypto';
import { unsolicitedPayload } from '../codec/drachtio-wire.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import { parseUri } from '../codec/sip-uri.ts';
import { copyApplicationBody, copyApplicationHeaders } from './application-message.ts';
import { stopReasonOf } from './call-records.ts';
import { contactUri, Dialog } from './dialog.ts';
import { type EngineParts, ourContact, ourHostPort, ourVia, syntheticMeta } from './engine-parts.ts';
import type { Flow } from './flow.ts';
import { newBranch } from './message-builder.ts';
import type { NextHop } from './next-hop.ts';
import type { Refusal } from './request-check.ts';
import type { WireClient } from './wire-client.ts';

/** A subscription that is not refreshed is forgotten this long after its time. */
const subscriptionGraceMs = 60_000;
/** Requests of ours that carry our Contact (they create usages or refresh the target). */
const contactMethods = new Set(['INVITE', 'SUBSCRIBE', 'NOTIFY', 'REFER', 'UPDATE']);

/** A SUBSCRIBE of ours whose NOTIFY may come before its 2xx (RFC 6665 §4.1.2.4). */
export interface ExpectedNotifier {
  dialogFor(notify: SipMessage, flow: Flow): Dialog;
}

export class DialogRequests {
  readonly parts: EngineParts;
  readonly #expected = new Map<string, ExpectedNotifier>();

  constructor(parts: EngineParts) {
    this.parts = parts;
  }

  /** A SUBSCRIBE of ours is under way. @returns how to stop expecting its NOTIFY */
  expect(callId: string, localTag: string, notifier: ExpectedNotifier): () => void {
    const key = `${callId} ${localTag}`;
    this.#expected.set(key, notifier);
    return () => void this.#expected.delete(key);
  }

  /** The dialog that this NOTIFY makes, undefined when it is none we wait for. */
  expectedBy(request: SipMessage, flow: Flow): Dialog | undefined {
    if (request.method !== 'NOTIFY') return undefined;
    return this.#expected.get(`${request.callId} ${request.toTag}`)?.dialogFor(request, flow);
  }

  /** Checks a request of the peer against the state of its dialog; null: the application may have it. */
  accept(request: SipMessage, flow: Flow, dialog: Dialog): Refusal | null {
    const number = request.cseq?.number ?? 0;
    if (number < dialog.remoteCSeq) return { status: 500, reason: 'CSeq Out Of Order' };
    dialog.remoteCSeq = number;
    dialog.flow = flow;
    if (request.method === 'INVITE' || request.method === 'UPDATE') {
      const refusal = glare(request, dialog);
      if (refusal) return refusal;
    }
    if (request.method === 'PRACK' && !dialog.reliable?.isWaitingFor(rseqOf(request))) return { status: 481 };
    return null;
  }

  /** True when the final response to this request of the peer ends the dialog. */
  endsDialog(dialog: Dialog, request: SipMessage): boolean {
    if (request.method === 'BYE') return true;
    return request.method === 'NOTIFY' && isLastNotify(dialog, request);
  }

  /** True when the final response to this request of ours ends the dialog. */
  endsOurDialog(dialog: Dialog, request: SipMessage, status: number): boolean {
    if (request.method === 'BYE') return status !== 401 && status !== 407;
    return request.method === 'NOTIFY' && isLastNotify(dialog, request);
  }

  /** A request of ours within the dialog, complete but for Via. */
  build(dialog: Dialog, method: string, given: SipMessage | undefined): SipMessage {
    const wanted = given?.cseq?.number;
    const request = dialog.request(method, dialog.takeCSeq(wanted));
    const hostPort = ourHostPort(this.parts, dialog.flow);
    if (contactMethods.has(method)) {
      const contact = given?.get('contact');
      if (contact !== undefined && !contact.includes('@localhost')) dialog.contact = contact;
      request.add(
        'contact',
        dialog.contact === '' ? ourContact(this.parts, dialog.flow, request) : dialog.contact,
      );
    }
    if (given) {
      copyApplicationHeaders(given, request, 'dialog-request', hostPort);
      copyApplicationBody(given, request);
    }
    return request;
  }

  /** The flow for the next request: a live connection of the peer, else what route, next hop or target say. */
  flowFor(dialog: Dialog, done: (hop: NextHop) => void): void {
    const { registered, transports, nextHops } = this.parts;
    const { flow } = dialog;
    const found = { callId: dialog.callId, prefer: flow };
    if (dialog.routeSet.length === 0) {
      const connection =
        registered.find(dialog.remoteTarget) ?? (flow.reliable && flow.isAlive ? flow : undefined);
      if (connection) {
        done({ kind: 'flow', flow: connection });
        return;
      }
      if (dialog.nextHop !== undefined) {
        nextHops.find(dialog.nextHop, found, done);
        return;
      }
      if (dialog.behindNat && flow.protocol === 'udp') {
        done({ kind: 'flow', flow: transports.flowTo('udp', flow.remoteAddress, flow.remotePort) });
        return;
      }
    } else if (flow.reliable && flow.isAlive && parseUri(dialog.firstHop)?.host === flow.remoteAddress) {
      done({ kind: 'flow', flow });
      return;
    }
    nextHops.find(dialog.firstHop, found, done);
  }

  /** Sends the ACK of a 2xx: a request of its own, outside any transaction (§13.2.2.4). */
  sendAck(
    dialog: Dialog,
    invite: SipMessage,
    given: SipMessage | undefined,
    sent: (text: string, flow: Flow) => void,
  ): void {
    const ack = dialog.request('ACK', invite.cseq?.number ?? 1);
    for (const key of ['authorization', 'proxy-authorization'])
      for (const value of invite.list(key).length > 0 ? [invite.get(key) ?? ''] : []) ack.add(key, value);
    if (given) {
      copyApplicationHeaders(given, ack, 'dialog-request', ourHostPort(this.parts, dialog.flow));
      copyApplicationBody(given, ack);
    }
    this.flowFor(dialog, (hop) => {
      if (hop.kind !== 'flow') return; // its retransmitted 2xx will end in a BYE by the peer
      ack.prepend('via', ourVia(this.parts, hop.flow, newBranch()));
      const text = ack.serialise();
      hop.flow.send(text, dialog.callId);
      sent(text, hop.flow);
    });
  }

  /** The engine itself ends a confirmed dialog and tells the application why. */
  hangUp(dialog: Dialog, reason: string): void {
    if (dialog.isOver) return;
    const bye = this.build(dialog, 'BYE', undefined);
    bye.add('reason', `SIP ;cause=200 ;text="${reason}"`);
    this.parts.records.end('application', stopReasonOf(reason), bye, dialog);
    this.parts.dialogs.remove(dialog);
    this.flowFor(dialog, (hop) => {
      if (hop.kind !== 'flow') return;
      bye.prepend('via', ourVia(this.parts, hop.flow, newBranch()));
      this.parts.transactions.startClient({
        request: bye,
        flow: hop.flow,
        response: () => {},
        failed: () => {},
      });
    });
    this.tellEnded(dialog, bye);
  }

  /** Lets the application hear of an end it did not ask for, a little later so that it listens by then. */
  tellEnded(dialog: Dialog, bye: SipMessage): void {
    const { clock, timing } = this.parts;
    const text = bye.serialise();
    const client = dialog.owner;
    if (!client?.isOpen) return;
    clock.after(timing.localFailureDelayMs, () =>
      client.send(unsolicitedPayload(randomUUID(), syntheticMeta(this.parts), dialog.id, text)),
    );
  }

  /** An application uses a dialog: if nobody has it any more, it is this one's from now on. */
  adopt(dialog: Dialog, client: WireClient): void {
    if (dialog.owner?.isOpen) return;
    dialog.owner = client;
    dialog.orphanLimit?.cancel();
    dialog.orphanLimit = undefined;
  }

  /** Its application went away; when nobody adopts it in time the engine ends it. */
  orphan(dialog: Dialog): void {
    const { clock, timing, dialogs } = this.parts;
    dialog.owner = undefined;
    dialog.orphanLimit?.cancel();
    dialog.orphanLimit = clock.after(timing.orphanLimitMs, () => {
      if (dialog.kind === 'INVITE' && dialog.state === 'confirmed')
        this.hangUp(dialog, 'Application went away');
      else dialogs.remove(dialog);
    });
  }

  /** Arms the end of a subscription by what its 2xx granted (RFC 6665 §4.1.2.2). */
  limitSubscription(dialog: Dialog, response: SipMessage, request: SipMessage): void {
    this.#limit(dialog, Number(response.get('expires') ?? request.get('expires') ?? 3600));
  }

  /** What a NOTIFY says of the time left counts more than what was asked for (RFC 6665 §4.1.3). */
  limitByNotify(dialog: Dialog, notify: SipMessage): void {
    const expires = /;\s*expires\s*=\s*(\d{1,9})/i.exec(notify.get('subscription-state') ?? '')?.[1];
    if (expires !== undefined) this.#limit(dialog, Number(expires));
  }

  #limit(dialog: Dialog, expiresS: number): void {
    if (dialog.kind !== 'SUBSCRIBE') return;
    dialog.limit?.cancel();
    const graceMs =
      Math.min(Number.isFinite(expiresS) ? expiresS * 1000 : 0, 86_400_000) + subscriptionGraceMs;
    dialog.limit = this.parts.clock.after(graceMs, () => this.parts.dialogs.remove(dialog));
  }

  /** The dialog a 2xx to our SUBSCRIBE, or its first NOTIFY, makes. */
  subscriptionDialog(options: {
    id: string;
    subscribe: SipMessage;
    remote: string;
    remoteTag: string;
    message: SipMessage;
    flow: Flow;
    owner: WireClient;
  }): Dialog {
    const { subscribe, message, remoteTag } = options;
    const known = this.parts.dialogs.find(subscribe.callId, subscribe.fromTag, remoteTag);
    if (known) return known;
    const routes = message.list('record-route');
    const dialog = new Dialog({
      id: options.id,
      role: 'uac',
      kind: 'SUBSCRIBE',
      callId: subscribe.callId,
      localTag: subscribe.fromTag,
      remoteTag,
      local: subscribe.get('from') ?? '',
      remote: options.remote,
      remoteTarget: contactUri(message) ?? subscribe.uri,
      routeSet: message.isRequest ? routes : routes.reverse(),
      contact: subscribe.get('contact') ?? '',
      flow: options.flow,
      owner: options.owner,
    });
    dialog.state = 'confirmed';
    dialog.localCSeq = subscribe.cseq?.number ?? 0;
    dialog.behindNat =
      dialog.routeSet.length === 0 && parseUri(dialog.remoteTarget)?.host !== options.flow.remoteAddress;
    this.parts.dialogs.add(dialog);
    this.limitSubscription(dialog, subscribe, subscribe);
    return dialog;
  }
}

/**
 * One change of the session at a time: 491 where ours is under way, 500 where one of theirs is (RFC 3261 §14.2,
 * RFC 3311 §5.2). An UPDATE without an offer disturbs no offer; and whether an offer before the answer is in order
 * only the application knows, which has the session descriptions.
 */
function glare(request: SipMessage, dialog: Dialog): Refusal | undefined {
  if (dialog.isOver) return { status: 481 };
  const isInvite = request.method === 'INVITE';
  const hasOffer = isInvite || request.body !== '';
  const ourOffer = dialog.outgoingInvite || (dialog.outgoingUpdate?.body ?? '') !== '';
  if (hasOffer && ourOffer) return { status: 491 };
  const theirInvite = dialog.incomingInvite && hasOffer && (isInvite || dialog.state === 'confirmed');
  if (theirInvite || dialog.incomingUpdate)
    return { status: 500, headers: [['Retry-After', String(Math.floor(Math.random() * 11))]] };
  return undefined;
}

/** The RSeq a PRACK names (RFC 3262 §7.2); 0 when it names none. */
export function rseqOf(prack: SipMessage): number {
  return Number(/^\s*(\d+)\s/.exec(prack.get('rack') ?? '')?.[1] ?? 0);
}

function isLastNotify(dialog: Dialog, notify: SipMessage): boolean {
  return dialog.kind === 'SUBSCRIBE' && /^\s*terminated/i.test(notify.get('subscription-state') ?? '');
}
