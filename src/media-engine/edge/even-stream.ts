/**
 * What a peer from afar says on its way to a trunk: the network's jitter ends here, what it lost is concealed and
 * its clock becomes ours, because nobody behind the trunk expects any of it.
 */
import type { CodecName } from '../../codec/media-control.ts';
import type { RtpView } from '../../codec/rtp.ts';
import { PacketEncoder, rateOf } from '../dsp/audio-codec.ts';
import { Downsampler, Upsampler } from '../dsp/half-band.ts';
import type { FrameSource } from './leg-output.ts';
import { Playout } from './playout.ts';
import { tickSamples } from './ticker.ts';

export class EvenStream implements FrameSource {
  readonly #playout = new Playout();
  readonly #encoder = new PacketEncoder();
  /** For legs of different rates, with the beat at the other rate. */
  #resampler: { down: Downsampler; up: Upsampler; samples: Int16Array } | undefined;

  /** Takes a packet; it is copied. */
  hear(packet: Buffer, view: RtpView, codec: CodecName, nowMs: number): void {
    this.#playout.hear(packet, view, codec, nowMs);
  }

  hearNoise(packet: Buffer, view: RtpView, nowMs: number): void {
    this.#playout.hearNoise(packet, view, nowMs);
  }

  /** To be called every beat, whether or not it will be heard: time goes on for what waits. */
  advance(tick: number): void {
    this.#playout.read(tick);
  }

  read(codec: CodecName, into: Uint8Array, offset: number): void {
    this.#encoder.encode(codec, this.#samplesAt(rateOf(codec)), 0, tickSamples, into, offset);
  }

  #samplesAt(rateHz: number): Int16Array {
    const { samples, rateHz: hasHz } = this.#playout;
    if (hasHz === rateHz) return samples;
    this.#resampler ??= {
      down: new Downsampler(),
      up: new Upsampler(),
      samples: new Int16Array(2 * tickSamples),
    };
    const { down, up, samples: resampled } = this.#resampler;
    if (rateHz === 8000) down.process(samples, 0, 2 * tickSamples, resampled, 0);
    else up.process(samples, 0, tickSamples, resampled, 0);
    return resampled;
  }
}
