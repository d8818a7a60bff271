/** Browsers as legs: their media is settled by mediasoup, their signalling by the page's own calls. */

import { Emitter } from '../base/emitter.ts';
import { CordboardError } from '../base/errors.ts';
import type { CodecName, QualityRecord, WebDirection, WebTransportOptions } from '../codec/media-control.ts';
import type { Termination } from '../domain/termination.ts';
import type { Addressing } from './addressing.ts';
import type { BrowserLegSignalling } from './contract.ts';
import { LegBase } from './leg-base.ts';
import type { MediaPort } from './media-port.ts';
import { terminationOf } from './termination-map.ts';

/**
 * A call from a page.
 *
 *     incoming --ring()--> ringing --earlyMedia()--> early --answer()--> up --> ended
 */
export class BrowserLeg extends LegBase {
  readonly kind = 'browser';
  readonly sipCallId = undefined;
  readonly signalling = 'https';
  /** The page opened its media but has not dialled yet. */
  isDialled = false;

  constructor(media: MediaPort, userName: string) {
    super({ media, party: userName, state: 'incoming' });
  }

  /** The router has no other. */
  override get codec(): CodecName {
    return 'PCMU';
  }

  async ring(): Promise<void> {
    if (this.state === 'incoming') this.enter('ringing');
  }

  async earlyMedia(): Promise<void> {
    if (this.state === 'incoming' || this.state === 'ringing') this.enter('early');
  }

  async answer(): Promise<void> {
    if (this.isEnded) throw new CordboardError('sip.cancelled', 'the call has ended');
    if (this.state === 'up') return;
    this.enter('up');
    this.events.emit('answered');
  }

  async hangUp(termination: Termination): Promise<void> {
    await this.finish(termination);
  }

  protected async closeMedia(): Promise<QualityRecord | null> {
    try {
      return (await this.media.call('leg.close', { legId: this.legId })).quality;
    } catch {
      return null; // the media engine is gone, and the leg with it
    }
  }
}

export class BrowserLegs implements BrowserLegSignalling {
  readonly events = new Emitter<{ dialled: [leg: BrowserLeg, userName: string, to: string] }>();
  readonly #deps: { media: MediaPort; addressing: Addressing };
  readonly #legs = new Map<string, BrowserLeg>();

  constructor(deps: { media: MediaPort; addressing: Addressing }) {
    this.#deps = deps;
  }

  /** Every leg whose media is open, dialled or not. */
  all(): BrowserLeg[] {
    return [...this.#legs.values()];
  }

  async open(
    userName: string,
  ): Promise<{ legId: string; routerRtpCapabilities: unknown; transportOptions: WebTransportOptions }> {
    const { media, addressing } = this.#deps;
    const leg = new BrowserLeg(media, userName);
    const { legId } = leg;
    const opened = await media.call('web.open', { legId, announcedAddresses: addressing.webAddresses() });
    this.#legs.set(legId, leg);
    leg.events.on('ended', () => this.#legs.delete(legId));
    return { legId, ...opened };
  }

  async connect(legId: string, direction: WebDirection, dtlsParameters: unknown): Promise<void> {
    await this.#deps.media.call('web.connect', { legId: this.#get(legId).legId, direction, dtlsParameters });
  }

  produce(legId: string, rtpParameters: unknown): Promise<{ producerId: string }> {
    return this.#deps.media.call('web.produce', { legId: this.#get(legId).legId, rtpParameters });
  }

  consume(
    legId: string,
    rtpCapabilities: unknown,
  ): Promise<{ consumerId: string; producerId: string; kind: string; rtpParameters: unknown }> {
    return this.#deps.media.call('web.consume', { legId: this.#get(legId).legId, rtpCapabilities });
  }

  dial(legId: string, to: string): void {
    const leg = this.#get(legId);
    if (leg.isDialled) throw new CordboardError('request.invalid', 'this leg has dialled already');
    leg.isDialled = true;
    this.events.emit('dialled', leg, leg.party, to);
  }

  play(legId: string, file: string, userName: string): void {
    const leg = this.#get(legId);
    if (leg.party !== userName || leg.isDialled)
      throw new CordboardError('not-found', `there is no browser leg ${legId} to play to`);
    leg.isDialled = true;
    void leg.answer();
    const playId = leg.play([{ kind: 'file', file }]);
    leg.events.on('played', (id) => {
      if (id === playId) void leg.hangUp(terminationOf('hung-up'));
    });
  }

  digit(legId: string, digit: string): void {
    this.#get(legId).onDigit(digit, 'signalling');
  }

  async hangUp(legId: string): Promise<void> {
    const leg = this.#legs.get(legId);
    // A call taken back before its answer was given up by its caller.
    await leg?.hangUp(terminationOf(leg.state === 'up' ? 'hung-up' : 'cancelled'));
  }

  #get(legId: string): BrowserLeg {
    const leg = this.#legs.get(legId);
    if (!leg) throw new CordboardError('not-found', `there is no browser leg ${legId}`);
    return leg;
  }
}
