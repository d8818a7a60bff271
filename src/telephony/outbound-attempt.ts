/**
 * One INVITE of ours to one place: a phone of an extension, or a trunk.
 *
 *     calling --18x--> ringing --2xx--> answered
 *        |                 `--3xx-6xx--> failed
 *        `--cancel()--> cancelled (a 2xx that comes all the same gets ACK and BYE)
 *
 * Behind a trunk several phones may ring (forks, told apart by their To tags), each with early media of its own; the
 * stack ends those that answer too late. A reliable 18x (RFC 3262) is acknowledged by a PRACK of ours, because a
 * trunk may challenge it. A 422 (RFC 4028 §7.3) is answered by a second INVITE with the interval it wants.
 */
import { randomId } from '../base/ids.ts';
import { formatNameAddr, nameAddrParameter, parseContacts, parseNameAddr } from '../codec/name-addr.ts';
import { splitHeaderList } from '../codec/sip-headers.ts';
import type { Termination } from '../domain/termination.ts';
import type { JournalledDialog } from './contract.ts';
import { type DigestSession, sendWithDigest } from './digest-session.ts';
import { formatSource } from './farewell.ts';
import type { LegMedia } from './leg-media.ts';
import { intervalWanted, sessionTimerOffer } from './session-timer.ts';
import { type DialogDeps, type DialogListener, SipDialog } from './sip-dialog.ts';
import {
  allowedMethods,
  type SentMessage,
  type SipClientTransaction,
  type SipResponse,
  type SipSource,
  supportedOptions,
} from './sip-port.ts';
import { cancelReasonHeader, terminationOf, terminationOfStatus } from './termination-map.ts';

/** Where an attempt goes and as whom. */
export interface AttemptTarget {
  /** Request URI. */
  uri: string;
  nextHop?: string;
  /** IP address of the next hop, to choose ours. */
  destination: string;
  from: { displayName: string | undefined; uri: string };
  headers: Readonly<Record<string, string>>;
  digest?: DigestSession | undefined;
}

/** A session description of the peer. */
export interface EarlyMedia {
  sdp: string;
  /** Address it came from. */
  source: string;
}

export interface AttemptListener {
  /** It rings: 180, or 183 without media. Told each time. */
  onRinging(): void;
  /** Media before the answer is announced (183 or 180 with SDP); whether any comes is another matter. */
  onEarly(early: EarlyMedia): void;
  /**
   * The 2xx, from `source`, is acknowledged; the dialog is established and must be ended by its owner. `media` is that
   * of the 2xx, else what the same phone announced before; undefined when it announced none.
   */
  onAnswered(source: SipSource | undefined, media: EarlyMedia | undefined): void;
  onFailed(termination: Termination): void;
}

export interface AttemptOptions {
  legId: string;
  target: AttemptTarget;
  media: LegMedia;
  startedAt: number;
  listener: AttemptListener;
  dialogListener: DialogListener;
}

export class OutboundAttempt {
  readonly sipCallId = randomId(24);
  readonly dialog: SipDialog;
  readonly #deps: DialogDeps;
  readonly #options: AttemptOptions;
  readonly #localTag = randomId(12);
  #state: 'idle' | 'calling' | 'ringing' | 'answered' | 'failed' | 'cancelled' = 'idle';
  #transaction: SipClientTransaction | undefined;
  #sent: SentMessage | undefined;
  #cancelReason: Termination | undefined;
  #offer = '';
  #askedAgain = false;
  /** What each fork announced, by its To tag. */
  readonly #early = new Map<string, EarlyMedia>();

  constructor(deps: DialogDeps, options: AttemptOptions) {
    this.#deps = deps;
    this.#options = options;
    const { target } = options;
    this.dialog = new SipDialog(deps, {
      id: `${this.sipCallId};from-tag=${this.#localTag}`,
      media: options.media,
      listener: options.dialogListener,
      digest: target.digest,
    });
  }

  /** Whether an answer may still come. */
  get isPending(): boolean {
    return this.#state === 'idle' || this.#state === 'calling' || this.#state === 'ringing';
  }

  start(offer: string): void {
    if (this.#state !== 'idle') return;
    this.#state = 'calling';
    this.#offer = offer;
    this.dialog.changes.openOffer = 'ours';
    this.dialog.open();
    this.#invite(1);
  }

  #invite(cseq: number, intervalS?: number): void {
    const { target } = this.#options;
    this.#transaction = sendWithDigest(
      this.#deps.sip,
      {
        method: 'INVITE',
        uri: target.uri,
        ...(target.nextHop === undefined ? {} : { nextHop: target.nextHop }),
        headers: {
          From: formatNameAddr({ ...target.from, tag: this.#localTag }),
          To: `<${target.uri}>`,
          'Call-ID': this.sipCallId,
          CSeq: `${cseq} INVITE`,
          Allow: allowedMethods,
          Supported: supportedOptions.join(', '),
          ...sessionTimerOffer({ peerRefreshes: target.digest !== undefined }, intervalS),
          'Content-Type': 'application/sdp',
          ...target.headers,
        },
        body: this.#offer,
      },
      {
        onSent: (sent) => {
          this.#sent = sent;
        },
        onResponse: (response) => this.#onResponse(response),
        onFailure: () => this.#fail(terminationOf(this.#deps.sip.isUp ? 'unreachable' : 'sip-engine-failed')),
      },
      target.digest,
      target.uri,
    );
  }

  /** Takes the call back. Idempotent; harmless when it has ended. */
  cancel(termination: Termination): void {
    if (!this.isPending) return;
    const sent = this.#state !== 'idle';
    this.#state = 'cancelled';
    this.#cancelReason = termination;
    if (sent) this.#transaction?.cancel({ Reason: cancelReasonHeader(termination) });
    else this.dialog.drop();
  }

  #onResponse(response: SipResponse): void {
    const { status } = response;
    if (status < 200) this.#onProvisional(response);
    else if (status < 300) this.#onSuccess(response);
    else if (status !== 422 || !this.#askAgain(response)) this.#fail(terminationOfStatus(status));
  }

  /** The session timer was too brief for somebody on the way. @returns false when that cannot be mended */
  #askAgain(response: SipResponse): boolean {
    const intervalS = intervalWanted(response);
    const isWanted = this.#state === 'calling' || this.#state === 'ringing';
    if (intervalS === undefined || this.#askedAgain || !isWanted) return false;
    this.#askedAgain = true;
    this.#invite(this.#lastCseq + 1, intervalS);
    return true;
  }

  #onProvisional(response: SipResponse): void {
    const tag = tagOf(response.header('To'));
    const announced =
      response.body === '' ? undefined : { sdp: response.body, source: response.source?.address ?? '' };
    if (announced) this.#early.set(tag, announced);
    const isReliable = response.header('RSeq') !== undefined;
    if (isReliable) {
      this.#acknowledgeProvisional(response);
      // The offer has its answer: from now on either side may make another (RFC 3262 §5).
      if (announced) this.dialog.changes.openOffer = undefined;
    }
    if (this.#state !== 'calling' && this.#state !== 'ringing') return;
    if (announced) this.#options.listener.onEarly(announced);
    if (response.status !== 180 && (response.status !== 183 || announced)) return;
    this.#state = 'ringing';
    this.#options.listener.onRinging();
  }

  #acknowledgeProvisional(response: SipResponse): void {
    const { sip, log } = this.#deps;
    const { dialogId } = response;
    if (dialogId === undefined) return;
    const cseq = response.header('CSeq') ?? `${this.#lastCseq} INVITE`;
    sendWithDigest(
      sip,
      { method: 'PRACK', dialogId, headers: { RAck: `${response.header('RSeq')} ${cseq}` } },
      {
        // Without it the peer repeats its 18x and gives the call up by itself.
        onResponse: ({ status }) => {
          if (status >= 300) log.warn('a PRACK was refused', { sipCallId: this.sipCallId, status });
        },
        onFailure: (error) => log.debug('a PRACK was not sent', { sipCallId: this.sipCallId, error }),
      },
      this.#options.target.digest,
      this.#options.target.uri,
    );
  }

  #onSuccess(response: SipResponse): void {
    if (this.#state === 'answered') return; // another fork, which the stack ends
    response.acknowledge();
    this.dialog.changes.openOffer = undefined;
    this.dialog.confirm();
    if (this.#state === 'cancelled') {
      this.dialog.bye(this.#cancelReason ?? terminationOf('answered-elsewhere'));
      return;
    }
    this.#state = 'answered';
    this.dialog.journal(this.#journalEntry(response));
    this.#options.listener.onAnswered(
      response.source,
      response.body === ''
        ? this.#early.get(tagOf(response.header('To')))
        : { sdp: response.body, source: response.source?.address ?? '' },
    );
  }

  get #lastCseq(): number {
    return Number.parseInt(this.#sent?.header('CSeq') ?? '1', 10) || 1;
  }

  #fail(termination: Termination): void {
    this.dialog.drop();
    if (this.#state === 'cancelled' || this.#state === 'failed') return;
    this.#state = 'failed';
    this.#options.listener.onFailed(termination);
  }

  #journalEntry(response: SipResponse): JournalledDialog {
    const { target, legId, startedAt } = this.#options;
    const remote = parseNameAddr(response.header('To') ?? '');
    const local = parseNameAddr(this.#sent?.header('From') ?? '');
    const contacts = parseContacts(response.header('Contact') ?? '');
    const routes = splitHeaderList(response.header('Record-Route') ?? '').filter((route) => route !== '');
    return {
      legId,
      callId: legId,
      dialogId: this.dialog.id,
      sipCallId: this.sipCallId,
      localUri: local?.uri ?? target.from.uri,
      localTag: this.#localTag,
      remoteUri: remote?.uri ?? target.uri,
      remoteTag: tagOf(response.header('To')),
      remoteTarget: (Array.isArray(contacts) ? contacts[0]?.uri : undefined) ?? target.uri,
      routeSet: routes.reverse(), // RFC 3261 §12.1.2
      localCseq: this.#lastCseq,
      source: formatSource(response.source ?? { transport: 'udp', address: target.destination, port: 5060 }),
      startedAt,
    };
  }
}

function tagOf(header: string | undefined): string {
  const address = parseNameAddr(header ?? '');
  return (address && nameAddrParameter(address, 'tag')) ?? '';
}
