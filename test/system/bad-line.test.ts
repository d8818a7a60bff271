/** A phone at the end of a line that loses, delays, repeats and reorders, and is cut now and then. Needs root. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { QualityRecord } from '../../src/codec/media-control.ts';
import { Baresip } from '../support/baresip.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { office, secrets } from '../support/office.ts';
import { talkFor } from '../support/office-call.ts';
import { toneShare } from '../support/sound.ts';
import { WanNetwork } from '../support/wan-network.ts';

const homeHz = 500;
const officeHz = 700;

const network = new WanNetwork(7);
let box: Instance;
let home: Baresip;
let desk: Baresip;
let testBeganAt = 0;

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
    answerMode: 'auto',
  });
  desk = await Baresip.start({
    user: '102',
    password: secrets['102'],
    toneHz: officeHz,
    server: box.sip,
    address: network.lan.own,
  });
});
beforeEach(() => {
  testBeganAt = Date.now();
});
afterEach(async () => {
  network.isOut = false;
  network.impair({});
  await box.assertIdle();
});
afterAll(async () => {
  try {
    await home?.stop();
    await desk?.stop();
    await box?.stop();
  } finally {
    await network.remove();
  }
});

const isTalking = async (): Promise<boolean> => (await box.live()).calls[0]?.phase === 'talking';

interface EndedCall {
  termination: { reason: string };
  legs: { role: string; quality: QualityRecord }[];
}

/** What the log says of the call, and the quality of the leg to the home and of that to the desk. */
async function ended(): Promise<{ reason: string; home: QualityRecord; desk: QualityRecord }> {
  const call = await eventually(
    'the call is logged as ended',
    async (): Promise<EndedCall | undefined> => {
      const { json } = await box.api('GET', `/calls?from=${testBeganAt}`);
      const [item] = json.items;
      return item?.phase === 'ended' ? (await box.api('GET', `/calls/${item.callId}`)).json : undefined;
    },
    20_000,
  );
  const of = (isCaller: boolean): QualityRecord => {
    const leg = call.legs.find(({ role }) => (role === 'caller') === isCaller);
    if (!leg) throw new Error(`no leg in ${JSON.stringify(call)}`);
    return leg.quality;
  };
  return { reason: call.termination.reason, home: of(false), desk: of(true) };
}

const lossOf = ({ packetsLost, packetsReceived }: QualityRecord): number =>
  packetsLost / (packetsLost + packetsReceived);

/** How much of the last second that a phone heard, the very end left out, is this tone. */
function shareOf(phone: Baresip, toneHz: number): number {
  const heard = phone.heard().at(-1) ?? new Int16Array();
  return toneShare(heard.subarray(heard.length - 10_000, heard.length - 2000), toneHz);
}

describe('a call over a bad line', () => {
  it('of 5 % loss, 100 ms of jitter, duplicates and overtaking goes on; its quality record says what it was', async () => {
    network.impair({ lost: 0.05, delayMs: 40, jitterMs: 100, reordered: 0.03, duplicated: 0.02 });
    desk.dial('101');
    await eventually('they talk', isTalking, 20_000);
    await talkFor(8000);
    expect(await isTalking()).toBe(true);
    desk.hangUp();
    await home.waitFor('CALL_CLOSED', { timeoutMs: 20_000 });
    const { reason, home: bad, desk: good } = await ended();
    expect(reason).toBe('caller-hung-up');
    expect(lossOf(bad)).toBeGreaterThan(0.02);
    expect(lossOf(bad)).toBeLessThan(0.09);
    expect(bad.jitterMeanMs).toBeGreaterThan(5);
    expect(bad.jitterMeanMs).toBeLessThan(100);
    expect(bad.invalidDropped, 'duplicates are told apart from what was lost').toBeGreaterThan(0);
    expect(lossOf(good)).toBeLessThan(0.005);
    expect(good.jitterMeanMs).toBeLessThan(bad.jitterMeanMs);
    expect(bad.mos).toBeLessThan((good.mos ?? 0) - 0.3);
    expect(shareOf(desk, homeHz)).toBeGreaterThan(0.6);
    expect(shareOf(home, officeHz)).toBeGreaterThan(0.6);
  });

  it('is set up and ended although nearly every second message is lost', async () => {
    network.impair({ lost: 0.45 });
    const before = home.events.length;
    desk.dial('101');
    await eventually('they talk', isTalking, 30_000);
    await talkFor(1000);
    desk.hangUp();
    await home.waitFor('CALL_CLOSED', { from: before, timeoutMs: 30_000 });
    const { reason, home: bad } = await ended();
    expect(reason).toBe('caller-hung-up');
    expect(lossOf(bad)).toBeGreaterThan(0.2);
  });

  it('lives through ten seconds of nothing, and ends right when the line is cut while somebody hangs up', async () => {
    const before = home.events.length;
    desk.dial('101');
    await eventually('they talk', isTalking);
    await talkFor(1500);
    network.isOut = true;
    await talkFor(10_000);
    network.isOut = false;
    await talkFor(2500);
    expect(await isTalking()).toBe(true);
    expect(home.events.slice(before).map(({ type }) => type)).not.toContain('CALL_CLOSED');
    expect(shareOf(desk, homeHz)).toBeGreaterThan(0.9);
    expect(shareOf(home, officeHz)).toBeGreaterThan(0.9);
    network.isOut = true;
    desk.hangUp();
    await talkFor(1500);
    network.isOut = false;
    await home.waitFor('CALL_CLOSED', { from: before, timeoutMs: 20_000 });
    const { reason, home: bad, desk: good } = await ended();
    expect(reason).toBe('caller-hung-up');
    expect(bad.packetsLost).toBeGreaterThan(400);
    expect(lossOf(good)).toBeLessThan(0.01);
  });
});
