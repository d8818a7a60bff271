/**
 * A leg's place in a mix: its packets go through a jitter buffer to the mixer, what it is to hear comes back as
 * beats in its own codec.
 */
import type { CodecName } from '../../codec/media-control.ts';
import { type RtpView, rtpHeaderBytes, writeRtpHeader } from '../../codec/rtp.ts';
import { PacketEncoder, rateOf } from '../dsp/audio-codec.ts';
import { Downsampler, Upsampler } from '../dsp/half-band.ts';
import { JitterBuffer } from '../dsp/jitter-buffer.ts';
import { type MixParty, mixSamples } from '../dsp/mixer.ts';
import type { BridgePeer } from './edge-leg.ts';
import type { FrameSource } from './leg-output.ts';
import { tickMs } from './ticker.ts';

export class MixPort implements BridgePeer, FrameSource {
  readonly party: MixParty;
  #codec: CodecName = 'PCMU';
  #buffer: JitterBuffer | undefined;
  readonly #encoder = new PacketEncoder();
  #wide: { samples: Int16Array; down: Downsampler; up: Upsampler } | undefined;

  constructor(party: MixParty) {
    this.party = party;
  }

  /** The codec its peer speaks. */
  get codec(): CodecName {
    return this.#codec;
  }

  hear(packet: Buffer, view: RtpView, codec: CodecName, _source: number, nowMs: number): void {
    this.#codec = codec;
    if (this.#buffer?.rateHz !== rateOf(codec)) this.#buffer = new JitterBuffer(codec);
    this.#buffer.insert(packet, view, codec, nowMs);
  }

  hearNoise(packet: Buffer, view: RtpView, nowMs: number): void {
    this.#buffer?.insert(packet, view, 'noise', nowMs);
  }

  /** Keys are told by notice; a mix carries audio alone. */
  beginEvent(): void {}

  endEvent(): void {}

  /** Before the beat is mixed: what the peer says in it. */
  listen(tick: number): void {
    const buffer = this.#buffer;
    const { party } = this;
    if (!buffer) party.speaks = false;
    else if (buffer.rateHz === 8000) party.speaks = buffer.read(tick * tickMs, party.input, 0);
    else {
      const wide = this.#wideband();
      party.speaks = buffer.read(tick * tickMs, wide.samples, 0);
      wide.down.process(wide.samples, 0, 2 * mixSamples, party.input, 0);
    }
  }

  /** After the beat was mixed: what the peer hears in it. */
  read(codec: CodecName, into: Uint8Array, offset: number): void {
    const { output } = this.party;
    if (rateOf(codec) === 8000) {
      this.#encoder.encode(codec, output, 0, mixSamples, into, offset);
      return;
    }
    const wide = this.#wideband();
    wide.up.process(output, 0, mixSamples, wide.samples, 0);
    this.#encoder.encode(codec, wide.samples, 0, mixSamples, into, offset);
  }

  #wideband(): { samples: Int16Array; down: Downsampler; up: Upsampler } {
    this.#wide ??= {
      samples: new Int16Array(2 * mixSamples),
      down: new Downsampler(),
      up: new Upsampler(),
    };
    return this.#wide;
  }
}

/** Carries what a port hears to its leg on another thread, as packets like those of any bridge. */
export class MixSender {
  readonly #port: MixPort;
  readonly #peer: BridgePeer;
  readonly #source: number;
  #sequence = 0;

  /** @param options.source names the stream for the leg's output */
  constructor(options: { port: MixPort; peer: BridgePeer; source: number }) {
    this.#port = options.port;
    this.#peer = options.peer;
    this.#source = options.source;
  }

  send(tick: number, view: RtpView, nowMs: number): void {
    const { codec } = this.#port;
    const packet = Buffer.alloc(rtpHeaderBytes + mixSamples);
    writeRtpHeader(packet, 0, this.#sequence === 0, 0, this.#sequence, tick * mixSamples, this.#source);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#port.read(codec, packet, rtpHeaderBytes);
    this.#peer.hear(packet, view, codec, this.#source, nowMs);
  }
}
