import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { decodeG711 } from '../../../src/codec/g711.ts';
import { encodeRtcp, parseRtcp } from '../../../src/codec/rtcp.ts';
import { silentNoticeMs } from '../../../src/media-engine/edge/edge-leg.ts';
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
  type TestLeg,
} from '../../support/edge-legs.ts';

beforeEach(freshLegs);

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

test('RTCP on the port of RTP is taken for RTCP, and spoils no count', () => {
  const report = encodeRtcp({ ssrc: 77, blocks: [], cname: 'x@y' });
  a.leg.receiveRtp(report, '10.0.0.5', 6000, 10);
  hear(a, { sequence: 1 });
  expect(a.leg.quality()).toMatchObject({ packetsReceived: 1, packetsLost: 0, foreignDropped: 0 });
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
