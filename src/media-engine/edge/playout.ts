/** What a peer says: packets in, beats of linear samples out, from behind a jitter buffer. */
import type { CodecName } from '../../codec/media-control.ts';
import type { RtpView } from '../../codec/rtp.ts';
import { rateOf, type SampleRateHz } from '../dsp/audio-codec.ts';
import { JitterBuffer } from '../dsp/jitter-buffer.ts';
import { tickMs } from './ticker.ts';

export class Playout {
  /** The beat read last: 160 samples, or 320 at 16 kHz. */
  readonly samples = new Int16Array(320);
  #buffer: JitterBuffer | undefined;

  get rateHz(): SampleRateHz {
    return this.#buffer?.rateHz ?? 8000;
  }

  /** Takes a packet; it is copied. */
  hear(packet: Buffer, view: RtpView, codec: CodecName, nowMs: number): void {
    if (this.#buffer?.rateHz !== rateOf(codec)) this.#buffer = new JitterBuffer(codec);
    this.#buffer.insert(packet, view, codec, nowMs);
  }

  /** Takes a packet of comfort noise. */
  hearNoise(packet: Buffer, view: RtpView, nowMs: number): void {
    this.#buffer?.insert(packet, view, 'noise', nowMs);
  }

  /** Reads the next beat into {@link samples}; false, with nothing written, before the first packet. */
  read(tick: number): boolean {
    return this.#buffer?.read(tick * tickMs, this.samples, 0) ?? false;
  }
}
