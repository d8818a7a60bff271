/**
 * Where a packet belongs: sequence numbers and timestamps unwrapped, its transit measured, and the beginning of
 * another timeline (new SSRC, a jump of either number, a long pause) told from one odd packet.
 */
import { type RtpView, sequenceDelta, timestampDelta } from '../../codec/rtp.ts';
import { unitsPerMs } from './audio-codec.ts';
import type { DelayEstimator } from './delay-estimator.ts';
import { storeSlots } from './packet-store.ts';

/** Nothing can come so early or so late by the network alone. */
const earlyJumpMs = 1000;
const lateJumpMs = 2000;
/** After such a silence the clocks are compared anew. */
const longSilenceMs = 8000;
/** So many packets, each as late as the one before, are a timeline of their own and no congestion. */
const steadyLatePackets = 5;
const steadyMs = 15;
/** Two packets that follow each other this closely confirm a jump. */
const followUnits = 8000;

export class StreamTimeline {
  readonly #delay: DelayEstimator;
  readonly #maxDelayMs: number;
  known = false;
  #ssrc = 0;
  #highestTimestamp = 0;
  #arrivedMs = 0;
  #transitMs = 0;
  #steadyLate = 0;
  #suspectSequence = -1;
  #suspectTimestamp = 0;
  /** Of the packet just placed, unwrapped. */
  sequence = 0;
  timestamp = 0;
  /** Its delay over the fastest packets. */
  delayMs = 0;
  highestSequence = 0;

  constructor(delay: DelayEstimator, maxDelayMs: number) {
    this.#delay = delay;
    this.#maxDelayMs = maxDelayMs;
  }

  /** Places a packet. `suspect`: it fits nowhere, and the next one will tell. */
  place(view: RtpView, arrivalMs: number): 'placed' | 'anchored' | 'suspect' {
    if (!this.known || view.ssrc !== this.#ssrc || arrivalMs - this.#arrivedMs > longSilenceMs) {
      return this.#anchor(view, arrivalMs);
    }
    const ahead = sequenceDelta(view.sequence, this.highestSequence);
    const timestamp = this.#highestTimestamp + timestampDelta(view.timestamp, this.#highestTimestamp);
    const transitMs = arrivalMs - timestamp / unitsPerMs;
    if (this.#jumps(ahead, transitMs)) {
      if (view.marker || this.#confirms(view)) return this.#anchor(view, arrivalMs);
      this.#suspectSequence = view.sequence;
      this.#suspectTimestamp = view.timestamp;
      return 'suspect';
    }
    this.#arrivedMs = arrivalMs;
    this.sequence = this.highestSequence + ahead;
    this.timestamp = timestamp;
    this.delayMs = this.#delay.observe(transitMs, arrivalMs);
    const isSteadyLate =
      this.delayMs > this.#maxDelayMs && Math.abs(transitMs - this.#transitMs) < steadyMs && ahead === 1;
    this.#steadyLate = isSteadyLate ? this.#steadyLate + 1 : 0;
    this.#transitMs = transitMs;
    if (this.#steadyLate >= steadyLatePackets) return this.#anchor(view, arrivalMs);
    if (ahead > 0) {
      this.highestSequence = this.sequence;
      this.#highestTimestamp = timestamp;
    }
    return 'placed';
  }

  #jumps(ahead: number, transitMs: number): boolean {
    const offMs = transitMs - this.#delay.baseMs;
    return Math.abs(ahead) >= storeSlots || offMs < -earlyJumpMs || offMs > lateJumpMs;
  }

  #confirms(view: RtpView): boolean {
    return (
      this.#suspectSequence >= 0 &&
      sequenceDelta(view.sequence, this.#suspectSequence) === 1 &&
      Math.abs(timestampDelta(view.timestamp, this.#suspectTimestamp)) < followUnits
    );
  }

  #anchor(view: RtpView, arrivalMs: number): 'anchored' {
    this.known = true;
    this.#ssrc = view.ssrc;
    // One turn up, so that what straggles in from before stays above zero.
    this.sequence = view.sequence + 0x1_0000;
    this.timestamp = view.timestamp + 0x1_0000_0000;
    this.highestSequence = this.sequence;
    this.#highestTimestamp = this.timestamp;
    this.delayMs = 0;
    this.#arrivedMs = arrivalMs;
    this.#steadyLate = 0;
    this.#suspectSequence = -1;
    this.#transitMs = arrivalMs - this.timestamp / unitsPerMs;
    this.#delay.rebase(this.#transitMs, arrivalMs);
    return 'anchored';
  }
}
