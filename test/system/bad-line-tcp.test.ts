/** A phone that signals over TCP at the end of a bad line: the stream stalls and goes on. Needs root. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { office, secrets } from '../support/office.ts';
import { talkFor } from '../support/office-call.ts';
import { toneShare } from '../support/sound.ts';
import { WanNetwork } from '../support/wan-network.ts';

const homeHz = 500;
const officeHz = 700;

const network = new WanNetwork(11);
let box: Instance;
let home: Baresip;
let desk: Baresip;

beforeAll(async () => {
  await network.make();
  box = await Instance.start({
    settings: office(5060),
    namespace: network.box,
    address: network.lan.box,
    env: { CORDBOARD_BIND: '0.0.0.0' },
  });
  await box.login();
  home = await Baresip.start({
    user: '101',
    password: secrets['101'],
    toneHz: homeHz,
    server: `${network.wan.box}:${box.ports.sip}`,
    address: network.wan.home,
    prefix: ['ip', 'netns', 'exec', network.home],
    transport: 'tcp',
  });
  desk = await Baresip.start({
    user: '102',
    password: secrets['102'],
    toneHz: officeHz,
    server: box.sip,
    address: network.lan.own,
    answerMode: 'auto',
  });
});
afterAll(async () => {
  try {
    await home?.stop();
    await desk?.stop();
    await box?.assertIdle();
    await box?.stop();
  } finally {
    await network.remove();
  }
});

it('a call over TCP is set up through loss, outlives a cut of five seconds, and ends when the line is back', async () => {
  const beganAt = Date.now();
  network.impair({ lost: 0.15, delayMs: 30, jitterMs: 20 });
  home.dial('102');
  await home.waitFor('CALL_ESTABLISHED', { timeoutMs: 20_000 });
  network.impair({});
  await eventually('they talk', async () => (await box.live()).calls[0]?.phase === 'talking');
  network.isOut = true;
  await talkFor(5000);
  network.isOut = false;
  await talkFor(2500);
  for (const [phone, toneHz] of [
    [home, officeHz],
    [desk, homeHz],
  ] as const) {
    const heard = phone.heard()[0] ?? new Int16Array();
    expect(toneShare(heard.subarray(heard.length - 10_000, heard.length - 2000), toneHz)).toBeGreaterThan(
      0.9,
    );
  }
  network.isOut = true;
  home.hangUp(); // the BYE waits in the stream
  await talkFor(1000);
  network.isOut = false;
  await desk.waitFor('CALL_CLOSED', { timeoutMs: 15_000 });
  const ended = await eventually('the call is logged as ended', async () => {
    const { json } = await box.api('GET', `/calls?from=${beganAt}`);
    return json.items[0]?.phase === 'ended' ? json.items[0] : undefined;
  });
  expect(ended.termination.reason).toBe('caller-hung-up');
  expect((await box.live()).phones.find(({ number }) => number === '101')?.contacts).toHaveLength(1);
});
