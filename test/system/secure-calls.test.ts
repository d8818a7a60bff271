/** Two independent softphones over TLS with SRTP, through the whole product: who hears whom, and what is refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Baresip, type BaresipOptions } from '../support/baresip.ts';
import { TestAuthority } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { Linphone } from '../support/linphone.ts';
import { office, secrets } from '../support/office.ts';
import { readWav, toneShare } from '../support/sound.ts';

const annaHz = 500; // baresip
const belaHz = 900; // linphone
const talkMs = 2500;

let box: Instance;
let dir: string;
let caFile: string;
const phones: { stop(): Promise<void> }[] = [];

async function baresip(user: '101' | '103', more: Partial<BaresipOptions> = {}): Promise<Baresip> {
  const server = `127.0.0.1:${box.ports.sips}`;
  const secure = { server, transport: 'tls', caFile, encryption: 'srtp-mand' } as const;
  const phone = await Baresip.start({ user, password: secrets[user], toneHz: annaHz, ...secure, ...more });
  phones.push(phone);
  return phone;
}

/** Over TCP: what was said over UDP is remembered for half a minute, and the test would wait for that. */
function plainPhone(): Promise<Baresip> {
  return baresip('103', { server: box.sip, transport: 'tcp', encryption: undefined, caFile: undefined });
}

async function linphone(authorities = caFile, register = true): Promise<Linphone> {
  const phone = await Linphone.start({
    user: '102',
    password: secrets['102'],
    server: `localhost:${box.ports.sips}`,
    transport: 'tls',
    toneHz: belaHz,
    caFile: authorities,
    encryption: 'mandatory',
    register,
  });
  phones.push(phone);
  return phone;
}

const callIds = new Set<string>();

/** The call since the last one asked for, ended. */
async function endedCall() {
  return eventually('the call is logged as ended', async () => {
    const { json } = await box.api('GET', '/calls');
    const found = json.items.find((call: { callId: string }) => !callIds.has(call.callId));
    if (found?.phase !== 'ended') return undefined;
    callIds.add(found.callId);
    return (await box.api('GET', `/calls/${found.callId}`)).json;
  });
}

async function talk(): Promise<void> {
  await eventually('they talk', async () => (await box.live()).calls[0]?.phase === 'talking');
  const began = performance.now();
  await eventually('the talk goes on', () => performance.now() - began > talkMs);
}

/** A second near the end of a sound: what was said when both had begun. */
function late(samples: Int16Array | undefined): Int16Array {
  return (samples ?? new Int16Array()).subarray(-10_000, -2000);
}

async function recorded(call: { recordings: { recordingId: string }[] }): Promise<Int16Array[]> {
  const { body, status } = await box.api('GET', `/recordings/${call.recordings[0]?.recordingId}`);
  expect(status).toBe(200);
  const file = join(dir, 'talk.wav');
  writeFileSync(file, body);
  return readWav(file).channels;
}

beforeAll(async () => {
  box = await Instance.start({
    settings: office(5060, (made) => {
      made.trunks = [];
      for (const extension of made.extensions) extension.mediaEncryption = 'required';
      const [sales] = made.queues;
      if (!sales) return;
      sales.agentIds = ['anna'];
      made.queues.push({ ...sales, id: 'support', name: 'Support', number: '601', agentIds: ['bela'] });
    }),
  });
  await box.login();
  dir = mkdtempSync(join(tmpdir(), 'cordboard-secure-'));
  caFile = join(dir, 'ca.pem');
  writeFileSync(caFile, (await box.api('GET', '/system/ca.pem')).body);
});
afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.stop();
  await box.assertIdle();
});
afterAll(async () => {
  await box?.assertNothingLeft();
  await box?.stop();
  rmSync(dir, { recursive: true, force: true });
});

describe('baresip and linphone over TLS with SRTP', () => {
  it('call each other through queues; each hears the other, the recordings hold both, and no key is readable', async () => {
    const anna = await baresip('101');
    const bela = await linphone();

    bela.dial('600');
    await anna.waitFor('CALL_INCOMING');
    anna.accept();
    await bela.waitFor(/Media streams established/);
    bela.speak();
    await talk();
    bela.hangUp();
    await anna.waitFor('CALL_CLOSED');
    const first = await endedCall();
    expect(toneShare(late(anna.heard()[0]), belaHz)).toBeGreaterThan(0.95);
    expect(toneShare(late(bela.heard()), annaHz)).toBeGreaterThan(0.9);
    const [left, right] = await recorded(first);
    expect(toneShare(late(left), belaHz)).toBeGreaterThan(0.95);
    expect(toneShare(late(right), annaHz)).toBeGreaterThan(0.95);
    // baresip takes the best suite that we offer; linphone offers none better than this.
    const encryptionOf = (call: { legs: { party: string }[] }) =>
      Object.fromEntries(call.legs.map((leg) => [leg.party, leg]));
    expect(encryptionOf(first)).toMatchObject({
      '101': { signalling: 'tls', quality: { srtp: { suite: 'AEAD_AES_128_GCM', throughout: true } } },
      '102': { signalling: 'tls', quality: { srtp: { suite: 'AES_CM_128_HMAC_SHA1_80', throughout: true } } },
    });

    const [events, said] = [anna.events.length, bela.output.length];
    anna.dial('601');
    await bela.waitFor(/incoming call/, said);
    bela.answer();
    await bela.waitFor(/Media streams established/, said);
    bela.speak();
    await talk();
    anna.hangUp();
    await anna.waitFor('CALL_CLOSED', { from: events });
    const second = await endedCall();
    expect(toneShare(late(anna.heard()[1]), belaHz)).toBeGreaterThan(0.95);
    const [caller, agent] = await recorded(second);
    expect(toneShare(late(caller), annaHz)).toBeGreaterThan(0.95);
    expect(toneShare(late(agent), belaHz)).toBeGreaterThan(0.95);
    expect(encryptionOf(second)).toMatchObject({
      '101': { signalling: 'tls', quality: { srtp: { throughout: true } } },
      '102': { signalling: 'tls', quality: { srtp: { suite: 'AES_CM_128_HMAC_SHA1_80', throughout: true } } },
    });

    for (const { callId } of [first, second]) {
      const ladder = (await box.api('GET', `/calls/${callId}/ladder`)).body.toString('utf8');
      expect(ladder).toMatch(/a=crypto:\d AES_CM_128_HMAC_SHA1_80 inline:x{40}/);
      expect(ladder.replaceAll(/inline:x+=*/g, '')).not.toContain('inline:');
      expect((await box.api('GET', `/calls/${callId}/pcap`)).body.toString('latin1')).not.toMatch(
        /inline:(?!x)/,
      );
    }
    expect(box.log()).not.toContain('inline:');
  });

  it('a phone that does not trust the authority of the box does not speak to it', async () => {
    const other = await TestAuthority.open();
    const foreign = join(dir, 'foreign.pem');
    writeFileSync(foreign, other.ca);
    other.remove();
    const before = (await box.stats()).sip.connections;
    const bela = await linphone(foreign, false);
    await bela.waitFor(/Certificate verification failed/);
    expect((await box.live()).phones.find(({ number }) => number === '102')?.contacts).toEqual([]);
    expect((await box.stats()).sip.connections).toBe(before);
  });
});

describe('where encryption is required', () => {
  it('a phone that speaks plainly gets 488, and the call says what to switch', async () => {
    await baresip('101');
    const plain = await plainPhone();
    plain.dial('101');
    const closed = await plain.waitFor('CALL_CLOSED');
    expect(closed.param).toContain('488');
    const call = await endedCall();
    expect(call.termination).toMatchObject({ reason: 'encryption-required', sipStatus: 488 });
    expect(call.trace).toContainEqual(
      expect.objectContaining({ code: 'leg.encryption-required', params: { party: '103' } }),
    );
    const ladder = (await box.api('GET', `/calls/${call.callId}/ladder`)).body.toString('utf8');
    expect(ladder).toContain('switch SRTP (SDES) on there');
  });

  it('a phone that speaks plainly is not called, and the call says what to switch', async () => {
    const anna = await baresip('101');
    await plainPhone();
    anna.dial('103');
    await anna.waitFor('CALL_CLOSED');
    const call = await endedCall();
    expect(call.legs.find(({ party }: { party: string }) => party === '103').termination).toMatchObject({
      reason: 'encryption-required',
    });
  });
});
