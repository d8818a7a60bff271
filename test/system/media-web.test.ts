import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { hears } from '../support/hears.ts';
import { connectPhone, type MediaEngineProcess, startMediaEngine } from '../support/media-engine.ts';
import { RtpPhone } from '../support/rtp-phone.ts';
import { requireWorkerBin } from '../support/worker-bin.ts';

let engine: MediaEngineProcess;
let phone: RtpPhone;
beforeAll(async () => {
  requireWorkerBin();
  engine = await startMediaEngine({ from: 21_910, to: 21_989, webrtc: 21_990 });
  phone = await RtpPhone.open();
});
afterAll(async () => {
  await phone.close();
  await engine.stop();
});
afterEach(async () => {
  for (const legId of ['web', 'desk']) await engine.client.call('leg.close', { legId });
  const stats = await engine.client.call('stats', {});
  expect(stats).toMatchObject({ legs: 0, bridges: 0, players: 0, socketsBound: 0, webTransports: 0 });
});

test('a browser leg is a leg like any other: opened, bridged, played to, closed', async () => {
  expect(await engine.client.call('hello', { clientId: 'test' })).toMatchObject({ webReady: true });
  const opened = await engine.client.call('web.open', { legId: 'web', announcedAddresses: ['127.0.0.1'] });
  expect(opened.transportOptions).toBeTypeOf('object');
  await connectPhone(engine.client, 'desk', phone);
  await engine.client.call('bridge.join', { bridgeId: 'x', legIds: ['web', 'desk'] });
  await engine.client.call('music.start', { legId: 'web', playId: 'm' });
  const stats = await engine.client.call('stats', {});
  expect(stats).toMatchObject({ legs: 2, bridges: 1, players: 1 });
  expect(stats.webTransports).toBeGreaterThan(0);
});

test('when the mediasoup worker dies it is told and comes back, and phones talk on', async () => {
  const other = await RtpPhone.open();
  await connectPhone(engine.client, 'desk', phone);
  await connectPhone(engine.client, 'other', other);
  await engine.client.call('bridge.join', { bridgeId: 'x', legIds: ['desk', 'other'] });
  await engine.client.call('web.open', { legId: 'web', announcedAddresses: ['127.0.0.1'] });
  phone.say(440);
  const [workerPid] = (await engine.client.call('stats', {})).workerPids;
  process.kill(workerPid as number, 'SIGKILL');
  await engine.notice('web.closed', { legId: 'web' });
  expect(await engine.notice('worker.died')).toEqual({ restarted: true });
  other.forget();
  await hears(other, 440, 300);
  const again = await engine.client.call('hello', { clientId: 'test' });
  expect(again.webReady).toBe(true);
  await engine.client.call('leg.close', { legId: 'other' });
  await other.close();
});
