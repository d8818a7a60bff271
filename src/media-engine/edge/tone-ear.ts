/** Listens for digits that a peer sends as tones in its audio, because it has no telephone events. */
import type { CodecName } from '../../codec/media-control.ts';
import type { RtpView } from '../../codec/rtp.ts';
import { DtmfDetector } from '../dsp/dtmf-detector.ts';
import { Downsampler } from '../dsp/half-band.ts';
import { Playout } from './playout.ts';
import { tickSamples } from './ticker.ts';

/** After tones of ours this long passes before tones of the peer are no echo of them. */
const echoMs = 300;

export class ToneEar {
  readonly #playout = new Playout();
  readonly #detector: DtmfDetector;
  #wide: { down: Downsampler; samples: Int16Array } | undefined;
  #deafUntilMs = 0;
  #nowMs = 0;

  /** @param onDigit event code 0..15 and length, at the end of each press */
  constructor(onDigit: (event: number, durationMs: number) => void) {
    this.#detector = new DtmfDetector((event, durationMs) => {
      if (this.#nowMs >= this.#deafUntilMs) onDigit(event, durationMs);
    });
  }

  /** Takes a packet of the peer; it is copied. */
  hear(packet: Buffer, view: RtpView, codec: CodecName, nowMs: number): void {
    this.#playout.hear(packet, view, codec, nowMs);
  }

  hearNoise(packet: Buffer, view: RtpView, nowMs: number): void {
    this.#playout.hearNoise(packet, view, nowMs);
  }

  /** One beat. @param speaks the peer hears a tone of ours just now, and may send its echo */
  tick(tick: number, speaks: boolean, nowMs: number): void {
    this.#nowMs = nowMs;
    if (speaks) this.#deafUntilMs = nowMs + echoMs;
    const playout = this.#playout;
    if (!playout.read(tick)) return;
    if (playout.rateHz === 8000) {
      this.#detector.process(playout.samples, 0, tickSamples);
      return;
    }
    this.#wide ??= { down: new Downsampler(), samples: new Int16Array(tickSamples) };
    this.#wide.down.process(playout.samples, 0, 2 * tickSamples, this.#wide.samples, 0);
    this.#detector.process(this.#wide.samples, 0, tickSamples);
  }

  /** Nothing more comes: a press that goes on is told. */
  close(): void {
    this.#detector.reset();
  }
}
