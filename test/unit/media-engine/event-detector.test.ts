import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { createRtpView, parseRtp, writeRtpHeader } from '../../../src/codec/rtp.ts';
import { writeTelephoneEvent } from '../../../src/codec/telephone-event.ts';
import { EventDetector, lostEndMs } from '../../../src/media-engine/edge/event-detector.ts';

interface Packet {
  event?: number;
  timestamp: number;
  duration: number;
  end?: boolean;
  marker?: boolean;
  ssrc?: number;
}

let told: string[];
let detector: EventDetector;
beforeEach(() => {
  told = [];
  detector = new EventDetector({
    eventBegan: (event) => told.push(`begin ${event}`),
    eventEnded: (event, duration) => told.push(`end ${event} after ${duration}`),
  });
});

function hear(packet: Packet, nowMs = 0): void {
  const bytes = Buffer.alloc(16);
  writeRtpHeader(bytes, 0, packet.marker ?? false, 101, 0, packet.timestamp, packet.ssrc ?? 7);
  writeTelephoneEvent(bytes, 12, {
    event: packet.event ?? 5,
    end: packet.end ?? false,
    volume: 10,
    duration: packet.duration,
  });
  const view = createRtpView();
  parseRtp(bytes, view);
  detector.receive(bytes, view, nowMs);
}

describe('a key press', () => {
  test('is told once, though its end is said three times', () => {
    hear({ timestamp: 1000, duration: 160, marker: true });
    hear({ timestamp: 1000, duration: 320 });
    for (let n = 0; n < 3; n++) hear({ timestamp: 1000, duration: 800, end: true });
    expect(told).toEqual(['begin 5', 'end 5 after 800']);
  });

  test('is told though only one of its end packets arrived', () => {
    hear({ timestamp: 1000, duration: 800, end: true });
    expect(told).toEqual(['begin 5', 'end 5 after 800']);
  });

  test('without its end packets is over by time, 200 ms after its last packet at the latest', () => {
    hear({ timestamp: 1000, duration: 160 }, 100);
    hear({ timestamp: 1000, duration: 480 }, 140);
    detector.expire(140 + lostEndMs - 1);
    expect(told).toEqual(['begin 5']);
    detector.expire(140 + lostEndMs);
    expect(told).toEqual(['begin 5', 'end 5 after 480']);
    expect(lostEndMs + 20).toBeLessThanOrEqual(200); // looked at every beat
    hear({ timestamp: 1000, duration: 800, end: true }, 400); // very late
    expect(told).toHaveLength(2);
  });

  test('is over when the next one begins', () => {
    hear({ timestamp: 1000, duration: 160 });
    hear({ timestamp: 3000, duration: 160, event: 6, marker: true });
    expect(told).toEqual(['begin 5', 'end 5 after 160', 'begin 6']);
  });

  test('of the same digit at once after it is another press', () => {
    hear({ timestamp: 1000, duration: 400, end: true });
    hear({ timestamp: 1480, duration: 160, marker: true });
    hear({ timestamp: 1480, duration: 400, end: true });
    expect(told).toEqual(['begin 5', 'end 5 after 400', 'begin 5', 'end 5 after 400']);
  });

  test('of the same digit is another press though the end of the first was lost', () => {
    hear({ timestamp: 1000, duration: 400 });
    hear({ timestamp: 1480, duration: 160, marker: true });
    expect(told).toEqual(['begin 5', 'end 5 after 400', 'begin 5']);
  });

  test('longer than the duration field is one press, its segments added up', () => {
    hear({ timestamp: 1000, duration: 160, marker: true });
    hear({ timestamp: 1000, duration: 0xffff });
    hear({ timestamp: 1000 + 0xffff, duration: 160 });
    hear({ timestamp: 1000 + 2 * 0xffff, duration: 160 }); // the rest of the second segment was lost
    hear({ timestamp: 1000 + 2 * 0xffff, duration: 400, end: true });
    expect(told).toEqual(['begin 5', `end 5 after ${2 * 0xffff + 400}`]);
  });

  test('is not told again by a straggler of an event before it', () => {
    hear({ timestamp: 1000, duration: 400, end: true });
    hear({ timestamp: 2000, duration: 160, event: 6 });
    hear({ timestamp: 1000, duration: 320 });
    hear({ timestamp: 2000, duration: 400, event: 6, end: true });
    expect(told).toEqual(['begin 5', 'end 5 after 400', 'begin 6', 'end 6 after 400']);
  });

  test('counts though a new stream of the peer begins at lower timestamps', () => {
    hear({ timestamp: 900_000, duration: 400, end: true });
    hear({ timestamp: 10, duration: 400, end: true, ssrc: 8, event: 1 });
    expect(told.slice(2)).toEqual(['begin 1', 'end 1 after 400']);
  });

  test('counts though the same stream was started anew at lower timestamps', () => {
    hear({ timestamp: 900_000, duration: 400, end: true }, 0);
    hear({ timestamp: 10, duration: 400, end: true, event: 1 }, 5000);
    expect(told.slice(2)).toEqual(['begin 1', 'end 1 after 400']);
  });

  test('around the end of the timestamps is one press', () => {
    hear({ timestamp: 0xffff_ff00, duration: 160 });
    hear({ timestamp: 0xffff_ff00, duration: 400, end: true });
    hear({ timestamp: 0x200, duration: 400, end: true, event: 6 });
    expect(told).toEqual(['begin 5', 'end 5 after 400', 'begin 6', 'end 6 after 400']);
  });

  test('keeps its greatest duration when packets come out of order', () => {
    hear({ timestamp: 1000, duration: 480 });
    hear({ timestamp: 1000, duration: 320 });
    detector.close();
    expect(told.at(-1)).toBe('end 5 after 480');
  });
});

test('whatever is lost, doubled or swapped, each press of which a packet arrived is told exactly once, in order', () => {
  const press = fc.record({
    event: fc.nat(15),
    packets: fc.integer({ min: 1, max: 6 }),
    lost: fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
    swapped: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(press, { maxLength: 12 }), (presses) => {
      const heard: number[] = [];
      let over = 0;
      const under = new EventDetector({ eventBegan: (event) => heard.push(event), eventEnded: () => over++ });
      detector = under;
      let timestamp = 0xffff_f000;
      const expected: number[] = [];
      for (const { event, packets, lost, swapped } of presses) {
        const all = Array.from({ length: packets + 3 }, (_, n): Packet => {
          const duration = Math.min(n + 1, packets + 1) * 160;
          return { event, timestamp: timestamp >>> 0, duration, marker: n === 0, end: n >= packets };
        }).filter((_, n) => !lost[n]);
        if (swapped) all.reverse();
        for (const packet of all) hear(packet);
        if (all.length > 0) expected.push(event);
        timestamp += (packets + 5) * 160;
      }
      under.close();
      expect(heard).toEqual(expected);
      expect(over).toBe(expected.length);
    }),
  );
});
