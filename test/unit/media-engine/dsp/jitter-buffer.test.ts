import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createRtpView, parseRtp, rtpHeaderBytes, writeRtpHeader } from '../../../../src/codec/rtp.ts';
import { JitterBuffer } from '../../../../src/media-engine/dsp/jitter-buffer.ts';
import {
  type JitterTrace,
  listenThrough,
  makeTrace,
  purities,
  type SentPacket,
  seededRandom,
  sendThrough,
  steepness,
  type TraceKind,
  toneSource,
} from '../../../support/jitter-trace.ts';
import { level, toneShare } from '../../../support/sound.ts';

const still = (packets: number): JitterTrace => new Array<number>(packets).fill(10);
const beatsOf = (packets: number, ptimeMs = 20): number => packets * ptimeMs - 100;
/** The share that the worst twentieth reaches. */
const worstTwentieth = (shares: number[]): number => shares[Math.floor(shares.length / 20)] as number;

interface Vector {
  kind: TraceKind;
  seed: number;
  packetMs: number;
  delaysMs: JitterTrace;
}

function vectorOf(kind: TraceKind): Vector {
  const file = new URL(`../../../vectors/jitter-${kind}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Vector;
}

describe('on a still network', () => {
  test.each([10, 20, 30, 40, 60])('packets of %i ms are played without any flaw', (ptimeMs) => {
    const buffer = new JitterBuffer('PCMU');
    const trace = still(12_000 / ptimeMs);
    const sent = sendThrough({ trace, sample: toneSource(1000), ptimeMs });
    const heard = listenThrough(buffer, sent, beatsOf(trace.length, ptimeMs));
    expect(buffer.stats).toMatchObject({ concealedMs: 0, late: 0, duplicates: 0, skippedMs: 0, anchors: 1 });
    expect(steepness(heard.samples, 1000)).toBeLessThan(1.05);
    expect(purities(heard.samples.subarray(800), 1000)[0]).toBeGreaterThan(0.9);
    // It begins careful and then comes down to the least there is.
    expect(Math.max(...heard.delayMs)).toBeLessThan(45);
    expect(heard.delayMs.at(-1)).toBeLessThan(32);
    expect(heard.delayMs.at(-1)).toBeGreaterThanOrEqual(20);
  });

  test('before the first packet there is silence, and the buffer says so', () => {
    const buffer = new JitterBuffer('PCMA');
    const frame = new Int16Array(160).fill(1);
    expect(buffer.read(0, frame, 0)).toBe(false);
    expect(frame.every((sample) => sample === 0)).toBe(true);
  });
});

describe('recorded-like traces', () => {
  test.each(['uniform', 'wifi', 'spike'] as const)('the stored %s trace is what its seed makes', (kind) => {
    const vector = vectorOf(kind);
    expect(makeTrace(vector.kind, vector.seed, vector.delaysMs.length)).toEqual(vector.delaysMs);
  });

  test.each([
    // Reordering alone costs nothing once the delay has been found.
    { kind: 'uniform', concealedMs: 60, delayMs: 90 },
    { kind: 'wifi', concealedMs: 1200, delayMs: 160 },
    { kind: 'spike', concealedMs: 1700, delayMs: 200 },
  ] as const)('$kind: no click, little made up, a bounded delay', ({ kind, concealedMs, delayMs }) => {
    const { delaysMs } = vectorOf(kind);
    const buffer = new JitterBuffer('PCMU');
    const sent = sendThrough({ trace: delaysMs, sample: toneSource(440) });
    const heard = listenThrough(buffer, sent, beatsOf(delaysMs.length));
    expect(steepness(heard.samples, 440)).toBeLessThan(1.25);
    expect(worstTwentieth(purities(heard.samples.subarray(1600), 440))).toBeGreaterThan(0.9);
    expect(buffer.stats.concealedMs).toBeLessThan(concealedMs);
    const settled = heard.delayMs.subarray(100).toSorted();
    expect(settled[settled.length >> 1]).toBeLessThan(delayMs);
    expect(settled.at(-1)).toBeLessThan(245);
  });

  test('a late packet raises the delay at once, and a quiet network lowers it slowly', () => {
    const trace = still(2000);
    for (let n = 300; n < 306; n++) trace[n] = 10 + 120 - (n - 300) * 20;
    const buffer = new JitterBuffer('PCMU');
    const heard = listenThrough(buffer, sendThrough({ trace, sample: toneSource(440) }), beatsOf(2000));
    expect(heard.delayMs[295]).toBeLessThan(35);
    expect(heard.delayMs[308]).toBeGreaterThan(115);
    expect(heard.delayMs[308]).toBeLessThan(150);
    expect(buffer.stats.late).toBe(0);
    for (let beat = 320; beat < 1900; beat++) {
      const fall = (heard.delayMs[beat - 1] as number) - (heard.delayMs[beat] as number);
      expect(fall).toBeLessThan(0.2); // one unit, and what the estimate moves
    }
    expect(heard.delayMs.at(-1)).toBeLessThan(35);
  });

  test('while it is quiet the delay falls in pieces, within a second', () => {
    const trace = still(1000);
    for (let n = 300; n < 306; n++) trace[n] = 10 + 120 - (n - 300) * 20;
    const random = seededRandom(5);
    // Faint noise of a room: nothing that anybody would miss.
    const sample = (): number => Math.round(16 * (random() - 0.5));
    const heard = listenThrough(new JitterBuffer('PCMU'), sendThrough({ trace, sample }), beatsOf(1000));
    const falls = Array.from(
      heard.delayMs.subarray(310),
      (delay, n) => (heard.delayMs[n + 309] as number) - delay,
    );
    expect(Math.max(...falls)).toBeGreaterThan(5);
  });
});

describe('clocks', () => {
  /** 1000 Hz by table: an hour of it is 28.8 million samples. */
  const table = Array.from({ length: 8 }, (_, i) => toneSource(1000)(i));
  const tone = (index: number): number => table[index % 8] as number;

  test.each([200, -200])(
    'an hour with a clock off by %i ppm: no click, no loss, the same delay',
    (ppm) => {
      const random = seededRandom(11);
      const packets = 180_000;
      const trace = Array.from({ length: packets }, () => 10 + 4 * random());
      const buffer = new JitterBuffer('PCMU');
      const heard = listenThrough(buffer, sendThrough({ trace, sample: tone, ppm }), 3_599_000);
      // The first second has the beginning, in which the delay is found.
      const settled = heard.samples.subarray(160_000);
      expect(steepness(settled, 1000)).toBeLessThan(1.05);
      expect(purities(settled, 1000)[0]).toBeGreaterThan(0.9);
      expect(buffer.stats).toMatchObject({ concealedMs: 0, late: 0, skippedMs: 0, anchors: 1 });
      // 200 ppm of an hour are 720 ms: 5760 units, taken out or put in one by one.
      expect(Math.abs(buffer.stats.stretchedUnits - Math.sign(ppm) * 5760)).toBeLessThan(250);
      const delays = heard.delayMs.subarray(2000).toSorted();
      expect(delays.at(-1)).toBeLessThan(45);
      expect(delays[0]).toBeGreaterThan(20);
    },
    60_000,
  );
});

describe('losses', () => {
  /** One loss of `packets` in the middle of a tone. */
  function lose(packets: number, frequencyHz = 440): { heard: Int16Array; buffer: JitterBuffer } {
    const trace = still(600);
    for (let n = 500; n < 500 + packets; n++) trace[n] = null;
    const buffer = new JitterBuffer('PCMU');
    const sent = sendThrough({ trace, sample: toneSource(frequencyHz) });
    return { heard: listenThrough(buffer, sent, beatsOf(600)).samples, buffer };
  }

  test.each([200, 440, 1000, 2500])('a lost packet of a %i Hz tone is not heard', (frequencyHz) => {
    const { heard, buffer } = lose(1, frequencyHz);
    expect(buffer.stats.concealedMs).toBe(20);
    expect(steepness(heard, frequencyHz)).toBeLessThan(1.25);
    const around = heard.subarray(498 * 160, 506 * 160);
    expect(toneShare(around, frequencyHz)).toBeGreaterThan(0.9);
    for (let at = 0; at < around.length; at += 80)
      expect(level(around.subarray(at, at + 80))).toBeGreaterThan(0.13);
  });

  test('a long loss fades within 60 ms to the background and returns without a click', () => {
    const { heard, buffer } = lose(15);
    expect(buffer.stats.concealedMs).toBeGreaterThan(280);
    expect(buffer.stats.concealedMs).toBeLessThan(320);
    expect(steepness(heard, 440)).toBeLessThan(1.25);
    const levels = Array.from({ length: 30 }, (_, n) =>
      level(heard.subarray((498 + n) * 160, (499 + n) * 160)),
    );
    expect(levels.filter((value) => value < 0.005).length).toBeGreaterThanOrEqual(10);
    expect(levels.at(-1)).toBeGreaterThan(0.15);
  });

  test('duplicates, a turn of the sequence and of the timestamp are not heard', () => {
    const buffer = new JitterBuffer('PCMU');
    const sent = sendThrough({
      trace: still(300),
      sample: toneSource(1000),
      sequence: 65_400,
      timestamp: 0x1_0000_0000 - 20_000,
    });
    const twice = sent.flatMap((packet) => [packet, { ...packet, arrivalMs: packet.arrivalMs + 1 }]);
    const late = sent.slice(0, 200).map((packet) => ({ ...packet, arrivalMs: packet.arrivalMs + 300 }));
    const all = [...twice, ...late].sort((a, b) => a.arrivalMs - b.arrivalMs);
    const heard = listenThrough(buffer, all, beatsOf(300));
    expect(buffer.stats).toMatchObject({ concealedMs: 0, late: 0, anchors: 1 });
    expect(buffer.stats.duplicates).toBeGreaterThan(480);
    expect(steepness(heard.samples, 1000)).toBeLessThan(1.05);
  });
});

describe('other timelines', () => {
  const first = sendThrough({ trace: still(100), sample: toneSource(440) });
  const later = (changes: Partial<Parameters<typeof sendThrough>[0]>): SentPacket[] =>
    sendThrough({
      trace: still(100),
      sample: toneSource(440),
      startMs: 2000,
      sequence: 200,
      timestamp: 21_000,
      ...changes,
    });

  test.each([
    ['another SSRC with numbers of its own', { ssrc: 2, sequence: 40_000, timestamp: 77 }],
    ['a timestamp that jumps ahead', { timestamp: 900_000_000 }],
    ['a timestamp that falls back by an hour', { timestamp: (21_000 - 28_800_000) >>> 0 }],
    ['a timestamp that falls back by half a second', { timestamp: 17_000 }],
    ['a sequence that jumps', { sequence: 30_000 }],
    ['a pause of half an hour', { startMs: 2_000 + 9_000, sequence: 210 }],
  ] satisfies [string, Partial<Parameters<typeof sendThrough>[0]>][])(
    '%s is followed within a quarter of a second',
    (_, changes: Partial<Parameters<typeof sendThrough>[0]>) => {
      const buffer = new JitterBuffer('PCMU');
      const startMs = changes.startMs ?? 2000;
      const second = later(changes);
      // No marker: the hardest case.
      for (const { packet } of second) packet[1] = (packet[1] as number) & 0x7f;
      const { samples } = listenThrough(buffer, [...first, ...second], startMs + 1900);
      expect(steepness(samples, 440)).toBeLessThan(1.3);
      const from = ((startMs + 260) / 20) * 160;
      expect(purities(samples.subarray(from), 440)[0]).toBeGreaterThan(0.9);
      expect(level(samples.subarray(from))).toBeGreaterThan(0.15);
    },
  );

  test('one odd packet does not disturb the stream', () => {
    const buffer = new JitterBuffer('PCMU');
    const odd = Buffer.alloc(rtpHeaderBytes + 160, 0x80);
    writeRtpHeader(odd, 0, false, 0, 9999, 123_456_789, 1);
    const packets = [...first, { arrivalMs: 1005, packet: odd }].sort((a, b) => a.arrivalMs - b.arrivalMs);
    const { samples } = listenThrough(buffer, packets, 1900);
    expect(buffer.stats).toMatchObject({ anchors: 1, concealedMs: 0 });
    expect(steepness(samples, 440)).toBeLessThan(1.1);
  });
});

describe('pauses', () => {
  /** Talks a second, pauses a second (timestamps go on, sequence does not), talks again. */
  function talkPauseTalk(noise: boolean): { samples: Int16Array; buffer: JitterBuffer } {
    const buffer = new JitterBuffer('PCMU');
    const one = sendThrough({ trace: still(50), sample: toneSource(440) });
    const two = sendThrough({
      trace: still(50),
      sample: toneSource(440),
      startMs: 2000,
      sequence: noise ? 151 : 150,
      timestamp: 5000 + 16_000,
    });
    const view = createRtpView();
    const samples = new Int16Array(145 * 160);
    const packets = [...one, ...two];
    let next = 0;
    for (let beat = 0; beat < 145; beat++) {
      for (let sent = packets[next]; sent && sent.arrivalMs <= beat * 20; sent = packets[++next]) {
        parseRtp(sent.packet, view);
        buffer.insert(sent.packet, view, 'PCMU', sent.arrivalMs);
        if (noise && next === 49) {
          // Comfort noise of -40 dBov, RFC 3389.
          const packet = Buffer.alloc(rtpHeaderBytes + 1, 40);
          writeRtpHeader(packet, 0, false, 13, 150, 5000 + 50 * 160, 1);
          parseRtp(packet, view);
          buffer.insert(packet, view, 'noise', sent.arrivalMs + 1);
        }
      }
      buffer.read(beat * 20, samples, beat * 160);
    }
    return { samples, buffer };
  }

  test('a peer that sends nothing while it is silent has lost nothing', () => {
    const { samples, buffer } = talkPauseTalk(false);
    expect(buffer.stats).toMatchObject({ concealedMs: 0, late: 0, anchors: 1 });
    expect(level(samples.subarray(70 * 160, 95 * 160))).toBeLessThan(0.004);
    expect(steepness(samples, 440)).toBeLessThan(1.25);
    expect(purities(samples.subarray(105 * 160), 440)[0]).toBeGreaterThan(0.98);
  });

  test('comfort noise is heard at the level that the peer names', () => {
    const { samples, buffer } = talkPauseTalk(true);
    expect(buffer.stats.concealedMs).toBe(0);
    const pause = samples.subarray(70 * 160, 95 * 160);
    expect(20 * Math.log10(level(pause))).toBeGreaterThan(-44);
    expect(20 * Math.log10(level(pause))).toBeLessThan(-36);
    expect(toneShare(pause, 440)).toBeLessThan(0.05);
  });
});

test('whatever packets come, a beat is always made and the delay stays bounded', () => {
  const random = seededRandom(2024);
  const buffer = new JitterBuffer('PCMU');
  const view = createRtpView();
  const frame = new Int16Array(160);
  for (let beat = 0; beat < 3000; beat++) {
    for (let n = Math.floor(random() * 4); n > 0; n--) {
      const packet = Buffer.alloc(rtpHeaderBytes + Math.floor(random() * 1000), Math.floor(random() * 256));
      const wild = random() < 0.1;
      const sequence = wild ? random() * 65_536 : beat + random() * 10;
      const timestamp = wild ? random() * 2 ** 32 : beat * 160 + random() * 1000;
      writeRtpHeader(packet, 0, random() < 0.1, 0, sequence, timestamp, random() < 0.01 ? beat : 1);
      parseRtp(packet, view);
      buffer.insert(packet, view, random() < 0.05 ? 'noise' : 'PCMA', beat * 20 - random() * 20);
    }
    buffer.read(beat * 20, frame, 0);
    expect(buffer.targetMs).toBeLessThanOrEqual(200);
  }
});
