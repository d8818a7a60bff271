import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { connectPhone, type MediaEngineProcess, startMediaEngine } from '../support/media-engine.ts';
import { RtpPhone } from '../support/rtp-phone.ts';
import { toneShare } from '../support/sound.ts';

let engine: MediaEngineProcess;
const phones: RtpPhone[] = [];

beforeAll(async () => {
  engine = await startMediaEngine({ from: 21_000, to: 21_099, webrtc: 21_100 });
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

async function phone(options: Parameters<typeof RtpPhone.open>[0] = {}): Promise<RtpPhone> {
  const opened = await RtpPhone.open(options);
  phones.push(opened);
  return opened;
}

test('two bridged phones, one µ-law and one A-law, each hear exactly the other', async () => {
  const a = await phone({ codec: 'PCMU' });
  const b = await phone({ codec: 'PCMA' });
  await connectPhone(engine.client, 'a', a);
  await connectPhone(engine.client, 'b', b);
  await engine.client.call('bridge.join', { bridgeId: 'x', legIds: ['a', 'b'] });
  a.say(440);
  b.say(1000);
  await eventually('both heard a second', () => a.heardCount > 80 && b.heardCount > 80);
  const heardByA = a.samples(500);
  const heardByB = b.samples(500);
  expect(toneShare(heardByA, 1000)).toBeGreaterThan(0.95);
  expect(toneShare(heardByA, 440)).toBeLessThan(0.01);
  expect(toneShare(heardByB, 440)).toBeGreaterThan(0.95);
  expect(toneShare(heardByB, 1000)).toBeLessThan(0.01);
  await engine.notice('leg.media', { legId: 'a', port: a.port });
});
