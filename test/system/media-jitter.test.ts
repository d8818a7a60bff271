import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RemoteMedia } from '../../src/codec/media-control.ts';
import { sequenceDelta } from '../../src/codec/rtp.ts';
import { eventOfDigit } from '../../src/codec/telephone-event.ts';
import { frequenciesOfEvent } from '../../src/media-engine/dsp/dtmf-tone.ts';
import { eventually } from '../support/eventually.ts';
import { makeTrace, purities } from '../support/jitter-trace.ts';
import { connectPhone, type MediaEngineProcess, startMediaEngine } from '../support/media-engine.ts';
import { type HeardPacket, RtpPhone, type RtpPhoneOptions } from '../support/rtp-phone.ts';
import { readWav } from '../support/sound.ts';

/** Keys as sound, 120 ms each and as long apart, and silence for a second behind them. */
function keyTones(digits: string, rateHz: number): Int16Array {
  const stepSamples = (rateHz * 240) / 1000;
  const sound = new Int16Array(digits.length * stepSamples + rateHz);
  for (const [n, digit] of [...digits].entries()) {
    const [low, high] = frequenciesOfEvent(eventOfDigit(digit) ?? 0) as [number, number];
    for (let at = 0; at < stepSamples / 2; at++) {
      const turns = (2 * Math.PI * at) / rateHz;
      sound[n * stepSamples + at] = Math.round(5000 * (Math.sin(low * turns) + Math.sin(high * turns)));
    }
  }
  return sound;
}

/** The share of windows of 25 ms that hold the tone of 500 Hz and little else. */
function pureShare(samples: Int16Array): number {
  const pure = purities(samples, 500);
  return pure.filter((share) => share > 0.9).length / pure.length;
}

describe.each([1, 2])('with %i RTP threads', (threads) => {
  let engine: MediaEngineProcess;
  const phones: RtpPhone[] = [];
  const base = 22_600 + threads * 200;

  beforeAll(async () => {
    engine = await startMediaEngine({ from: base, to: base + 99, webrtc: base + 100, threads });
  });
  afterAll(() => engine.stop());
  afterEach(async () => {
    for (const legId of ['a', 'b']) await engine.client.call('leg.close', { legId });
    await Promise.all(phones.splice(0).map((phone) => phone.close()));
    engine.notices.length = 0;
    expect(await engine.client.call('stats', {})).toMatchObject({ legs: 0, bridges: 0, socketsBound: 0 });
  });

  async function phone(
    legId: string,
    options: RtpPhoneOptions,
    changes: Partial<RemoteMedia> = {},
  ): Promise<RtpPhone> {
    const opened = await RtpPhone.open(options);
    phones.push(opened);
    await connectPhone(engine.client, legId, opened, changes);
    return opened;
  }

  test.each([
    ['a crowded Wi-Fi', 'wifi', 200],
    ['a line with 60 ms of jitter', 'uniform', -200],
  ] as const)('a trunk hears nothing of %s and of a clock that is off', async (_name, kind, ppm) => {
    const far = await phone('a', { trace: makeTrace(kind, 3, 1000), ppm, codec: 'PCMA' }, { fromAfar: true });
    const trunk = await phone('b', {}, { wantsEven: true });
    await engine.client.call('bridge.join', { bridgeId: 'x', legIds: ['a', 'b'] });
    far.say(500);
    await eventually('the first second', () => trunk.heardCount > 75);
    const file = join(engine.dataDir, `${kind}.wav`);
    const recording = { recordingId: 'r', file, leftLegId: 'a', rightLegId: 'b' };
    await engine.client.call('record.start', recording);
    trunk.forget();
    await eventually('five seconds', () => trunk.heard.length >= 250, 15_000);
    await engine.client.call('record.stop', { recordingId: 'r' });
    const heard = [...trunk.heard];
    expect(heard.every(({ payload }) => payload.length === 160)).toBe(true);
    const steps = heard.slice(1).map((packet, n) => {
      const before = heard[n] as HeardPacket;
      expect(sequenceDelta(packet.sequence, before.sequence)).toBe(1);
      return (packet.timestamp - before.timestamp) >>> 0;
    });
    // On a machine too busy a beat may be left out, and shows as such.
    expect(steps.every((step) => step % 160 === 0)).toBe(true);
    expect(steps.filter((step) => step === 160).length / steps.length).toBeGreaterThan(0.95);
    expect(pureShare(trunk.decode(heard))).toBeGreaterThan(0.85);
    // The recording places packets by their own time: jitter does not chop it either, losses are silence.
    const [left] = readWav(file).channels as [Int16Array];
    expect(pureShare(left.subarray(2000, 34_000))).toBeGreaterThan(0.85);
  });

  test('G.722 from afar is even and narrow towards the trunk', async () => {
    const far = await phone('a', { trace: makeTrace('wifi', 5, 1000), codec: 'G722' }, { fromAfar: true });
    const trunk = await phone('b', { codec: 'PCMA', ptimeMs: 30 }, { wantsEven: true, ptimeMs: 30 });
    await engine.client.call('bridge.join', { bridgeId: 'x', legIds: ['a', 'b'] });
    far.say(500);
    await eventually('three seconds', () => trunk.heardCount > 100, 15_000);
    const heard = trunk.heard.slice(-60);
    expect(heard.every(({ payload }) => payload.length === 240)).toBe(true);
    expect(pureShare(trunk.decode(heard))).toBeGreaterThan(0.85);
  });

  /** Digits told of a leg so far. */
  const told = (legId: string): string =>
    engine.notices
      .filter(([name, args]) => name === 'dtmf' && args.legId === legId)
      .map(([, args]) => args.digit)
      .join('');

  test.each(['PCMA', 'G722'] as const)('keys as tones are told behind jitter and loss: %s', async (codec) => {
    const trace = makeTrace('uniform', 11, 1000).map((delay, n) => (n % 17 === 9 ? null : delay));
    const a = await phone('a', { codec, trace }, { hearTones: true });
    a.saySound(keyTones('15#0', a.rateHz));
    // They are said over and over: a busy machine may swallow one, but makes none up.
    await eventually(`all four keys in order, not ${told('a')}`, () => told('a').includes('15#0'), 15_000);
    expect(told('a')).toMatch(/^[15#0]+$/);
  });

  test('digits to a peer without telephone events are tones that another leg understands', async () => {
    const ports = await Promise.all(
      ['a', 'b'].map((legId) => engine.client.call('leg.create', { legId, bindAddress: '127.0.0.1' })),
    );
    // Each leg is the other's peer: what one dials comes in at the other.
    for (const [n, legId] of ['a', 'b'].entries()) {
      await engine.client.call('leg.remote', {
        legId,
        remote: {
          address: '127.0.0.1',
          port: ports[1 - n]?.port ?? 0,
          codec: 'PCMU',
          payloadType: 0,
          ptimeMs: 20,
          direction: 'sendrecv',
          symmetric: false,
          hearTones: true,
        },
      });
    }
    await engine.client.call('dtmf.send', { legId: 'a', digits: '0123456789*#ABCD', durationMs: 80 });
    await eventually('all keys', () => told('b').length >= 16, 10_000);
    expect(told('b')).toBe('0123456789*#ABCD');
    expect(told('a')).toBe('');
  });
});
