import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sequenceDelta } from '../../src/codec/rtp.ts';
import { eventually } from '../support/eventually.ts';
import { hears } from '../support/hears.ts';
import { connectPhone, type MediaEngineProcess, startMediaEngine } from '../support/media-engine.ts';
import { RtpPhone, type RtpPhoneOptions } from '../support/rtp-phone.ts';
import { clearest, level, onsetOf, readWav, toneShare } from '../support/sound.ts';

describe.each([1, 2])('with %i RTP threads', (threads) => {
  let engine: MediaEngineProcess;
  const phones: RtpPhone[] = [];
  const base = 22_000 + threads * 200;

  beforeAll(async () => {
    engine = await startMediaEngine({ from: base, to: base + 99, webrtc: base + 100, threads });
  });
  afterAll(() => engine.stop());
  afterEach(async () => {
    for (const legId of ['a', 'b']) await engine.client.call('leg.close', { legId });
    await Promise.all(phones.splice(0).map((phone) => phone.close()));
    expect(await engine.client.call('stats', {})).toMatchObject({
      legs: 0,
      bridges: 0,
      players: 0,
      recordings: 0,
      socketsBound: 0,
    });
  });

  async function phone(legId: string, options: RtpPhoneOptions): Promise<RtpPhone> {
    const opened = await RtpPhone.open(options);
    phones.push(opened);
    await connectPhone(engine.client, legId, opened, { ptimeMs: opened.ptimeMs });
    return opened;
  }

  async function call(a: RtpPhoneOptions, b: RtpPhoneOptions): Promise<[RtpPhone, RtpPhone]> {
    const both: [RtpPhone, RtpPhone] = [await phone('a', a), await phone('b', b)];
    await engine.client.call('bridge.join', { bridgeId: 'x', legIds: ['a', 'b'] });
    return both;
  }
  test('two phones that share G.722 hear what no narrow-band phone can', async () => {
    const [a, b] = await call({ codec: 'G722' }, { codec: 'G722' });
    a.say(5000);
    b.say(6000);
    await hears(a, 6000, 500);
    await hears(b, 5000, 500);
  });

  test('G.722 and A-law understand each other, and the recording has both', async () => {
    const [a, b] = await call({ codec: 'G722' }, { codec: 'PCMA' });
    a.say(700);
    b.say(1900);
    await eventually('audio', () => a.heardCount > 20 && b.heardCount > 20);
    const file = join(engine.dataDir, 'both.wav');
    const recording = { recordingId: 'r', file, leftLegId: 'a', rightLegId: 'b' };
    await engine.client.call('record.start', recording);
    a.forget();
    b.forget();
    await eventually('a second and a half', () => a.heard.length > 75 && b.heard.length > 75);
    await hears(a, 1900, 500);
    await hears(b, 700, 500);
    await engine.client.call('record.stop', { recordingId: 'r' });
    const [left, right] = readWav(file).channels as [Int16Array, Int16Array];
    expect(clearest(left.subarray(4000), 700)).toBeGreaterThan(0.95);
    expect(clearest(right.subarray(4000), 1900)).toBeGreaterThan(0.95);
  });

  test('a phone with G.722 hears announcements, and then nothing', async () => {
    const a = await phone('a', { codec: 'G722' });
    await engine.client.call('play.start', {
      legId: 'a',
      playId: 'p',
      sources: [{ kind: 'tone', frequenciesHz: [620], durationMs: 1000, levelDbm0: -10 }],
      loop: false,
    });
    await engine.notice('play.done', { playId: 'p', cause: 'ended' });
    await eventually('silence', () => level(a.samples(100)) < 0.001);
    const heard = a.samples(60_000);
    const onset = onsetOf(heard, 620, a.rateHz);
    expect(toneShare(heard.subarray(onset, onset + 0.9 * a.rateHz), 620, a.rateHz)).toBeGreaterThan(0.95);
    const jumps = a.heard.slice(1).filter((packet, n) => {
      return sequenceDelta(packet.sequence, a.heard[n]?.sequence ?? 0) !== 1;
    });
    expect(jumps).toHaveLength(0);
  });

  test.each([
    [10, 60],
    [30, 20],
  ])(
    'packets of %i ms reach the other phone as packets of %i ms, and the other way',
    async (ptimeA, ptimeB) => {
      const [a, b] = await call({ ptimeMs: ptimeA }, { ptimeMs: ptimeB, codec: 'PCMA' });
      a.say(440);
      b.say(1000);
      await eventually('both said something', () => a.sentCount > 20 && b.sentCount > 20);
      a.forget();
      b.forget();
      await eventually('a second', () => a.heard.length * ptimeA > 1000 && b.heard.length * ptimeB > 1000);
      for (const [heard, tone] of [
        [a, 1000],
        [b, 440],
      ] as const) {
        expect(new Set(heard.heard.map(({ payload }) => payload.length))).toEqual(
          new Set([heard.ptimeMs * 8]),
        );
        await hears(heard, tone, 600);
        for (const [n, packet] of heard.heard.entries())
          if (n > 0) expect(sequenceDelta(packet.sequence, heard.heard[n - 1]?.sequence ?? 0)).toBe(1);
      }
    },
  );
});
