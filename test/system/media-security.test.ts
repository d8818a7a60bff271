/** What others may send to the RTP ports of a call, and that it does no harm: real sockets, the real media process. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { QualityRecord } from '../../src/codec/media-control.ts';
import { rtpHeaderBytes, writeRtpHeader } from '../../src/codec/rtp.ts';
import { eventually } from '../support/eventually.ts';
import {
  connectPhone,
  type MediaEngineProcess,
  remoteOf,
  startMediaEngine,
} from '../support/media-engine.ts';
import { RtpPhone } from '../support/rtp-phone.ts';
import { clearest, readWav, toneShare } from '../support/sound.ts';

const aHz = 440;
const bHz = 1000;
const intruderHz = 1600;

let engine: MediaEngineProcess;
const phones: RtpPhone[] = [];
const sockets: Socket[] = [];
let ports: [a: number, b: number];

beforeAll(async () => {
  engine = await startMediaEngine({ from: 21_700, to: 22_699, webrtc: 21_698 });
});
afterEach(async () => {
  for (const legId of ['a', 'b']) await engine.client.call('leg.close', { legId });
  await Promise.all(phones.splice(0).map((phone) => phone.close()));
  for (const socket of sockets.splice(0)) socket.close();
  expect(await engine.client.call('stats', {})).toMatchObject({ legs: 0, socketsBound: 0, recordings: 0 });
});
afterAll(() => engine.stop());

async function phone(address = '127.0.0.1'): Promise<RtpPhone> {
  const made = await RtpPhone.open({ address });
  phones.push(made);
  return made;
}

async function call(): Promise<[RtpPhone, RtpPhone]> {
  const a = await phone();
  const b = await phone();
  ports = [await connectPhone(engine.client, 'a', a), await connectPhone(engine.client, 'b', b)];
  await engine.client.call('bridge.join', { bridgeId: 'x', legIds: ['a', 'b'] });
  a.say(aHz);
  b.say(bHz);
  await eventually('they hear each other', () => a.heardCount > 20 && b.heardCount > 20);
  return [a, b];
}

async function qualityOf(legId: string): Promise<QualityRecord> {
  return (await engine.client.call('leg.quality', { legId })).quality;
}

/** One packet of `payload` bytes with whatever header. */
function packetOf(header: { ssrc: number; sequence: number; timestamp?: number }, payload = 160): Buffer {
  const packet = Buffer.alloc(rtpHeaderBytes + payload, 0x10); // loud: a harm that is done is heard
  writeRtpHeader(
    packet,
    0,
    false,
    0,
    header.sequence,
    header.timestamp ?? header.sequence * 160,
    header.ssrc,
  );
  return packet;
}

/** For the next second the other party hears this tone and hardly anything else. */
async function expectUndisturbed(listener: RtpPhone, toneHz: number): Promise<void> {
  listener.forget();
  await eventually('a second of audio', () => listener.heard.length >= 50);
  expect(toneShare(listener.samples(900), toneHz)).toBeGreaterThan(0.97);
  expect(new Set(listener.heard.map(({ ssrc }) => ssrc)).size).toBe(1);
}

/** Does something every 5 ms until it is stopped. */
function often(act: () => void): { stop: () => void } {
  const timer = setInterval(act, 5);
  return { stop: () => clearInterval(timer) };
}

describe('an attacker at a call that is running', () => {
  test('from another address and from another port of the peer’s is not heard, and counted', async () => {
    const [, b] = await call();
    let sent = 0;
    for (const address of ['127.0.0.9', '127.9.9.9', '127.0.0.1']) {
      const socket = createSocket('udp4');
      sockets.push(socket);
      socket.bind(0, address);
      await once(socket, 'listening');
      const attack = often(() => socket.send(packetOf({ ssrc: 3, sequence: sent++ & 0xffff }), ports[0]));
      await expectUndisturbed(b, aHz);
      attack.stop();
    }
    await eventually('all are counted', async () => (await qualityOf('a')).foreignDropped === sent);
  });

  test('who forges the peer’s address takes no stream over with an SSRC of its own', async () => {
    const [a, b] = await call();
    let sent = 0;
    const attack = often(() => a.sendRaw(packetOf({ ssrc: (a.ssrc + 1) >>> 0, sequence: sent++ & 0xffff })));
    await expectUndisturbed(b, aHz);
    attack.stop();
    await eventually('all are counted', async () => (await qualityOf('a')).foreignDropped === sent);
    const { packetsLost, packetsReceived } = await qualityOf('a');
    expect(packetsLost).toBe(0);
    expect(Math.abs(packetsReceived - a.sentCount)).toBeLessThanOrEqual(3);
  });

  test('who sends again what was said is not heard, in the order of then or any other', async () => {
    const [a, b] = await call();
    const said = a.sequence;
    let sent = 0;
    const attack = often(() => {
      a.sendRaw(packetOf({ ssrc: a.ssrc, sequence: (said - 1 - (sent++ % 20)) & 0xffff })); // just now
      a.sendRaw(packetOf({ ssrc: a.ssrc, sequence: (said - 8000 + sent++) & 0xffff })); // long ago
    });
    await expectUndisturbed(b, aHz);
    attack.stop();
    await eventually('all are counted', async () => {
      const { foreignDropped, invalidDropped } = await qualityOf('a');
      return foreignDropped + invalidDropped === sent;
    });
    expect((await qualityOf('a')).packetsLost).toBe(0);
  });

  test('headers that lie and packets that no phone sends do no harm', async () => {
    const [a, b] = await call();
    const next = (): number => (a.sequence + 5) & 0xffff;
    const lies: ((packet: Buffer) => Buffer)[] = [
      (p) => p.fill(0x8f, 0, 1).subarray(0, 40), // 15 CSRCs in a packet without room for them
      (p) => p.fill(0x90, 0, 1).fill(0xff, 14, 16), // an extension longer than the packet
      (p) => p.fill(0xa0, 0, 1).fill(0xff, p.length - 1), // padding beyond the payload
      (p) => p.fill(0xa0, 0, 1).fill(0, p.length - 1), // padding of nothing
      (p) => p.fill(0x40, 0, 1), // version 1
      (p) => p.subarray(0, 11),
      () => Buffer.alloc(0),
    ];
    let sent = 0;
    const attack = often(() => {
      const packet = packetOf({ ssrc: a.ssrc, sequence: next() });
      a.sendRaw((lies[sent++ % lies.length] as (packet: Buffer) => Buffer)(packet));
      a.sendRaw(packetOf({ ssrc: a.ssrc, sequence: next() }, 9000 + (sent++ % 50_000)));
    });
    await expectUndisturbed(b, aHz);
    attack.stop();
    await eventually('all are counted', async () => (await qualityOf('a')).invalidDropped === sent);
    expect((await qualityOf('a')).packetsLost).toBe(0);
  });

  test('RTCP from elsewhere changes nothing that the quality record says', async () => {
    const [a] = await call();
    const socket = createSocket('udp4');
    sockets.push(socket);
    socket.bind(0, '127.0.0.9');
    await once(socket, 'listening');
    const bye = Buffer.from(
      '81c90007000000010000000000ffffff000000000000000000000000000000ff80cb000000000001',
      'hex',
    );
    for (let n = 0; n < 50; n++) socket.send(bye, ports[0] + 1);
    await eventually('all are counted', async () => (await qualityOf('a')).foreignDropped === 50);
    expect((await qualityOf('a')).remoteLossFraction).toBeNull();
    expect(a.heardCount).toBeGreaterThan(0);
  });

  test('the recording holds the two parties alone, and is no longer than the call', async () => {
    const [a, b] = await call();
    const file = `${engine.dataDir}/attacked.wav`;
    await engine.client.call('record.start', { recordingId: 'r', file, leftLegId: 'a', rightLegId: 'b' });
    const beganAt = performance.now();
    let sent = 0;
    const attack = often(() => {
      sent++;
      a.sendRaw(packetOf({ ssrc: 3, sequence: sent }));
      a.sendRaw(packetOf({ ssrc: a.ssrc, sequence: (a.sequence - 10) & 0xffff, timestamp: a.timestamp }));
      b.sendRaw(packetOf({ ssrc: b.ssrc, sequence: b.sequence, timestamp: b.timestamp }, 20_000));
    });
    await expectUndisturbed(b, aHz);
    attack.stop();
    const { recording } = await engine.client.call('record.stop', { recordingId: 'r' });
    expect(recording?.durationMs).toBeLessThan(performance.now() - beganAt + 100);
    const { channels } = readWav(file);
    expect(clearest(channels[0] ?? new Int16Array(), aHz)).toBeGreaterThan(0.95);
    expect(clearest(channels[1] ?? new Int16Array(), bHz)).toBeGreaterThan(0.95);
  });
});

describe('an attacker who is there before the phone', () => {
  test.each([
    ['of a phone in the open', '127.0.0.1', false],
    ['of a phone behind a NAT', '127.0.77.1', true],
  ])('wins no race for the leg %s', async (_what, address, symmetric) => {
    const { port } = await engine.client.call('leg.create', { legId: 'a', bindAddress: '127.0.0.1' });
    const attacker = await phone('127.9.9.9');
    attacker.aim(port);
    attacker.say(intruderHz);
    const victim = await phone(address);
    victim.aim(port);
    // Behind a NAT the phone names an address that is nobody's; its signalling came from its router.
    const place = symmetric ? { address: '127.0.0.33', port: 9, signallingAddress: address } : {};
    await engine.client.call('leg.remote', { legId: 'a', remote: remoteOf(victim, { symmetric, ...place }) });
    await eventually('the attacker is there', async () => (await qualityOf('a')).foreignDropped > 10);
    expect(attacker.heardCount).toBe(0);
    victim.say(aHz);
    await eventually('the phone hears us', () => victim.heardCount > 10);
    const { packetsReceived } = await qualityOf('a');
    expect(packetsReceived).toBeLessThanOrEqual(victim.sentCount);
    expect(attacker.heardCount).toBe(0);
    expect(engine.notices.filter(([, args]) => args.address === '127.9.9.9')).toEqual([]);
  });
});

test('a port cannot be guessed from those before: all are drawn alike, and no step between two is common', async () => {
  const drawn: number[] = [];
  for (let n = 0; n < 600; n++) {
    const { port } = await engine.client.call('leg.create', { legId: 'a', bindAddress: '127.0.0.1' });
    drawn.push((port - 21_700) / 2);
    await engine.client.call('leg.close', { legId: 'a' });
  }
  // Chi-square against an even spread, 19 degrees of freedom: above 50 once in 7,000 runs. The second is over the
  // steps from each port to the next.
  for (const values of [drawn, drawn.slice(1).map((port, n) => (port - (drawn[n] as number) + 500) % 500)]) {
    const tally = new Array<number>(20).fill(0);
    for (const value of values) tally[Math.floor(value / 25)] = (tally[Math.floor(value / 25)] ?? 0) + 1;
    const expected = values.length / tally.length;
    const chiSquare = tally.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(50);
    expect(new Set(values).size).toBeGreaterThan(280); // of 500 places with 600 draws: about 350
  }
});
