/**
 * One SIP dialog as this side knows it (RFC 3261 §12).
 *
 *     early --2xx--> confirmed --BYE sent or received--> ending --its final response--> ended
 *       +--final non-2xx, CANCEL, BYE-------------------------------------------------> ended
 */
import type { Timer } from '../base/clock.ts';
import { parseNameAddress } from '../codec/sip-address.ts';
import { SipMessage } from '../codec/sip-message.ts';
import { parseUri } from '../codec/sip-uri.ts';
import type { AcceptedInvite } from './accepted-invite.ts';
import type { Flow } from './flow.ts';
import { type Routing, routingOf } from './loose-routing.ts';
import { newCSeqNumber } from './message-builder.ts';
import type { OutgoingInvite } from './outgoing-invite.ts';
import type { ReliableProvisionals } from './reliable-provisionals.ts';
import type { SessionTimer } from './session-timer.ts';
import type { WireClient } from './wire-client.ts';

/** Methods whose request and 2xx move the remote target (§12.2, RFC 3311, RFC 6665). */
export const targetRefreshMethods: ReadonlySet<string> = new Set([
  'INVITE',
  'UPDATE',
  'SUBSCRIBE',
  'NOTIFY',
  'REFER',
]);

export interface DialogOptions {
  /** The application's name of it. */
  id: string;
  role: 'uac' | 'uas';
  /** The method that made it. */
  kind: 'INVITE' | 'SUBSCRIBE';
  callId: string;
  localTag: string;
  remoteTag: string;
  /** From value of our requests, with our tag. */
  local: string;
  /** To value of our requests, with the peer's tag. */
  remote: string;
  remoteTarget: string;
  routeSet: string[];
  /** Contact value of ours. */
  contact: string;
  flow: Flow;
  owner: WireClient | undefined;
}

export class Dialog {
  readonly id: string;
  readonly role: 'uac' | 'uas';
  readonly kind: 'INVITE' | 'SUBSCRIBE';
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  readonly local: string;
  readonly remote: string;
  remoteTarget: string;
  routeSet: string[];
  contact: string;
  state: 'early' | 'confirmed' | 'ending' | 'ended' = 'early';
  owner: WireClient | undefined;
  /** Path on which the peer was last heard. */
  flow: Flow;
  /** Next hop the application gave for the request that made the dialog; in force for later ones. */
  nextHop: string | undefined;
  /** Send to where the peer's packets come from, because its Contact is not reachable. */
  behindNat = false;
  /** 0: none sent yet. */
  localCSeq = 0;
  /** -1: none received yet. */
  remoteCSeq = -1;
  /** Our 2xx that still wait for an ACK, by CSeq. */
  readonly accepted = new Map<number, AcceptedInvite>();
  /** Newest reliable provisional of the peer (RFC 3262), 0: none. */
  remoteRSeq = 0;
  /** When, in order among forks, the application was told of one that it has not acknowledged yet; 0: none. */
  prackOwedSince = 0;
  /** Our last session description, for refreshing the session (RFC 4028). */
  localSdp = '';
  sessionTimer: SessionTimer | undefined;
  /** Ends it when its subscription runs out. */
  limit: Timer | undefined;
  /** Ends it when nobody owns it for too long. */
  orphanLimit: Timer | undefined;
  /** Our reliable provisionals while their INVITE is open. */
  reliable: ReliableProvisionals | undefined;
  /** Our INVITE whose 2xx still wants an ACK from the application. */
  unacknowledged: OutgoingInvite | undefined;
  /** Our re-INVITE, or an INVITE of theirs, that has no final response yet. */
  outgoingInvite = false;
  incomingInvite = false;
  /** Our UPDATE, and theirs, that has no final response yet. */
  outgoingUpdate: SipMessage | undefined;
  incomingUpdate: SipMessage | undefined;
  /** The peer's Allow, when it sent one, names UPDATE (RFC 3311 §5.1). */
  remoteAllowsUpdate = false;
  readonly #whenAcknowledged: (() => void)[] = [];

  constructor(options: DialogOptions) {
    this.id = options.id;
    this.role = options.role;
    this.kind = options.kind;
    this.callId = options.callId;
    this.localTag = options.localTag;
    this.remoteTag = options.remoteTag;
    this.local = options.local;
    this.remote = options.remote;
    this.remoteTarget = options.remoteTarget;
    this.routeSet = options.routeSet;
    this.contact = options.contact;
    this.flow = options.flow;
    this.owner = options.owner;
  }

  get isOver(): boolean {
    return this.state === 'ending' || this.state === 'ended';
  }

  /** A request that changes or repeats the session is under way, either way, or waits for its ACK. */
  get isRenegotiating(): boolean {
    return (
      this.outgoingInvite ||
      this.incomingInvite ||
      this.outgoingUpdate !== undefined ||
      this.incomingUpdate !== undefined ||
      this.unacknowledged !== undefined ||
      this.accepted.size > 0
    );
  }

  /** Takes note of what the peer says it can do. */
  learnAllow(message: SipMessage): void {
    if (message.has('allow')) this.remoteAllowsUpdate = message.lists('allow', 'update');
  }

  /**
   * Number for the next request: the one the application wants when it is ahead (a digest retry), else the next.
   */
  takeCSeq(wanted?: number): number {
    if (this.localCSeq === 0) this.localCSeq = newCSeqNumber();
    this.localCSeq = wanted !== undefined && wanted > this.localCSeq ? wanted : this.localCSeq + 1;
    return this.localCSeq;
  }

  /** A request within the dialog but for Via and what is special to it (§12.2.1.1). */
  request(method: string, cseq: number): SipMessage {
    const { uri, routes } = this.#routing;
    const message = SipMessage.request(method, uri);
    message.add('max-forwards', '70');
    for (const route of routes) message.add('route', route);
    message.add('from', this.local).add('to', this.remote);
    message.add('call-id', this.callId).add('cseq', `${cseq} ${method}`);
    return message;
  }

  /** URI of the first hop of a request: the top route, else the target. */
  get firstHop(): string {
    return this.#routing.hop;
  }

  get #routing(): Routing {
    return routingOf(this.remoteTarget, this.routeSet);
  }

  /** Takes the Contact of a target refresh request or its 2xx as the new remote target. */
  refreshTarget(message: SipMessage, flow: Flow): void {
    const target = contactUri(message);
    if (target !== undefined && target !== this.remoteTarget) {
      this.remoteTarget = target;
      if (message.isRequest && !this.#isNextHop(flow)) {
        // The peer has moved: the place that the application gave is where it was.
        this.nextHop = undefined;
        this.behindNat = message.list('via').length === 1 && this.routeSet.length === 0;
      }
    }
    this.learnAllow(message);
    this.flow = flow;
  }

  #isNextHop({ remoteAddress, remotePort }: Flow): boolean {
    const hop = this.nextHop === undefined ? null : parseUri(this.nextHop);
    return hop?.host === remoteAddress && (hop.port ?? 5060) === remotePort;
  }

  /** Runs `action` once no 2xx of ours waits for an ACK: at once when none does (§15.1.1). */
  whenAcknowledged(action: () => void): void {
    if (this.accepted.size === 0) action();
    else this.#whenAcknowledged.push(action);
  }

  /** The ACK came, or will never come. */
  acknowledged(cseq: number): void {
    this.accepted.delete(cseq);
    if (this.accepted.size > 0) return;
    for (const action of this.#whenAcknowledged.splice(0)) action();
  }
}

/** URI of the first Contact, undefined when there is none. */
export function contactUri(message: SipMessage): string | undefined {
  const contact = message.list('contact')[0];
  return contact === undefined ? undefined : parseNameAddress(contact)?.uri;
}
