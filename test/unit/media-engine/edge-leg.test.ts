import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { decodeG711, encodeG711, encodeTable, silenceByte } from '../../../src/codec/g711.ts';
import { G722Decoder, G722Encoder } from '../../../src/codec/g722.ts';
import type { RemoteMedia } from '../../../src/codec/media-control.ts';
import { encodeRtcp, parseRtcp } from '../../../src/codec/rtcp.ts';
import {
  createRtpView,
  parseRtp,
  type RtpView,
  sequenceDelta,
  writeRtpHeader,
} from '../../../src/codec/rtp.ts';
import { writeTelephoneEvent } from '../../../src/codec/telephone-event.ts';
import { fillDigitTone } from '../../../src/media-engine/dsp/dtmf-tone.ts';
import { EdgeLeg, type LegListener, silentNoticeMs } from '../../../src/media-engine/edge/edge-leg.ts';
import { ListPlayer } from '../../../src/media-engine/edge/player.ts';
import { soundOf } from '../../../src/media-engine/sound/sound.ts';
import { makeTrace, purities, sendThrough, type TraceKind, toneSource } from '../../support/jitter-trace.ts';
import { level, sine, toneShare } from '../../support/sound.ts';

interface Sent extends RtpView {
  to: string;
  payload: Buffer;
}

/** A leg on a network that keeps what is sent. */
class TestLeg {
  readonly sent: Sent[] = [];
  readonly sentRtcp: { packet: Buffer; to: string }[] = [];
  readonly leg: EdgeLeg;

  constructor(legId: string, listener: LegListener) {
    this.leg = new EdgeLeg({
      legId,
      listener,
      cname: 'test',
      unixAtZeroMs: 1_700_000_000_000,
      transport: {
        port: 4000,
        family: 4,
        sendRtp: (packet, offset, length, address, port) => {
          const bytes = Buffer.from(packet.subarray(offset, offset + length));
          const view = createRtpView();
          expect(parseRtp(bytes, view)).toBe(true);
          this.sent.push({ ...view, to: `${address}:${port}`, payload: bytes.subarray(view.payloadOffset) });
        },
        sendRtcp: (packet, address, port) => this.sentRtcp.push({ packet, to: `${address}:${port}` }),
      },
    });
  }
}

const negotiated: RemoteMedia = {
  address: '10.0.0.5',
  port: 6000,
  codec: 'PCMU',
  payloadType: 0,
  telephoneEventPayloadType: 101,
  ptimeMs: 20,
  direction: 'sendrecv',
  symmetric: false,
};

let notices: string[];
let a: TestLeg;
let b: TestLeg;
let tick: number;

beforeEach(() => {
  notices = [];
  tick = 0;
  const listener: LegListener = {
    dtmf: (legId, digit, durationMs) => notices.push(`${legId} dtmf ${digit} ${durationMs}`),
    playEnded: (legId, playId) => notices.push(`${legId} played ${playId}`),
    media: (legId, address, port) => notices.push(`${legId} media ${address}:${port}`),
    silent: (legId, silentMs) => notices.push(`${legId} silent ${silentMs}`),
  };
  a = new TestLeg('a', listener);
  b = new TestLeg('b', listener);
  a.leg.setRemote(negotiated, 0);
  b.leg.setRemote(
    { ...negotiated, address: '10.0.0.6', codec: 'PCMA', payloadType: 8, telephoneEventPayloadType: 96 },
    0,
  );
});

function bridge(): void {
  a.leg.peer = b.leg;
  b.leg.peer = a.leg;
}

function beats(count: number, before?: (tick: number, nowMs: number) => void): void {
  for (let n = 0; n < count; n++) {
    tick++;
    before?.(tick, tick * 20 - 1);
    for (const { leg } of [a, b]) leg.tick(tick, tick * 20);
  }
}

function hear(
  to: TestLeg,
  packet: {
    sequence: number;
    payload?: Buffer;
    payloadType?: number;
    marker?: boolean;
    from?: string;
    ssrc?: number;
    timestamp?: number;
  },
  nowMs = tick * 20,
): void {
  const payload = packet.payload ?? Buffer.alloc(160, 0x55);
  const bytes = Buffer.alloc(12 + payload.length);
  const timestamp = packet.timestamp ?? packet.sequence * 160;
  writeRtpHeader(
    bytes,
    0,
    packet.marker ?? false,
    packet.payloadType ?? 0,
    packet.sequence,
    timestamp,
    packet.ssrc ?? 77,
  );
  payload.copy(bytes, 12);
  const [address, port] = (packet.from ?? '10.0.0.5:6000').split(':') as [string, string];
  to.leg.receiveRtp(bytes, address, Number(port), nowMs);
}

function event(digit: number, duration: number, end = false): Buffer {
  const payload = Buffer.alloc(4);
  writeTelephoneEvent(payload, 0, { event: digit, end, volume: 10, duration });
  return payload;
}

/** 20 ms of the beats' sound, decoded. */
function heardBy(phone: TestLeg, codec: 'PCMU' | 'PCMA'): Int16Array {
  return decodeG711(codec, Buffer.concat(phone.sent.map(({ payload }) => payload)));
}

describe('a leg', () => {
  test('sends silence from the moment it knows its peer, so that NATs open', () => {
    beats(3);
    expect(a.sent).toHaveLength(3);
    expect(a.sent[0]).toMatchObject({ to: '10.0.0.5:6000', payloadType: 0, marker: true });
    expect(a.sent.every(({ payload }) => payload.every((code) => code === 0xff))).toBe(true);
    expect(b.sent.every(({ payload }) => payload.every((code) => code === 0xd5))).toBe(true);
  });

  test.each(['recvonly', 'inactive'] as const)('sends no RTP when it is %s', (direction) => {
    a.leg.setRemote({ ...negotiated, direction }, 0);
    beats(5);
    expect(a.sent).toHaveLength(0);
  });

  test.each(['sendonly', 'inactive'] as const)('takes no audio and no digits when it is %s', (direction) => {
    bridge();
    a.leg.setRemote({ ...negotiated, direction }, 0);
    hear(a, { sequence: 1 });
    hear(a, { sequence: 2, payload: event(5, 400, true), payloadType: 101 });
    expect(b.sent).toHaveLength(0);
    expect(notices.filter((notice) => notice.includes('dtmf'))).toEqual([]);
  });

  test('refuses a peer of the other IP version', () => {
    expect(() => a.leg.setRemote({ ...negotiated, address: '2001:db8::1' }, 0)).toThrow(/other IP version/);
  });

  test.each([
    ['a name', { address: 'phone.example' }],
    ['port 0', { port: 0 }],
    ['a port too high', { port: 70_000 }],
  ])('refuses %s for a place to send to', (_what, change) => {
    expect(() => a.leg.setRemote({ ...negotiated, ...change }, 0)).toThrow(/no place to send to/);
  });

  test('sends no RTCP when RTP took the last port there is', () => {
    a.leg.setRemote({ ...negotiated, port: 65_535 }, 0);
    a.leg.close(10);
    expect(a.sentRtcp).toHaveLength(0);
  });

  test('drops and counts what comes from elsewhere, and passes none of it on', () => {
    bridge();
    hear(a, { sequence: 1 });
    for (let n = 2; n < 12; n++) hear(a, { sequence: n, from: '10.9.9.9:6000' });
    expect(b.sent).toHaveLength(1);
    expect(a.leg.quality()).toMatchObject({ packetsReceived: 1, foreignDropped: 10, packetsLost: 0 });
    expect(notices).toEqual(['a media 10.0.0.5:6000']);
  });

  test('plays a list to its end, sample by sample, then falls silent', () => {
    const one = Int16Array.from({ length: 200 }, () => 1000);
    const two = Int16Array.from({ length: 100 }, () => -1000);
    const list = [
      { kind: 'sound' as const, sound: soundOf(one) },
      { kind: 'silence' as const, samples: 60 },
      { kind: 'sound' as const, sound: soundOf(two) },
    ];
    a.leg.output.play(new ListPlayer('p', list, false));
    beats(4);
    const heard = heardBy(a, 'PCMU');
    expect([0, 199, 200, 259, 260, 359, 360].map((at) => Math.sign(heard[at] as number))).toEqual([
      1, 1, 0, 0, -1, -1, 0,
    ]);
    expect(notices).toEqual(['a played p']);
    expect(a.sent.map(({ marker }) => marker)).toEqual([true, false, false, true]);
  });

  test('plays in the codec its peer has, also when that changes in the middle', () => {
    a.leg.output.play(
      new ListPlayer('p', [{ kind: 'sound', sound: soundOf(new Int16Array(1600).fill(4000)) }], true),
    );
    beats(2);
    a.leg.setRemote({ ...negotiated, codec: 'PCMA', payloadType: 8 }, 0);
    beats(2);
    expect(a.sent.map(({ payloadType }) => payloadType)).toEqual([0, 0, 8, 8]);
    const levels = a.sent.map(
      ({ payload, payloadType }) => decodeG711(payloadType === 0 ? 'PCMU' : 'PCMA', payload)[5],
    );
    for (const level of levels) expect(Math.abs((level as number) - 4000)).toBeLessThan(150);
  });

  test('keeps a player’s time while its peer is on hold', () => {
    a.leg.output.play(new ListPlayer('p', [{ kind: 'silence', samples: 1600 }], false));
    a.leg.setRemote({ ...negotiated, direction: 'inactive' }, 0);
    beats(11);
    expect(notices).toEqual(['a played p']);
  });

  test('says so when its peer is silent for long, every 30 s while that lasts, and again after it was heard', () => {
    a.leg.keepHouse(silentNoticeMs - 1);
    expect(notices).toEqual([]);
    a.leg.keepHouse(silentNoticeMs);
    a.leg.keepHouse(silentNoticeMs + 29_000);
    expect(notices).toEqual([`a silent ${silentNoticeMs}`]);
    a.leg.keepHouse(silentNoticeMs + 30_000);
    expect(notices).toEqual([`a silent ${silentNoticeMs}`, `a silent ${2 * silentNoticeMs}`]);
    expect(a.leg.quality().longestSilenceMs).toBe(2 * silentNoticeMs);
    notices.splice(1);
    hear(a, { sequence: 1 }, 100_000);
    a.leg.keepHouse(100_000 + silentNoticeMs);
    expect(notices.slice(2)).toEqual([`a silent ${silentNoticeMs}`]);
  });

  test('does not complain of a peer that is not to send', () => {
    a.leg.setRemote({ ...negotiated, direction: 'sendonly' }, 0);
    a.leg.keepHouse(10 * silentNoticeMs);
    expect(notices).toEqual([]);
  });

  test('takes any bytes on both ports without throwing', () => {
    bridge();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, rtcp) => {
        const packet = Buffer.from(bytes);
        if (packet.length > 1) {
          packet[0] = 0x80 | ((packet[0] as number) & 0x3f);
          packet[1] = rtcp
            ? 200 + ((packet[1] as number) & 3)
            : ([0, 101, 8, 0x80][(packet[1] as number) & 3] as number);
        }
        if (rtcp) a.leg.receiveRtcp(packet, '10.0.0.5', 6001, 10);
        else a.leg.receiveRtp(packet, '10.0.0.5', 6000, 10);
      }),
    );
    beats(5);
  });
});

describe('telephone events of unusual peers', () => {
  test('are heard by the number that our offer gave them as well', () => {
    a.leg.setRemote({ ...negotiated, offeredTelephoneEventPayloadType: 98 }, 0);
    hear(a, { sequence: 1, payload: event(3, 800, true), payloadType: 98 });
    hear(a, { sequence: 2, payload: event(4, 800, true), payloadType: 101, timestamp: 9000 });
    expect(notices.filter((notice) => notice.includes('dtmf'))).toEqual(['a dtmf 3 100', 'a dtmf 4 100']);
  });

  test('last as long as they are pressed where their clock is 48 kHz, in both directions', () => {
    a.leg.setRemote({ ...negotiated, telephoneEventClockRate: 48_000 }, 0);
    hear(a, { sequence: 1, payload: event(3, 4800, true), payloadType: 101 });
    expect(notices).toContain('a dtmf 3 100');
    a.leg.output.events.dial(7, 100);
    beats(10);
    const said = a.sent.filter(({ payloadType }) => payloadType === 101);
    expect(said.map(({ payload }) => payload.readUInt16BE(2))).toEqual(
      [1, 2, 3, 4, 5, 5, 5, 5].map((packet) => packet * 960),
    );
    const next = a.sent.find(({ sequence }) => sequence === ((said.at(-1)?.sequence ?? 0) + 1) % 0x1_0000);
    expect(((next?.timestamp ?? 0) - (said[0]?.timestamp ?? 0)) >>> 0).toBeLessThan(2000);
  });
});

describe('a leg that is listened to for tones', () => {
  const { telephoneEventPayloadType: _none, ...plain } = negotiated;

  /** Says a key in µ-law, a packet a beat. */
  function say(event: number, from: number, onBeats: number): void {
    const tone = Buffer.alloc(onBeats * 160);
    fillDigitTone(event, 0, encodeTable.PCMU, tone, 0, tone.length);
    for (let n = 0; n < onBeats + 15; n++) {
      const payload =
        n < onBeats ? tone.subarray(n * 160, (n + 1) * 160) : Buffer.alloc(160, silenceByte.PCMU);
      beats(1, (_, nowMs) => hear(a, { sequence: from + n, payload }, nowMs));
    }
  }

  const digits = (): string[] => notices.filter((notice) => notice.includes('dtmf'));

  test('tells each key once, and passes its sound on as it is', () => {
    a.leg.setRemote({ ...plain, hearTones: true }, 0);
    bridge();
    say(5, 0, 5);
    say(5, 20, 5);
    say(11, 40, 10);
    expect(digits().map((notice) => notice.split(' ')[2])).toEqual(['5', '5', '#']);
    expect(b.sent.some(({ payloadType }) => payloadType === 96)).toBe(false);
    const heard = heardBy(b, 'PCMA').subarray(0, 800);
    expect(toneShare(heard, 770) + toneShare(heard, 1336)).toBeGreaterThan(0.9);
  });

  test('tells nothing where nobody asked for it, or once that is over', () => {
    say(5, 0, 5);
    a.leg.setRemote({ ...plain, hearTones: true }, 0);
    say(6, 20, 5);
    a.leg.setRemote(negotiated, 0);
    say(7, 40, 5);
    expect(digits().map((notice) => notice.split(' ')[2])).toEqual(['6']);
  });

  test('does not take the echo of our own tones for a key', () => {
    a.leg.setRemote({ ...plain, hearTones: true }, 0);
    a.leg.output.events.dial(5, 100);
    say(5, 0, 5);
    expect(digits()).toEqual([]);
  });

  test('tells a key that is held when the leg ends', () => {
    a.leg.setRemote({ ...plain, hearTones: true }, 0);
    const tone = Buffer.alloc(1600);
    fillDigitTone(9, 0, encodeTable.PCMU, tone, 0, 1600);
    beats(10, (n, nowMs) => hear(a, { sequence: n, payload: tone.subarray(n * 160 - 160, n * 160) }, nowMs));
    a.leg.close(1000);
    expect(digits()).toHaveLength(1);
  });
});

test('a peer that is told of digits by signalling gets none of them by RTP', () => {
  bridge();
  const { telephoneEventPayloadType: _none, ...plain } = negotiated;
  b.leg.setRemote({ ...plain, address: '10.0.0.6', digitsBySignalling: true }, 0);
  hear(a, { sequence: 1, payload: event(5, 160), payloadType: 101, timestamp: 0 });
  hear(a, { sequence: 2, payload: event(5, 1600, true), payloadType: 101, timestamp: 0 });
  beats(20);
  expect(notices).toContain('a dtmf 5 200');
  expect(level(heardBy(b, 'PCMU'))).toBe(0);
});

test('RTCP on the port of RTP is taken for RTCP, and spoils no count', () => {
  const report = encodeRtcp({ ssrc: 77, blocks: [], cname: 'x@y' });
  a.leg.receiveRtp(report, '10.0.0.5', 6000, 10);
  hear(a, { sequence: 1 });
  expect(a.leg.quality()).toMatchObject({ packetsReceived: 1, packetsLost: 0, foreignDropped: 0 });
});

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

describe('RTCP of a leg', () => {
  const reports = (leg: TestLeg, untilMs: number): void => {
    for (let nowMs = 0; nowMs <= untilMs; nowMs += 1000) leg.leg.keepHouse(nowMs);
  };

  test('reports about every five seconds to the port after RTP, with its CNAME', () => {
    beats(10);
    reports(a, 60_000);
    expect(a.sentRtcp.length).toBeGreaterThanOrEqual(8);
    expect(a.sentRtcp.length).toBeLessThanOrEqual(20);
    expect(a.sentRtcp[0]?.to).toBe('10.0.0.5:6001');
    const report = parseRtcp(a.sentRtcp[0]?.packet as Buffer);
    expect(report).toMatchObject({ cname: 'test', sender: { packets: 10, octets: 1600 } });
  });

  test('tells the peer what was lost of its stream', () => {
    for (const sequence of [1, 2, 4]) hear(a, { sequence });
    reports(a, 10_000);
    const block = parseRtcp(a.sentRtcp[0]?.packet as Buffer)?.blocks[0];
    expect(block).toMatchObject({ ssrc: 77, cumulativeLost: 1, fractionLost: 64 });
  });

  test('gives round trip and remote loss from the peer’s reports', () => {
    beats(200);
    a.leg.keepHouse(7500);
    const sent = parseRtcp(a.sentRtcp[0]?.packet as Buffer);
    const lastSenderReport =
      (((sent?.sender?.ntpSeconds as number) << 16) | ((sent?.sender?.ntpFraction as number) >>> 16)) >>> 0;
    const block = {
      ssrc: sent?.ssrc as number,
      fractionLost: 0,
      cumulativeLost: 20,
      highestSequence: (a.sent.at(-1) as Sent).sequence,
      jitter: 0,
      lastSenderReport,
      delaySinceLastSenderReport: 65_536, // it waited a second
    };
    a.leg.receiveRtcp(encodeRtcp({ ssrc: 77, blocks: [block] }), '10.0.0.5', 6001, 8540);
    const quality = a.leg.quality();
    expect(quality.roundTripMs).toBeCloseTo(40, 0);
    expect(quality.remoteLossFraction).toBeCloseTo(0.1, 2);
  });

  test('says BYE at the end, and ignores strangers', () => {
    a.leg.receiveRtcp(encodeRtcp({ ssrc: 1, blocks: [] }), '10.9.9.9', 6001, 10);
    expect(a.leg.quality().foreignDropped).toBe(1);
    a.leg.close(100);
    expect(parseRtcp(a.sentRtcp.at(-1)?.packet as Buffer)?.bye).toEqual({ reason: '' });
  });

  test('has no opinion score before anything was heard, and a good one of a clean stream', () => {
    expect(a.leg.quality().mos).toBeNull();
    for (let n = 0; n < 100; n++) hear(a, { sequence: n }, n * 20);
    expect(a.leg.quality().mos).toBeGreaterThan(4.3);
  });
});
