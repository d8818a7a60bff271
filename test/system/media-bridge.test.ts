import { createSocket } from 'node:dgram';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseRtcp } from '../../src/codec/rtcp.ts';
import { sequenceDelta } from '../../src/codec/rtp.ts';
import { eventually } from '../support/eventually.ts';
import { hears } from '../support/hears.ts';
import {
  connectPhone,
  type MediaEngineProcess,
  remoteOf,
  startMediaEngine,
} from '../support/media-engine.ts';
import { type HeardPacket, RtpPhone } from '../support/rtp-phone.ts';
import { toneShare } from '../support/sound.ts';

describe.each([1, 2])('with %i RTP threads', (threads) => {
  let engine: MediaEngineProcess;
  const phones: RtpPhone[] = [];
  const base = 21_000 + threads * 200;

  beforeAll(async () => {
    engine = await startMediaEngine({ from: base, to: base + 99, webrtc: base + 100, threads });
  });
  afterAll(() => engine.stop());
  afterEach(async () => {
    for (const legId of ['a', 'b']) await engine.client.call('leg.close', { legId });
    await Promise.all(phones.splice(0).map((phone) => phone.close()));
    engine.notices.length = 0;
    expect(await engine.client.call('stats', {})).toMatchObject({
      legs: 0,
      bridges: 0,
      players: 0,
      recordings: 0,
      socketsBound: 0,
    });
  });

  async function phone(options: Parameters<typeof RtpPhone.open>[0] = {}): Promise<RtpPhone> {
    const opened = await RtpPhone.open(options);
    phones.push(opened);
    return opened;
  }

  /** Two phones, bridged, each saying its own tone. */
  async function call(): Promise<[RtpPhone, RtpPhone]> {
    const a = await phone({ codec: 'PCMU', telephoneEventPayloadType: 101 });
    const b = await phone({ codec: 'PCMA', telephoneEventPayloadType: 96 });
    await connectPhone(engine.client, 'a', a);
    await connectPhone(engine.client, 'b', b);
    await engine.client.call('bridge.join', { bridgeId: 'x', legIds: ['a', 'b'] });
    a.say(440);
    b.say(1000);
    return [a, b];
  }

  const events = (heard: readonly HeardPacket[]): HeardPacket[] =>
    heard.filter(({ payloadType }) => payloadType === 96);

  test('two bridged phones, one µ-law and one A-law, each hear exactly the other', async () => {
    const [a, b] = await call();
    await eventually('both heard a second', () => a.heardCount > 80 && b.heardCount > 80);
    await hears(a, 1000, 500);
    expect(toneShare(a.samples(500), 440)).toBeLessThan(0.01);
    await hears(b, 440, 500);
    expect(toneShare(b.samples(500), 1000)).toBeLessThan(0.01);
    await engine.notice('leg.media', { legId: 'a', port: a.port });
    const { quality } = await engine.client.call('leg.quality', { legId: 'a' });
    expect(quality).toMatchObject({ packetsLost: 0, foreignDropped: 0 });
    expect(quality.mos).toBeGreaterThan(4);
    expect(new Set(b.heard.map(({ ssrc }) => ssrc)).size).toBe(1);
    const jumps = b.heard.slice(1).filter((packet, n) => {
      return sequenceDelta(packet.sequence, (b.heard[n] as HeardPacket).sequence) !== 1;
    });
    expect(jumps).toHaveLength(0);
  });

  test('a key of one phone is told once and reaches the other as an event of its own', async () => {
    const [a, b] = await call();
    await eventually('audio', () => b.heardCount > 10);
    await a.press('5', 120);
    await a.press('5', 120);
    await eventually('two digits', () => engine.notices.filter(([name]) => name === 'dtmf').length === 2);
    await eventually('audio again', () => b.heard.at(-1)?.payloadType === 8 && events(b.heard).length > 0);
    expect(engine.notices.filter(([name]) => name === 'dtmf').map(([, args]) => args)).toEqual([
      { legId: 'a', digit: '5', durationMs: 120 },
      { legId: 'a', digit: '5', durationMs: 120 },
    ]);
    await eventually('both events whole', () => events(b.heard).filter(({ marker }) => marker).length === 2);
    const [first] = events(b.heard) as [HeardPacket];
    const ofFirst = events(b.heard).filter(({ timestamp }) => timestamp === first.timestamp);
    expect(ofFirst.filter(({ payload }) => (payload[1] as number) >= 0x80)).toHaveLength(3);
    expect(ofFirst.at(-1)?.payload.readUInt16BE(2)).toBeGreaterThanOrEqual(960);
    expect(ofFirst.every(({ payload }) => payload[0] === 5)).toBe(true);
  });

  test('digits we dial arrive as events, one after the other', async () => {
    const b = await phone({ telephoneEventPayloadType: 96 });
    await connectPhone(engine.client, 'b', b);
    await engine.client.call('dtmf.send', { legId: 'b', digits: '1#D', durationMs: 60 });
    await eventually('three events', () => events(b.heard).filter(({ marker }) => marker).length === 3);
    const codes = events(b.heard).filter(({ marker }) => marker);
    expect(codes.map(({ payload }) => payload[0])).toEqual([1, 11, 15]);
    await expect(
      engine.client.call('dtmf.send', { legId: 'b', digits: 'x', durationMs: 60 }),
    ).rejects.toMatchObject({ code: 'control.bad-request' });
  });

  test('packets of a stranger are dropped, counted and heard by nobody', async () => {
    const [, b] = await call();
    const stranger = createSocket('udp4');
    stranger.bind(0, '127.0.0.2');
    await new Promise((resolve) => stranger.once('listening', resolve));
    const { port } = await engine.client.call('leg.create', { legId: 'c', bindAddress: '127.0.0.1' });
    const c = await phone();
    c.aim(port);
    await engine.client.call('leg.remote', { legId: 'c', remote: remoteOf(c) });
    const packet = Buffer.alloc(172, 0x80);
    packet.writeUInt16BE(0x8000, 0);
    for (let n = 0; n < 20; n++) {
      packet.writeUInt16BE(n, 2);
      stranger.send(packet, port, '127.0.0.1');
    }
    await eventually('the count', async () => {
      const { quality } = await engine.client.call('leg.quality', { legId: 'c' });
      return quality.foreignDropped === 20 && quality.packetsReceived === 0;
    });
    await engine.client.call('leg.close', { legId: 'c' });
    stranger.close();
    expect(b.heardCount).toBeGreaterThan(0);
  });

  test('a phone behind NAT is followed to where its packets come from', async () => {
    const a = await phone();
    const { port } = await engine.client.call('leg.create', { legId: 'a', bindAddress: '127.0.0.1' });
    a.aim(port);
    // What it says in its SDP is its private address, where nobody answers.
    const remote = remoteOf(a, { address: '127.0.0.3', port: 9, symmetric: true });
    await engine.client.call('leg.remote', { legId: 'a', remote });
    a.say(440);
    await eventually('our silence', () => a.heardCount > 10);
    await engine.notice('leg.media', { legId: 'a', port: a.port });
  });

  test('a leg takes the ports reserved for it; what nobody took is released when an appliance says hello', async () => {
    const reserve = (reservationId: string) =>
      engine.client.call('ports.reserve', { reservationId, bindAddress: '127.0.0.1' });
    const [{ port }] = await Promise.all([reserve('r1'), reserve('r2'), reserve('r3')]);
    await expect(reserve('r2')).rejects.toMatchObject({ code: 'media.bad-state' });
    const leg = { legId: 'r', bindAddress: '127.0.0.1' };
    expect(await engine.client.call('leg.create', { ...leg, reservationId: 'r1' })).toMatchObject({ port });
    await expect(
      engine.client.call('leg.create', { legId: 'twice', bindAddress: '127.0.0.1', reservationId: 'r1' }),
    ).rejects.toMatchObject({ code: 'media.bad-state' });
    await engine.client.call('ports.release', { reservationId: 'r2' });
    await engine.client.call('ports.release', { reservationId: 'r2' });
    expect(await engine.client.call('stats', {})).toMatchObject({ legs: 1, reservations: 1 });
    await engine.client.call('hello', { clientId: 'next' });
    expect(await engine.client.call('stats', {})).toMatchObject({ legs: 1, reservations: 0 });
    await engine.client.call('leg.close', { legId: 'r' });
  });

  test('a held leg gets nothing, and goes on in the same stream when it is taken back', async () => {
    const [a, b] = await call();
    await eventually('audio', () => b.heardCount > 20);
    await engine.client.call('leg.remote', { legId: 'b', remote: remoteOf(b, { direction: 'recvonly' }) });
    b.forget();
    await eventually('a is told nothing of it', () => a.heardCount > 40);
    expect(b.heard.length).toBeLessThanOrEqual(1);
    await engine.client.call('leg.remote', { legId: 'b', remote: remoteOf(b) });
    await hears(b, 440);
    expect(new Set(b.heard.map(({ ssrc }) => ssrc)).size).toBe(1);
  });

  test('a bridge taken apart leaves both legs with silence; a taken leg cannot be bridged twice', async () => {
    const [a, b] = await call();
    await eventually('audio', () => b.heardCount > 20);
    await expect(
      engine.client.call('bridge.join', { bridgeId: 'y', legIds: ['b', 'a'] }),
    ).rejects.toMatchObject({ code: 'media.bad-state' });
    await engine.client.call('bridge.leave', { bridgeId: 'x' });
    await engine.client.call('bridge.leave', { bridgeId: 'x' });
    a.forget();
    b.forget();
    await eventually('silence', () => a.heard.length > 25 && b.heard.length > 25);
    for (const each of [a, b]) expect(each.samples(300).every((sample) => Math.abs(sample) <= 8)).toBe(true);
  });

  test('reports come and BYE ends them', async () => {
    const a = await phone();
    await connectPhone(engine.client, 'a', a);
    a.say(440);
    const report = await eventually(
      'a report',
      () => (a.heardRtcp[0] && parseRtcp(a.heardRtcp[0])) ?? undefined,
      9000,
    );
    expect(report.sender?.packets).toBeGreaterThan(0);
    expect(report.cname).toMatch(/@/);
    const { quality } = await engine.client.call('leg.close', { legId: 'a' });
    expect(quality?.packetsReceived).toBeGreaterThan(20);
    await eventually('BYE', () => a.heardRtcp.some((packet) => parseRtcp(packet)?.bye));
  });

  test('ports are even, within the range, and exhausted politely', async () => {
    const ports = new Set<number>();
    for (let n = 0; n < 50; n++) {
      const { port } = await engine.client.call('leg.create', { legId: `p${n}`, bindAddress: '127.0.0.1' });
      expect(port % 2).toBe(0);
      expect(port).toBeGreaterThanOrEqual(base);
      expect(port).toBeLessThan(base + 100);
      ports.add(port);
    }
    expect(ports.size).toBe(50);
    await expect(
      engine.client.call('leg.create', { legId: 'a', bindAddress: '127.0.0.1' }),
    ).rejects.toMatchObject({ code: 'ports-exhausted' });
    const inOrder = [...ports].every((port, n, all) => n === 0 || port > (all[n - 1] as number));
    expect(inOrder).toBe(false);
    for (let n = 0; n < 50; n++) await engine.client.call('leg.close', { legId: `p${n}` });
  });
});
