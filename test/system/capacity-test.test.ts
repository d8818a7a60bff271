/** The box measures itself: a limit comes of it, nothing else does, and a real call ends it at once. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office } from '../support/office.ts';
import { shortCall } from '../support/scenarios.ts';
import { sipp } from '../support/sipp.ts';

let box: Instance;

beforeAll(async () => {
  // Ports for 10 calls and a few more: the test is soon at its end, and its outcome depends on no machine's speed.
  const rtpFrom = 21_000;
  box = await Instance.start({
    settings: office(5060),
    env: { CORDBOARD_RTP_PORTS: `${rtpFrom}-${rtpFrom + 59}` },
  });
  await box.login();
});
afterAll(() => box?.stop());

const capacity = async () => (await box.api('GET', '/system/capacity')).json;
const idle = () => eventually('the test is over', async () => (await capacity()).running === null, 30_000);

it('finds what this machine carries and admits less than that, or says that it is too busy; nothing stays behind', async () => {
  expect(await capacity()).toMatchObject({ source: 'assumed', results: [] });
  expect((await box.api('POST', '/system/capacity')).status).toBe(202);
  expect((await box.api('POST', '/system/capacity')).json.code).toBe('capacity.busy');
  await eventually('loop calls are up', async () => (await box.stats()).media.recordings >= 5);
  expect((await box.live()).calls, 'none of them is shown').toEqual([]);
  await idle();
  const { limit, source, results, aborted } = await capacity();
  if (aborted === 'busy') {
    // Something else had the processors: that is no measure of this machine, and the limit stays assumed.
    expect({ source, results }).toEqual({ source: 'assumed', results: [] });
  } else {
    expect({ source, aborted }).toEqual({ source: 'measured', aborted: null });
    expect(results[0]).toMatchObject({ versions: { cordboard: expect.any(String) }, limit });
    expect(results[0].steps[0]).toMatchObject({ calls: 5, failed: 0 });
    expect(results[0].steps[0].latencyP99Ms).toBeGreaterThan(0);
    expect(limit).toBeLessThanOrEqual(Math.max(2, results[0].carried));
  }
  await box.assertIdle();
  expect((await box.api('GET', '/calls')).json.items).toEqual([]);
  expect(existsSync(join(box.dataDir, 'capacity-test'))).toBe(false);
  expect(readdirSync(join(box.dataDir, 'recordings'), { recursive: true })).toEqual([]);
});

it('gives way to a call that comes, which is answered as ever; the limit found before stays', async () => {
  const { limit } = await capacity();
  await box.api('POST', '/system/capacity');
  await eventually('loop calls are up', async () => (await box.stats()).media.recordings >= 5);
  const run = await sipp({
    scenario: shortCall(300),
    remote: box.sip,
    service: '3612345678',
    localAddress: carrierAddress,
  });
  expect(run.statistics).toMatchObject({ successful: 1, failed: 0 });
  await idle();
  expect(await capacity()).toMatchObject({ aborted: 'call', limit });
  await box.assertIdle();
  expect((await box.api('GET', '/calls')).json.items).toHaveLength(1);
});

it('is refused while a call is up', async () => {
  const calling = sipp({
    scenario: shortCall(2000),
    remote: box.sip,
    service: '3612345678',
    localAddress: carrierAddress,
  });
  await eventually('a call is up', async () => (await box.live()).calls.length === 1);
  expect((await box.api('POST', '/system/capacity')).json.code).toBe('capacity.busy');
  await calling;
});
