/**
 * Calls of ours to a trunk that does what the RFCs allow: session timers (RFC 4028), reliable ringing (RFC 3262),
 * early media and forks. SIPp is the trunk, with intervals of seconds; where the order of packets matters it is a
 * peer of the test's own.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src/domain/settings.ts';
import type { Leg } from '../../src/telephony/contract.ts';
import { type Carrier, openCarrier } from '../support/carrier.ts';
import { Engines } from '../support/engines.ts';
import { eventually } from '../support/eventually.ts';
import { carrierAddress } from '../support/office.ts';
import { RtpSource } from '../support/rtp-source.ts';
import { scenario } from '../support/scenarios.ts';
import { type SippRun, sipp } from '../support/sipp.ts';
import { eventsOf } from '../support/telephony-bench.ts';
import { SipPeer, sdp as sdpAt } from './sip-engine-support.ts';

const sippPort = 24_340;
const hangUpReason = { class: 'success', reason: 'hung-up' } as const;

let engines: Engines;
let carrier: Carrier;
let forks: SipPeer;

beforeAll(async () => {
  const sipPort = 24_000;
  forks = await SipPeer.open(sipPort, 'udp', { engine: '127.0.0.1', own: '127.0.0.3' });
  forks.onRequest = (request) => {
    if (request.method !== 'OPTIONS') return false;
    forks.answer(request, 200);
    return true;
  };
  carrier = await openCarrier({ relayTo: sippPort });
  const settings = settingsSchema.parse({
    version: 1,
    trunks: [
      { id: 'sipp', name: 'Carrier', kind: 'peer', host: carrierAddress, port: carrier.port },
      { id: 'forks', name: 'Forking proxy', kind: 'peer', host: '127.0.0.3', port: forks.port },
    ],
  });
  engines = await Engines.start(sipPort, settings);
});
afterEach(() => engines.assertIdle());
afterAll(async () => {
  forks?.close();
  carrier?.close();
  await engines?.stop();
});

const dial = (trunkId: string): Leg =>
  engines.room.dial({
    target: { kind: 'trunk', trunkId, number: '36301112233' },
    callerNumber: '100',
    timeoutMs: 15_000,
  });

/** SIPp waits as the trunk while `during` calls it; an INVITE that it is not yet there for is repeated. */
async function trunkPlays(text: string, during: () => Promise<void>): Promise<SippRun> {
  const options = { scenario: text, localAddress: carrierAddress, localPort: sippPort };
  const [run] = await Promise.all([sipp(options), during()]);
  return run;
}

const sdp = `v=0
      o=carrier 1 1 IN IP4 [local_ip]
      s=-
      c=IN IP4 [local_ip]
      t=0 0
      m=audio [media_port] RTP/AVP 8`;

/** A response to the request received last; one made with `tag=` in To is a dialog. */
const reply = (status: string, headers: string[] = [], body = ''): string => `<send><![CDATA[
      SIP/2.0 ${status}
      [last_Via:]
      [last_From:]
      [last_To:];tag=carrier
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <sip:[local_ip]:[local_port]>
      ${headers.join('\n      ')}
      ${body === '' ? 'Content-Length: 0' : `Content-Type: application/sdp\n      Content-Length: [len]\n\n      ${body}`}
      ]]></send>`;
/** The same within the dialog, where To has its tag. */
const replyInDialog = (status: string, headers: string[] = [], body = ''): string =>
  reply(status, headers, body).replace(';tag=carrier', '');
const receive = (method: string, more = ''): string => `<recv request="${method}" ${more}/>`;
const allowsUpdate = 'Allow: INVITE, ACK, BYE, CANCEL, UPDATE';

describe('a session timer', () => {
  it('that a 422 wants longer is asked for so; then we refresh by UPDATE at half time, as agreed', async () => {
    const run = await trunkPlays(
      scenario(
        'refresher',
        receive('INVITE'),
        reply('422 Session Interval Too Small', ['Min-SE: 2700']),
        receive('ACK'),
        receive('INVITE'),
        reply('200 OK', ['Session-Expires: 4;refresher=uac', 'Require: timer', allowsUpdate], sdp),
        receive('ACK'),
        receive('UPDATE', 'timeout="3000"'),
        replyInDialog('200 OK', ['Session-Expires: 4;refresher=uac', 'Require: timer']),
        receive('UPDATE', 'timeout="3000"'),
        replyInDialog('200 OK', ['Session-Expires: 4;refresher=uac', 'Require: timer']),
        receive('BYE', 'timeout="3000"'),
        replyInDialog('200 OK'),
      ),
      async () => {
        const leg = dial('sipp');
        await eventually('it is answered', () => leg.state === 'up');
        await eventually('two refreshes', () => engines.seen('UPDATE ', leg.sipCallId ?? '').length === 2);
        await leg.hangUp(hangUpReason);
      },
    );
    expect(run.status, run.output).toBe(0);
    expect(run.messages).toMatch(/Session-Expires: 1800\r?\n/);
    expect(run.messages).toMatch(/Session-Expires: 2700\r?\n/);
    expect(run.messages).toMatch(/Min-SE: 2700\r?\n/);
  });

  it('is refreshed by re-INVITE where UPDATE is not allowed, and again after a 491', async () => {
    const run = await trunkPlays(
      scenario(
        'glare',
        receive('INVITE'),
        reply('200 OK', ['Session-Expires: 8;refresher=uac', 'Allow: INVITE, ACK, BYE'], sdp),
        receive('ACK'),
        receive('INVITE', 'timeout="5000"'),
        replyInDialog('491 Request Pending'),
        receive('ACK'),
        receive('INVITE', 'timeout="4500"'),
        replyInDialog('200 OK', ['Session-Expires: 8;refresher=uac'], sdp),
        receive('ACK'),
        receive('BYE'),
        replyInDialog('200 OK'),
      ),
      async () => {
        const leg = dial('sipp');
        await eventually('it is answered', () => leg.state === 'up');
        const invites = () => engines.seen('INVITE ', leg.sipCallId ?? '');
        await eventually('it is refreshed', () => engines.seen('ACK ', leg.sipCallId ?? '').length === 3);
        const [, refused, again] = invites();
        const pauseMs = (again?.atMs ?? 0) - (refused?.atMs ?? 0);
        expect(pauseMs).toBeGreaterThan(2050);
        expect(pauseMs).toBeLessThan(4300);
        await leg.hangUp(hangUpReason);
      },
    );
    expect(run.status, run.output).toBe(0);
  });

  it('that the trunk took on itself and does not refresh ends the call, with that cause', async () => {
    const run = await trunkPlays(
      scenario(
        'watcher',
        receive('INVITE'),
        reply('200 OK', ['Session-Expires: 3;refresher=uas', 'Require: timer'], sdp),
        receive('ACK'),
        receive('BYE', 'timeout="3000"'),
        replyInDialog('200 OK'),
      ),
      async () => {
        const leg = dial('sipp');
        const seen = eventsOf(leg);
        await eventually('the leg ends', () => seen.at(-1)?.[0] === 'ended');
        expect(seen.at(-1)?.[1]).toEqual({ class: 'client', reason: 'session-expired' });
      },
    );
    expect(run.status, run.output).toBe(0);
    expect(run.messages).toContain('Session timer expired');
  });
});

describe('reliable ringing', () => {
  /** Answers the INVITE, whatever came after it. */
  const ring = (status: string, rseq: number, body = ''): string =>
    reply(status, ['Require: 100rel', `RSeq: ${rseq}`], body)
      .replace('[last_Via:]', 'Via:[$1]')
      .replace('[last_From:]', 'From:[$2]')
      .replace('[last_To:]', 'To:[$3]')
      .replace('[last_CSeq:]', 'CSeq: 1 INVITE');
  const keep = (header: string, variable: number): string =>
    `<ereg regexp=".*" search_in="hdr" header="${header}:" assign_to="${variable}"/>`;
  const prackOf = (rseq: number): string =>
    `<recv request="PRACK" timeout="5000"><action>
       <ereg regexp="${rseq} 1 INVITE" search_in="hdr" header="RAck:" check_it="true" assign_to="4"/>
     </action></recv>
     <Reference variables="4"/>
     ${replyInDialog('200 OK')}`;

  it('is acknowledged in order: what is repeated or comes too early is not', async () => {
    const run = await trunkPlays(
      scenario(
        'out of order',
        `<recv request="INVITE"><action>${keep('Via', 1)}${keep('From', 2)}${keep('To', 3)}</action></recv>`,
        ring('180 Ringing', 10),
        prackOf(10),
        ring('180 Ringing', 10),
        ring('183 Session Progress', 12, sdp),
        ring('180 Ringing', 11),
        prackOf(11),
        ring('183 Session Progress', 12, sdp),
        prackOf(12),
        receive('CANCEL', 'timeout="5000"'),
        reply('200 OK'),
        ring('487 Request Terminated', 0).replace(/Require: 100rel\s+RSeq: 0\s+/, ''),
        receive('ACK'),
      ),
      async () => {
        const leg = dial('sipp');
        await eventually('three are acknowledged', () =>
          engines.messages.some(
            (m) => m.callId === leg.sipCallId && /^PRACK [\s\S]*RAck: ?12 1 INVITE/i.test(m.text),
          ),
        );
        expect(engines.seen('PRACK ', leg.sipCallId ?? '')).toHaveLength(3);
        await eventually('it rings', () => leg.state === 'ringing');
        await leg.hangUp({ class: 'success', reason: 'caller-left' });
      },
    );
    expect(run.status, run.output).toBe(0);
  });
});

describe('early media', () => {
  const describedAt = (port: number): string => sdpAt('sendrecv', port).replaceAll('127.0.0.1', '127.0.0.3');

  it('is heard when packets come; announced only, or fallen silent after a 180, it is ringing', async () => {
    const gateway = await RtpSource.open('127.0.0.3');
    const leg = dial('forks');
    const seen = eventsOf(leg);
    const invite = await forks.hearsRequest('INVITE');
    const ourPort = Number(/m=audio (\d+)/.exec(invite.body)?.[1]);
    forks.answer(invite, 183, describedAt(gateway.port));
    await eventually('it rings, as nothing comes', () => leg.state === 'ringing');
    gateway.speak(ourPort);
    await eventually('it is heard', () => leg.state === 'early');
    forks.answer(invite, 180);
    gateway.hush();
    await eventually('it rings again', () => leg.state === 'ringing');
    gateway.speak(ourPort);
    await eventually('it is heard again', () => leg.state === 'early');
    forks.answer(invite, 200, describedAt(gateway.port));
    await eventually('it is answered', () => leg.state === 'up');
    gateway.close();
    expect(seen.map(([name]) => name)).toEqual(['ringing', 'early', 'ringing', 'early', 'answered']);
    await forks.hearsRequest('ACK');
    const ended = leg.hangUp(hangUpReason);
    forks.answer(await forks.hearsRequest('BYE'), 200);
    await ended;
  });

  it('of several forks: who answers is joined, and a second answer gets ACK and BYE', async () => {
    const leg = dial('forks');
    const invite = await forks.hearsRequest('INVITE');
    const fork = (tag: string, status: number, body: string): void => {
      const response = forks.answer(invite, 100);
      response.status = status;
      response.set('To', `${invite.get('to')};tag=${tag}`).set('Contact', forks.contact);
      if (body !== '') response.set('Content-Type', 'application/sdp').body = body;
      forks.send(response);
    };
    fork('one', 180, '');
    fork('two', 183, describedAt(4200));
    fork('three', 183, describedAt(4300));
    await eventually('it rings', () => leg.state === 'ringing');
    fork('two', 200, describedAt(4200));
    await eventually('it is answered', () => leg.state === 'up');
    const ack = await forks.hearsRequest('ACK');
    expect(ack.toTag).toBe('two');
    fork('three', 200, describedAt(4300));
    const stray = await forks.hearsRequest('ACK');
    expect(stray.toTag).toBe('three');
    const bye = await forks.hearsRequest('BYE');
    expect(bye.toTag).toBe('three');
    forks.answer(bye, 200);
    expect(leg.state).toBe('up');
    await leg.hangUp(hangUpReason);
    const last = await forks.hearsRequest('BYE');
    expect(last.toTag).toBe('two');
    forks.answer(last, 200);
  });
});

describe('what we do not do', () => {
  const html = { 'Content-Type': 'text/html' };
  it.each([
    ['INVITE', 420, { Require: 'gruu' }, '', ['unsupported', 'gruu']],
    ['INVITE', 415, html, '<p>call me</p>', ['accept', 'application/sdp']],
    ['INVITE', 422, { Supported: 'timer', 'Session-Expires': '30' }, '', ['min-se', '90']],
    ['OPTIONS', 420, { Require: 'timer, gruu' }, '', ['unsupported', 'gruu']],
    ['OPTIONS', 200, { 'Max-Forwards': '0' }, '', ['supported', 'timer']],
    ['SUBSCRIBE', 489, { Event: 'weather', Expires: '60' }, '', ['allow', 'INVITE']],
    ['NOTIFY', 489, { Event: 'weather', 'Subscription-State': 'active' }, '', ['allow', 'INVITE']],
    ['MESSAGE', 405, { 'Content-Type': 'text/plain' }, 'hello', ['allow', 'INVITE']],
    ['REFER', 405, { 'Refer-To': '<sip:elsewhere@example.com>' }, '', ['allow', 'INVITE']],
    ['FROBNICATE', 405, {}, '', ['allow', 'INVITE']],
  ] as [string, number, Record<string, string>, string, [string, string]][])(
    '%s is answered %i when it has %o',
    async (method, status, headers, body, [name, value]) => {
      const request = forks.request(method);
      for (const [header, text] of Object.entries(headers)) request.set(header, text);
      request.body = body;
      forks.send(request);
      const answer = await forks.hearsStatus(status, method);
      expect(answer.get(name)).toContain(value);
      if (method === 'INVITE')
        forks.send(forks.inDialog('ACK', answer, 1).set('Via', request.get('via') ?? ''));
      expect(engines.incoming).toEqual([]);
    },
  );
});
