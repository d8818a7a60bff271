import { beforeEach, describe, expect, test } from 'vitest';
import { createRtpView, parseRtp } from '../../../src/codec/rtp.ts';
import { parseTelephoneEvent } from '../../../src/codec/telephone-event.ts';
import { EventSender } from '../../../src/media-engine/edge/event-sender.ts';
import { OutboundStream } from '../../../src/media-engine/edge/outbound-stream.ts';

interface Sent {
  tick: number;
  event: number;
  end: boolean;
  volume: number;
  duration: number;
  marker: boolean;
  timestamp: number;
  sequence: number;
}

let sent: Sent[];
let sender: EventSender;
let tick: number;
beforeEach(() => {
  sent = [];
  tick = 0;
  const view = createRtpView();
  const stream = new OutboundStream({
    ssrc: 1,
    sequence: 0,
    timestamp: 0,
    send: (packet, offset, length) => {
      const bytes = packet.subarray(offset, offset + length);
      parseRtp(bytes, view);
      const event = { event: 0, end: false, volume: 0, duration: 0 };
      parseTelephoneEvent(bytes, view.payloadOffset, view.payloadBytes, event);
      const { marker, timestamp, sequence } = view;
      sent.push({ tick, ...event, marker, timestamp, sequence });
    },
  });
  sender = new EventSender(stream);
});

function beats(count: number): void {
  for (let n = 0; n < count; n++) {
    tick++;
    if (sender.active) sender.tick({ payloadType: 101, unitsPerSample: 1 }, () => {}, tick * 20);
  }
}

describe('a digit we dial', () => {
  test('has one timestamp, a growing duration, the marker first and its end three times', () => {
    sender.dial(5, 60);
    beats(20);
    expect(sent.map(({ duration }) => duration)).toEqual([160, 320, 480, 480, 480, 480]);
    expect(sent.map(({ end }) => end)).toEqual([false, false, false, true, true, true]);
    expect(sent.map(({ marker }) => marker)).toEqual([true, false, false, false, false, false]);
    expect(new Set(sent.map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(sent.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(sender.active).toBe(false);
  });

  test('is followed by a pause before the next, equal one', () => {
    sender.dial(1, 100);
    sender.dial(1, 100);
    beats(40);
    const second = sent.findIndex(({ marker }, n) => n > 0 && marker);
    expect(sent[second]?.event).toBe(1);
    expect((sent[second] as Sent).tick - (sent[second - 1] as Sent).tick).toBeGreaterThanOrEqual(5);
    expect((sent[second] as Sent).timestamp - (sent[0] as Sent).timestamp).toBeGreaterThanOrEqual(800 + 800);
  });

  test('gives the beat back to audio in the pause', () => {
    sender.dial(1, 40);
    sender.dial(2, 40);
    expect(sender.busy).toBe(true);
    beats(5); // two of it, three of its end
    expect(sender.busy).toBe(false);
    expect(sender.active).toBe(true);
  });

  test('is refused when too many wait', () => {
    const taken = Array.from({ length: 100 }, () => sender.dial(1, 40)).filter(Boolean);
    expect(taken.length).toBeGreaterThanOrEqual(32);
    expect(taken.length).toBeLessThan(100);
  });
});

describe('a digit of the other leg', () => {
  test('lasts as long as its key is pressed', () => {
    sender.begin(7, 12);
    beats(10);
    sender.end(1600);
    beats(10);
    const ends = sent.filter(({ end }) => end);
    expect(ends).toHaveLength(3);
    expect(ends[0]?.duration).toBe(1600);
    expect(sent[0]).toMatchObject({ event: 7, volume: 12, marker: true });
  });

  test('is made long enough to be understood', () => {
    sender.begin(7, 10);
    sender.end(80);
    beats(10);
    expect(sent.at(-1)).toMatchObject({ end: true, duration: 320 });
  });

  test('pressed twice within one beat is sent twice', () => {
    sender.begin(7, 10);
    sender.end(320);
    sender.begin(7, 10);
    sender.end(320);
    beats(20);
    expect(sent.filter(({ marker }) => marker)).toHaveLength(2);
    expect(new Set(sent.map(({ timestamp }) => timestamp)).size).toBe(2);
  });

  test('longer than the duration field goes on in a new segment without the marker', () => {
    sender.begin(3, 10);
    beats(420);
    sender.end(420 * 160);
    beats(5);
    const full = sent.findIndex(({ duration }) => duration === 0xffff);
    const next = sent[full + 1] as Sent;
    expect(next.timestamp - (sent[full] as Sent).timestamp).toBe(0xffff);
    expect(next.marker).toBe(false);
    expect(sent.at(-1)).toMatchObject({ end: true, duration: 420 * 160 - 0xffff });
    expect(sent.filter(({ marker }) => marker)).toHaveLength(1);
  });
});

test('a peer without telephone-event gets the digit as beats of its tones', () => {
  const tones: string[] = [];
  sender.dial(9, 60);
  for (let n = 0; n < 10; n++) {
    if (sender.active) sender.tick(undefined, (event, beat) => tones.push(`${event}.${beat}`), n * 20);
  }
  expect(tones).toEqual(['9.0', '9.1', '9.2']);
  expect(sent).toHaveLength(0);
});
