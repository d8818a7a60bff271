import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createRtpView,
  parseRtp,
  type RtpView,
  sequenceDelta,
  timestampDelta,
  writeRtpHeader,
} from '../../../src/codec/rtp.ts';
import { OutboundStream } from '../../../src/media-engine/edge/outbound-stream.ts';

interface Sent extends Omit<RtpView, 'payloadOffset' | 'payloadBytes'> {
  payload: string;
}

function stream(sequence = 1000, timestamp = 5000): { out: OutboundStream; sent: Sent[] } {
  const sent: Sent[] = [];
  const out = new OutboundStream({
    ssrc: 0xabc,
    sequence,
    timestamp,
    send: (packet, offset, length) => {
      const view = createRtpView();
      const bytes = Buffer.from(packet.subarray(offset, offset + length));
      expect(parseRtp(bytes, view)).toBe(true);
      const { payloadOffset, payloadBytes, ...header } = view;
      sent.push({ ...header, payload: bytes.toString('hex', payloadOffset, payloadOffset + payloadBytes) });
    },
  });
  return { out, sent };
}

function forward(
  out: OutboundStream,
  source: number,
  sequence: number,
  timestamp: number,
  nowMs: number,
  options: { marker?: boolean; bytes?: number } = {},
): void {
  const bytes = options.bytes ?? 160;
  const packet = Buffer.alloc(12 + bytes);
  writeRtpHeader(packet, 0, options.marker ?? false, 0, sequence, timestamp, 0x999);
  const view = createRtpView();
  parseRtp(packet, view);
  out.forward(packet, view, 8, source, nowMs);
}

/** One beat of the byte `fill`. */
function beat(out: OutboundStream, tick: number, fill: number, packetSamples = 160, talkspurt = false): void {
  const { buffer, offset } = out.prepareFrame();
  buffer.fill(fill, offset, offset + 160);
  out.sendFrame(tick, 0, packetSamples, talkspurt, tick * 20);
}

describe('the one stream to a peer', () => {
  test('begins at its own numbers with the marker, whatever the source numbers', () => {
    const { out, sent } = stream();
    forward(out, 1, 60_000, 777_777, 100);
    expect(sent).toMatchObject([
      { marker: true, sequence: 1000, timestamp: 5000, ssrc: 0xabc, payloadType: 8 },
    ]);
  });

  test('keeps losses, pauses and markers of a source as they are', () => {
    const { out, sent } = stream();
    forward(out, 1, 65_534, 0xffff_ff60, 100);
    forward(out, 1, 65_535, 0, 120);
    forward(out, 1, 2, 480, 180); // two lost
    forward(out, 1, 3, 480 + 1600, 380, { marker: true }); // 200 ms of silence suppressed
    expect(sent.map(({ sequence }) => sequence)).toEqual([1000, 1001, 1004, 1005]);
    expect(sent.map(({ timestamp }) => timestamp)).toEqual([5000, 5160, 5640, 7240]);
    expect(sent.map(({ marker }) => marker)).toEqual([true, false, false, true]);
  });

  test('passes packets on out of order as they came', () => {
    const { out, sent } = stream();
    for (const n of [0, 1, 3, 2, 4]) forward(out, 1, 100 + n, n * 160, n * 20);
    expect(sent.map(({ sequence }) => sequence)).toEqual([1000, 1001, 1003, 1002, 1004]);
    expect(sent.map(({ timestamp }) => timestamp)).toEqual([5000, 5160, 5480, 5320, 5640]);
  });

  test('drops a straggler from before the switch, whose number is used already', () => {
    const { out, sent } = stream();
    beat(out, 1, 0xff);
    forward(out, 1, 100, 16_000, 40);
    forward(out, 1, 99, 15_840, 41);
    forward(out, 1, 101, 16_160, 60);
    expect(sent.map(({ sequence }) => sequence)).toEqual([1000, 1001, 1002]);
  });

  test('goes on without a gap from source to source, with the marker at each switch', () => {
    const { out, sent } = stream();
    for (let n = 0; n < 3; n++) beat(out, 10 + n, 1);
    for (let n = 0; n < 3; n++) forward(out, 1, 40_000 + n, 999_999 + n * 160, 260 + n * 20);
    for (let n = 0; n < 3; n++) forward(out, 2, 7 + n, 55 + n * 160, 320 + n * 20);
    for (let n = 0; n < 3; n++) beat(out, 19 + n, 2);
    expect(sent.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 12 }, (_, n) => 1000 + n));
    expect(sent.map(({ timestamp }) => timestamp)).toEqual(
      Array.from({ length: 12 }, (_, n) => 5000 + n * 160),
    );
    expect(sent.map(({ marker }, n) => (marker ? n : -1)).filter((n) => n >= 0)).toEqual([0, 3, 6, 9]);
  });

  test('lets a pause before a switch show in the timestamp only', () => {
    const { out, sent } = stream();
    beat(out, 10, 1);
    forward(out, 1, 1, 0, 10 * 20 + 1000);
    expect(sent[1]).toMatchObject({ sequence: 1001, timestamp: 5000 + 8000 });
  });

  test('takes a source that jumps for a new one', () => {
    const { out, sent } = stream();
    forward(out, 1, 100, 0, 0);
    forward(out, 1, 30_000, 160, 20);
    forward(out, 1, 30_001, 320, 40);
    forward(out, 1, 30_002, 50_000_000, 60); // the timestamp runs away
    expect(sent.map(({ sequence }) => sequence)).toEqual([1000, 1001, 1002, 1003]);
    expect(sent.map(({ timestamp }) => timestamp)).toEqual([5000, 5160, 5320, 5480]);
    expect(sent.map(({ marker }) => marker)).toEqual([true, true, false, true]);
  });

  test('shows beats left out in the timestamp, with the marker', () => {
    const { out, sent } = stream();
    beat(out, 1, 1);
    beat(out, 2, 1);
    beat(out, 5, 1);
    expect(sent.map(({ timestamp }) => timestamp)).toEqual([5000, 5160, 5640]);
    expect(sent.map(({ sequence, marker }) => [sequence, marker])).toEqual([
      [1000, true],
      [1001, false],
      [1002, true],
    ]);
  });

  test.each([
    [80, 12],
    [160, 6],
    [240, 4],
    [320, 3],
    [480, 2],
  ])('packs beats into packets of %i samples', (packetSamples, packets) => {
    const { out, sent } = stream();
    for (let n = 0; n < 6; n++) beat(out, n, n + 1, packetSamples);
    expect(sent).toHaveLength(packets);
    expect(sent.map(({ timestamp }) => timestamp)).toEqual(
      Array.from({ length: packets }, (_, n) => 5000 + n * packetSamples),
    );
    const all = sent.map(({ payload }) => payload).join('');
    expect(all).toBe([1, 2, 3, 4, 5, 6].map((n) => Buffer.alloc(160, n).toString('hex')).join(''));
    expect(sent.map(({ marker }) => marker)).toEqual(sent.map((_, n) => n === 0));
  });

  test('gives an event one timestamp for all its packets, and goes on after it', () => {
    const { out, sent } = stream();
    beat(out, 1, 1);
    out.beginEvent(40);
    for (let n = 1; n <= 3; n++)
      out.sendEvent(
        { event: 5, end: n === 3, volume: 10, duration: n * 160 },
        { payloadType: 101, unitsPerSample: 1 },
        n === 1,
      );
    forward(out, 1, 1, 0, 100);
    expect(sent.map(({ sequence }) => sequence)).toEqual([1000, 1001, 1002, 1003, 1004]);
    expect(sent.map(({ timestamp }) => timestamp)).toEqual([5000, 5160, 5160, 5160, 5640]);
    expect(sent.map(({ marker }) => marker)).toEqual([true, true, false, false, true]);
    expect(sent[3]).toMatchObject({ payloadType: 101, payload: '058a01e0' });
  });

  test('counts packets and payload bytes as sender reports do', () => {
    const { out } = stream();
    beat(out, 1, 1);
    forward(out, 1, 1, 0, 40, { bytes: 80 });
    expect([out.packetsSent, out.octetsSent]).toEqual([2, 240]);
    expect(out.timestampAt(50)).toBe(5160 + 80);
  });

  test('however sources alternate, sequence numbers are used once and timestamps never go back', () => {
    const step = fc.record({ source: fc.integer({ min: 0, max: 3 }), count: fc.integer({ min: 1, max: 5 }) });
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 30 }),
        fc.nat(0xffff),
        fc.nat(0xffff_ffff),
        (steps, sequence, timestamp) => {
          const { out, sent } = stream(sequence, timestamp);
          let tick = 1;
          for (const { source, count } of steps) {
            for (let n = 0; n < count; n++, tick++) {
              if (source === 0) beat(out, tick, 1);
              else forward(out, source, source * 20_000 + tick, source * 1e9 + tick * 160, tick * 20);
            }
          }
          for (const [index, packet] of sent.entries()) {
            const before = sent[index - 1];
            if (!before) continue;
            expect(sequenceDelta(packet.sequence, before.sequence)).toBe(1);
            expect(timestampDelta(packet.timestamp, before.timestamp)).toBe(160);
          }
        },
      ),
    );
  });
});
