/**
 * Changes of the session that the peer asks for within one dialog: by re-INVITE, UPDATE (RFC 3311) or an offer in a
 * PRACK (RFC 3262 §5). One offer at a time: while one is open another gets 491 where it is ours, and 500 with
 * Retry-After where it is theirs (RFC 3311 §5.2).
 */
import type { Logger } from '../base/log.ts';
import type { LegMedia } from './leg-media.ts';
import { refuseBody } from './request-refusal.ts';
import { refuseSdp } from './sdp-refusal.ts';
import { minSessionHeaders, sessionTimerReply, type TimerWishes } from './session-timer.ts';
import { allowedMethods, type SipReply, type SipRequest } from './sip-port.ts';

export interface SessionChangesOptions {
  media: LegMedia;
  log: Logger;
  timer: TimerWishes;
  onHold(held: boolean): void;
}

const sdpHeaders = { 'Content-Type': 'application/sdp' } as const;

export class SessionChanges {
  readonly #options: SessionChangesOptions;
  /** An offer of the INVITE that made the dialog, or of a 2xx or reliable 18x of ours, which has no answer yet. */
  openOffer: 'ours' | 'theirs' | undefined;
  #negotiating = false;
  #heldByPeer = false;

  constructor(options: SessionChangesOptions) {
    this.#options = options;
  }

  /** re-INVITE or UPDATE: hold, resume, another address or codec, session refresh. */
  async handle(request: SipRequest): Promise<unknown> {
    const { media } = this.#options;
    const hasOffer = request.body !== '';
    const refusal = refuseBody(request) ?? this.#glare(request, hasOffer);
    if (refusal) return request.respond(refusal.status, refusal.reply);
    const timer = sessionTimerReply(request, this.#options.timer);
    if (timer === 'too-brief') return request.respond(422, { headers: minSessionHeaders });
    const headers = { ...timer.headers, Allow: allowedMethods, Supported: 'timer' };
    if (hasOffer) return this.#answer(request, headers);
    if (request.method === 'UPDATE') return request.respond(200, { headers });
    return this.#guarded(request, async () => {
      const body = await media.offer(request.source.address);
      this.openOffer = 'ours';
      return request.respond(200, { headers: { ...headers, ...sdpHeaders }, body });
    });
  }

  /** A PRACK: bare, with the answer to an offer in our 18x, or with a new offer once that is settled. */
  async prack(request: SipRequest): Promise<unknown> {
    if (request.body === '') return request.respond(200);
    const refusal = refuseBody(request);
    if (refusal) return request.respond(refusal.status, refusal.reply);
    if (this.openOffer !== 'ours') return this.#answer(request, {});
    return this.#guarded(request, async () => {
      await this.#accept(request);
      return request.respond(200);
    });
  }

  /** The ACK's answer to an offer that we made in the 2xx of a re-INVITE. */
  async acknowledged(request: SipRequest): Promise<void> {
    try {
      await this.#accept(request);
    } catch (error) {
      this.#options.log.warn('the answer in an ACK cannot be used', { sipCallId: request.callId, error });
    }
  }

  async #accept(request: SipRequest): Promise<void> {
    this.openOffer = undefined;
    await this.#options.media.accept(request.body, request.source.address);
    this.#tellHold();
  }

  #answer(request: SipRequest, headers: Record<string, string>): Promise<unknown> {
    return this.#guarded(request, async () => {
      const body = await this.#options.media.answer(request.body, request.source.address);
      this.#tellHold(); // before the 200, so that what the peer sends after it comes after this
      return request.respond(200, { headers: { ...headers, ...sdpHeaders }, body });
    });
  }

  #glare(request: SipRequest, hasOffer: boolean): { status: number; reply?: SipReply } | undefined {
    const later = {
      status: 500,
      reply: { headers: { 'Retry-After': String(Math.floor(Math.random() * 11)) } },
    };
    if (this.#negotiating) return later;
    if (!hasOffer && request.method === 'UPDATE') return undefined;
    if (this.openOffer === 'ours') return { status: 491 };
    return this.openOffer === 'theirs' ? later : undefined;
  }

  async #guarded(request: SipRequest, change: () => Promise<unknown>): Promise<unknown> {
    this.#negotiating = true;
    try {
      return await change();
    } catch (error) {
      const { status, reply } = refuseSdp(error);
      this.#options.log.warn('a change of media was refused', { sipCallId: request.callId, status, error });
      return await request.respond(status, reply);
    } finally {
      this.#negotiating = false;
    }
  }

  #tellHold(): void {
    const held = this.#options.media.isHeldByPeer;
    if (held === this.#heldByPeer) return;
    this.#heldByPeer = held;
    this.#options.onHold(held);
  }
}
