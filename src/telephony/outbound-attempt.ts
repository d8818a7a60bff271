/**
 * One INVITE of ours to one place: a phone of an extension, or a trunk.
 *
 *     calling --18x--> ringing --2xx--> answered
 *        |                 `--3xx-6xx--> failed
 *        `--cancel()--> cancelled (a 2xx that comes all the same gets ACK and BYE)
 */
import { randomId } from '../base/ids.ts';
import { formatNameAddr, nameAddrParameter, parseContacts, parseNameAddr } from '../codec/name-addr.ts';
import { splitHeaderList } from '../codec/sip-headers.ts';
import type { Termination } from '../domain/termination.ts';
import type { JournalledDialog } from './contract.ts';
import { type DigestSession, sendWithDigest } from './digest-session.ts';
import { formatSource } from './farewell.ts';
import type { LegMedia } from './leg-media.ts';
import { type DialogDeps, type DialogListener, SipDialog } from './sip-dialog.ts';
import { allowedMethods, type SentMessage, type SipClientTransaction, type SipResponse } from './sip-port.ts';
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

export interface AttemptListener {
  onRinging(): void;
  /** Media before the answer. */
  onEarly(sdp: string, sourceAddress: string): void;
  /** The 2xx is acknowledged; the dialog is established and must be ended by its owner. */
  onAnswered(response: SipResponse): void;
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
    this.dialog.open();
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
          CSeq: '1 INVITE',
          Allow: allowedMethods,
          'Content-Type': 'application/sdp',
          ...target.headers,
        },
        body: offer,
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
    else this.#fail(terminationOfStatus(status));
  }

  #onProvisional(response: SipResponse): void {
    // Not asked for by us (no 100rel in Supported), answered all the same so that the peer does not give up.
    if (response.header('RSeq') !== undefined) response.acknowledge();
    if (this.#state !== 'calling' && this.#state !== 'ringing') return;
    const hasMedia = response.status === 183 && response.body !== '';
    if (hasMedia) this.#options.listener.onEarly(response.body, response.source?.address ?? '');
    if (this.#state === 'ringing' || (response.status !== 180 && response.status !== 183) || hasMedia) return;
    this.#state = 'ringing';
    this.#options.listener.onRinging();
  }

  #onSuccess(response: SipResponse): void {
    response.acknowledge();
    this.dialog.confirm();
    if (this.#state === 'cancelled') {
      this.dialog.bye(this.#cancelReason ?? terminationOf('answered-elsewhere'));
      return;
    }
    this.#state = 'answered';
    this.dialog.journal(this.#journalEntry(response));
    this.#options.listener.onAnswered(response);
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
      remoteTag: (remote && nameAddrParameter(remote, 'tag')) ?? '',
      remoteTarget: (Array.isArray(contacts) ? contacts[0]?.uri : undefined) ?? target.uri,
      routeSet: routes.reverse(), // RFC 3261 §12.1.2
      localCseq: Number.parseInt(this.#sent?.header('CSeq') ?? '1', 10),
      source: formatSource(response.source ?? { transport: 'udp', address: target.destination, port: 5060 }),
      startedAt,
    };
  }
}
