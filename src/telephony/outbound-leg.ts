/**
 * A call that we place (UAC): to every phone of an extension at once, or to one trunk.
 *
 *     dialling --180, 183--> ringing --2xx--> up --> ended
 *         |                  |   ^             ^
 *         `--first packet----v   |             |
 *                          early -`-- 180 and no packets any more
 *                            `------2xx--------'
 *
 * An announcement of media (183 with SDP) is not media: the leg is early when a packet has come, and rings when none
 * came for a short while (RFC 3960 §3.2). So whoever waits hears the far end where it speaks, and ringback where not.
 *
 * The first answer wins and the other phones are cancelled as answered elsewhere. When every place refuses, the
 * leg ends with what says most: busy before unreachable. A place that refuses our media is asked again with another
 * offer, where there is one.
 */
import type { Timer } from '../base/clock.ts';
import type { DtmfMode, MediaEncryption } from '../domain/settings.ts';
import type { Termination } from '../domain/termination.ts';
import type { LegBase } from './leg-base.ts';
import { nextOffer, type OfferKind } from './leg-keys.ts';
import { type AttemptTarget, type EarlyMedia, OutboundAttempt } from './outbound-attempt.ts';
import { refuseSdp } from './sdp-refusal.ts';
import { SipLeg, type SipLegDeps } from './sip-leg.ts';
import type { SipSource } from './sip-port.ts';
import { type LegReason, terminationOf } from './termination-map.ts';

/** The more a phone's refusal says about the person, the earlier it stands. */
const tellingOrder: readonly string[] = [
  'rejected',
  'busy',
  'no-answer',
  'not-found',
  'no-common-codec',
  'encryption-required',
];

/** Gateways send their first packet within a fraction of this after they announced media, milliseconds. */
const firstPacketPatienceMs = 600;
/** No packet for this long, after a 180 said that it only rings: nobody speaks, milliseconds. */
const quietMs = 500;

export interface OutboundLegOptions {
  party: string;
  peerKind: 'phone' | 'trunk';
  encryption: MediaEncryption;
  dtmf: DtmfMode;
  targets: readonly AttemptTarget[];
  timeoutMs: number;
  /** Whom it is dialled for. */
  forLeg?: LegBase | undefined;
}

export class OutboundLeg extends SipLeg {
  readonly #options: OutboundLegOptions;
  readonly #attempts: OutboundAttempt[];
  readonly #refusals: Termination[] = [];
  #winner: OutboundAttempt | undefined;
  #answeredBy: SipSource | undefined;
  #ringTimer: Timer | undefined;
  /** Waits for the first packet, or listens whether packets still come. */
  #earlyTimer: Timer | undefined;
  #announced: EarlyMedia | undefined;
  #isHeard = false;

  constructor(deps: SipLegDeps, options: OutboundLegOptions) {
    super(deps, { ...options, state: 'dialling' });
    this.#options = options;
    this.legMedia.prefer(options.forLeg?.codec);
    if (options.forLeg instanceof SipLeg) this.shareThreadWith(options.forLeg);
    this.#attempts = options.targets.map((target, place) => this.#attempt(target, place, 'as-set'));
  }

  get sipCallId(): string | undefined {
    return (this.#winner ?? this.#attempts[0])?.sipCallId;
  }

  get signalling(): SipSource['transport'] | undefined {
    return this.#answeredBy?.transport;
  }

  /** Sends the INVITEs. */
  async start(): Promise<void> {
    const { targets, timeoutMs } = this.#options;
    this.#ringTimer = this.deps.clock.after(timeoutMs, () => void this.hangUp(terminationOf('no-answer')));
    await Promise.all(targets.map((target, place) => this.#call(target, place, 'as-set')));
  }

  /** Ends a leg that has nowhere to go, after its owner had the time to listen. */
  async startNowhere(reason: LegReason): Promise<void> {
    await Promise.resolve();
    await this.finishFor(reason);
  }

  ring(): Promise<void> {
    return Promise.resolve(); // it is the other side that rings
  }

  earlyMedia(): Promise<void> {
    return Promise.resolve();
  }

  answer(): Promise<void> {
    return Promise.resolve();
  }

  override onMedia(): void {
    this.#isHeard = true;
    this.#earlyTimer?.cancel();
    if (this.#announced && (this.state === 'dialling' || this.state === 'ringing')) this.#beEarly();
  }

  async hangUp(termination: Termination): Promise<void> {
    this.#ringTimer?.cancel();
    this.#earlyTimer?.cancel();
    for (const attempt of this.#attempts) attempt.cancel(termination);
    this.#winner?.dialog.bye(termination);
    await this.finish(termination);
  }

  fail(reason: LegReason): Promise<void> {
    return this.hangUp(terminationOf(reason));
  }

  /** Sends the INVITE of the attempt at this place. */
  async #call({ destination }: AttemptTarget, place: number, kind: OfferKind): Promise<void> {
    let offer: string;
    try {
      offer = await this.legMedia.offer(destination, kind);
    } catch (error) {
      if (!this.isEnded) await this.hangUp(terminationOf(refuseSdp(error).reason));
      return;
    }
    this.#attempts[place]?.start(offer);
  }

  #attempt(target: AttemptTarget, place: number, kind: OfferKind): OutboundAttempt {
    const attempt: OutboundAttempt = new OutboundAttempt(this.deps, {
      legId: this.legId,
      target,
      media: this.legMedia,
      startedAt: this.deps.clock.now(),
      dialogListener: this.listener(),
      listener: {
        onRinging: () => this.#onRinging(),
        onEarly: (early) => void this.#onEarly(early),
        onAnswered: (source, media) => void this.#onAnswered(attempt, source, media),
        onFailed: (termination) => this.#onFailed(termination, target, place, kind),
      },
    });
    return attempt;
  }

  #onRinging(): void {
    if (this.state === 'early') this.#listenAfter(0);
    if (this.state !== 'dialling') return;
    this.enter('ringing');
    this.events.emit('ringing');
  }

  async #onEarly(early: EarlyMedia): Promise<void> {
    // With several phones nobody knows whose early media to play; they ring.
    if (this.#attempts.length > 1) return this.#onRinging();
    // Of several forks the newest is listened to, until one is heard.
    if (this.#isHeard || !this.#isWaiting || this.#announced?.sdp === early.sdp) return;
    this.#announced = early;
    try {
      await this.legMedia.accept(early.sdp, early.source);
    } catch {
      return this.#onRinging(); // useless media before the answer is no reason to give up
    }
    this.#options.forLeg?.preferCodec(this.codec);
    if (this.#isHeard || !this.#isWaiting) return;
    this.#earlyTimer?.cancel();
    this.#earlyTimer = this.deps.clock.after(firstPacketPatienceMs, () => this.#onRinging());
  }

  get #isWaiting(): boolean {
    return this.state === 'dialling' || this.state === 'ringing';
  }

  #beEarly(): void {
    this.enter('early');
    this.events.emit('early');
  }

  /** A 180 after early media: rings until packets come again, if they stopped. */
  #listenAfter(packetsBefore: number): void {
    this.#earlyTimer?.cancel();
    this.#earlyTimer = this.deps.clock.after(quietMs, () => {
      this.legMedia.packetsReceived().then(
        (packets) => {
          if (this.#winner || (this.state !== 'early' && this.state !== 'ringing')) return;
          const isHeard = packets > packetsBefore;
          if (isHeard && this.state === 'ringing') this.#beEarly();
          else if (!isHeard && this.state === 'early') {
            this.enter('ringing');
            this.events.emit('ringing');
          }
          this.#listenAfter(packets);
        },
        () => {}, // the media engine is gone, and the leg with it
      );
    });
  }

  async #onAnswered(
    attempt: OutboundAttempt,
    source: SipSource | undefined,
    media: EarlyMedia | undefined,
  ): Promise<void> {
    if (this.#winner || this.isEnded) {
      attempt.dialog.bye(terminationOf('answered-elsewhere'));
      return;
    }
    this.#winner = attempt;
    this.#answeredBy = source;
    this.dialog = attempt.dialog;
    this.#ringTimer?.cancel();
    this.#earlyTimer?.cancel();
    for (const other of this.#attempts) other.cancel(terminationOf('answered-elsewhere'));
    try {
      // Gateways repeat in the 200 what they said in the 183, or say nothing more.
      const isSettled = this.legMedia.isRunning && media?.sdp === this.#announced?.sdp;
      if (!isSettled) await this.legMedia.accept(media?.sdp ?? '', media?.source ?? '');
    } catch (error) {
      const { reason } = refuseSdp(error);
      this.deps.log.warn('an answered call cannot be used', { legId: this.legId, reason, error });
      if (!this.isEnded) await this.hangUp(terminationOf(reason));
      return;
    }
    if (this.isEnded) return;
    this.#options.forLeg?.preferCodec(this.codec);
    this.enter('up');
    this.events.emit('answered');
  }

  #onFailed(termination: Termination, target: AttemptTarget, place: number, kind: OfferKind): void {
    if (this.isEnded || this.#winner) return;
    if (termination.reason === 'no-common-codec') {
      const { encryption } = this.#options;
      const next = nextOffer(encryption, kind);
      if (next) {
        this.#attempts[place] = this.#attempt(target, place, next);
        void this.#call(target, place, next);
        return;
      }
      // Who refuses the media of an encrypted call has no encryption, in all likelihood.
      if (encryption === 'required')
        termination = terminationOf('encryption-required', termination.sipStatus);
    }
    this.#refusals.push(termination);
    // 6xx speaks for the person, not for the phone (RFC 3261 §21.6).
    const forAll = (termination.sipStatus ?? 0) >= 600;
    if (!forAll && this.#attempts.some((attempt) => attempt.isPending)) return;
    void this.hangUp(forAll ? termination : this.#mostTelling());
  }

  #mostTelling(): Termination {
    for (const reason of tellingOrder) {
      const found = this.#refusals.find((refusal) => refusal.reason === reason);
      if (found) return found;
    }
    return this.#refusals[0] ?? terminationOf('unreachable');
  }
}
