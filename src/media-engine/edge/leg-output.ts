/**
 * What a leg sends and why: of a player, an event, a mix, the other leg of a bridge and silence, the first that has
 * something to say. A peer that may be sent to always hears something, so that NATs stay open and phones do not
 * take the call for dead.
 */
import {
  conversionTable,
  convertInPlace,
  encodeTable,
  type G711Name,
  silenceByte,
} from '../../codec/g711.ts';
import type { CodecName, RemoteMedia } from '../../codec/media-control.ts';
import type { RtpView } from '../../codec/rtp.ts';
import { fillDigitTone } from '../dsp/dtmf-tone.ts';
import { Narrower, Widener } from '../dsp/transcoder.ts';
import { EventSender } from './event-sender.ts';
import { type EventFormat, OutboundStream, type SendPacket } from './outbound-stream.ts';
import type { Player } from './player.ts';
import { Repacketizer } from './repacketizer.ts';
import { tickSamples } from './ticker.ts';

/** A bridge that brings nothing for this long is filled with silence. */
export const bridgeSilenceMs = 1000;

/** Makes beats for as long as it is listened to: a mix, or a stream made even. */
export interface FrameSource {
  /** Writes the 160 bytes of the present beat. */
  read(codec: CodecName, into: Uint8Array, offset: number): void;
}

export interface OutputListener {
  /** The player came to its end by itself. */
  playEnded(playId: string): void;
}

export class LegOutput {
  readonly stream: OutboundStream;
  readonly events: EventSender;
  readonly #listener: OutputListener;
  #remote: RemoteMedia | undefined;
  #packetSamples = tickSamples;
  #eventFormat: EventFormat | undefined;
  #player: Player | undefined;
  #mix: FrameSource | undefined;
  /** Something new begins with the next beat. */
  #talkspurt = true;
  /** Makes what a peer with G.722 hears: one for all, so that its state never jumps. */
  #widener: Widener | undefined;
  /** For a source that speaks G.722 to a peer that does not. */
  #narrower: Narrower | undefined;
  #narrowed = 0;
  /** For a source with another packet time than this peer's. */
  #repacketizer: Repacketizer | undefined;

  constructor(options: {
    ssrc: number;
    sequence: number;
    timestamp: number;
    send: SendPacket;
    listener: OutputListener;
  }) {
    this.stream = new OutboundStream(options);
    this.events = new EventSender(this.stream);
    this.#listener = options.listener;
  }

  /** Takes what was negotiated. */
  configure(remote: RemoteMedia): void {
    this.#remote = remote;
    this.#packetSamples = Math.min(60, Math.max(10, Math.round(remote.ptimeMs))) * 8;
    const { telephoneEventPayloadType: payloadType, telephoneEventClockRate: clockRate = 8000 } = remote;
    this.#eventFormat =
      payloadType === undefined ? undefined : { payloadType, unitsPerSample: clockRate / 8000 };
    if (!this.maySend) this.events.clear();
  }

  get maySend(): boolean {
    const direction = this.#remote?.direction;
    return direction === 'sendrecv' || direction === 'sendonly';
  }

  /** Whether the peer hears a digit as its tones just now. */
  get soundsDigit(): boolean {
    return this.#eventFormat === undefined && this.events.busy;
  }

  get player(): Player | undefined {
    return this.#player;
  }

  /** Sets or ends what plays; the player before is the caller's to account for. */
  play(player: Player | undefined): void {
    this.#player = player;
    this.#talkspurt = true;
  }

  /** Sets or ends the mix that is heard where nothing plays. */
  listenTo(mix: FrameSource | undefined): void {
    this.#mix = mix;
    this.#talkspurt = true;
  }

  /** Whether a packet of the bridge would be heard now. */
  get listensToBridge(): boolean {
    return this.#player === undefined && this.maySend && !this.events.busy;
  }

  /** Passes on a packet of the bridge; `packet` is this leg's from now on. Dropped when something else is heard. */
  forward(packet: Buffer, view: RtpView, codec: CodecName, source: number, nowMs: number): void {
    const remote = this.#remote;
    if (!remote || !this.listensToBridge) return;
    if (codec !== remote.codec) this.#convert(packet, view, codec, remote.codec, source);
    if (view.payloadBytes === this.#packetSamples && this.#repacketizer?.from !== source)
      this.stream.forward(packet, view, remote.payloadType, source, nowMs);
    else this.#repacketize(packet, view, remote.payloadType, source, nowMs);
  }

  #convert(packet: Buffer, view: RtpView, from: CodecName, to: CodecName, source: number): void {
    const { payloadOffset, payloadBytes } = view;
    if (from === 'G722') {
      if (to === 'G722') return;
      if (source !== this.#narrowed) this.#narrower = undefined; // another stream, another state
      this.#narrowed = source;
      this.#narrower ??= new Narrower();
      this.#narrower.convert(packet, payloadOffset, payloadBytes, to, packet, payloadOffset);
    } else if (to === 'G722') {
      this.#widen(packet, payloadOffset, payloadBytes, from);
    } else {
      const table = conversionTable(from, to);
      if (table) convertInPlace(packet, payloadOffset, payloadBytes, table);
    }
  }

  #widen(bytes: Uint8Array, offset: number, count: number, from: G711Name): void {
    this.#widener ??= new Widener();
    this.#widener.convert(bytes, offset, count, from);
  }

  #repacketize(packet: Buffer, view: RtpView, payloadType: number, source: number, nowMs: number): void {
    if (this.#repacketizer?.from !== source) this.#repacketizer = new Repacketizer(source);
    this.#repacketizer.push(packet, view, this.#packetSamples, (cut, cutView, cutSource) =>
      this.stream.forward(cut, cutView, payloadType, cutSource, nowMs),
    );
  }

  /** The law in which beats are made; for a peer with G.722 they are widened at the end. */
  get #beatCodec(): G711Name {
    const codec = this.#remote?.codec;
    return codec === undefined || codec === 'G722' ? 'PCMU' : codec;
  }

  /** One beat of 20 ms. */
  tick(tick: number, bridged: boolean, nowMs: number): void {
    const remote = this.#remote;
    if (!remote) return;
    const maySend = this.maySend;
    const free = maySend && !this.events.busy;
    if (maySend && this.events.active) {
      this.events.tick(this.#eventFormat, (event, beat) => this.#sendTone(tick, event, beat, nowMs), nowMs);
    }
    // Time goes on for the player even while an event or a hold keeps it from being heard.
    const plays = this.#readPlayer(tick);
    if (!free) return;
    if (plays) this.#sendFrame(tick, nowMs);
    else if (this.#mix) this.#sendMix(this.#mix, tick, remote.codec, nowMs);
    else this.#sendSilence(tick, bridged, nowMs);
  }

  #readPlayer(tick: number): boolean {
    for (let player = this.#player; player; player = this.#player) {
      const slot = this.stream.prepareFrame();
      if (player.read(tick, this.#beatCodec, slot.buffer, slot.offset)) return true;
      this.play(undefined);
      this.#listener.playEnded(player.playId);
    }
    return false;
  }

  #sendMix(mix: FrameSource, tick: number, codec: CodecName, nowMs: number): void {
    const slot = this.stream.prepareFrame();
    mix.read(codec, slot.buffer, slot.offset);
    this.#sendEncoded(tick, nowMs);
  }

  #sendSilence(tick: number, bridged: boolean, nowMs: number): void {
    const remote = this.#remote;
    if (!remote || (bridged && this.stream.forwardedWithin(bridgeSilenceMs, nowMs))) return;
    const slot = this.stream.prepareFrame();
    slot.buffer.fill(silenceByte[this.#beatCodec], slot.offset, slot.offset + tickSamples);
    this.#sendFrame(tick, nowMs);
  }

  #sendTone(tick: number, event: number, beat: number, nowMs: number): void {
    const slot = this.stream.prepareFrame();
    fillDigitTone(
      event,
      beat * tickSamples,
      encodeTable[this.#beatCodec],
      slot.buffer,
      slot.offset,
      tickSamples,
    );
    this.#sendFrame(tick, nowMs);
  }

  /** Sends the beat just written in {@link #beatCodec}. */
  #sendFrame(tick: number, nowMs: number): void {
    if (this.#remote?.codec === 'G722') {
      const slot = this.stream.prepareFrame();
      this.#widen(slot.buffer, slot.offset, tickSamples, this.#beatCodec);
    }
    this.#sendEncoded(tick, nowMs);
  }

  #sendEncoded(tick: number, nowMs: number): void {
    const remote = this.#remote;
    if (!remote) return;
    this.stream.sendFrame(tick, remote.payloadType, this.#packetSamples, this.#talkspurt, nowMs);
    this.#talkspurt = false;
  }
}
