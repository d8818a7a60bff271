/** Phones and trunks against both real engines: SIPp for signalling, baresip for sound. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Settings, settingsSchema } from '../../src/domain/settings.ts';
import { Baresip } from '../support/baresip.ts';
import { Engines } from '../support/engines.ts';
import { eventually } from '../support/eventually.ts';
import { ack, answered, bye, invite, scenario, shortCall } from '../support/scenarios.ts';
import { sipp } from '../support/sipp.ts';
import { toneShare } from '../support/sound.ts';
import { eventsOf } from '../support/telephony-bench.ts';

const trunkAddress = '127.0.0.2';
const trunkPort = 23_900;
const settings: Settings = settingsSchema.parse({
  version: 1,
  extensions: [
    { id: 'anna', number: '201', name: 'Anna', secret: 'secret-of-201' },
    { id: 'bela', number: '202', name: 'Béla', secret: 'secret-of-202' },
  ],
  trunks: [{ id: 'peer', name: 'Carrier', kind: 'peer', host: trunkAddress, port: trunkPort }],
});

let engines: Engines;
const phones: Baresip[] = [];

beforeAll(async () => {
  engines = await Engines.start(23_000, settings);
});
afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.stop();
  engines.incoming.length = 0;
  await engines.assertIdle();
});
afterAll(() => engines.stop());

async function phone(options: Partial<Parameters<typeof Baresip.start>[0]> = {}): Promise<Baresip> {
  const started = await Baresip.start({
    user: '201',
    server: engines.server,
    password: 'secret-of-201',
    toneHz: 440,
    ...options,
  });
  phones.push(started);
  return started;
}

const fromTrunk = (text: string, more: Partial<Parameters<typeof sipp>[0]> = {}): ReturnType<typeof sipp> =>
  sipp({ scenario: text, remote: engines.server, service: '100', localAddress: trunkAddress, ...more });

describe('a call from a trunk', () => {
  it('is answered, hears what is played, and ends when the caller hangs up', async () => {
    const run = fromTrunk(shortCall(600));
    const call = await engines.nextCall();
    expect(call).toMatchObject({ source: { kind: 'trunk' }, from: '+36301112233', to: '100' });
    const seen = eventsOf(call.leg);
    await call.leg.ring();
    await call.leg.earlyMedia();
    await call.leg.answer();
    call.leg.play([{ kind: 'tone', frequenciesHz: [440], durationMs: 200, levelDbm0: -10 }]);
    expect((await run).status).toBe(0);
    await eventually('the leg ends', () => seen.at(-1)?.[0] === 'ended');
    expect(seen).toEqual([
      ['answered'],
      ['played', expect.any(String), 'ended'],
      [
        'ended',
        { class: 'success', reason: 'hung-up' },
        expect.objectContaining({ packetsSent: expect.any(Number) }),
      ],
    ]);
  });

  it('ends when we hang up, with a Reason', async () => {
    const run = fromTrunk(scenario('hung up', invite(), answered, ack(), '<recv request="BYE"/>', replyOk));
    const { leg } = await engines.nextCall();
    await leg.answer();
    await leg.hangUp({ class: 'success', reason: 'hung-up' });
    const { status, messages } = await run;
    expect(status).toBe(0);
    expect(messages).toMatch(/Reason: ?Q\.850;cause=16;text="Normal call clearing"/i);
  });

  it('taken back by CANCEL ends so', async () => {
    const run = fromTrunk(
      scenario(
        'cancel',
        invite(),
        '<recv response="100" optional="true"/><recv response="180"/>',
        cancel,
        '<recv response="200"/><recv response="487"/>',
        ackFailure,
      ),
    );
    const { leg } = await engines.nextCall();
    const seen = eventsOf(leg);
    await leg.ring();
    expect((await run).status).toBe(0);
    await eventually('the leg ends', () => seen.length > 0);
    expect(seen).toEqual([['ended', { class: 'client', reason: 'cancelled', sipStatus: 487 }, null]]);
  });

  it('without a common codec is refused with 488 and a hint', async () => {
    const g729 = noCodec.replace('image 40000 udptl t38', 'audio 40000 RTP/AVP 18');
    const run = fromTrunk(
      scenario(
        'no codec',
        invite({ body: g729 }),
        '<recv response="100" optional="true"/><recv response="488"/>',
        ackFailure,
      ),
    );
    const { status, messages } = await run;
    expect(status).toBe(0);
    expect(messages).toMatch(/Warning: ?305 cordboard ".*G729.*enable G\.711/i);
  });

  it('that also offers fax keeps its audio, with the fax declined', async () => {
    const both = `${noCodec}\n      m=audio [media_port] RTP/AVP 8`;
    const run = fromTrunk(
      scenario(
        'fax',
        invite({ body: both }),
        answered,
        ack(),
        '<pause milliseconds="100"/>',
        bye(),
        '<recv response="200"/>',
      ),
    );
    const { leg } = await engines.nextCall();
    await leg.answer();
    const { status, messages } = await run;
    expect(status).toBe(0);
    expect(messages).toMatch(/m=image 0 udptl t38\r?\nm=audio [1-9]\d+ RTP\/AVP 8/);
  });

  it('from an address that is no trunk is asked who it is', async () => {
    const run = await sipp({
      scenario: scenario(
        'stranger',
        invite(),
        '<recv response="100" optional="true"/><recv response="407"/>',
        ackFailure,
      ),
      remote: engines.server,
      service: '100',
      localAddress: '127.0.0.3',
    });
    expect(run.status).toBe(0);
    expect(engines.incoming).toEqual([]);
  });
});

describe('registration', () => {
  const register = (user: string, password: string, last: string) =>
    sipp({
      scenario: scenario(
        'register',
        registerRequest(1, ''),
        '<recv response="401" auth="true"/>',
        registerRequest(2, `[authentication username=${user} password=${password}]`),
        last,
      ),
      remote: engines.server,
      service: user,
    });

  it('with MD5 is accepted, and taken back', async () => {
    const run = await register('201', 'secret-of-201', '<recv response="200"/>');
    expect(run.status).toBe(0);
    expect(engines.room.phones()[0]?.contacts).toHaveLength(1);
    const gone = await sipp({
      scenario: scenario(
        'unregister',
        registerRequest(1, '').replaceAll('Expires: 300', 'Expires: 0'),
        '<recv response="401" auth="true"/>',
        registerRequest(2, '[authentication username=201 password=secret-of-201]')
          .replaceAll('Expires: 300', 'Expires: 0')
          .replaceAll(/Contact: .*/g, 'Contact: *'),
        '<recv response="200"/>',
      ),
      remote: engines.server,
      service: '201',
    });
    expect(gone.status).toBe(0);
    expect(engines.room.phones()[0]?.contacts).toEqual([]);
  });

  it('with a wrong password, and of an unknown number, is refused alike', async () => {
    for (const [user, password] of [
      ['201', 'wrong'],
      ['999', 'anything'],
    ] as const) {
      expect((await register(user, password, '<recv response="403"/>')).status).toBe(0);
    }
  });
});

describe('phones with sound', () => {
  it('dialled ring, talk over a bridge, hold and resume, and hang up', async () => {
    const anna = await phone();
    const bela = await phone({ user: '202', password: 'secret-of-202', toneHz: 700, transport: 'tcp' });
    const dial = (extensionId: string) =>
      engines.room.dial({
        target: { kind: 'extension', extensionId },
        callerNumber: '100',
        timeoutMs: 10_000,
      });
    const a = dial('anna');
    const seen = eventsOf(a);
    await anna.waitFor('CALL_INCOMING');
    await eventually('it rings', () => seen.some(([name]) => name === 'ringing'));
    anna.accept();
    await eventually('it is answered', () => a.state === 'up');
    const b = dial('bela');
    await bela.waitFor('CALL_INCOMING');
    bela.accept();
    await eventually('the other is answered', () => b.state === 'up');
    await engines.room.bridge(a, b);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await anna.hold();
    await eventually('hold is told', () => seen.some(([name]) => name === 'hold'));
    await anna.resume();
    await eventually('resume is told', () => seen.some(([name]) => name === 'resume'));
    anna.hangUp();
    await eventually('the leg ends', () => a.state === 'ended');
    await b.hangUp({ class: 'success', reason: 'callee-hung-up' });
    await bela.waitFor('CALL_CLOSED');
    await anna.waitFor('CALL_CLOSED');
    expect(toneShare(anna.heard()[0]!, 700)).toBeGreaterThan(0.3);
    expect(toneShare(bela.heard()[0]!, 440)).toBeGreaterThan(0.3);
  });

  it('two of one extension ring together; the first answer wins, the other is told so', async () => {
    const first = await phone();
    const second = await phone();
    const leg = engines.room.dial({
      target: { kind: 'extension', extensionId: 'anna' },
      callerNumber: '100',
      callerName: 'Support queue',
      timeoutMs: 10_000,
    });
    await Promise.all([first.waitFor('CALL_INCOMING'), second.waitFor('CALL_INCOMING')]);
    second.accept();
    await eventually('it is answered', () => leg.state === 'up');
    await first.waitFor('CALL_CLOSED');
    await eventually(
      'the CANCEL says who answered',
      () => engines.seen('CANCEL ', 'text="Call completed elsewhere"').length > 0,
    );
    second.hangUp();
    await eventually('the leg ends', () => leg.state === 'ended');
  });

  it('authenticated call in as who they are', async () => {
    const anna = await phone();
    anna.dial('600');
    const call = await engines.nextCall();
    expect(call).toMatchObject({ source: { kind: 'extension' }, from: '201', fromName: 'Anna', to: '600' });
    await call.leg.answer();
    const digits: string[] = [];
    call.leg.events.on('digit', (digit) => digits.push(digit));
    await anna.waitFor('CALL_ESTABLISHED');
    await anna.press('1#');
    await eventually(`digits: ${digits.join('')}`, () => digits.join('') === '1#');
    await call.leg.hangUp({ class: 'success', reason: 'hung-up' });
    await anna.waitFor('CALL_CLOSED');
  });

  it('that nobody picks up ends as no-answer; without a phone as no-contact', async () => {
    const anna = await phone();
    const leg = engines.room.dial({
      target: { kind: 'extension', extensionId: 'anna' },
      callerNumber: '100',
      timeoutMs: 500,
    });
    const seen = eventsOf(leg);
    await anna.waitFor('CALL_CLOSED');
    await eventually('the leg ends', () => seen.at(-1)?.[0] === 'ended');
    expect(seen.at(-1)?.[1]).toMatchObject({ reason: 'no-answer' });
    const nobody = engines.room.dial({
      target: { kind: 'extension', extensionId: 'bela' },
      callerNumber: '100',
      timeoutMs: 500,
    });
    const ended = eventsOf(nobody);
    await eventually('it ends', () => ended.length > 0);
    expect(ended[0]?.[1]).toMatchObject({ reason: 'no-contact' });
  });
});

const replyOk = `<send><![CDATA[
  SIP/2.0 200 OK
  [last_Via:]
  [last_From:]
  [last_To:]
  [last_Call-ID:]
  [last_CSeq:]
  Content-Length: 0
  ]]></send>`;

const sameTransaction = (method: string, to: string): string => `<send><![CDATA[
  ${method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0
  Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-${method === 'CANCEL' ? 3 : 2}]
  From: "Customer" <sip:+36301112233@[local_ip]:[local_port]>;tag=[pid]SIPpTag00[call_number]
  To: <sip:[service]@[remote_ip]:[remote_port]>${to}
  Call-ID: [call_id]
  CSeq: 1 ${method}
  Max-Forwards: 70
  Content-Length: 0
  ]]></send>`;
const cancel = sameTransaction('CANCEL', '');
const ackFailure = sameTransaction('ACK', '[peer_tag_param]');

const noCodec = `v=0
      o=carrier 1 1 IN IP4 [local_ip]
      s=-
      c=IN IP4 [local_ip]
      t=0 0
      m=image 40000 udptl t38`;

const registerRequest = (cseq: number, authorization: string): string => `<send retrans="500"><![CDATA[
  REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
  Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
  From: <sip:[service]@[remote_ip]>;tag=[call_number]
  To: <sip:[service]@[remote_ip]>
  Call-ID: [call_id]
  CSeq: ${cseq} REGISTER
  Contact: <sip:[service]@[local_ip]:[local_port]>
  Expires: 300
  Max-Forwards: 70
  ${authorization}
  Content-Length: 0
  ]]></send>`;
