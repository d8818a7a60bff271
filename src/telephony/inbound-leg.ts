/**
 * A call that came in (UAS).
 *
 *     incoming --ring()--> ringing --earlyMedia()--> early --answer()--> (200) --ACK--> up --> ended
 *         `--------------------`--------------------------`-----------------^
 *
 * A caller that requires 100rel gets 18x that it acknowledges (RFC 3262). A session description in such a one is the
 * answer, or the offer where the INVITE had none (RFC 3261 §13.2.1); the 200 then has none.
 *
 * Before the answer: CANCEL ends it, hangUp rejects it. After the 200 and before its ACK: hangUp ends the leg at
 * once and the dialog says BYE when the ACK has come.
 */
import type { Timer } from '../base/clock.ts';
import { CordboardError } from '../base/errors.ts';
import { nameAddrParameter, parseContacts, parseNameAddr } from '../codec/name-addr.ts';
import { splitHeaderList } from '../codec/sip-headers.ts';
import type { DtmfMode, MediaEncryption } from '../domain/settings.ts';
import type { Termination } from '../domain/termination.ts';
import type { JournalledDialog } from './contract.ts';
import { formatSource } from './farewell.ts';
import { refuseSdp } from './sdp-refusal.ts';
import { lists, sessionTimerReply } from './session-timer.ts';
import { type DialogListener, SipDialog } from './sip-dialog.ts';
import { SipLeg, type SipLegDeps } from './sip-leg.ts';
import {
  allowedMethods,
  type SentMessage,
  type SipReply,
  type SipRequest,
  type SipSource,
  supportedOptions,
} from './sip-port.ts';
import { type LegReason, reasonHeader, statusOf, terminationOf } from './termination-map.ts';

/** The stack gives up on a reliable provisional response after this (RFC 3262 §3: 64 T1). */
const prackTimeoutMs = 32_000;
const sdpHeaders = { 'Content-Type': 'application/sdp' } as const;

export class InboundLeg extends SipLeg {
  readonly #request: SipRequest;
  readonly #reliable: boolean;
  #answering: Promise<void> | undefined;
  #finalSent = false;
  /** Resolves when every reliable 18x has been acknowledged, or never will be. */
  #pracked: PromiseWithResolvers<void> | undefined;
  #pracksOwed = 0;
  #prackLimit: Timer | undefined;
  #acknowledged: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #earlyAnswer: string | undefined;
  /** A session description of ours went out reliably. */
  #describedReliably = false;

  constructor(
    deps: SipLegDeps,
    options: {
      request: SipRequest;
      party: string;
      peerKind: 'phone' | 'trunk';
      encryption: MediaEncryption;
      dtmf: DtmfMode;
    },
  ) {
    super(deps, { ...options, state: 'incoming' });
    this.#request = options.request;
    this.#reliable = lists(options.request.header('Require'), '100rel');
  }

  get sipCallId(): string {
    return this.#request.callId;
  }

  get signalling(): SipSource['transport'] {
    return this.#request.source.transport;
  }

  /** Begins to listen for what the caller does. */
  start(): void {
    const request = this.#request;
    const fromTag = nameAddrParameter(parseNameAddr(request.header('From') ?? '') ?? noAddress, 'tag') ?? '';
    this.dialog = new SipDialog(this.deps, {
      id: `${request.callId};from-tag=${fromTag}`,
      media: this.legMedia,
      listener: this.listener(),
    });
    this.dialog.changes.openOffer = request.body === '' ? undefined : 'theirs';
    this.dialog.open();
    request.onCancel(() => {
      this.#finalSent = true; // the stack has sent the 487
      void this.#end(terminationOf('cancelled', 487));
    });
  }

  /** Refuses at once an offer that cannot be answered; called when the leg's owner listens. */
  checkOffer(): void {
    const { body } = this.#request;
    if (body === '' || this.isEnded) return;
    try {
      this.legMedia.check(body);
    } catch (error) {
      void this.#refuse(error);
    }
  }

  async ring(): Promise<void> {
    if (this.state !== 'incoming') return;
    this.enter('ringing');
    await this.#provisional(180, await this.#earlyOffer());
  }

  async earlyMedia(): Promise<void> {
    if (this.state !== 'incoming' && this.state !== 'ringing') return;
    if (this.#request.body === '') {
      // Nothing to answer yet, unless our offer can go out reliably: the caller hears its own ringback.
      await this.ring();
      if (this.#describedReliably) this.enter('early');
      return;
    }
    this.enter('early');
    try {
      this.#earlyAnswer = await this.legMedia.answer(this.#request.body, this.#request.source.address);
    } catch (error) {
      return this.#refuse(error);
    }
    this.#describedReliably = this.#reliable;
    await this.#provisional(183, { headers: sdpHeaders, body: this.#earlyAnswer });
  }

  /** Our offer for the first reliable 18x, where the INVITE had none. */
  async #earlyOffer(): Promise<SipReply> {
    if (!this.#reliable || this.#request.body !== '' || this.#describedReliably || !this.dialog) return {};
    this.#describedReliably = true;
    try {
      const body = await this.legMedia.offer(this.#request.source.address);
      this.dialog.changes.openOffer = 'ours';
      return { headers: sdpHeaders, body };
    } catch (error) {
      await this.#refuse(error);
      return {};
    }
  }

  answer(): Promise<void> {
    this.#answering ??= this.#answer();
    return this.#answering;
  }

  async hangUp(termination: Termination): Promise<void> {
    if (!this.#finalSent && !this.isEnded) {
      this.#finalSent = true;
      const reply = { headers: { Reason: reasonHeader(termination) } };
      this.#request.respond(statusOf(termination), reply).catch(() => {
        // Cancelled or the engine gone in the same moment: the caller has its answer from there.
      });
    }
    await this.#end(termination);
  }

  async fail(reason: LegReason): Promise<void> {
    await this.hangUp(terminationOf(reason));
  }

  protected override listener(): DialogListener {
    return {
      ...super.listener(),
      onAcknowledged: (body) => void this.#onAcknowledged(body),
      onPeerEnded: (termination) => void this.#end(termination),
    };
  }

  async #answer(): Promise<void> {
    const request = this.#request;
    this.#throwIfEnded();
    let body: string;
    try {
      await this.#pracked?.promise;
      body = await this.#finalDescription();
    } catch (error) {
      this.#throwIfEnded();
      await this.#refuse(error);
      throw error;
    }
    this.#throwIfEnded();
    const timer = sessionTimerReply(request);
    const headers = {
      Allow: allowedMethods,
      Supported: supportedOptions.join(', '),
      ...(body === '' ? {} : sdpHeaders),
      ...(timer === 'too-brief' ? {} : timer.headers),
    };
    this.#finalSent = true;
    const acknowledged = new Promise<void>((resolve, reject) => {
      this.#acknowledged = { resolve, reject };
    });
    acknowledged.catch(() => {}); // told to whoever awaits answer()
    if (this.dialog) {
      this.dialog.changes.openOffer = request.body === '' && body !== '' ? 'ours' : undefined;
      this.dialog.expectAcknowledgement();
    }
    try {
      const sent = await request.respond(200, { headers, ...(body === '' ? {} : { body }) });
      this.dialog?.journal(this.#journalEntry(sent));
    } catch (error) {
      this.dialog?.drop();
      await this.#end(terminationOf('cancelled'));
      throw error;
    }
    await acknowledged;
  }

  /** What the 200 says of media; '' when a reliable 18x has said it. @throws as LegMedia.answer */
  async #finalDescription(): Promise<string> {
    const { body, source } = this.#request;
    if (this.#describedReliably) {
      if (!this.legMedia.isRunning)
        throw new CordboardError('sdp.invalid', 'the PRACK did not answer the offer of the ringing');
      return '';
    }
    if (this.#earlyAnswer !== undefined) return this.#earlyAnswer;
    return body === '' ? this.legMedia.offer(source.address) : this.legMedia.answer(body, source.address);
  }

  async #onAcknowledged(body: string): Promise<void> {
    if (this.isEnded) return;
    if (this.#request.body === '' && !this.#describedReliably) {
      try {
        await this.legMedia.accept(body, this.#request.source.address);
      } catch (error) {
        // Too late for a 488: the offer was ours and the answer is useless (RFC 3261 §13.2.2.4).
        const { reason } = refuseSdp(error);
        await this.#end(terminationOf(reason));
        return;
      }
      if (this.isEnded) return;
    }
    this.enter('up');
    this.events.emit('answered');
    this.#acknowledged?.resolve();
    this.#acknowledged = undefined;
  }

  async #provisional(status: 180 | 183, reply: SipReply = {}): Promise<void> {
    if (this.#finalSent || this.isEnded) return;
    const headers = { ...reply.headers, ...(this.#reliable ? { Require: '100rel' } : {}) };
    if (this.#reliable) this.#awaitPrack();
    try {
      await this.#request.respond(status, { ...reply, headers });
    } catch {
      // Cancelled in the same moment; the end comes by itself.
    }
  }

  /** A 2xx must not overtake the PRACK of a reliable answer (RFC 3262 §5). */
  #awaitPrack(): void {
    const { dialog, deps } = this;
    if (!dialog) return;
    this.#pracksOwed++;
    this.#pracked ??= Promise.withResolvers<void>();
    this.#prackLimit?.cancel();
    this.#prackLimit = deps.clock.after(prackTimeoutMs, () => this.#stopAwaitingPrack());
    dialog.onPrack = () => {
      if (--this.#pracksOwed > 0) return;
      // The answer has come with it, or what we answered has arrived.
      if (this.#describedReliably) dialog.changes.openOffer = undefined;
      this.#stopAwaitingPrack();
    };
  }

  #stopAwaitingPrack(): void {
    this.#prackLimit?.cancel();
    this.#pracked?.resolve();
    this.#pracked = undefined;
  }

  async #refuse(error: unknown): Promise<void> {
    const { status, reason, reply } = refuseSdp(error);
    this.deps.log.warn('an incoming call cannot be taken', {
      legId: this.legId,
      sipCallId: this.sipCallId,
      status,
      hint: error instanceof Error ? error.message : String(error),
    });
    if (!this.#finalSent) {
      this.#finalSent = true;
      this.#request.respond(status, reply).catch(() => {});
    }
    await this.#end(terminationOf(reason, status));
  }

  async #end(termination: Termination): Promise<void> {
    this.dialog?.bye(termination);
    const finished = this.finish(termination);
    this.#stopAwaitingPrack();
    this.#acknowledged?.reject(new CordboardError('sip.cancelled', 'the call ended before it was answered'));
    await finished;
  }

  #throwIfEnded(): void {
    if (this.isEnded) throw new CordboardError('sip.cancelled', 'the call has ended');
  }

  #journalEntry(sent: SentMessage): JournalledDialog {
    const request = this.#request;
    const local = parseNameAddr(sent.header('To') ?? '') ?? noAddress;
    const remote = parseNameAddr(request.header('From') ?? '') ?? noAddress;
    const contacts = parseContacts(request.header('Contact') ?? '');
    return {
      legId: this.legId,
      callId: this.legId,
      dialogId: this.dialog?.id ?? '',
      sipCallId: request.callId,
      localUri: local.uri,
      localTag: nameAddrParameter(local, 'tag') ?? '',
      remoteUri: remote.uri,
      remoteTag: nameAddrParameter(remote, 'tag') ?? '',
      remoteTarget: (Array.isArray(contacts) ? contacts[0]?.uri : undefined) ?? remote.uri,
      routeSet: splitHeaderList(request.header('Record-Route') ?? '').filter((route) => route !== ''),
      localCseq: 0,
      source: formatSource(request.source),
      startedAt: this.deps.clock.now(),
    };
  }
}

const noAddress = { displayName: undefined, uri: 'sip:unknown@invalid', parameters: '' };
