/** Phones behind a router that translates, and a product that has a public address besides its own. Needs root. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { NatNetwork } from '../support/nat-network.ts';
import { office, secrets } from '../support/office.ts';
import { talkFor } from '../support/office-call.ts';
import { shortCall } from '../support/scenarios.ts';
import { sipp } from '../support/sipp.ts';
import { toneShare } from '../support/sound.ts';
import { WirePhone } from '../support/wire-phone.ts';

const homeHz = 500;
const officeHz = 700;
const publicAddress = '198.51.100.7';

const network = new NatNetwork();
let box: Instance;
const phones: Baresip[] = [];
let testBeganAt = 0;

beforeAll(async () => {
  network.make();
  const settings = office(5060, (made) => {
    for (const trunk of made.trunks) {
      trunk.host = network.outside;
      trunk.inbound = { kind: 'queue', queueId: 'sales' };
    }
  });
  box = await Instance.start({
    settings,
    namespace: network.box,
    address: network.lan.box,
    env: { CORDBOARD_BIND: '0.0.0.0' },
  });
  await box.login();
});
beforeEach(() => {
  testBeganAt = Date.now();
});
afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.stop();
  await box.assertIdle();
});
afterAll(async () => {
  try {
    await box?.assertNothingLeft();
  } finally {
    await box?.stop();
    network.remove();
  }
});

async function start(options: Omit<Parameters<typeof Baresip.start>[0], 'server'> & { server?: string }) {
  const phone = await Baresip.start({ server: box.sip, ...options });
  phones.push(phone);
  return phone;
}
const homePhone = (more: Partial<Parameters<typeof Baresip.start>[0]> = {}): Promise<Baresip> =>
  start({
    user: '101',
    password: secrets['101'],
    toneHz: homeHz,
    server: `${network.wan.box}:${box.ports.sip}`,
    address: network.homeAddress,
    prefix: ['ip', 'netns', 'exec', network.home],
    ...more,
  });
const officePhone = (more: Partial<Parameters<typeof Baresip.start>[0]> = {}): Promise<Baresip> =>
  start({ user: '102', password: secrets['102'], toneHz: officeHz, address: network.lan.own, ...more });

/** The last seconds of what a phone heard are this tone and not the other. */
function expectHeard(phone: Baresip, toneHz: number, otherHz: number): void {
  const heard = phone.heard()[0] ?? new Int16Array();
  const part = heard.subarray(heard.length - 12_000, heard.length - 2000);
  expect(toneShare(part, toneHz)).toBeGreaterThan(0.95);
  expect(toneShare(part, otherHz)).toBeLessThan(0.01);
}

function ended() {
  return eventually('the call is logged as ended', async () => {
    const { json } = await box.api('GET', `/calls?from=${testBeganAt}`);
    return json.items[0]?.phase === 'ended' ? json.items[0] : undefined;
  });
}

describe('a phone behind a NAT', () => {
  it('registers with its own address and is kept with the one its router gave it', async () => {
    await homePhone();
    const { phones: known } = await box.live();
    const [contact] = known.find(({ number }) => number === '101')?.contacts ?? [];
    expect(contact?.uri).toContain(network.homeAddress);
    expect(contact?.source).toContain(network.wan.router);
  });

  it('is called, talks both ways, and hears it when the other side hangs up', async () => {
    const home = await homePhone();
    const desk = await officePhone();
    desk.dial('101');
    await home.waitFor('CALL_INCOMING');
    home.accept();
    await desk.waitFor('CALL_ESTABLISHED');
    await talkFor(3000);
    desk.hangUp();
    await home.waitFor('CALL_CLOSED');
    expectHeard(home, officeHz, homeHz);
    expectHeard(desk, homeHz, officeHz);
    expect((await ended()).termination.reason).toBe('caller-hung-up');
  });

  it('is an agent like any other: the queue rings it, and it hangs up', async () => {
    const home = await homePhone({ answerMode: 'auto' });
    const desk = await officePhone({ user: '103', password: secrets['103'] });
    desk.dial('600');
    await eventually('they talk', async () => (await box.live()).calls[0]?.phase === 'talking');
    await talkFor(2500);
    home.hangUp();
    await desk.waitFor('CALL_CLOSED');
    expectHeard(home, officeHz, homeHz);
    expectHeard(desk, homeHz, officeHz);
    expect(await ended()).toMatchObject({ agentId: 'anna', termination: { reason: 'agent-hung-up' } });
  });

  it('calls in, holds, resumes and hangs up', async () => {
    const home = await homePhone();
    const desk = await officePhone({ answerMode: 'auto' });
    home.dial('102');
    await home.waitFor('CALL_ESTABLISHED');
    const phase = async () => (await box.live()).calls[0]?.phase;
    await eventually('they talk', async () => (await phase()) === 'talking');
    await talkFor(1000);
    await home.hold();
    await eventually('held', async () => (await phase()) === 'held');
    await home.resume();
    await eventually('resumed', async () => (await phase()) === 'talking');
    await talkFor(2500);
    home.hangUp();
    await desk.waitFor('CALL_CLOSED');
    expectHeard(home, officeHz, homeHz);
    expectHeard(desk, homeHz, officeHz);
    expect((await ended()).termination.reason).toBe('caller-hung-up');
  });
});

describe('the public address of the settings', () => {
  const setPublicAddress = async (address: string | null): Promise<void> => {
    const { json } = await box.api('GET', '/network');
    const { status, body } = await box.api('PUT', '/network', { ...json, publicAddress: address });
    expect(status, body.toString()).toBeLessThan(300);
  };
  const addresses = (text: string) => ({
    via: /^Via: SIP\/2\.0\/UDP ([\d.]+)/m.exec(text)?.[1],
    contact: /^Contact: <sip:(?:[^@>]+@)?([\d.]+)/m.exec(text)?.[1],
    sdp: /^c=IN IP4 ([\d.]+)/m.exec(text)?.[1],
  });
  /** The INVITE as a phone at `own` gets it. */
  const inviteTo = async (own: string) => {
    const phone = await WirePhone.open({
      number: '102',
      secret: secrets['102'],
      server: box.sip,
      address: own,
    });
    await phone.register();
    phone.onRequest = (request) => {
      if (request.startLine.startsWith('INVITE')) phone.respond(request, '486 Busy Here', { tag: 'busy' });
    };
    const desk = await officePhone({ user: '103', password: secrets['103'] });
    desk.dial('102');
    const { text } = await phone.waitFor('INVITE');
    await phone.waitFor('ACK');
    await desk.waitFor('CALL_CLOSED');
    await phone.register(0);
    phone.close();
    return addresses(text);
  };

  beforeAll(() => setPublicAddress(publicAddress));

  it('is told to phones outside the local networks', async () => {
    expect(await inviteTo(network.outside)).toEqual({
      via: publicAddress,
      contact: publicAddress,
      sdp: publicAddress,
    });
  });

  it('is not told to those inside: they get the address they reach', async () => {
    const { box: local } = network.lan;
    expect(await inviteTo(network.lan.own)).toEqual({ via: local, contact: local, sdp: local });
  });

  it('is in the answer to a carrier outside', async () => {
    const { status, messages } = await sipp({
      scenario: shortCall(500),
      remote: box.sip,
      service: '3612345678',
      localAddress: network.outside,
      // It believes the Contact, and nobody is at the public address here: everything goes where the INVITE went.
      extra: ['-rsa', box.sip],
    });
    expect(status, messages).toBe(0);
    const answer = messages.slice(messages.indexOf('SIP/2.0 200 OK'));
    expect(addresses(answer)).toMatchObject({ contact: publicAddress, sdp: publicAddress });
  });
});
