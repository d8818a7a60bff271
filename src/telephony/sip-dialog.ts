/**
 * One INVITE dialog (RFC 3261 §12) from its first answer to its BYE: what may come within it, and what of ours goes.
 *
 *     early --2xx--> unacknowledged --ACK--> confirmed --BYE--> closing --final--> closed
 *        `-----------------------------------------`--peer's BYE, engine's BYE------^
 *
 * A caller of ours goes from early to confirmed at once, because it sends the ACK. Whoever gives up before the ACK
 * waits for it in the background: a BYE must not overtake it (§15).
 */
import type { Logger } from '../base/log.ts';
import { isDtmfInfo, parseDtmfInfo } from '../codec/dtmf-info.ts';
import type { Termination } from '../domain/termination.ts';
import type { DialogJournal, JournalledDialog } from './contract.ts';
import { type DigestSession, sendWithDigest } from './digest-session.ts';
import type { Farewell } from './farewell.ts';
import type { LegMedia } from './leg-media.ts';
import { refuseSdp } from './sdp-refusal.ts';
import { minSessionHeaders, sessionTimerReply } from './session-timer.ts';
import { allowedMethods, type SipPort, type SipRequest } from './sip-port.ts';
import { reasonHeader, terminationOf, terminationOfEngineBye } from './termination-map.ts';

export type DialogState = 'early' | 'unacknowledged' | 'confirmed' | 'closing' | 'closed';

/** What the leg hears of its dialog. */
export interface DialogListener {
  /** The first ACK came; its body answers an offer that our 2xx made. */
  onAcknowledged(body: string): void;
  /** The peer or the engine ended it. */
  onPeerEnded(termination: Termination): void;
  onHold(held: boolean): void;
  onDigit(digit: string): void;
}

export interface DialogDeps {
  sip: SipPort;
  journal: DialogJournal;
  farewell: Farewell;
  log: Logger;
  /** Where requests find their dialog; it puts itself in and takes itself out. */
  dialogs: Map<string, SipDialog>;
}

export interface DialogOptions {
  id: string;
  media: LegMedia;
  listener: DialogListener;
  /** Answers challenges of a trunk within the dialog. */
  digest?: DigestSession | undefined;
}

export class SipDialog {
  readonly id: string;
  readonly #deps: DialogDeps;
  readonly #options: DialogOptions;
  #state: DialogState = 'early';
  #entry: JournalledDialog | undefined;
  #owedBye: Termination | undefined;
  #negotiating = false;
  #offeredInReply = false;
  #heldByPeer = false;

  constructor(deps: DialogDeps, options: DialogOptions) {
    this.id = options.id;
    this.#deps = deps;
    this.#options = options;
  }

  get state(): DialogState {
    return this.#state;
  }

  /** What the journal has of it. */
  get entry(): JournalledDialog | undefined {
    return this.#entry;
  }

  /** From now on requests are received. */
  open(): void {
    this.#deps.dialogs.set(this.id, this);
  }

  /** Our 2xx goes out. Before it is sent, because its ACK can be here before we hear that it was. */
  expectAcknowledgement(): void {
    if (this.#state === 'early') this.#state = 'unacknowledged';
  }

  /** The peer's 2xx came, and our ACK went. */
  confirm(): void {
    if (this.#state === 'early') this.#state = 'confirmed';
  }

  /** From now on it must be ended, even by a process that knows only this entry. */
  journal(entry: JournalledDialog): void {
    if (this.#state === 'early' || this.#state === 'closed') return;
    this.#entry = entry;
    this.#deps.journal.add(entry);
  }

  /** Gone without a BYE: never established, or the engine has forgotten it. */
  drop(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#deps.dialogs.delete(this.id);
    if (this.#entry) this.#deps.journal.remove(this.#entry.legId);
  }

  /** The engine is gone: the BYE is owed and said when it is back, outside any dialog it knows. */
  orphan(termination: Termination): void {
    const entry = this.#entry;
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#deps.dialogs.delete(this.id);
    if (entry) this.#deps.farewell.owe(entry, termination);
  }

  /** Ends it with BYE, after the ACK if that is still to come. Idempotent; the exchange goes on in the background. */
  bye(termination: Termination): void {
    if (this.#state === 'early') {
      this.drop();
      return;
    }
    if (this.#state === 'unacknowledged') {
      this.#owedBye ??= termination;
      return;
    }
    if (this.#state !== 'confirmed') return;
    this.#state = 'closing';
    const request = { method: 'BYE', dialogId: this.id, headers: { Reason: reasonHeader(termination) } };
    sendWithDigest(
      this.#deps.sip,
      request,
      {
        onResponse: (response) => {
          if (response.status >= 200) this.drop();
        },
        onFailure: () => {
          if (this.#deps.sip.isUp) this.drop();
          else this.orphan(termination);
        },
      },
      this.#options.digest,
      this.#entry?.remoteTarget ?? `sip:${this.id}`,
    );
  }

  /** Asks the peer whether it still knows the dialog. */
  probe(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#deps.sip.send(
        { method: 'OPTIONS', dialogId: this.id },
        {
          onResponse: ({ status, source }) => {
            if (status >= 200) resolve(source !== undefined && status !== 481 && status !== 408);
          },
          onFailure: () => resolve(false),
        },
      );
    });
  }

  /** A request within the dialog. */
  receive(request: SipRequest): void {
    this.#answer(request).catch((error) => {
      // The transaction or the engine went away under the answer.
      this.#deps.log.debug('an in-dialog request was not answered', { method: request.method, error });
    });
  }

  async #answer(request: SipRequest): Promise<unknown> {
    const { method } = request;
    if (method === 'ACK') return this.#acknowledged(request);
    if (method === 'BYE') return this.#peerEnded(request);
    if (this.#state === 'closing' || this.#state === 'closed') return request.respond(481);
    switch (method) {
      case 'INVITE':
      case 'UPDATE':
        return this.#renegotiate(request);
      case 'INFO':
        return this.#info(request);
      case 'OPTIONS':
        return request.respond(200, { headers: { Allow: allowedMethods, Accept: 'application/sdp' } });
      case 'PRACK':
        this.onPrack?.();
        return request.respond(200);
      case 'NOTIFY':
      case 'SUBSCRIBE':
        return request.respond(489, { headers: { Allow: allowedMethods } }); // no event package of ours
      case 'MESSAGE':
      case 'REFER':
      case 'PUBLISH':
        return request.respond(405, { headers: { Allow: allowedMethods } });
      default:
        return request.respond(501, { headers: { Allow: allowedMethods } });
    }
  }

  /** Set by a leg that sent a reliable provisional response. */
  onPrack: (() => void) | undefined;

  async #acknowledged(request: SipRequest): Promise<void> {
    if (this.#offeredInReply) {
      this.#offeredInReply = false;
      await this.#takeAnswer(request);
    }
    if (this.#state !== 'unacknowledged') return;
    this.#state = 'confirmed';
    if (this.#owedBye) this.bye(this.#owedBye);
    else this.#options.listener.onAcknowledged(request.body);
  }

  /** The ACK's answer to an offer that we made in the 2xx of a re-INVITE. */
  async #takeAnswer(request: SipRequest): Promise<void> {
    try {
      await this.#options.media.accept(request.body, request.source.address);
      this.#tellHold();
    } catch (error) {
      this.#deps.log.warn('the answer in an ACK cannot be used', { sipCallId: request.callId, error });
    }
  }

  async #peerEnded(request: SipRequest): Promise<void> {
    const termination = request.unsolicited
      ? terminationOfEngineBye(request.header('Reason'))
      : terminationOf('hung-up');
    const mine = this.#state === 'closing' || this.#owedBye !== undefined;
    this.drop();
    if (!mine) this.#options.listener.onPeerEnded(termination);
    if (!request.unsolicited) await request.respond(200);
  }

  /** re-INVITE and UPDATE: hold, resume, another address or codec, session refresh. */
  async #renegotiate(request: SipRequest): Promise<unknown> {
    const { media } = this.#options;
    // One offer at a time (RFC 3261 §14.2); an early dialog without agreed media has our own offer open (RFC 3311 §5.2).
    if (this.#negotiating) return request.respond(500, { headers: { 'Retry-After': '1' } });
    if (request.body !== '' && !media.isRunning) return request.respond(491);
    const timer = sessionTimerReply(request);
    if (timer === 'too-brief') return request.respond(422, { headers: minSessionHeaders });
    const headers = { ...timer.headers, Allow: allowedMethods };
    this.#negotiating = true;
    try {
      if (request.body !== '') {
        const body = await media.answer(request.body, request.source.address);
        this.#tellHold(); // before the 200, so that what the peer sends after it comes after this
        return await request.respond(200, {
          headers: { ...headers, 'Content-Type': 'application/sdp' },
          body,
        });
      }
      if (request.method === 'UPDATE') return await request.respond(200, { headers });
      this.#offeredInReply = true;
      const body = await media.offer(request.source.address);
      return await request.respond(200, { headers: { ...headers, 'Content-Type': 'application/sdp' }, body });
    } catch (error) {
      const { status, reply } = refuseSdp(error);
      this.#deps.log.warn('a change of media was refused', { sipCallId: request.callId, status, error });
      return await request.respond(status, reply);
    } finally {
      this.#negotiating = false;
    }
  }

  #tellHold(): void {
    const held = this.#options.media.isHeldByPeer;
    if (held === this.#heldByPeer) return;
    this.#heldByPeer = held;
    this.#options.listener.onHold(held);
  }

  #info(request: SipRequest): Promise<unknown> {
    const contentType = request.header('Content-Type');
    if (request.body !== '' && !isDtmfInfo(contentType)) {
      return request.respond(415, { headers: { Accept: 'application/dtmf-relay, application/dtmf' } });
    }
    const digit = parseDtmfInfo(contentType, request.body);
    if (digit !== undefined) this.#options.listener.onDigit(digit);
    return request.respond(200);
  }
}
