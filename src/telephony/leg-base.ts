/** What legs of both kinds have in common: sound, digits, and an end that comes exactly once. */
import { Emitter } from '../base/emitter.ts';
import { randomId } from '../base/ids.ts';
import type { CodecName, PlaySource, QualityRecord } from '../codec/media-control.ts';
import type { LegSignalling } from '../domain/call-event.ts';
import type { Termination } from '../domain/termination.ts';
import type { Leg, LegEvents, LegState } from './contract.ts';
import type { MediaPort } from './media-port.ts';

type PlayCause = LegEvents['played'][1];

/** Long enough for every receiver, short enough for quick dialling. */
const digitDurationMs = 160;

export abstract class LegBase implements Leg {
  readonly legId: string;
  abstract readonly kind: 'sip' | 'browser';
  readonly events = new Emitter<LegEvents>();
  readonly party: string;
  protected readonly media: MediaPort;
  /** The other leg of the bridge that this one is in. */
  partner: LegBase | undefined;
  #state: LegState;
  #ending: Promise<void> | undefined;
  /** Phones that send a digit both ways would press it twice: the first way used is the one that counts. */
  #digitsBy: 'rtp' | 'signalling' | undefined;

  constructor(options: { media: MediaPort; party: string; state: LegState; legId?: string }) {
    this.legId = options.legId ?? randomId();
    this.media = options.media;
    this.party = options.party;
    this.#state = options.state;
  }

  abstract get sipCallId(): string | undefined;
  abstract get signalling(): LegSignalling | undefined;
  abstract ring(): Promise<void>;
  abstract earlyMedia(): Promise<void>;
  abstract answer(): Promise<void>;
  abstract hangUp(termination: Termination): Promise<void>;
  protected abstract closeMedia(): Promise<QualityRecord | null>;

  /** What the peer speaks; undefined before that is settled. */
  get codec(): CodecName | undefined {
    return undefined;
  }

  /** Whoever this leg is for speaks `codec`: where there is a choice, the same is taken. */
  preferCodec(_codec: CodecName | undefined): void {}

  /** Resolves when the leg can be joined, however early that is asked for. @throws when it ends before */
  get mediaOpened(): Promise<void> {
    return Promise.resolve();
  }

  get state(): LegState {
    return this.#state;
  }

  /** For narrowing-free checks after an await. */
  get isEnded(): boolean {
    return this.#state === 'ended';
  }

  play(sources: PlaySource[], options: { loop?: boolean } = {}): string {
    const playId = randomId();
    this.#playing(
      playId,
      this.media.call('play.start', { legId: this.legId, playId, sources, loop: options.loop ?? false }),
    );
    return playId;
  }

  music(file?: string): string {
    const playId = randomId();
    this.#playing(
      playId,
      this.media.call('music.start', { legId: this.legId, playId, ...(file === undefined ? {} : { file }) }),
    );
    return playId;
  }

  stopPlaying(): void {
    const playId = this.#playId;
    if (playId === undefined || this.isEnded) return;
    this.media.call('play.stop', { legId: this.legId, playId }).catch(() => {
      // The engine is gone: the leg hears of that by itself.
    });
  }

  sendDigits(digits: string): void {
    if (this.isEnded) return;
    this.media.call('dtmf.send', { legId: this.legId, digits, durationMs: digitDurationMs }).catch(() => {});
  }

  /** The media engine says that a play came to its end. */
  onPlayDone(playId: string, cause: PlayCause): void {
    if (this.#playId === playId) this.#playId = undefined;
    if (!this.isEnded) this.events.emit('played', playId, cause);
  }

  /** The first packet of the peer has come, or the first from a new place. */
  onMedia(): void {}

  onDigit(digit: string, by: 'rtp' | 'signalling'): void {
    if (this.isEnded) return;
    this.#digitsBy ??= by;
    if (this.#digitsBy !== by) return;
    this.events.emit('digit', digit);
    this.partner?.passDigit(digit, by);
  }

  /** The peer of the other leg of the bridge pressed a key: what came by RTP the media engine has passed on already. */
  passDigit(digit: string, by: 'rtp' | 'signalling'): void {
    if (by === 'signalling') this.sendDigits(digit);
  }

  /** Moves on; no state follows `ended`. */
  protected enter(state: Exclude<LegState, 'ended'>): void {
    if (!this.isEnded) this.#state = state;
  }

  /** The end: told at once, and again when the media is closed. Idempotent; the first termination is the one that counts. */
  protected finish(termination: Termination): Promise<void> {
    if (!this.#ending) {
      this.#state = 'ended';
      // First everybody hears of it: what they begin (the next caller's phone) goes before the closing of ports.
      this.#ending = Promise.resolve()
        .then(() => this.closeMedia())
        .then((quality) => this.events.emit('ended', termination, quality));
      this.events.emit('over', termination);
    }
    return this.#ending;
  }

  #playId: string | undefined;

  #playing(playId: string, started: Promise<unknown>): void {
    this.#playId = playId;
    started.catch(() => this.onPlayDone(playId, 'failed'));
  }
}
