/**
 * Networks as delays of packets sent every 20 ms, seeded so that each run is the same, and a virtual peer and
 * listener on both sides of a jitter buffer.
 */
import { encodeTable } from '../../src/codec/g711.ts';
import { createRtpView, parseRtp, rtpHeaderBytes, writeRtpHeader } from '../../src/codec/rtp.ts';
import type { JitterBuffer } from '../../src/media-engine/dsp/jitter-buffer.ts';
import { toneShare } from './sound.ts';

export type TraceKind = 'uniform' | 'wifi' | 'spike';
/** Delay of each packet, milliseconds; null: it is lost. */
export type JitterTrace = (number | null)[];

/** Numbers in 0..1, the same ones for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Makes a trace of `packets`. */
export function makeTrace(kind: TraceKind, seed: number, packets: number): JitterTrace {
  const random = seededRandom(seed);
  const trace = makers[kind](random, packets);
  return trace.map((delay) => (delay === null ? null : Math.round(delay * 10) / 10));
}

const makers: Record<TraceKind, (random: () => number, packets: number) => JitterTrace> = {
  /** Each packet for itself within 60 ms: packets overtake each other. */
  uniform: (random, packets) => Array.from({ length: packets }, () => 15 + 60 * random()),
  /** Short stalls while others have the air, then all at once; losses come in runs. */
  wifi(random, packets) {
    let stalledUntilMs = 0;
    let losing = false;
    return Array.from({ length: packets }, (_, n) => {
      const sentMs = n * 20;
      if (random() < 0.02) stalledUntilMs = Math.max(stalledUntilMs, sentMs + 30 + 90 * random());
      losing = losing ? random() < 0.5 : random() < 0.01;
      const delayMs = Math.max(stalledUntilMs - sentMs, 0) + 3 - 4 * Math.log(1 - random());
      return losing ? null : delayMs;
    });
  },
  /** Quiet, but for a queue that fills now and then and drains slowly, and one outage of a second. */
  spike(random, packets) {
    let queueMs = 0;
    return Array.from({ length: packets }, (_, n) => {
      if (n === Math.floor(packets / 2)) queueMs = 1000;
      else if (queueMs < 200 && random() < 0.004) queueMs = 100 + 80 * random();
      else queueMs = Math.max(0, queueMs - (queueMs > 200 ? 20 : 8));
      return 10 + 2 * random() + queueMs;
    });
  },
};

/** One packet of a virtual peer on its way. */
export interface SentPacket {
  arrivalMs: number;
  packet: Buffer;
}

export interface PeerOptions {
  trace: JitterTrace;
  /** The sample at each index, linear 16 bit. */
  sample: (index: number) => number;
  ptimeMs?: number;
  /** How much faster the peer's clock is than ours, millionths. */
  ppm?: number;
  startMs?: number;
  sequence?: number;
  timestamp?: number;
  ssrc?: number;
}

/** What a peer sends, µ-law, in order of arrival. */
export function sendThrough(options: PeerOptions): SentPacket[] {
  const { trace, sample, ptimeMs = 20, ppm = 0, startMs = 0 } = options;
  const { sequence = 100, timestamp = 5000, ssrc = 1 } = options;
  const units = ptimeMs * 8;
  const sent: SentPacket[] = [];
  for (const [n, delay] of trace.entries()) {
    if (delay === null) continue;
    const packet = Buffer.alloc(rtpHeaderBytes + units);
    writeRtpHeader(packet, 0, n === 0, 0, sequence + n, timestamp + n * units, ssrc);
    for (let i = 0; i < units; i++)
      packet[rtpHeaderBytes + i] = encodeTable.PCMU[sample(n * units + i) & 0xffff] as number;
    sent.push({ arrivalMs: startMs + (n * ptimeMs) / (1 + ppm / 1e6) + delay, packet });
  }
  return sent.sort((a, b) => a.arrivalMs - b.arrivalMs);
}

/** What came out, and how long it had waited. */
export interface Heard {
  samples: Int16Array;
  /** Delay and target before each beat, milliseconds. */
  delayMs: Float64Array;
  targetMs: Float64Array;
}

/** Plays packets through the buffer for `durationMs`; `phaseMs`: where arrivals lie between two beats. */
export function listenThrough(
  buffer: JitterBuffer,
  sent: readonly SentPacket[],
  durationMs: number,
  phaseMs = 7.3,
): Heard {
  const view = createRtpView();
  const beats = Math.floor(durationMs / 20);
  const samples = new Int16Array(beats * buffer.frameSamples);
  const delayMs = new Float64Array(beats);
  const targetMs = new Float64Array(beats);
  let next = 0;
  for (let beat = 0; beat < beats; beat++) {
    for (let packet = sent[next]; packet && packet.arrivalMs + phaseMs <= beat * 20; packet = sent[++next]) {
      if (parseRtp(packet.packet, view))
        buffer.insert(packet.packet, view, 'PCMU', packet.arrivalMs + phaseMs);
    }
    buffer.read(beat * 20, samples, beat * buffer.frameSamples);
    delayMs[beat] = buffer.delayMs;
    targetMs[beat] = buffer.targetMs;
  }
  return { samples, delayMs, targetMs };
}

/** A sine by its index, for a peer. */
export function toneSource(frequencyHz: number, peak = 8000): (index: number) => number {
  return (index) => Math.round(peak * Math.sin((2 * Math.PI * frequencyHz * index) / 8000));
}

/** How pure the tone is in each window of 25 ms, lowest first; silent windows count as 1. */
export function purities(samples: Int16Array, frequencyHz: number): number[] {
  const window = 200;
  const shares: number[] = [];
  for (let at = 0; at + window <= samples.length; at += window) {
    const part = samples.subarray(at, at + window);
    shares.push(part.every((sample) => sample === 0) ? 1 : toneShare(part, frequencyHz));
  }
  return shares.sort((a, b) => a - b);
}

/** The largest step between two samples, as a multiple of the steepest one of the sine. */
export function steepness(samples: Int16Array, frequencyHz: number, peak = 8000): number {
  let steepest = 0;
  for (let i = 1; i < samples.length; i++)
    steepest = Math.max(steepest, Math.abs((samples[i] as number) - (samples[i - 1] as number)));
  return steepest / (2 * peak * Math.sin((Math.PI * frequencyHz) / 8000));
}
