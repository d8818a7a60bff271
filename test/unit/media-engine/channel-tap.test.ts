import { describe, expect, test } from 'vitest';
import { decodeG711, encodeG711, silenceByte } from '../../../src/codec/g711.ts';
import { G722Encoder } from '../../../src/codec/g722.ts';
import type { CodecName } from '../../../src/codec/media-control.ts';
import { createRtpView, parseRtp, writeRtpHeader } from '../../../src/codec/rtp.ts';
import { ChannelTap, flushIntervalMs, lateLimitMs } from '../../../src/media-engine/edge/channel-tap.ts';
import { toneShare } from '../../support/sound.ts';

const view = createRtpView();

function place(
  tap: ChannelTap,
  packet: {
    timestamp: number;
    atMs: number;
    fill?: number;
    payload?: Uint8Array;
    marker?: boolean;
    ssrc?: number;
  },
  codec: CodecName = 'PCMU',
): void {
  const payload = packet.payload ?? Buffer.alloc(160, packet.fill ?? 1);
  const bytes = Buffer.alloc(12 + payload.length);
  writeRtpHeader(bytes, 0, packet.marker ?? false, 0, 0, packet.timestamp, packet.ssrc ?? 7);
  bytes.set(payload, 12);
  parseRtp(bytes, view);
  tap.place(bytes, view, codec, packet.atMs);
}

/** Where runs of sound begin and end, in samples. */
function runs(samples: Uint8Array): [number, number][] {
  const found: [number, number][] = [];
  let start = -1;
  for (let at = 0; at <= samples.length; at++) {
    const sounds = at < samples.length && samples[at] !== silenceByte.PCMU;
    if (sounds && start < 0) start = at;
    if (!sounds && start >= 0) {
      found.push([start, at]);
      start = -1;
    }
  }
  return found;
}

describe('a channel of a recording', () => {
  test('has silence until the first packet, which lies where it arrived', () => {
    const tap = new ChannelTap(1000);
    place(tap, { timestamp: 5555, atMs: 1100 });
    expect(runs(tap.finish(1200))).toEqual([[800, 960]]);
  });

  test('has no gap though packets arrive unevenly', () => {
    const tap = new ChannelTap(0);
    for (const [n, late] of [0, 12, 3, 17, 0, 9].entries()) {
      place(tap, { timestamp: n * 160, atMs: 100 + n * 20 + late });
    }
    expect(runs(tap.finish(400))).toEqual([[800, 800 + 6 * 160]]);
  });

  test('has G.722 as narrow-band sound in its place, and leaves the packets as they were', () => {
    const tap = new ChannelTap(0);
    const samples = Int16Array.from({ length: 16_000 }, (_, at) =>
      Math.round(8000 * Math.sin((2 * Math.PI * 1000 * at) / 16_000)),
    );
    const encoded = new Uint8Array(8000);
    new G722Encoder().encode(samples, 0, 16_000, encoded, 0);
    const before = encoded.slice();
    for (let n = 0; n < 50; n++) {
      if (n === 30) continue;
      const payload = encoded.subarray(n * 160, (n + 1) * 160);
      place(tap, { timestamp: n * 160, atMs: n * 20, payload }, 'G722');
    }
    expect(encoded).toEqual(before);
    const recorded = tap.finish(1000);
    expect(recorded.subarray(4800, 4960).every((code) => code === silenceByte.PCMU)).toBe(true);
    for (const [from, to] of [
      [800, 4800],
      [5200, 8000],
    ])
      expect(toneShare(decodeG711('PCMU', recorded.subarray(from, to)), 1000)).toBeGreaterThan(0.98);
  });

  test('has lost packets, pauses and events as silence of their length', () => {
    const tap = new ChannelTap(0);
    for (const n of [0, 1, 4, 5, 12]) place(tap, { timestamp: n * 160, atMs: n * 20 });
    expect(runs(tap.finish(400))).toEqual([
      [0, 320],
      [640, 960],
      [1920, 2080],
    ]);
  });

  test('puts packets out of order into their places', () => {
    const tap = new ChannelTap(0);
    for (const n of [0, 2, 1, 3]) place(tap, { timestamp: n * 160, atMs: n * 20, fill: n + 1 });
    const samples = tap.finish(80);
    expect([0, 160, 320, 480].map((at) => samples[at])).toEqual([1, 2, 3, 4]);
  });

  test('holds A-law as µ-law', () => {
    const tap = new ChannelTap(0);
    const speech = Int16Array.from({ length: 160 }, (_, n) => 8000 * Math.sin(n / 3));
    place(tap, { timestamp: 0, atMs: 0, payload: encodeG711('PCMA', speech) }, 'PCMA');
    const expected = encodeG711('PCMU', speech);
    const recorded = tap.finish(20);
    const wrong = recorded.filter((code, n) => Math.abs(code - (expected[n] as number)) > 2);
    expect(wrong).toHaveLength(0);
  });

  test('finds its place at once when the first packet was a delayed one', () => {
    const tap = new ChannelTap(0);
    place(tap, { timestamp: 0, atMs: 150 });
    for (let n = 1; n < 10; n++) place(tap, { timestamp: n * 160, atMs: 100 + n * 20 });
    const found = runs(tap.finish(400));
    expect(found.at(-1)?.[1]).toBe(800 + 10 * 160);
  });

  test('follows a new stream, a jump of the timestamps and a talkspurt that begins elsewhere', () => {
    const tap = new ChannelTap(0);
    place(tap, { timestamp: 0, atMs: 0 });
    place(tap, { timestamp: 40, atMs: 100, ssrc: 8 });
    place(tap, { timestamp: 90_000_000, atMs: 200, ssrc: 8 });
    place(tap, { timestamp: 90_000_160, atMs: 300, ssrc: 8, marker: true }); // its clock stood still in the pause
    expect(runs(tap.finish(400)).map(([start]) => start)).toEqual([0, 800, 1600, 2400]);
  });

  test('has the sound in one piece though the network stood still for 180 ms', () => {
    const tap = new ChannelTap(0);
    for (let n = 0; n < 40; n++) {
      place(tap, { timestamp: n * 160, atMs: n >= 10 && n < 19 ? 380 : n * 20, fill: n + 1 });
    }
    const samples = tap.finish(800);
    expect(runs(samples)).toEqual([[0, 6400]]);
    for (let n = 0; n < 40; n++) expect(samples[n * 160 + 80]).toBe(n + 1);
  });

  test('follows a source whose clock stood still for 400 ms without saying so, within five packets', () => {
    const tap = new ChannelTap(0);
    for (let n = 0; n < 30; n++)
      place(tap, { timestamp: n * 160, atMs: n * 20 + (n < 10 ? 0 : 400), fill: n + 1 });
    const samples = tap.finish(1100);
    for (let n = 14; n < 30; n++) expect(samples[n * 160 + 3200 + 80]).toBe(n + 1);
  });

  test('hands over piece by piece, whenever asked, all that was placed', () => {
    const tap = new ChannelTap(0);
    const taken: Uint8Array[] = [];
    for (let n = 0; n < 500; n++) {
      place(tap, { timestamp: n * 160, atMs: n * 20, fill: n % 200 });
      if (n % 25 === 0 || n % 7 === 0) taken.push(tap.take(n * 20));
    }
    taken.push(tap.finish(10_000));
    const joined = Buffer.concat(taken);
    expect(joined).toHaveLength(80_000);
    for (let n = 0; n < 500; n++) expect(joined[n * 160 + 80]).toBe(n % 200);
  });

  test('leaves out what comes later than the limit, and goes on', () => {
    const tap = new ChannelTap(0);
    for (const n of [0, 1, 3]) place(tap, { timestamp: n * 160, atMs: n * 20 });
    const first = tap.take(60 + lateLimitMs);
    place(tap, { timestamp: 320, atMs: 60 + lateLimitMs });
    place(tap, { timestamp: 640, atMs: 80 });
    const all = Buffer.concat([first, tap.finish(400)]);
    expect(runs(all)).toEqual([
      [0, 320],
      [480, 800],
    ]);
  });
});

describe('an hour of a source whose clock is off', () => {
  // One marked sample a second in the source's own time; where it lands tells how far the recording strays.
  test.each([200, -200])('by %i ppm stays within 20 ms of true time, without hole or jump', (ppm) => {
    const tap = new ChannelTap(0);
    const rate = 1 + ppm / 1e6;
    const marked = Buffer.alloc(160, 1);
    marked[0] = 2;
    const plain = Buffer.alloc(160, 1);
    let recorded = 0;
    let marks = 0;
    let worstMs = 0;
    let silentSamples = 0;
    let nextFlushMs = flushIntervalMs;
    const check = (samples: Uint8Array): void => {
      for (const code of samples) {
        if (code === silenceByte.PCMU) silentSamples++;
        if (code === 2) {
          // The mark with number m was said at m seconds of the source's clock.
          const trueMs = (marks * 1000) / rate + 5;
          worstMs = Math.max(worstMs, Math.abs(recorded / 8 - trueMs));
          marks++;
        }
        recorded++;
      }
    };
    const packets = 3600 * 50;
    let seed = 1;
    for (let n = 0; n < packets; n++) {
      seed = (seed * 48_271) % 0x7fff_ffff;
      const jitterMs = (seed % 1000) / 100; // 0 to 10 ms
      const atMs = (n * 20) / rate + 5 + jitterMs;
      while (atMs >= nextFlushMs) {
        check(tap.take(nextFlushMs));
        nextFlushMs += flushIntervalMs;
      }
      place(tap, { timestamp: (n * 160) >>> 0, atMs, payload: n % 50 === 0 ? marked : plain });
    }
    check(tap.finish(3_600_000));
    expect(worstMs).toBeLessThanOrEqual(20);
    expect(marks).toBeGreaterThanOrEqual(3590);
    expect(silentSamples).toBeLessThan(8 * 800); // the start, and the end of a fast source
  });
});
