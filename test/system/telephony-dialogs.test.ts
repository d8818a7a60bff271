/** What a peer may do within a dialog, by SIPp through the real SIP engine; TCP phones; lost answers. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src/domain/settings.ts';
import { Baresip } from '../support/baresip.ts';
import { Engines } from '../support/engines.ts';
import { eventually } from '../support/eventually.ts';
import { ack, answered, bye, invite, scenario } from '../support/scenarios.ts';
import { sipp } from '../support/sipp.ts';
import { eventsOf } from '../support/telephony-bench.ts';

const trunkAddress = '127.0.0.2';
const settings = settingsSchema.parse({
  version: 1,
  extensions: [{ id: 'anna', number: '201', name: 'Anna', secret: 'secret-of-201' }],
  trunks: [{ id: 'peer', name: 'Carrier', kind: 'peer', host: trunkAddress, port: 23_940 }],
});

let engines: Engines;

beforeAll(async () => {
  engines = await Engines.start(23_600, settings);
});
afterEach(() => engines.assertIdle());
afterAll(() => engines.stop());

const sdp = (more: string, version = 1): string => `v=0
      o=carrier 1 ${version} IN IP4 [local_ip]
      s=-
      c=IN IP4 [local_ip]
      t=0 0
      ${more}`;
const audio = 'm=audio [media_port] RTP/AVP 8 101\n      a=rtpmap:101 telephone-event/8000';

/** A request within the dialog; `body` with its type, or none. */
const inDialog = (method: string, cseq: number, body = '', type = 'application/sdp'): string =>
  `<send retrans="500"><![CDATA[
      ${method} [next_url] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: "Customer" <sip:+36301112233@[local_ip]:[local_port]>;tag=[pid]SIPpTag00[call_number]
      To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
      Call-ID: [call_id]
      CSeq: ${cseq} ${method}
      Contact: <sip:customer@[local_ip]:[local_port];transport=[transport]>
      Refer-To: <sip:elsewhere@example.com>
      Max-Forwards: 70
      ${body === '' ? 'Content-Length: 0' : `Content-Type: ${type}\n      Content-Length: [len]\n\n      ${body}`}
      ]]></send>`;
const expectStatus = (status: number): string =>
  `<recv response="100" optional="true"/><recv response="${status}"/>`;

const run = (text: string): ReturnType<typeof sipp> =>
  sipp({ scenario: text, remote: engines.server, service: '100', localAddress: trunkAddress });

describe('within a dialog', () => {
  it('hold, resume, digits and a fax refused go their way, and what we do not do is refused', async () => {
    const call = run(
      scenario(
        'in dialog',
        invite({ body: sdp(audio) }),
        answered,
        ack(),
        '<pause milliseconds="100"/>',
        inDialog('INVITE', 2, sdp(`${audio}\n      a=sendonly`, 2)),
        expectStatus(200),
        inDialog('ACK', 2).replace(' retrans="500"', ''),
        inDialog('UPDATE', 3, sdp(audio, 3)),
        expectStatus(200),
        inDialog('INFO', 4, 'Signal=7\n      Duration=100', 'application/dtmf-relay'),
        expectStatus(200),
        inDialog('INVITE', 5, sdp('m=image 40000 udptl t38', 4)),
        expectStatus(488),
        inDialog('ACK', 5).replace(' retrans="500"', ''),
        inDialog('REFER', 6),
        expectStatus(405),
        inDialog('MESSAGE', 7, 'hello', 'text/plain'),
        expectStatus(405),
        inDialog('OPTIONS', 8),
        expectStatus(200),
        bye(9),
        '<recv response="200"/>',
      ),
    );
    const { leg } = await engines.nextCall();
    const seen = eventsOf(leg);
    await leg.answer();
    const { status, output } = await call;
    expect(status, output).toBe(0);
    await eventually('it ends', () => seen.at(-1)?.[0] === 'ended');
    expect(seen.map(([name, what]) => (name === 'digit' ? what : name))).toEqual([
      'answered',
      'hold',
      'resume',
      '7',
      'ended',
    ]);
  });

  it('an INVITE without an offer is answered with ours, also a later one', async () => {
    const withAnswer = (cseq: number): string =>
      inDialog('ACK', cseq, sdp(audio, cseq)).replace(' retrans="500"', '');
    const noOffer = invite({ body: '' }).replace('Content-Type: application/sdp\n', '');
    const call = run(
      scenario(
        'late offer',
        noOffer,
        answered,
        withAnswer(1),
        inDialog('INVITE', 2),
        expectStatus(200),
        withAnswer(2),
        '<pause milliseconds="1000"/>',
        bye(3),
        '<recv response="200"/>',
      ),
    );
    const { leg } = await engines.nextCall();
    await leg.answer();
    expect(leg.state).toBe('up');
    const { status, messages, output } = await call;
    expect(status, output).toBe(0);
    // The second one begins with the codec in use, once the ACK has said which.
    expect(messages.match(/m=audio \d+ RTP\/AVP (0 8|8 0) 101/g)).toHaveLength(2);
  });

  it('a session timer is agreed with the caller as its refresher', async () => {
    const call = run(
      scenario(
        'timer',
        invite({ body: sdp(audio), headers: 'Supported: timer\n      Session-Expires: 1800' }),
        answered,
        ack(),
        '<pause milliseconds="50"/>',
        bye(),
        '<recv response="200"/>',
      ),
    );
    const { leg } = await engines.nextCall();
    await leg.answer();
    const { status, messages } = await call;
    expect(status).toBe(0);
    expect(messages).toMatch(/Session-Expires: ?1800;refresher=uac/);
  });

  it('ringing that must be reliable is acknowledged by PRACK before the answer', async () => {
    const prack = inDialog('PRACK', 2).replace(
      'Refer-To: <sip:elsewhere@example.com>',
      'RAck: [$1] 1 INVITE',
    );
    const call = run(
      scenario(
        'prack',
        invite({ body: sdp(audio), headers: 'Require: 100rel' }),
        `<recv response="100" optional="true"/>
         <recv response="183" rrs="true"><action><ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" assign_to="1"/></action></recv>`,
        prack,
        '<recv response="200"/>',
        '<recv response="200" rrs="true"/>',
        ack(),
        '<pause milliseconds="50"/>',
        bye(3),
        '<recv response="200"/>',
      ),
    );
    const { leg } = await engines.nextCall();
    await leg.earlyMedia();
    await leg.answer();
    const { status, output } = await call;
    expect(status, output).toBe(0);
  });
});

describe('a phone over TCP', () => {
  it('is rung over the connection it registered on', async () => {
    const phone = await Baresip.start({
      user: '201',
      server: engines.server,
      password: 'secret-of-201',
      toneHz: 440,
      transport: 'tcp',
      answerMode: 'auto',
    });
    try {
      expect(engines.room.phones()[0]?.contacts[0]?.transport).toBe('tcp');
      const leg = engines.room.dial({
        target: { kind: 'extension', extensionId: 'anna' },
        callerNumber: '100',
        timeoutMs: 5_000,
      });
      await eventually('it is answered', () => leg.state === 'up');
      const inviteSent = await eventually(
        'the tap tells of the INVITE',
        () => engines.seen('INVITE ', leg.sipCallId ?? '')[0],
      );
      expect(inviteSent).toMatchObject({ direction: 'out', transport: 'tcp' });
      await leg.hangUp({ class: 'success', reason: 'hung-up' });
      await phone.waitFor('CALL_CLOSED');
    } finally {
      await phone.stop();
    }
  });
});
