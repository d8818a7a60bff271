/**
 * Media of one SIP leg: its RTP port, and the offers and answers that settle it. One `o=` session for the life of
 * the leg, its version one more at each change (RFC 3264 §8).
 */
import { randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import { CordboardError } from '../base/errors.ts';
import type { CodecName, PortPlace, QualityRecord, RemoteMedia } from '../codec/media-control.ts';
import {
  answerOffer,
  checkOffer,
  type LocalMedia,
  type MediaWishes,
  type NegotiatedMedia,
  ourCodecs,
  readAnswer,
  writeOffer,
} from '../codec/sdp-negotiation.ts';
import type { DtmfMode, MediaEncryption } from '../domain/settings.ts';
import { type Addressing, isPrivateAddress } from './addressing.ts';
import { LegKeys, type OfferKind } from './leg-keys.ts';
import type { MediaPort } from './media-port.ts';
import type { ReadyPorts } from './ready-ports.ts';

export interface LegMediaDeps {
  legId: string;
  media: MediaPort;
  addressing: Addressing;
  ports: ReadyPorts;
  /** Phones may sit behind any NAT; a trunk's media gateway may be another machine than its proxy. */
  peerKind: 'phone' | 'trunk';
  encryption: MediaEncryption;
  dtmf: DtmfMode;
}

/** What trunks are offered: no carrier has more than narrow-band to give, and G.722 would only cost a conversion. */
const trunkCodecs: readonly CodecName[] = ['PCMU', 'PCMA'];

const unspecified = new Set(['0.0.0.0', '::']);
const isSecureProfile = (description: string): boolean => /^m=audio [1-9]\d* RTP\/SAVP/im.test(description);

export class LegMedia {
  readonly #deps: LegMediaDeps;
  readonly #sessionId = randomInt(1, 2 ** 31);
  #version = 0;
  #opening: Promise<PortPlace> | undefined;
  /** Our ports; known at once when they were reserved. */
  #place: PortPlace | undefined;
  #near: LegMedia | undefined;
  readonly #opened = Promise.withResolvers<void>();
  #isOpen = false;
  #closing: Promise<QualityRecord | null> | undefined;
  #remote: RemoteMedia | undefined;
  #lastOffer: string | undefined;
  #lastAnswer = '';
  /** What our latest offer asked for. */
  #offered: MediaWishes = {};
  readonly #keys: LegKeys;
  /** The peer's latest description was RTP/SAVP: offers to it stay so. */
  #secureProfile = false;
  #prefer: CodecName | undefined;

  constructor(deps: LegMediaDeps) {
    this.#deps = deps;
    this.#keys = new LegKeys(deps.encryption);
    this.#opened.promise.catch(() => {}); // told to whoever waits for it
  }

  /** Resolves when the media engine has the leg, so that it can be joined. @throws when it ends without */
  get opened(): Promise<void> {
    return this.#opened.promise;
  }

  get legId(): string {
    return this.#deps.legId;
  }

  /** RTP thread of the leg; undefined before its ports are there. */
  get thread(): number | undefined {
    return this.#place?.thread;
  }

  /** Whether the peer is known, so that something can be heard. */
  get isRunning(): boolean {
    return this.#remote !== undefined;
  }

  /** The peer holds: it takes nothing from us (sendonly, inactive or c=0.0.0.0). */
  get isHeldByPeer(): boolean {
    return this.#remote?.direction === 'recvonly' || this.#remote?.direction === 'inactive';
  }

  /** What the peer speaks; undefined before that is settled. */
  get codec(): CodecName | undefined {
    return this.#remote?.codec;
  }

  /** Whoever this leg is joined with speaks `codec`: the same here spares a conversion. Counts from the next offer on. */
  prefer(codec: CodecName | undefined): void {
    this.#prefer = codec;
  }

  /** Whom this leg will be joined with: one RTP thread for both spares copies. Counts until the ports are there. */
  near(other: LegMedia): void {
    this.#near = other;
  }

  /** An offer as this destination can use it. */
  async offer(
    destination: string,
    kind: OfferKind = this.#secureProfile ? 'insisting' : 'as-set',
  ): Promise<string> {
    const local = await this.#local(destination);
    const wishes: MediaWishes = {
      codecs: this.#codecs(),
      events: this.#mayTakeEvents,
      telephoneEventPayloadType: this.#remote?.telephoneEventPayloadType,
    };
    // Of several phones that ring, one may have a plain offer and another answer with keys.
    this.#offered = { ...wishes, encryption: this.#keys.wishes() };
    return writeOffer(local, { ...wishes, encryption: this.#keys.wishes(kind) });
  }

  /** Whether an offer could be answered. @throws CordboardError sdp.invalid, sdp.no-common-codec, sdp.encryption-* */
  check(offer: string): void {
    checkOffer(offer, { encryption: this.#keys.wishes() });
  }

  /**
   * Answers the peer's offer and sets the media accordingly.
   * @throws CordboardError sdp.invalid, sdp.no-common-codec, sdp.encryption-*, or the media engine's; what was
   * agreed before stays
   */
  async answer(offer: string, sourceAddress: string): Promise<string> {
    if (offer === this.#lastOffer) return this.#lastAnswer; // a session refresh
    const { answer, agreed } = answerOffer(offer, await this.#local(this.#mediaPlace(offer, sourceAddress)), {
      ...(this.#deps.peerKind === 'trunk' ? { codecs: trunkCodecs } : {}),
      prefer: this.#prefer ?? this.#remote?.codec,
      events: this.#mayTakeEvents,
      encryption: this.#keys.wishes(),
    });
    await this.#set(agreed, sourceAddress);
    this.#secureProfile = isSecureProfile(offer);
    this.#lastOffer = offer;
    this.#lastAnswer = answer;
    return answer;
  }

  /** Takes the peer's answer to our offer. @throws as `answer` */
  async accept(answer: string, sourceAddress: string): Promise<void> {
    await this.#set(readAnswer(answer, this.#offered), sourceAddress);
    this.#secureProfile = isSecureProfile(answer);
    this.#lastOffer = undefined;
  }

  /** RTP packets of the peer so far. @throws when the media engine does not know the leg (any more) */
  async packetsReceived(): Promise<number> {
    const { quality } = await this.#deps.media.call('leg.quality', { legId: this.#deps.legId });
    return quality.packetsReceived;
  }

  /** Frees the port; what was measured, null when nothing was. Idempotent, never throws. */
  close(): Promise<QualityRecord | null> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<QualityRecord | null> {
    if (!this.#isOpen) this.#opened.reject(new CordboardError('sip.cancelled', 'the leg has ended'));
    if (!this.#opening) return null;
    try {
      await this.#opening;
      const { quality } = await this.#deps.media.call('leg.close', { legId: this.#deps.legId });
      return quality;
    } catch {
      return null; // the media engine is gone, and the leg with it
    }
  }

  /** By the family of the peer's media, which need not be that of its signalling. */
  #mediaPlace(offer: string, sourceAddress: string): string {
    const named = /^c=IN IP[46] ([0-9a-fA-F.:]+)/m.exec(offer)?.[1] ?? '';
    const isOther = isIP(named) !== 0 && isIP(named) !== isIP(sourceAddress) && !unspecified.has(named);
    return isOther && this.#deps.addressing.reaches(named) ? named : sourceAddress;
  }

  async #local(destination: string): Promise<LocalMedia> {
    if (this.#closing) throw new CordboardError('sip.cancelled', 'the leg has ended');
    const { addressing } = this.#deps;
    this.#opening ??= this.#open(addressing.bindAddressFor(destination));
    const address = await addressing.addressFor(destination);
    const { port } = this.#place ?? (await this.#opening);
    return { address, port, sessionId: this.#sessionId, version: ++this.#version };
  }

  #open(bindAddress: string): Promise<PortPlace> {
    const { legId, media, ports } = this.#deps;
    const ready = ports.take(bindAddress, this.#near?.thread);
    this.#place = ready;
    const opening = media.call('leg.create', {
      legId,
      bindAddress,
      ...(ready && { reservationId: ready.reservationId }),
      ...(this.#near && { nearLegId: this.#near.legId }),
    });
    opening.then((place) => {
      this.#place = place;
      this.#isOpen = true;
      this.#opened.resolve();
    }, this.#opened.reject);
    return opening;
  }

  get #mayTakeEvents(): boolean {
    return this.#deps.dtmf === 'auto' || this.#deps.dtmf === 'rfc4733';
  }

  /** For an offer: the preferred one first, and G.722 only where the other leg may have it too. */
  #codecs(): readonly CodecName[] {
    const first = this.#remote?.codec ?? this.#prefer;
    const { peerKind } = this.#deps;
    const all = peerKind === 'trunk' || (first !== undefined && first !== 'G722') ? trunkCodecs : ourCodecs;
    return first === undefined || !all.includes(first)
      ? all
      : [first, ...all.filter((each) => each !== first)];
  }

  async #set(agreed: NegotiatedMedia, sourceAddress: string): Promise<void> {
    const previous = this.#remote;
    // c=0.0.0.0 says hold, not a place to send to.
    const place = unspecified.has(agreed.address) && previous ? previous : agreed;
    // A host name is not resolved: its media comes from where its signalling does, or is followed from there.
    const isNowhere = isIP(place.address) === 0 || unspecified.has(place.address);
    const address = isNowhere ? sourceAddress : place.address;
    const symmetric = isNowhere || this.#mayFollow(address, sourceAddress);
    const { peerKind, addressing } = this.#deps;
    const remote: RemoteMedia = {
      ...agreed,
      address,
      port: place.port,
      symmetric,
      fromAfar: !addressing.isLocal(symmetric ? sourceAddress : address),
      wantsEven: peerKind === 'trunk',
      signallingAddress: sourceAddress,
      ...this.#digitsWith(agreed),
    };
    await this.#deps.media.call('leg.remote', { legId: this.#deps.legId, remote });
    this.#keys.settled(previous?.srtp, remote.srtp);
    this.#remote = remote;
  }

  /** How digits travel with this peer, beside telephone events. */
  #digitsWith({ telephoneEventPayloadType }: NegotiatedMedia): Partial<RemoteMedia> {
    const { dtmf } = this.#deps;
    if (dtmf === 'info') return { digitsBySignalling: true };
    const hearTones = dtmf === 'inband' || (dtmf === 'auto' && telephoneEventPayloadType === undefined);
    return hearTones ? { hearTones } : {};
  }

  /** Whether media may come from elsewhere than signalled: only where a NAT shows itself. */
  #mayFollow(signalled: string, sourceAddress: string): boolean {
    if (signalled === sourceAddress) return false;
    return (
      this.#deps.peerKind === 'phone' || (isPrivateAddress(signalled) && !isPrivateAddress(sourceAddress))
    );
  }
}
