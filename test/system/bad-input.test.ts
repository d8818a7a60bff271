/** Calls and messages that break the rules: they are refused by the rules, and the product goes on. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office } from '../support/office.ts';
import { ack, answered, bye, invite, scenario, shortCall } from '../support/scenarios.ts';
import { type SippRun, sipp } from '../support/sipp.ts';

let box: Instance;
let testBeganAt = 0;

beforeAll(async () => {
  const settings = office(5060, (made) => {
    for (const trunk of made.trunks) trunk.inbound = { kind: 'queue', queueId: 'sales' };
  });
  box = await Instance.start({ settings });
  await box.login();
});
beforeEach(() => {
  testBeganAt = Date.now();
});
afterAll(async () => {
  try {
    await box?.assertNothingLeft();
  } finally {
    await box?.stop();
  }
});

function fromCarrier(text: string): Promise<SippRun> {
  return sipp({ scenario: text, remote: box.sip, service: '3612345678', localAddress: carrierAddress });
}

/** An offer with these media lines. */
const offer = (...lines: string[]): string =>
  ['v=0', 'o=carrier 1 1 IN IP4 [local_ip]', 's=-', 'c=IN IP4 [local_ip]', 't=0 0', ...lines].join(
    '\n      ',
  );

/** SIPp answers a refusal it waits for with the ACK itself. */
const refused = (name: string, body: string, status: number): string =>
  scenario(
    name,
    invite({ body }),
    '<recv response="100" optional="true"/>',
    `<recv response="${status}"/>`,
    nack,
  );

/** The call of this test, once it is over. */
function ended() {
  return eventually('the call is logged as ended', async () => {
    const { json } = await box.api('GET', `/calls?from=${testBeganAt}`);
    const [call] = json.items;
    return call?.phase === 'ended' ? (await box.api('GET', `/calls/${call.callId}`)).json : undefined;
  });
}

describe('a call from the trunk', () => {
  it.each([
    ['G.729', offer('m=audio 40000 RTP/AVP 18', 'a=rtpmap:18 G729/8000'), 'G729'],
    ['Opus', offer('m=audio 40000 RTP/AVP 111', 'a=rtpmap:111 opus/48000/2'), 'opus'],
  ])(
    'that offers %s only is refused with 488; carrier and admin are told what to change',
    async (_, body, codec) => {
      const { status, messages } = await fromCarrier(refused('no codec', body, 488));
      expect(status, messages).toBe(0);
      expect(messages).toMatch(new RegExp(`Warning: ?305 cordboard "[^"]*${codec}`, 'i'));
      const call = await ended();
      expect(call.termination).toMatchObject({ class: 'client', reason: 'no-common-codec', sipStatus: 488 });
      expect(call.trace).toContainEqual(
        expect.objectContaining({ code: 'leg.no-common-codec', params: { party: '+36301112233' } }),
      );
    },
  );

  it('that offers fax beside its audio keeps the audio, with the fax declined', async () => {
    const both = offer('m=audio [media_port] RTP/AVP 8', 'm=image 40000 udptl t38', 'a=T38FaxVersion:0');
    const { status, messages } = await fromCarrier(
      scenario(
        'fax',
        invite({ body: both }),
        answered,
        ack(),
        '<pause milliseconds="200"/>',
        bye(),
        '<recv response="200"/>',
      ),
    );
    expect(status, messages).toBe(0);
    expect(messages).toMatch(/m=audio [1-9]\d+ RTP\/AVP 8\b[\s\S]*?m=image 0 udptl t38/);
    expect((await ended()).termination.reason).toBe('caller-hung-up');
  });

  it('that turns to fax in mid-call is refused that, and goes on as it was', async () => {
    const toFax = invite({
      cseq: 2,
      body: offer('m=image 40000 udptl t38').replace('carrier 1 1', 'carrier 1 2'),
    })
      .replace('To: <sip:[service]@[remote_ip]:[remote_port]>', '$&[peer_tag_param]')
      .replace('INVITE sip:[service]@[remote_ip]:[remote_port]', 'INVITE [next_url]');
    const { status, messages } = await fromCarrier(
      scenario(
        'to fax',
        invite({ body: offer('m=audio [media_port] RTP/AVP 8') }),
        answered,
        ack(),
        '<pause milliseconds="200"/>',
        toFax,
        '<recv response="100" optional="true"/><recv response="488"/>',
        ack(2).replace('[branch]', '[branch-3]'),
        '<pause milliseconds="200"/>',
        bye(3),
        '<recv response="200"/>',
      ),
    );
    expect(status, messages).toBe(0);
    expect((await ended()).termination.reason).toBe('caller-hung-up');
  });

  it.each([
    ['no media at all', offer(), 488],
    ['a port that is none', offer('m=audio 99999999 RTP/AVP 8'), 400],
    [
      'a line that is none',
      offer('m=audio 40000 RTP/AVP 8').replace('c=IN IP4 [local_ip]', 'c=nonsense'),
      400,
    ],
    ['no description but noise', 'x\n      \u0001\u0002=\n      ====', 400],
  ])('that describes its sound with %s is refused', async (_, body, expected) => {
    const { status, messages } = await fromCarrier(refused('bad SDP', body, expected));
    expect(status, messages).toBe(0);
    expect((await ended()).termination.class).toBe('client');
  });
});

describe('malformed messages', () => {
  const valid = (body = ''): string =>
    [
      `INVITE sip:3612345678@${box.sip} SIP/2.0`,
      `Via: SIP/2.0/UDP ${carrierAddress}:9;branch=z9hG4bKbad`,
      `From: <sip:bad@${carrierAddress}>;tag=bad`,
      `To: <sip:3612345678@${box.sip}>`,
      'Call-ID: bad',
      'CSeq: 1 INVITE',
      'Max-Forwards: 70',
      `Contact: <sip:bad@${carrierAddress}:9>`,
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  /** Each breaks another rule; none may be taken for a call. */
  const messages = (): Buffer[] => {
    const text = valid();
    const changed = [
      text.replace('SIP/2.0\r\n', 'SIP/3.0\r\n'),
      text.replace('INVITE sip:', 'INVITE '),
      text.replace(/^Via:.*\r\n/m, ''),
      text.replace(/^Call-ID:.*\r\n/m, ''),
      text.replace(/^From:.*\r\n/m, 'From: <sip:\r\n'),
      text.replace('CSeq: 1 INVITE', 'CSeq: 99999999999 OPTIONS'),
      text.replace('CSeq: 1 INVITE', 'CSeq: one'),
      text.replace('Content-Length: 0', 'Content-Length: -5'),
      text.replace('Content-Length: 0', 'Content-Length: 4000000'),
      text.replace('Max-Forwards: 70', 'Max-Forwards: many'),
      text.replace('Max-Forwards: 70', `X-Huge: ${'x'.repeat(60_000)}`),
      text.replace('Max-Forwards: 70', 'X-Many: y\r\n'.repeat(5000).trim()),
      text.replace('To: <', `To: ${'<'.repeat(2000)}`),
      `${'A'.repeat(30_000)}\r\n\r\n`,
      'SIP/2.0 200 OK\r\n\r\n',
      'SIP/2.0 999999 OK\r\nVia: SIP/2.0/UDP x\r\n\r\n',
      '\u0000\u0000\u0000\u0000',
    ].map((each) => Buffer.from(each, 'latin1'));
    const noise = Array.from({ length: 30 }, (_, i) =>
      Buffer.from(Array.from({ length: 20 + 40 * i }, (__, at) => (at * 73 + i * 151 + 128) & 0xff)),
    );
    const truncated = Array.from({ length: 40 }, (_, i) =>
      Buffer.from(text.slice(0, Math.floor((text.length * (i + 1)) / 45)), 'latin1'),
    );
    return [...changed, ...noise, ...truncated];
  };
  const malformed = async (): Promise<number> => (await box.stats()).sip.malformed;
  const nextCallWorks = async (): Promise<void> => {
    const { status, messages: seen } = await fromCarrier(shortCall(300));
    expect(status, seen).toBe(0);
    expect((await ended()).termination.reason).toBe('caller-hung-up');
  };

  it('over UDP are counted and change nothing', async () => {
    const { pids } = box;
    const before = await malformed();
    const socket = createSocket('udp4');
    socket.bind(0, carrierAddress);
    await once(socket, 'listening');
    const sent = messages();
    for (let round = 0; round < 10; round++)
      for (const each of sent)
        await new Promise<void>((resolve, reject) =>
          socket.send(each, box.ports.sip, '127.0.0.1', (error) => (error ? reject(error) : resolve())),
        );
    await eventually('most of them are counted', async () => (await malformed()) - before > 5 * sent.length);
    socket.close();
    await nextCallWorks();
    expect(box.pids).toEqual(pids);
  });

  it('over TCP are counted, end their connection, and change nothing', async () => {
    const { pids } = box;
    const before = await malformed();
    for (const each of messages()) {
      const socket = connect({ port: box.ports.sip, host: '127.0.0.1', localAddress: carrierAddress });
      socket.on('error', () => {});
      socket.resume();
      const closed = once(socket, 'close');
      socket.end(each);
      await closed;
    }
    expect((await malformed()) - before).toBeGreaterThan(10);
    await eventually('no connection is left', async () => (await box.stats()).sip.connections === 0);
    await nextCallWorks();
    expect(box.pids).toEqual(pids);
  });

  it('of peers that send half of one and wait keep nobody else from calling', async () => {
    const sockets = Array.from({ length: 50 }, () =>
      connect({ port: box.ports.sip, host: '127.0.0.1', localAddress: carrierAddress }),
    );
    for (const socket of sockets) {
      socket.on('error', () => {});
      socket.write(`INVITE sip:3612345678@${box.sip} SIP/2.0\r\nVia: `);
    }
    await eventually('they are connected', async () => (await box.stats()).sip.connections === 50);
    await nextCallWorks();
    for (const socket of sockets) socket.destroy();
    await eventually('none is left', async () => (await box.stats()).sip.connections === 0);
  });
});

const nack = `<send><![CDATA[
  ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
  Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-3]
  From: "Customer" <sip:+36301112233@[local_ip]:[local_port]>;tag=[pid]SIPpTag00[call_number]
  To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
  Call-ID: [call_id]
  CSeq: 1 ACK
  Max-Forwards: 70
  Content-Length: 0
  ]]></send>`;
