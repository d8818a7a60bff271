import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { sequenceDelta, timestampDelta } from '../../src/codec/rtp.ts';
import { eventually } from '../support/eventually.ts';
import { makeTrace, sendThrough, steepness, toneSource } from '../support/jitter-trace.ts';
import { connectPhone, type MediaEngineProcess, startMediaEngine } from '../support/media-engine.ts';
import { type HeardPacket, RtpPhone } from '../support/rtp-phone.ts';
import { level, readWav, toneShare } from '../support/sound.ts';

/** One for each party, of whole periods in 25 ms. */
const frequencies = [400, 680, 1000, 1320, 1720];
const peak = 4000;

/**
 * The share of a tone in what is heard, by windows of 25 ms: a jitter buffer that follows its network moves the
 * pitch by 0.6 %, which would smear a longer one.
 */
function share(samples: Int16Array, frequencyHz: number): number {
  let sum = 0;
  let count = 0;
  for (let at = 0; at + 200 <= samples.length; at += 200, count++)
    sum += toneShare(samples.subarray(at, at + 200), frequencyHz);
  return count === 0 ? 0 : sum / count;
}

describe.each([1, 2])('with %i RTP threads', (threads) => {
  let engine: MediaEngineProcess;
  const phones: RtpPhone[] = [];
  const base = 21_300 + threads * 200;

  beforeAll(async () => {
    engine = await startMediaEngine({ from: base, to: base + 99, webrtc: base + 100, threads });
  });
  afterAll(() => engine.stop());
  afterEach(async () => {
    await engine.client.call('mix.close', { mixId: 'm' });
    for (let n = 0; n < phones.length; n++) await engine.client.call('leg.close', { legId: legOf(n) });
    await Promise.all(phones.splice(0).map((phone) => phone.close()));
    expect(await engine.client.call('stats', {})).toMatchObject({
      legs: 0,
      bridges: 0,
      mixes: 0,
      players: 0,
      recordings: 0,
      socketsBound: 0,
    });
  });

  const legOf = (party: number): string => `leg-${party}`;

  /** Phones on legs of their own, µ-law and A-law by turns, each saying its tone. */
  async function connect(count: number): Promise<RtpPhone[]> {
    for (let n = 0; n < count; n++) {
      const phone = await RtpPhone.open({ codec: n % 2 === 0 ? 'PCMU' : 'PCMA' });
      phones.push(phone);
      await connectPhone(engine.client, legOf(n), phone);
      phone.say(frequencies[n] as number, peak);
    }
    return phones;
  }

  /** All of them in mix `m`. */
  async function conference(count: number): Promise<RtpPhone[]> {
    await connect(count);
    await engine.client.call('mix.open', { mixId: 'm' });
    for (let n = 0; n < count; n++) await engine.client.call('mix.join', { mixId: 'm', legId: legOf(n) });
    return phones;
  }

  /** Which parties' tones the phone heard in its latest half second. */
  function partiesHeard(phone: RtpPhone, count: number): number[] {
    const samples = phone.samples(500);
    if (level(samples) < 0.005) return [];
    const voices = frequencies.slice(0, count).map((frequencyHz) => share(samples, frequencyHz));
    return voices.flatMap((voice, party) => (voice > 0.08 ? [party] : []));
  }

  /** Waits until each phone hears just those, for the whole of half a second. */
  async function hears(expected: readonly (readonly number[])[]): Promise<void> {
    await eventually(
      `each hears ${JSON.stringify(expected)}`,
      () =>
        phones.every((phone) => phone.heard.length >= 25) &&
        JSON.stringify(phones.map((phone) => partiesHeard(phone, phones.length))) ===
          JSON.stringify(expected),
      10_000,
    ).catch((cause: unknown) => {
      const heard = phones.map((phone) => partiesHeard(phone, phones.length));
      throw new Error(`heard ${JSON.stringify(heard)}`, { cause });
    });
  }

  const othersOf = (count: number): number[][] =>
    Array.from({ length: count }, (_, self) =>
      Array.from({ length: count }, (_, each) => each).filter((each) => each !== self),
    );

  test.each([3, 5])('of %i phones each hears all the others and not itself', async (count) => {
    await conference(count);
    await hears(othersOf(count));
    // On a busy machine a beat may come late now and then: the purity is judged when none did.
    await eventually('nothing else is heard', () =>
      phones.every((phone, self) => {
        const samples = phone.samples(500);
        const voices = frequencies.slice(0, count).map((frequencyHz) => share(samples, frequencyHz));
        const own = voices[self] as number;
        return own < 0.02 && voices.reduce((sum, voice) => sum + voice, -own) > 0.85;
      }),
    );
  });

  test('the mix is one stream with what came before: own numbers go on, the switch is marked', async () => {
    const [a] = (await connect(3)) as [RtpPhone];
    await eventually('silence before', () => a.heardCount > 10);
    await engine.client.call('mix.open', { mixId: 'm' });
    for (let n = 0; n < 3; n++) await engine.client.call('mix.join', { mixId: 'm', legId: legOf(n) });
    await hears(othersOf(3));
    await engine.client.call('mix.leave', { mixId: 'm', legId: legOf(0) });
    const before = a.heardCount;
    await eventually('silence after', () => a.heardCount > before + 30);
    expect(a.samples(300).every((sample) => Math.abs(sample) <= 8)).toBe(true);
    expect(new Set(a.heard.map(({ ssrc }) => ssrc)).size).toBe(1);
    for (const [n, packet] of a.heard.slice(1).entries()) {
      const previous = a.heard[n] as HeardPacket;
      expect(sequenceDelta(packet.sequence, previous.sequence)).toBe(1);
      const step = timestampDelta(packet.timestamp, previous.timestamp);
      expect(step).toBeGreaterThanOrEqual(160);
      if (!packet.marker) expect(step).toBe(160);
    }
    // The beginning, into the mix and out of it; a beat left out by a stalled machine is marked as well.
    expect(a.heard.filter(({ marker }) => marker).length).toBeGreaterThanOrEqual(3);
  });

  test('listening, whispering and talking can be changed while the mix goes on', async () => {
    await conference(3);
    const supervise = (mode: 'full' | 'listen' | `whisper:${string}`): Promise<null> =>
      engine.client.call('mix.join', { mixId: 'm', legId: legOf(2), mode });
    await supervise('listen');
    await hears([[1], [0], [0, 1]]);
    await supervise(`whisper:${legOf(1)}`);
    await hears([[1], [0, 2], [0, 1]]);
    await supervise('full');
    await hears(othersOf(3));
    await engine.client.call('mix.join', { mixId: 'm', legId: legOf(1), muted: true });
    await hears([[2], [0, 2], [0]]);
  });

  test('a leg that is closed is heard no more, and one that joins later is heard by all', async () => {
    await conference(3);
    await hears(othersOf(3));
    await engine.client.call('leg.close', { legId: legOf(0) });
    await phones.shift()?.close();
    await eventually('two are left', () => {
      const [b, c] = phones as [RtpPhone, RtpPhone];
      return (
        share(b.samples(500), frequencies[2] as number) > 0.9 &&
        share(c.samples(500), frequencies[1] as number) > 0.9
      );
    });
    const late = await RtpPhone.open();
    phones.unshift(late);
    await connectPhone(engine.client, legOf(0), late);
    late.say(frequencies[0] as number, peak);
    await engine.client.call('mix.join', { mixId: 'm', legId: legOf(0) });
    await hears(othersOf(3));
  });

  test('a phone on a bad network is heard without clicks, its losses made up', async () => {
    await connect(2);
    const bad = await RtpPhone.open();
    phones.push(bad);
    await connectPhone(engine.client, legOf(2), bad);
    await engine.client.call('mix.open', { mixId: 'm' });
    // Only the bad one speaks, so that every flaw would show.
    for (const phone of phones.slice(0, 2)) phone.say(0);
    for (let n = 0; n < 3; n++) await engine.client.call('mix.join', { mixId: 'm', legId: legOf(n) });
    const trace = makeTrace('wifi', 4, 200);
    expect(trace.filter((delay) => delay === null).length).toBeGreaterThan(2);
    const startMs = performance.now() + 50;
    const sent = sendThrough({ trace, sample: toneSource(500), startMs });
    await new Promise<void>((done) => {
      const run = (): void => {
        while (sent[0] && sent[0].arrivalMs <= performance.now() + 0.5)
          bad.sendRaw((sent.shift() as { packet: Buffer }).packet);
        if (sent[0]) setTimeout(run, Math.max(0, sent[0].arrivalMs - performance.now()));
        else done();
      };
      run();
    });
    const [a] = phones as [RtpPhone];
    // The two seconds before the last 400 ms, when the delay has been found.
    const heard = a.samples(2400).subarray(0, 16_000);
    expect(steepness(heard, 500)).toBeLessThan(1.4);
    expect(share(heard, 500)).toBeGreaterThan(0.85);
    const { quality } = await engine.client.call('leg.quality', { legId: legOf(2) });
    expect(quality.packetsLost).toBeGreaterThan(0);
  });

  test('a recording and a prompt work on legs of a mix as on any other', async () => {
    await conference(3);
    const file = join(engine.dataDir, `mix-${threads}.wav`);
    await engine.client.call('record.start', {
      recordingId: 'r',
      file,
      leftLegId: legOf(0),
      rightLegId: legOf(1),
    });
    await hears(othersOf(3));
    await engine.client.call('play.start', {
      legId: legOf(2),
      playId: 'p',
      sources: [{ kind: 'tone', frequenciesHz: [2500], durationMs: 700, levelDbm0: -10 }],
      loop: false,
    });
    const c = phones[2] as RtpPhone;
    await eventually('the prompt', () => toneShare(c.samples(200), 2500) > 0.95);
    await engine.notice('play.done', { playId: 'p', cause: 'ended' });
    await hears(othersOf(3));
    await engine.client.call('record.stop', { recordingId: 'r' });
    const { channels } = readWav(file);
    const [left, right] = channels as [Int16Array, Int16Array];
    expect(share(left.subarray(4000, 8000), frequencies[0] as number)).toBeGreaterThan(0.85);
    expect(share(right.subarray(4000, 8000), frequencies[1] as number)).toBeGreaterThan(0.85);
  });

  test('what makes no sense is refused and leaves nothing behind', async () => {
    await conference(3);
    const { client } = engine;
    await expect(client.call('mix.open', { mixId: 'm' })).rejects.toMatchObject({ code: 'media.bad-state' });
    await expect(client.call('mix.join', { mixId: 'none', legId: legOf(0) })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(client.call('mix.join', { mixId: 'm', legId: 'nobody' })).rejects.toMatchObject({
      code: 'media.unknown-leg',
    });
    await expect(
      client.call('bridge.join', { bridgeId: 'x', legIds: [legOf(0), legOf(1)] }),
    ).rejects.toMatchObject({ code: 'media.bad-state' });
    await expect(
      client.call('mix.join', { mixId: 'm', legId: legOf(0), mode: 'shout' as 'full' }),
    ).rejects.toMatchObject({ code: 'control.bad-request' });
    await expect(client.call('mix.join', { mixId: 'm', legId: legOf(0), gainDb: 90 })).rejects.toMatchObject({
      code: 'control.bad-request',
    });
    await client.call('mix.open', { mixId: 'other' });
    await expect(client.call('mix.join', { mixId: 'other', legId: legOf(0) })).rejects.toMatchObject({
      code: 'media.bad-state',
    });
    await client.call('mix.close', { mixId: 'other' });
    await client.call('mix.close', { mixId: 'other' });
    await client.call('mix.leave', { mixId: 'm', legId: legOf(0) });
    await client.call('mix.leave', { mixId: 'm', legId: legOf(0) });
    await client.call('mix.leave', { mixId: 'm', legId: legOf(1) });
    // Out of the mix, two legs are bridged as ever.
    await client.call('bridge.join', { bridgeId: 'x', legIds: [legOf(0), legOf(1)] });
    await hears([[1], [0], []]);
  });
});
