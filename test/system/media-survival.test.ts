import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { hears } from '../support/hears.ts';
import { connectPhone, type MediaEngineProcess, startMediaEngine } from '../support/media-engine.ts';
import { RtpPhone } from '../support/rtp-phone.ts';

let engine: MediaEngineProcess;
const phones: RtpPhone[] = [];
beforeEach(async () => {
  engine = await startMediaEngine({ from: 21_500, to: 21_597, webrtc: 21_598 });
});
afterEach(async () => {
  await Promise.all(phones.splice(0).map((phone) => phone.close()));
  await engine.stop();
});

async function call(): Promise<[RtpPhone, RtpPhone]> {
  const a = await RtpPhone.open();
  const b = await RtpPhone.open();
  phones.push(a, b);
  await connectPhone(engine.client, 'a', a);
  await connectPhone(engine.client, 'b', b);
  await engine.client.call('bridge.join', { bridgeId: 'x', legIds: ['a', 'b'] });
  a.say(440);
  b.say(1000);
  return [a, b];
}

test('audio and recordings go on when the appliance dies; the next one finds them and closes them', async () => {
  const [a, b] = await call();
  const file = `${engine.dataDir}/call.wav`;
  await engine.client.call('record.start', { recordingId: 'r', file, leftLegId: 'a', rightLegId: 'b' });
  engine.client.stop();
  a.forget();
  b.forget();
  await eventually(
    'a second of audio without an appliance',
    () => a.heard.length > 50 && b.heard.length > 50,
  );
  await hears(a, 1000, 600);
  await hears(b, 440, 600);

  const next = await engine.connect();
  const alive = await next.call('hello', { clientId: 'next' });
  expect(alive.legIds.sort()).toEqual(['a', 'b']);
  expect(alive.recordingIds).toEqual(['r']);
  const { recording } = await next.call('record.stop', { recordingId: 'r' });
  expect(recording?.durationMs).toBeGreaterThan(900);
  for (const legId of alive.legIds) await next.call('leg.close', { legId });
  expect(await next.call('stats', {})).toMatchObject({ legs: 0, bridges: 0, recordings: 0, socketsBound: 0 });
});

test('it ends when its parent goes', async () => {
  await call();
  engine.child.disconnect();
  await eventually('its end', () => engine.child.exitCode === 0);
});

test('rubbish on the RTP and control ports harms nothing', async () => {
  const [a, b] = await call();
  let seed = 7;
  for (let n = 0; n < 300; n++) {
    const bytes = Buffer.alloc(n % 90, 0).map(() => {
      seed = (seed * 48_271) % 0x7fff_ffff;
      return seed & 0xff;
    });
    if (n % 2 === 0 && bytes.length > 1) bytes[0] = 0x80 | ((bytes[0] as number) & 0x3f);
    a.sendRaw(bytes, n % 3 === 0 ? 'rtcp' : 'rtp');
  }
  b.forget();
  await hears(b, 440, 300);
});
