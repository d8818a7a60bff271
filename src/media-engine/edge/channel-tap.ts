/**
 * One channel of a recording: what one peer says, placed on the box's monotonic clock. The first packet is
 * anchored by its arrival, the next ones by their RTP timestamps, so that network jitter does not chop the sound;
 * the source's clock is compared with ours all the time and slewed back by single samples before it is 20 ms off.
 * Where nothing arrived there is silence.
 */
import { conversionTable, silenceByte } from '../../codec/g711.ts';
import type { CodecName } from '../../codec/media-control.ts';
import { type RtpView, timestampDelta } from '../../codec/rtp.ts';
import { Narrower } from '../dsp/transcoder.ts';
import type { AudioTap } from './edge-leg.ts';

/** Samples are handed over this often. */
export const flushIntervalMs = 400;
/** Packets that come later than this have missed their place. */
export const lateLimitMs = 200;
/** Ring of 2 s: what may lie between two flushes, the late limit and a source ahead of time. */
const ringSamples = 16_384;
/** Slew when off by more than 10 ms, so that 20 ms are never reached. */
const slewFromSamples = 80;
/** This late (200 ms) and still so after some packets, it is no stall of the network but a clock that stood still. */
const lateJumpSamples = 1600;
const lateJumpPackets = 5;
/** This late (1.5 s) it is a new timeline at once. */
const farJumpSamples = 12_000;
/** Timestamps up to this far behind the latest are packets out of order (1 s). */
const stragglerSamples = 8000;
/** Nothing can come early: 20 ms before its place means that the anchor was a delayed packet. */
const earlyJumpSamples = 160;
/** A new talkspurt may find its place anew, with nothing to be torn. */
const talkspurtJumpSamples = 160;
/** The longest payload of G.722 that is looked at (120 ms). */
const maxNarrowed = 960;
/** The least delayed packet of this many tells the true offset, whatever the jitter. */
const windowPackets = 50;

export class ChannelTap implements AudioTap {
  readonly #startMs: number;
  readonly #ring = new Uint8Array(ringSamples).fill(silenceByte.PCMU);
  /** First sample not yet handed over. */
  #head = 0;
  /** For a peer that speaks G.722. */
  #narrower: { decoder: Narrower; bytes: Uint8Array } | undefined;
  #anchored = false;
  #ssrc = 0;
  #anchorTimestamp = 0;
  #latestTimestamp = 0;
  #lateRun = 0;
  #anchorSample = 0;
  /** Least offset (arrival less place) in the running window, samples. */
  #windowMin = Number.POSITIVE_INFINITY;
  #windowCount = 0;
  /** Samples still to be slewed: above 0 the sound must move later. */
  #slew = 0;

  /** @param startMs monotonic time of sample 0 */
  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  place(packet: Buffer, view: RtpView, codec: CodecName, nowMs: number): void {
    const arrival = Math.round((nowMs - this.#startMs) * 8);
    let at = this.#anchorSample + timestampDelta(view.timestamp, this.#anchorTimestamp);
    const off = arrival - at;
    const ahead = timestampDelta(view.timestamp, this.#latestTimestamp);
    const straggles = ahead <= 0 && ahead > -stragglerSamples && view.ssrc === this.#ssrc;
    if (
      !this.#anchored ||
      view.ssrc !== this.#ssrc ||
      (!straggles && this.#isNewTimeline(off, view.marker))
    ) {
      this.#anchor(view, arrival);
      at = arrival;
    } else if (!straggles) {
      at = this.#follow(view.timestamp, at, off);
    }
    if (!straggles) this.#latestTimestamp = view.timestamp;
    if (codec === 'G722') this.#writeNarrowed(packet, view, at);
    else this.#write(packet, view.payloadOffset, view.payloadBytes, conversionTable(codec, 'PCMU'), at);
  }

  /** What is settled by now: everything up to the late limit. */
  take(nowMs: number): Uint8Array<ArrayBuffer> {
    return this.#takeUntil(Math.floor((nowMs - lateLimitMs - this.#startMs) * 8));
  }

  /** Everything up to this moment. */
  finish(nowMs: number): Uint8Array<ArrayBuffer> {
    return this.#takeUntil(Math.floor((nowMs - this.#startMs) * 8));
  }

  #takeUntil(end: number): Uint8Array<ArrayBuffer> {
    const count = Math.max(0, end - this.#head);
    const samples = new Uint8Array(count);
    for (let done = 0; done < count; ) {
      const from = this.#head % ringSamples;
      const run = Math.min(count - done, ringSamples - from);
      samples.set(this.#ring.subarray(from, from + run), done);
      this.#ring.fill(silenceByte.PCMU, from, from + run);
      this.#head += run;
      done += run;
    }
    return samples;
  }

  /** Whether a packet so far off its place means that its place is another, not that the network was slow. */
  #isNewTimeline(off: number, marker: boolean): boolean {
    this.#lateRun = off > lateJumpSamples ? this.#lateRun + 1 : 0;
    return (
      off < -earlyJumpSamples ||
      off > farJumpSamples ||
      (marker && off > talkspurtJumpSamples) ||
      this.#lateRun >= lateJumpPackets
    );
  }

  #anchor(view: RtpView, arrival: number): void {
    this.#anchored = true;
    this.#ssrc = view.ssrc;
    this.#anchorTimestamp = view.timestamp;
    this.#anchorSample = arrival;
    this.#windowMin = Number.POSITIVE_INFINITY;
    this.#windowCount = 0;
    this.#slew = 0;
    this.#lateRun = 0;
  }

  /** Watches the drift and takes a sample of it out of, or puts one into, the joint before this packet. */
  #follow(timestamp: number, at: number, off: number): number {
    if (this.#slew === 0) {
      if (off < this.#windowMin) this.#windowMin = off;
      if (++this.#windowCount < windowPackets) return at;
      if (Math.abs(this.#windowMin) > slewFromSamples) this.#slew = this.#windowMin;
      this.#windowMin = Number.POSITIVE_INFINITY;
      this.#windowCount = 0;
      if (this.#slew === 0) return at;
    }
    const step = Math.sign(this.#slew);
    this.#slew -= step;
    this.#anchorTimestamp = timestamp;
    this.#anchorSample = at + step;
    if (step > 0) this.#repeatSampleBefore(at);
    return at + step;
  }

  /** Fills the gap of one sample that moving later leaves. */
  #repeatSampleBefore(at: number): void {
    if (at <= this.#head || at >= this.#head + ringSamples) return;
    this.#ring[at % ringSamples] = this.#ring[(at - 1) % ringSamples] as number;
  }

  /** The packet itself stays as it is: others want it too. */
  #writeNarrowed(packet: Buffer, view: RtpView, at: number): void {
    this.#narrower ??= { decoder: new Narrower(), bytes: new Uint8Array(maxNarrowed) };
    const { decoder, bytes } = this.#narrower;
    const count = Math.min(view.payloadBytes, maxNarrowed);
    decoder.convert(packet, view.payloadOffset, count, 'PCMU', bytes, 0);
    this.#write(bytes, 0, count, null, at);
  }

  #write(packet: Uint8Array, offset: number, count: number, table: Uint8Array | null, at: number): void {
    const skip = Math.max(0, this.#head - at);
    const end = Math.min(count, this.#head + ringSamples - at);
    for (let i = skip; i < end; i++) {
      const code = packet[offset + i] as number;
      this.#ring[(at + i) % ringSamples] = table ? (table[code] as number) : code;
    }
  }
}
