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
import { parseContacts } from '../codec/name-addr.ts';
import type { Termination } from '../domain/termination.ts';
import type { DialogJournal, JournalledDialog } from './contract.ts';
import { type DigestSession, sendWithDigest } from './digest-session.ts';
import { type Farewell, formatSource } from './farewell.ts';
import { InfoDigits } from './info-digits.ts';
import type { LegMedia } from './leg-media.ts';
import { refuseRequired } from './request-refusal.ts';
import { SessionChanges } from './session-changes.ts';
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
  /** Offers and answers after the first. */
  readonly changes: SessionChanges;
  readonly #digits: InfoDigits;

  constructor(deps: DialogDeps, options: DialogOptions) {
    this.id = options.id;
    this.#deps = deps;
    this.#options = options;
    this.changes = new SessionChanges({
      media: options.media,
      log: deps.log,
      timer: { peerRefreshes: options.digest !== undefined },
      onHold: (held) => options.listener.onHold(held),
    });
    this.#digits = new InfoDigits({
      sip: deps.sip,
      log: deps.log,
      dialogId: options.id,
      digest: options.digest,
      target: () =>
        this.#state === 'confirmed' ? (this.#entry?.remoteTarget ?? `sip:${this.id}`) : undefined,
    });
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

  /** Tells digits by INFO. */
  sendDigits(digits: string): void {
    this.#digits.send(digits);
  }

  /**
   * Asks the peer whether it still knows the dialog. Any answer of its own says so but 481 and 408; without the SIP
   * engine nobody can be asked, and nothing is known against the peer.
   */
  probe(): Promise<{ isAlive: true } | { isAlive: false; cause: string }> {
    const { sip } = this.#deps;
    return new Promise((resolve) => {
      sip.send(
        { method: 'OPTIONS', dialogId: this.id },
        {
          onResponse: ({ status, reason, source }) => {
            if (status < 200) return;
            const isAlive = source !== undefined && status !== 481 && status !== 408;
            resolve(isAlive ? { isAlive } : { isAlive, cause: `${status} ${reason}`.trim() });
          },
          onFailure: (error) =>
            resolve(sip.isUp ? { isAlive: false, cause: error.message } : { isAlive: true }),
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
    const refusal = refuseRequired(request);
    if (refusal) return request.respond(refusal.status, refusal.reply);
    switch (method) {
      case 'INVITE':
      case 'UPDATE':
        this.#moved(request);
        return this.changes.handle(request);
      case 'INFO':
        return this.#info(request);
      case 'OPTIONS':
        return request.respond(200, { headers: { Allow: allowedMethods, Accept: 'application/sdp' } });
      case 'PRACK':
        return this.#pracked(request);
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

  /** A peer that moved (RFC 3261 §12.2.2) is found there by a process that knows only the journal. */
  #moved(request: SipRequest): void {
    const entry = this.#entry;
    const contacts = parseContacts(request.header('Contact') ?? '');
    const remoteTarget = (Array.isArray(contacts) ? contacts[0]?.uri : undefined) ?? entry?.remoteTarget;
    const source = formatSource(request.source);
    if (!entry || !remoteTarget || (remoteTarget === entry.remoteTarget && source === entry.source)) return;
    this.journal({ ...entry, remoteTarget, source });
  }

  /** Set by a leg that sent a reliable provisional response. */
  onPrack: (() => void) | undefined;

  async #pracked(request: SipRequest): Promise<void> {
    await this.changes.prack(request);
    this.onPrack?.();
  }

  async #acknowledged(request: SipRequest): Promise<void> {
    if (this.#state === 'confirmed' && this.changes.openOffer === 'ours')
      await this.changes.acknowledged(request);
    if (this.#state !== 'unacknowledged') return;
    this.#state = 'confirmed';
    this.changes.openOffer = undefined;
    if (this.#owedBye) this.bye(this.#owedBye);
    else this.#options.listener.onAcknowledged(request.body);
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
