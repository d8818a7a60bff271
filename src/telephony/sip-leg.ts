/** A leg that is a SIP dialog: what callers and called parties have in common. */
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { CodecName, QualityRecord } from '../codec/media-control.ts';
import type { DtmfMode, MediaEncryption } from '../domain/settings.ts';
import type { Termination } from '../domain/termination.ts';
import type { Addressing } from './addressing.ts';
import type { LegState } from './contract.ts';
import { LegBase } from './leg-base.ts';
import { LegMedia } from './leg-media.ts';
import type { MediaPort } from './media-port.ts';
import type { ReadyPorts } from './ready-ports.ts';
import type { DialogDeps, DialogListener, SipDialog } from './sip-dialog.ts';
import { type LegReason, terminationOf } from './termination-map.ts';

export interface SipLegDeps extends DialogDeps {
  clock: Clock;
  log: Logger;
  media: MediaPort;
  addressing: Addressing;
  ports: ReadyPorts;
}

/** The media engine tells of a silence that lasts every 30 s. */
const sameSilenceMs = 15_000;

export abstract class SipLeg extends LegBase {
  readonly kind = 'sip';
  protected readonly deps: SipLegDeps;
  protected readonly legMedia: LegMedia;
  protected dialog: SipDialog | undefined;
  readonly #dtmf: DtmfMode;
  #probing = false;
  /** Of the silence that is known to be legal. */
  #explainedMs = 0;

  constructor(
    deps: SipLegDeps,
    options: {
      party: string;
      state: LegState;
      peerKind: 'phone' | 'trunk';
      encryption: MediaEncryption;
      dtmf: DtmfMode;
    },
  ) {
    super({ media: deps.media, ...options });
    this.deps = deps;
    const { peerKind, encryption, dtmf } = options;
    this.#dtmf = dtmf;
    this.legMedia = new LegMedia({ ...deps, legId: this.legId, peerKind, encryption, dtmf });
  }

  /** The media engine or the SIP engine is gone: ends the leg with what signalling there still is. */
  abstract fail(reason: LegReason): Promise<void>;

  /** Whether the dialog outlived the SIP engine's knowledge of it, so that only the journal can end it. */
  get isUp(): boolean {
    return this.state === 'up';
  }

  /** The SIP engine came back and does not know this leg's dialog: it is ended from the journal. */
  orphanDialog(): void {
    this.dialog?.orphan(terminationOf('sip-engine-failed'));
  }

  /** The end of a leg whose dialog the SIP engine lost. */
  async orphan(): Promise<void> {
    this.orphanDialog();
    await this.finish(terminationOf('sip-engine-failed'));
  }

  /**
   * Neither RTP nor RTCP for `silentMs`: is the phone still there? Asked again as long as the silence lasts, and told
   * when it begins and when it is explained.
   */
  async checkAlive(silentMs: number): Promise<void> {
    if (this.#probing || this.state !== 'up' || !this.dialog) return;
    this.#probing = true;
    // One that goes on has grown by much more since it was explained.
    const isNew = this.#explainedMs === 0 || silentMs < this.#explainedMs + sameSilenceMs;
    if (isNew) this.events.emit('silent', silentMs);
    const answer = await this.dialog.probe();
    this.#probing = false;
    if (this.isEnded) return;
    const { legId, sipCallId } = this;
    if (answer.isAlive) {
      this.#explainedMs = silentMs;
      if (isNew) this.events.emit('alive');
      return;
    }
    this.deps.log.warn('a silent phone does not answer any more, its call is ended', {
      legId,
      sipCallId,
      silentMs,
      answer: answer.cause,
    });
    await this.hangUp(terminationOf('media-timeout'));
  }

  /** What the dialog tells; overridden where an ACK matters. */
  protected listener(): DialogListener {
    return {
      onAcknowledged: () => {},
      onPeerEnded: (termination) => void this.finish(termination),
      onHold: (held) => {
        if (!this.isEnded) this.events.emit(held ? 'hold' : 'resume');
      },
      onDigit: (digit) => {
        if (this.#dtmf === 'auto' || this.#dtmf === 'info') this.onDigit(digit, 'signalling');
      },
    };
  }

  override sendDigits(digits: string): void {
    if (this.#dtmf === 'info') this.dialog?.sendDigits(digits);
    else super.sendDigits(digits);
  }

  /** The edge carries what came by RTP, but to a peer that wants it told it is told. */
  override passDigit(digit: string, by: 'rtp' | 'signalling'): void {
    if (this.#dtmf === 'info') this.sendDigits(digit);
    else super.passDigit(digit, by);
  }

  override get codec(): CodecName | undefined {
    return this.legMedia.codec;
  }

  protected shareThreadWith(other: SipLeg): void {
    this.legMedia.near(other.legMedia);
  }

  override preferCodec(codec: CodecName | undefined): void {
    this.legMedia.prefer(codec);
  }

  override get mediaOpened(): Promise<void> {
    return this.legMedia.opened;
  }

  protected closeMedia(): Promise<QualityRecord | null> {
    return this.legMedia.close();
  }

  protected finishFor(reason: LegReason, sipStatus?: number): Promise<void> {
    return this.finish(terminationOf(reason, sipStatus));
  }

  abstract override hangUp(termination: Termination): Promise<void>;
}
