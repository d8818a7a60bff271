/** A phone whose address changes while it talks: another network, another lease. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { office, secrets } from '../support/office.ts';
import { RtpPhone } from '../support/rtp-phone.ts';
import { toneShare } from '../support/sound.ts';
import { type SeenMessage, WirePhone } from '../support/wire-phone.ts';

const before = '127.0.0.5';
const after = '127.0.0.6';
const phoneHz = 500;
const deskHz = 700;
const tag = 'moving';

let box: Instance;
let desk: Baresip;
let testBeganAt = 0;
const open: { close: () => unknown }[] = [];

beforeAll(async () => {
  box = await Instance.start({ settings: office(5060) });
  await box.login();
  desk = await Baresip.start({ user: '102', password: secrets['102'], toneHz: deskHz, server: box.sip });
});
beforeEach(() => {
  testBeganAt = Date.now();
});
afterEach(async () => {
  await box.assertIdle();
  for (const each of open.splice(0)) await each.close();
});
afterAll(async () => {
  await desk?.stop();
  await box?.stop();
});

async function phoneAt(address: string): Promise<{ sip: WirePhone; rtp: RtpPhone }> {
  const sip = await WirePhone.open({ number: '101', secret: secrets['101'], server: box.sip, address });
  const rtp = await RtpPhone.open({ address });
  open.push(sip, rtp);
  sip.onRequest = (request) => {
    if (request.startLine.startsWith('BYE')) sip.respond(request, '200 OK');
  };
  return { sip, rtp };
}

const rtpPortOf = (message: SeenMessage): number => Number(/^m=audio (\d+)/m.exec(message.text)?.[1]);

/** The desk and the phone talk, the phone at its first address. */
async function talking(): Promise<{ sip: WirePhone; rtp: RtpPhone; invite: SeenMessage }> {
  const { sip, rtp } = await phoneAt(before);
  await sip.register();
  desk.dial('101');
  const invite = await sip.waitFor('INVITE');
  sip.respond(invite, '200 OK', { tag, rtpPort: rtp.port });
  await sip.waitFor('ACK');
  rtp.aim(rtpPortOf(invite));
  rtp.say(phoneHz);
  await eventually('they talk', async () => (await box.live()).calls[0]?.phase === 'talking');
  await eventually('the phone hears the desk', () => toneShare(rtp.samples(400), deskHz) > 0.9);
  return { sip, rtp, invite };
}

const reason = (): Promise<string> =>
  eventually('the call is logged as ended', async () => {
    const { json } = await box.api('GET', `/calls?from=${testBeganAt}`);
    return json.items[0]?.phase === 'ended' ? json.items[0].termination.reason : undefined;
  });

describe('a phone that moves in the middle of a call', () => {
  it('and offers anew from there goes on talking, gets nothing at its old place, and hears when it is over', async () => {
    const old = await talking();
    old.rtp.hush();
    const { sip, rtp } = await phoneAt(after);
    await sip.register();
    const answer = await sip.reinvite(old.invite, tag, rtp.port);
    expect(answer.startLine).toContain('200');
    rtp.aim(rtpPortOf(answer));
    rtp.say(phoneHz);
    await eventually(
      'it hears the desk',
      () => rtp.heardCount > 25 && toneShare(rtp.samples(400), deskHz) > 0.95,
    );
    const heardBefore = old.rtp.heardCount;
    await eventually('the desk hears it', () => {
      const heard = desk.heard().at(-1) ?? new Int16Array();
      return toneShare(heard.subarray(heard.length - 4000, heard.length - 400), phoneHz) > 0.95;
    });
    expect(old.rtp.heardCount).toBe(heardBefore);
    const { phones } = await box.live();
    expect(phones.find(({ number }) => number === '101')?.contacts.map(({ source }) => source)).toContain(
      `${after}:${sip.port}`,
    );
    desk.hangUp();
    await sip.waitFor('BYE');
    expect(old.sip.seen.filter((m) => m.startLine.startsWith('BYE'))).toEqual([]);
    expect(await reason()).toBe('caller-hung-up');
  });

  it('and only hangs up from there is understood; what it said from there unasked is heard by nobody', async () => {
    const old = await talking();
    const { sip, rtp } = await phoneAt(after);
    old.rtp.hush();
    rtp.aim(rtpPortOf(old.invite));
    rtp.say(1600);
    const { media } = await box.stats();
    expect(media.legs).toBe(2);
    await eventually('a second of it', () => rtp.sentCount > 50);
    expect(rtp.heardCount).toBe(0);
    sip.request('BYE', old.invite, tag);
    await sip.waitFor('SIP/2.0 200');
    expect(await reason()).toBe('callee-hung-up');
    const heard = desk.heard().at(-1) ?? new Int16Array();
    expect(toneShare(heard.subarray(heard.length - 6000), 1600)).toBeLessThan(0.05);
  });
});
