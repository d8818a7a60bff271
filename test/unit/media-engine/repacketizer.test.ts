import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRtpView } from '../../../src/codec/rtp.ts';
import { Repacketizer } from '../../../src/media-engine/edge/repacketizer.ts';

interface Cut {
  sequence: number;
  timestamp: number;
  marker: boolean;
  payload: number[];
}

/** What comes of packets whose bytes count up from their timestamp. */
function cut(
  packets: { sequence: number; timestamp: number; bytes: number; marker?: boolean }[],
  packetBytes: number,
): Cut[] {
  const repacketizer = new Repacketizer(1);
  const out: Cut[] = [];
  for (const { sequence, timestamp, bytes, marker = false } of packets) {
    const packet = Buffer.alloc(12 + bytes);
    for (let at = 0; at < bytes; at++) packet[12 + at] = (timestamp + at) & 0xff;
    const view = { ...createRtpView(), sequence, timestamp, marker, payloadBytes: bytes };
    repacketizer.push(packet, view, packetBytes, (taken, said) =>
      out.push({
        sequence: said.sequence,
        timestamp: said.timestamp,
        marker: said.marker,
        payload: [...taken.subarray(said.payloadOffset, said.payloadOffset + said.payloadBytes)],
      }),
    );
  }
  return out;
}

const run = (count: number, bytes: number, from = 0): Parameters<typeof cut>[0] =>
  Array.from({ length: count }, (_, n) => ({
    sequence: (from + n) & 0xffff,
    timestamp: (from + n) * bytes,
    bytes,
  }));

describe('a stream cut anew', () => {
  test.each([
    [160, 80],
    [160, 240],
    [240, 160],
    [80, 480],
    [480, 80],
    [160, 200],
  ])('from packets of %i bytes to packets of %i', (bytes, packetBytes) => {
    const out = cut(run(60, bytes), packetBytes);
    expect(out.length).toBe(Math.floor((60 * bytes) / packetBytes));
    for (const [n, { sequence, timestamp, payload }] of out.entries()) {
      expect({ sequence, timestamp, length: payload.length }).toEqual({
        sequence: n,
        timestamp: n * packetBytes,
        length: packetBytes,
      });
      expect(payload[0]).toBe(timestamp & 0xff);
    }
  });

  test('goes on over the end of both numbers', () => {
    const start = 2 ** 32 - 320;
    const packets = [65_534, 65_535, 0, 1].map((sequence, n) => ({
      sequence,
      timestamp: (start + n * 160) % 2 ** 32,
      bytes: 160,
    }));
    const out = cut(packets, 320);
    expect(out.map(({ timestamp }) => timestamp)).toEqual([start, 0]);
  });

  test('leaves out the numbers of lost packets, and places what follows by its time', () => {
    const packets = run(8, 160).filter(({ sequence }) => sequence !== 3 && sequence !== 4);
    const out = cut(packets, 320);
    expect(out.map(({ sequence, timestamp, payload }) => [sequence, timestamp, payload.length])).toEqual([
      [0, 0, 320],
      [1, 320, 160],
      [3, 800, 320],
    ]);
  });

  test('begins a packet where the speaker begins anew, marker and all, with no loss in between', () => {
    const out = cut(
      [
        ...run(3, 160),
        { sequence: 3, timestamp: 8000, bytes: 160, marker: true },
        { sequence: 4, timestamp: 8160, bytes: 160 },
      ],
      320,
    );
    expect(out.map(({ sequence, timestamp, marker }) => [sequence, timestamp, marker])).toEqual([
      [0, 0, false],
      [1, 320, false],
      [2, 8000, true],
    ]);
  });

  test('leaves out what comes too late, and what comes twice', () => {
    const [one, two, three, four] = run(4, 160) as [never, never, never, never];
    const out = cut([one, three, two, three, four], 160);
    expect(out.map(({ timestamp }) => timestamp)).toEqual([0, 320, 480]);
  });

  test('follows a source that begins a new timeline', () => {
    const out = cut([...run(4, 160, 1000), ...run(4, 160, 3)], 320);
    expect(out.map(({ timestamp }) => timestamp)).toEqual([160_000, 160_320, 480, 800]);
  });

  test('never says a byte twice or at another time than it was said, whatever is lost or late', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ skip: fc.nat(3), swap: fc.boolean() }), { maxLength: 40 }),
        fc.constantFrom(80, 120, 240, 480),
        (steps, packetBytes) => {
          let sequence = 0;
          const packets = steps.map(({ skip }) => {
            sequence += 1 + skip;
            return { sequence, timestamp: sequence * 160, bytes: 160 };
          });
          for (const [n, { swap }] of steps.entries()) {
            const [a, b] = [packets[n], packets[n + 1]];
            if (swap && a && b) [packets[n], packets[n + 1]] = [b, a];
          }
          let end = 0;
          for (const { timestamp, payload } of cut(packets, packetBytes)) {
            expect(timestamp).toBeGreaterThanOrEqual(end);
            expect(payload.every((byte, at) => byte === ((timestamp + at) & 0xff))).toBe(true);
            end = timestamp + payload.length;
          }
        },
      ),
    );
  });
});
