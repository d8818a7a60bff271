import { beforeEach, describe, expect, test } from 'vitest';
import { decodeG711 } from '../../../src/codec/g711.ts';
import { sequenceDelta } from '../../../src/codec/rtp.ts';
import { ListPlayer } from '../../../src/media-engine/edge/player.ts';
import { soundOf } from '../../../src/media-engine/sound/sound.ts';
import {
  a,
  b,
  beats,
  bridge,
  event,
  freshLegs,
  hear,
  heardBy,
  negotiated,
  notices,
  type Sent,
} from '../../support/edge-legs.ts';
import { toneShare } from '../../support/sound.ts';

beforeEach(freshLegs);

describe('a bridge', () => {
  test('passes packets on at once, converted, with the losses left visible', () => {
    bridge();
    for (const sequence of [10, 11, 14])
      hear(a, { sequence, payload: Buffer.alloc(160, 0xff) }, sequence * 20);
    expect(b.sent.map(({ payloadType }) => payloadType)).toEqual([8, 8, 8]);
    expect(b.sent[0]?.payload.every((code) => code === 0xd5)).toBe(true);
    const [first, second, third] = b.sent as [Sent, Sent, Sent];
    expect([
      sequenceDelta(second.sequence, first.sequence),
      sequenceDelta(third.sequence, second.sequence),
    ]).toEqual([1, 3]);
    expect((third.timestamp - first.timestamp) >>> 0).toBe(640);
  });

  test('is not doubled by silence, but filled with it when the other side sends nothing', () => {
    bridge();
    beats(3);
    const before = b.sent.length;
    beats(50, (n, nowMs) => hear(a, { sequence: n }, nowMs));
    expect(b.sent.length - before).toBe(50);
    beats(100);
    const filled = b.sent.length - before - 50;
    expect(filled).toBeGreaterThanOrEqual(49);
    expect(filled).toBeLessThanOrEqual(52);
  });

  test('gives way to a player on one leg only, and is heard again when that ends', () => {
    bridge();
    a.leg.output.play(
      new ListPlayer('p', [{ kind: 'sound', sound: soundOf(new Int16Array(1600).fill(9000)) }], false),
    );
    beats(15, (n, nowMs) => {
      hear(a, { sequence: n, payload: Buffer.alloc(160, 1) }, nowMs);
      hear(
        b,
        { sequence: n, payload: Buffer.alloc(160, 0x2a), payloadType: 8, from: '10.0.0.6:6000' },
        nowMs,
      );
    });
    const loudest = a.sent.map(({ payload }) => decodeG711('PCMU', payload)[80] as number);
    expect(loudest.slice(0, 10).every((level) => level > 8000)).toBe(true);
    expect(loudest.slice(12).every((level) => level < -20_000)).toBe(true);
    expect(b.sent.filter(({ payload }) => payload[80] !== 0xd5)).toHaveLength(15);
  });

  test('makes a digit anew for the other phone: its payload type, one timestamp, end three times', () => {
    bridge();
    beats(5, (n, nowMs) => hear(a, { sequence: n }, nowMs));
    const start = 6 * 160;
    beats(12, (n, nowMs) => {
      const duration = Math.min(n - 5, 5) * 160;
      const end = n >= 10;
      if (n < 13)
        hear(
          a,
          {
            sequence: n,
            payload: event(9, duration, end),
            payloadType: 101,
            timestamp: start,
            marker: n === 6,
          },
          nowMs,
        );
    });
    beats(5, (n, nowMs) => hear(a, { sequence: n }, nowMs));
    const events = b.sent.filter(({ payloadType }) => payloadType === 96);
    expect(new Set(events.map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(events.map(({ marker }) => marker)).toEqual(events.map((_, n) => n === 0));
    expect(events.filter(({ payload }) => (payload[1] as number) >= 0x80)).toHaveLength(3);
    expect(events.every(({ payload }) => payload[0] === 9)).toBe(true);
    expect(events.at(-1)?.payload.readUInt16BE(2)).toBeGreaterThanOrEqual(800);
    expect(notices).toContain('a dtmf 9 100');
    for (const [n, packet] of b.sent.entries()) {
      if (n > 0) expect(sequenceDelta(packet.sequence, (b.sent[n - 1] as Sent).sequence)).toBe(1);
    }
  });

  test('lets a phone without telephone-event hear the digit', () => {
    bridge();
    const { telephoneEventPayloadType: _none, ...plain } = negotiated;
    b.leg.setRemote({ ...plain, address: '10.0.0.6' }, 0);
    hear(a, { sequence: 1, payload: event(5, 160), payloadType: 101, timestamp: 0 });
    hear(a, { sequence: 2, payload: event(5, 1600, true), payloadType: 101, timestamp: 0 });
    beats(10);
    const heard = heardBy(b, 'PCMU');
    expect(toneShare(heard, 770) + toneShare(heard, 1336)).toBeGreaterThan(0.95);
  });

  test('ends a digit under way when it is taken apart', () => {
    bridge();
    hear(a, { sequence: 1, payload: event(5, 160), payloadType: 101, timestamp: 0 });
    beats(3);
    b.leg.unbridge();
    beats(10);
    expect(b.sent.filter(({ payloadType }) => payloadType === 96).at(-1)?.payload[1]).toBeGreaterThanOrEqual(
      0x80,
    );
    expect(b.sent.at(-1)?.payloadType).toBe(8);
  });

  test('has a digit closed by time when its end packets are lost', () => {
    bridge();
    hear(a, { sequence: 1, payload: event(5, 160), payloadType: 101, timestamp: 0 }, 0);
    beats(10);
    expect(notices).toContain('a dtmf 5 20');
  });
});
