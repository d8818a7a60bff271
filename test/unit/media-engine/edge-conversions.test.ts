import { beforeEach, describe, expect, test } from 'vitest';
import { encodeG711 } from '../../../src/codec/g711.ts';
import { G722Decoder, G722Encoder } from '../../../src/codec/g722.ts';
import type { RemoteMedia } from '../../../src/codec/media-control.ts';
import { sequenceDelta } from '../../../src/codec/rtp.ts';
import { ListPlayer } from '../../../src/media-engine/edge/player.ts';
import { soundOf } from '../../../src/media-engine/sound/sound.ts';
import {
  a,
  b,
  beats,
  bridge,
  freshLegs,
  hear,
  heardBy,
  negotiated,
  type Sent,
  type TestLeg,
} from '../../support/edge-legs.ts';
import { makeTrace, purities, sendThrough, type TraceKind, toneSource } from '../../support/jitter-trace.ts';
import { level, sine, toneShare } from '../../support/sound.ts';

beforeEach(freshLegs);

describe('a leg whose phone speaks G.722', () => {
  const wideband: RemoteMedia = { ...negotiated, codec: 'G722', payloadType: 9 };

  /** What the phone heard, at 16 kHz. */
  function wideHeard(phone: TestLeg): Int16Array {
    const bytes = Buffer.concat(phone.sent.map(({ payload }) => payload));
    const samples = new Int16Array(2 * bytes.length);
    new G722Decoder().decode(bytes, 0, bytes.length, samples, 0);
    return samples.subarray(-8000);
  }

  /** A second of a tone, encoded. */
  function wideTone(frequencyHz: number): Buffer {
    const samples = Int16Array.from({ length: 16_000 }, (_, at) =>
      Math.round(8000 * Math.sin((2 * Math.PI * frequencyHz * at) / 16_000)),
    );
    const bytes = Buffer.alloc(8000);
    new G722Encoder().encode(samples, 0, 16_000, bytes, 0);
    return bytes;
  }

  beforeEach(() => a.leg.setRemote(wideband, 0));

  test('hears what plays, digits and silence in it', () => {
    a.leg.output.play(new ListPlayer('p', [{ kind: 'sound', sound: soundOf(sine(800, 1000)) }], false));
    beats(50);
    expect(a.sent.every(({ payloadType }) => payloadType === 9)).toBe(true);
    expect(toneShare(wideHeard(a), 800, 16_000)).toBeGreaterThan(0.98);
    beats(50);
    expect(level(wideHeard(a))).toBeLessThan(0.001);
    const { telephoneEventPayloadType: _none, ...plain } = wideband;
    a.leg.setRemote(plain, 0);
    a.leg.output.events.dial(5, 600);
    beats(29);
    const heard = wideHeard(a);
    expect(toneShare(heard, 770, 16_000) + toneShare(heard, 1336, 16_000)).toBeGreaterThan(0.95);
  });

  test('has its packets passed on as they are to another that does', () => {
    b.leg.setRemote({ ...wideband, address: '10.0.0.6' }, 0);
    bridge();
    const tone = wideTone(5000);
    beats(50, (n, nowMs) =>
      hear(a, { sequence: n, payloadType: 9, payload: tone.subarray(n * 160 - 160, n * 160) }, nowMs),
    );
    expect(Buffer.concat(b.sent.map(({ payload }) => payload)).equals(tone)).toBe(true);
  });

  test('and one with A-law hear each other', () => {
    bridge();
    const wide = wideTone(1000);
    const narrow = Buffer.from(encodeG711('PCMA', sine(440, 1000)));
    beats(50, (n, nowMs) => {
      const [from, to] = [n * 160 - 160, n * 160];
      hear(a, { sequence: n, payloadType: 9, payload: wide.subarray(from, to) }, nowMs);
      hear(
        b,
        { sequence: n, payloadType: 8, payload: narrow.subarray(from, to), from: '10.0.0.6:6000' },
        nowMs,
      );
    });
    expect(b.sent.every(({ payloadType, payload }) => payloadType === 8 && payload.length === 160)).toBe(
      true,
    );
    expect(toneShare(heardBy(b, 'PCMA').subarray(-4000), 1000)).toBeGreaterThan(0.98);
    expect(toneShare(wideHeard(a), 440, 16_000)).toBeGreaterThan(0.98);
  });
});

describe('a bridge between phones of different packet times', () => {
  test.each([
    [10, 30],
    [20, 60],
    [30, 20],
    [60, 10],
  ])('makes packets of %i ms into packets of %i ms, and the other way', (ptimeA, ptimeB) => {
    a.leg.setRemote({ ...negotiated, ptimeMs: ptimeA }, 0);
    b.leg.setRemote({ ...negotiated, address: '10.0.0.6', ptimeMs: ptimeB }, 0);
    bridge();
    const tones = [440, 1000].map((frequencyHz) => Buffer.from(encodeG711('PCMU', sine(frequencyHz, 1200))));
    const say = (from: TestLeg, place: string, tone: Buffer, ptimeMs: number): void => {
      for (let n = 0; n * ptimeMs < 1200; n++) {
        const bytes = ptimeMs * 8;
        const payload = tone.subarray(n * bytes, (n + 1) * bytes);
        hear(from, { sequence: n, payload, timestamp: n * bytes, from: place }, n * ptimeMs);
      }
    };
    say(a, '10.0.0.5:6000', tones[0] as Buffer, ptimeA);
    say(b, '10.0.0.6:6000', tones[1] as Buffer, ptimeB);
    for (const [phone, ptimeMs, tone] of [
      [b, ptimeB, tones[0] as Buffer],
      [a, ptimeA, tones[1] as Buffer],
    ] as const) {
      expect(phone.sent.every(({ payload }) => payload.length === ptimeMs * 8)).toBe(true);
      expect(phone.sent).toHaveLength(Math.floor(1200 / ptimeMs));
      expect(Buffer.concat(phone.sent.map(({ payload }) => payload)).equals(tone)).toBe(true);
      for (const [n, packet] of phone.sent.entries()) {
        const before = phone.sent[n - 1];
        if (before)
          expect([
            sequenceDelta(packet.sequence, before.sequence),
            (packet.timestamp - before.timestamp) >>> 0,
          ]).toEqual([1, ptimeMs * 8]);
      }
    }
  });
});

describe('a bridge from afar to a trunk', () => {
  /** Two minutes of a tone over a network, as the trunk is sent it. */
  function over(kind: TraceKind, ppm: number, change: Partial<RemoteMedia> = {}): Sent[] {
    a.leg.setRemote({ ...negotiated, fromAfar: true }, 0);
    b.leg.setRemote({ ...negotiated, address: '10.0.0.6', wantsEven: true, ...change }, 0);
    bridge();
    const packets = sendThrough({ trace: makeTrace(kind, 7, 6000), sample: toneSource(500), ppm });
    let next = 0;
    beats(6000, (_, nowMs) => {
      for (let sent = packets[next]; sent && sent.arrivalMs <= nowMs; sent = packets[++next])
        a.leg.receiveRtp(sent.packet, '10.0.0.5', 6000, sent.arrivalMs);
    });
    return b.sent;
  }

  test.each<[TraceKind, number]>([
    ['uniform', 200],
    ['wifi', -200],
    ['spike', 200],
  ])('is an even stream with one clock: %s network, %i ppm', (kind, ppm) => {
    const sent = over(kind, ppm);
    expect(sent).toHaveLength(6000);
    for (const [n, { sequence, timestamp, payload }] of sent.entries()) {
      const before = sent[n - 1];
      expect(payload).toHaveLength(160);
      if (before)
        expect([sequenceDelta(sequence, before.sequence), (timestamp - before.timestamp) >>> 0]).toEqual([
          1, 160,
        ]);
    }
    // A second to begin with, and the outage of the spiky network, are no tone.
    const pure = purities(heardBy(b, 'PCMU').subarray(8000), 500);
    expect(pure.filter((share) => share > 0.9).length / pure.length).toBeGreaterThan(0.9);
  });

  test('has the packet time and the codec that the trunk wants', () => {
    const sent = over('uniform', 0, { ptimeMs: 30, codec: 'PCMA', payloadType: 8 });
    expect(sent).toHaveLength(4000);
    expect(sent.every(({ payload, payloadType }) => payload.length === 240 && payloadType === 8)).toBe(true);
    expect(toneShare(heardBy(b, 'PCMA').subarray(-8000), 500)).toBeGreaterThan(0.9);
  });

  test('passes packets on as they come where the phone is on our own network', () => {
    b.leg.setRemote({ ...negotiated, address: '10.0.0.6', wantsEven: true }, 0);
    bridge();
    beats(20, (n, nowMs) => {
      if (n % 2 === 1) for (const late of [0, 1]) hear(a, { sequence: n + late }, nowMs);
    });
    expect(b.sent).toHaveLength(20);
  });

  test('ends with the bridge: what follows is silence, then the next one', () => {
    over('uniform', 0);
    b.leg.unbridge();
    a.leg.unbridge();
    b.sent.length = 0;
    beats(50);
    expect(level(heardBy(b, 'PCMU'))).toBe(0);
    a.leg.setRemote(negotiated, 0);
    bridge();
    b.sent.length = 0;
    beats(10, (n, nowMs) => hear(a, { sequence: n, payload: Buffer.alloc(160, 0x55) }, nowMs));
    expect(b.sent.every(({ payload }) => payload[0] === 0x55)).toBe(true);
  });
});
