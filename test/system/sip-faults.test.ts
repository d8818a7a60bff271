/** Signalling that goes wrong, against the whole product: SIPp as carrier or stranger, phones of one UDP socket. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office, secrets } from '../support/office.ts';
import { Provider } from '../support/provider.ts';
import { ack, answered, bye, invite, scenario } from '../support/scenarios.ts';
import { type SippRun, sipp } from '../support/sipp.ts';
import { type SeenMessage, WirePhone } from '../support/wire-phone.ts';

/** Numbers that the carrier delivers. */
const toQueue = '3612345678';
const toAnna = '3612345101';
/** Media of phones that say nothing goes where nobody listens. */
const silentPort = 9;
const slowCaller = '+36309998877';

let box: Instance;
let carrier: WirePhone;
const phones: WirePhone[] = [];
let testBeganAt = 0;
let withoutAck: Promise<SippRun>;

beforeAll(async () => {
  const carrierPort = await freePorts(2);
  const settings = office(carrierPort, (made) => {
    for (const trunk of made.trunks) trunk.inbound = { kind: 'queue', queueId: 'sales' };
    made.numbers = [{ id: 'anna', number: toAnna, destination: { kind: 'extension', extensionId: 'anna' } }];
    for (const extension of made.extensions) if (extension.number === '103') extension.digest = 'SHA-256';
  });
  box = await Instance.start({ settings });
  await box.login();
  carrier = await WirePhone.open({
    number: 'carrier',
    secret: '',
    server: box.sip,
    address: carrierAddress,
    port: carrierPort,
  });
  carrier.onRequest = (request) => {
    if (request.startLine.startsWith('OPTIONS')) carrier.respond(request, '200 OK', { tag: 'carrier' });
  };
  // Given up after 32 s (64 T1, RFC 3261 §13.3.1.4): it waits beside the other tests; the last one looks at it.
  withoutAck = fromCarrier(
    scenario('no ACK', invite({ from: slowCaller }), answered, '<recv request="BYE"/>', replyOk),
    toQueue,
    60,
  );
});
beforeEach(() => {
  testBeganAt = Date.now();
});
afterEach(async () => {
  for (const phone of phones.splice(0)) {
    phone.onRequest = () => {};
    await phone.register(0);
    phone.close();
  }
});
afterAll(async () => {
  try {
    await box?.assertNothingLeft();
  } finally {
    carrier?.close();
    await box?.stop();
  }
});

function fromCarrier(text: string, service: string, timeoutS = 20): Promise<SippRun> {
  return sipp({ scenario: text, remote: box.sip, service, localAddress: carrierAddress, timeoutS });
}

/** A registered phone; it rings and answers by itself only if told to. */
async function phone(number: keyof typeof secrets, does: 'ring' | 'answer'): Promise<WirePhone> {
  const opened = await WirePhone.open({ number, secret: secrets[number], server: box.sip });
  phones.push(opened);
  opened.onRequest = (request) => {
    const [method] = request.startLine.split(' ');
    if (method === 'INVITE' && does === 'answer')
      opened.respond(request, '200 OK', { tag: opened.number, rtpPort: silentPort });
    else if (method === 'INVITE') opened.respond(request, '180 Ringing', { tag: opened.number });
    else if (method !== 'ACK') opened.respond(request, '200 OK', { tag: opened.number });
    if (method === 'CANCEL') {
      const ringing = opened.seen.find((m) => m.startLine.startsWith('INVITE'));
      if (ringing) opened.respond(ringing, '487 Request Terminated', { tag: opened.number });
    }
  };
  await opened.register();
  return opened;
}

/** The call of a caller in this test, once it is over. */
function ended(from = '+36301112233') {
  return eventually('the call is logged as ended', async () => {
    const { json } = await box.api('GET', `/calls?from=${from === slowCaller ? 0 : testBeganAt}`);
    const call = json.items.find((each: { from: string }) => each.from === from);
    return call?.phase === 'ended' ? (await box.api('GET', `/calls/${call.callId}`)).json : undefined;
  });
}

async function callsFrom(number: string): Promise<unknown[]> {
  const { json } = await box.api('GET', '/calls?limit=100');
  return json.items.filter((call: { from: string }) => call.from === number);
}

describe('registration', () => {
  const attempt = async (number: string, secret: string): Promise<SeenMessage[]> => {
    const caller = await WirePhone.open({ number, secret, server: box.sip });
    await expect(caller.register()).rejects.toThrow('403');
    caller.close();
    return caller.seen;
  };
  /** All that an attacker can tell two answers apart by. */
  const shape = (message: SeenMessage, number: string): string =>
    message.text
      .replace(/^(Via|Call-ID|CSeq|From|Date): .*$/gim, '$1')
      .replace(/tag=[^;\r\n]+/g, 'tag')
      .replace(/nonce="[^"]+"/, 'nonce')
      .replace(/algorithm="?(MD5|SHA-256)"?/, 'algorithm')
      .replaceAll(number, 'NUMBER');

  it('of an unknown number and with a wrong password is refused in the same words', async () => {
    const wrong = await attempt('101', 'no-such-secret');
    const unknown = await attempt('977', 'no-such-secret');
    expect(wrong.map((m) => shape(m, '101'))).toEqual(unknown.map((m) => shape(m, '977')));
    expect(wrong.map((m) => m.startLine)).toEqual([
      expect.stringMatching('^SIP/2.0 401'),
      expect.stringMatching('^SIP/2.0 403'),
    ]);
  });

  it('with the right password is accepted: MD5 by SIPp, SHA-256 by the phone that is set to it', async () => {
    const run = await sipp({
      scenario: scenario(
        'register',
        register(1, 300, ''),
        '<recv response="401" auth="true"/>',
        register(2, 300, `[authentication username=102 password=${secrets['102']}]`),
        '<recv response="200"/>',
        register(3, 0, ''),
        '<recv response="401" auth="true"/>',
        register(4, 0, `[authentication username=102 password=${secrets['102']}]`),
        '<recv response="200"/>',
      ),
      remote: box.sip,
      service: '102',
    });
    expect(run.status, run.messages.slice(-3000)).toBe(0);
    expect(run.messages).toMatch(/WWW-Authenticate: ?Digest [^\r\n]*algorithm=MD5/i);
    const desk = await phone('103', 'ring');
    expect(desk.seen[0]?.headers.get('www-authenticate')).toMatch(/algorithm=SHA-256/);
    expect((await box.live()).phones.find((each) => each.number === '103')?.contacts).toHaveLength(1);
  });

  it('of our own trunks at providers works with MD5 and with SHA-256', async () => {
    const firstPort = await freePorts(4);
    const accounts = (['MD5', 'SHA-256'] as const).map((algorithm, i) => ({
      algorithm,
      id: algorithm.toLowerCase(),
      address: `127.0.0.${4 + i}`,
      port: firstPort + 2 * i,
      username: `customer${i}`,
      password: `password-of-${i}`,
    }));
    const providers = await Promise.all(accounts.map((account) => Provider.open(account)));
    try {
      for (const { id, address, port, username, password } of accounts) {
        const trunk = { id, name: id, kind: 'register', host: address, port, username, secret: password };
        const { status, body } = await box.api('POST', '/trunks', trunk);
        expect(status, body.toString()).toBeLessThan(300);
      }
      await eventually('both are up', async () => {
        const { trunks } = await box.live();
        return accounts.every(({ id }) => trunks.find((t) => t.trunkId === id)?.state === 'up');
      });
      for (const { id } of accounts) await box.api('DELETE', `/trunks/${id}`);
      for (const provider of providers)
        await eventually('the registration is taken back', () =>
          provider.all('REGISTER').some((request) => request.get('expires') === '0'),
        );
    } finally {
      for (const provider of providers) provider.close();
    }
  });
});

describe('a stranger', () => {
  it('who calls an outside number is asked who he is, and no trunk hears of it', async () => {
    const run = await sipp({
      scenario: scenario(
        'stranger',
        invite({ from: '101' }),
        '<recv response="100" optional="true"/><recv response="407"/>',
        nack(3),
      ),
      remote: box.sip,
      service: '+3613334444',
      localAddress: '127.0.0.3',
    });
    expect(run.status, run.messages.slice(-3000)).toBe(0);
    expect(await callsFrom('101')).toEqual([]);
    expect(carrier.seen.filter((m) => m.startLine.startsWith('INVITE'))).toEqual([]);
  });

  it('unlike an extension, whose call the trunk does hear', async () => {
    const { json } = await box.api('POST', '/calls', { extensionId: 'anna', number: '3613334444' });
    expect(json.code, 'no phone, no call').toBe('dial.no-contact');
    await phone('101', 'answer');
    await box.api('POST', '/calls', { extensionId: 'anna', number: '3613334444' });
    const outgoing = await carrier.waitFor('INVITE');
    expect(outgoing.startLine).toMatch(/^INVITE sip:\+?3613334444@/);
    carrier.respond(outgoing, '486 Busy Here', { tag: 'busy' });
    await carrier.waitFor('ACK');
    await eventually('the call is over', async () =>
      (await box.live()).calls.every((call) => call.direction !== 'outbound'),
    );
  });
});

describe('a call whose messages', () => {
  it('come twice before any answer is one call', async () => {
    const headers = (
      method: string,
      toTag: string,
    ): string => `Via: SIP/2.0/UDP ${carrierAddress}:${carrier.port};branch=z9hG4bKtwice${method === 'INVITE' ? '' : method}
From: <sip:+36301112200@${carrierAddress}>;tag=twice
To: <sip:${toQueue}@${box.sip}>${toTag}
Call-ID: twice@${carrierAddress}
CSeq: ${method === 'BYE' ? 2 : 1} ${method}
Contact: ${carrier.contact}
Max-Forwards: 70`;
    const description = sdp
      .replaceAll('[local_ip]', carrierAddress)
      .replace('[media_port]', '9')
      .replace(/\n */g, '\r\n');
    const text = `INVITE sip:${toQueue}@${box.sip} SIP/2.0
${headers('INVITE', '')}
Content-Type: application/sdp
Content-Length: ${description.length + 2}

${description}
`;
    carrier.send(text);
    carrier.send(text);
    const answer = await carrier.waitFor('SIP/2.0 200', { from: carrier.seen.length });
    const tag = /;tag=[^;]+/.exec(answer.headers.get('to') ?? '')?.[0] ?? '';
    carrier.send(`ACK sip:${box.sip} SIP/2.0\n${headers('ACK', tag)}\nContent-Length: 0\n\n`);
    carrier.send(`BYE sip:${box.sip} SIP/2.0\n${headers('BYE', tag)}\nContent-Length: 0\n\n`);
    await carrier.waitFor('SIP/2.0 200', { from: carrier.seen.indexOf(answer) + 1 });
    const from = '+36301112200';
    await ended(from);
    expect(await callsFrom(from)).toHaveLength(1);
  });

  it('are crossed by a BYE of the other side end once, and both BYEs are answered', async () => {
    const anna = await phone('101', 'answer');
    const run = fromCarrier(
      scenario(
        'BYE crosses BYE',
        invite(),
        answered,
        ack(),
        '<recv request="BYE"/>',
        bye(2).replace(' retrans="500"', ''),
        replyOk,
        '<recv response="200"/>',
      ),
      toQueue,
    );
    const ringing = await anna.waitFor('INVITE');
    await anna.waitFor('ACK');
    anna.request('BYE', ringing, '101');
    const { status, messages } = await run;
    expect(status, messages.slice(-3000)).toBe(0);
    expect((await ended()).termination.reason).toBe('agent-hung-up');
  });

  it('hold and resume are answered in kind, and the call is shown as held meanwhile', async () => {
    await phone('101', 'answer');
    const reInvite = (cseq: number, direction: string): string =>
      invite({ cseq, body: sdp.replace('sendrecv', direction).replace('2353687637', `${2353687637 + cseq}`) })
        .replace('To: <sip:[service]@[remote_ip]:[remote_port]>', '$&[peer_tag_param]')
        .replace('INVITE sip:[service]@[remote_ip]:[remote_port]', 'INVITE [next_url]');
    const run = fromCarrier(
      scenario(
        'hold',
        invite(),
        answered,
        ack(),
        '<pause milliseconds="1000"/>',
        reInvite(2, 'sendonly'),
        answered,
        ack(2),
        '<pause milliseconds="1000"/>',
        reInvite(3, 'sendrecv'),
        answered,
        ack(3),
        '<pause milliseconds="500"/>',
        bye(4),
        '<recv response="200"/>',
      ),
      toQueue,
    );
    const phase = async () => (await box.live()).calls.find((call) => call.from === '+36301112233')?.phase;
    await eventually('they talk', async () => (await phase()) === 'talking');
    await eventually('held', async () => (await phase()) === 'held');
    await eventually('resumed', async () => (await phase()) === 'talking');
    const { status, messages } = await run;
    expect(status, messages.slice(-3000)).toBe(0);
    const directions = [
      ...messages.matchAll(
        /received[\s\S]*?SIP\/2\.0 200 OK[\s\S]*?CSeq: (\d) INVITE[\s\S]*?a=(\w+)\r?\n\s*\n/g,
      ),
    ];
    expect(directions.map((m) => `${m[1]} ${m[2]}`)).toEqual(['1 sendrecv', '2 recvonly', '3 sendrecv']);
  });

  it.each([
    ['REFER', 405, 'Refer-To: <sip:+3612223344@[local_ip]>'],
    ['MESSAGE', 405, 'Subject: hello'],
    ['FROBNICATE', 501, 'Subject: hello'],
  ])('ask for %s are refused with %i, and the call goes on', async (method, refusal, header) => {
    await phone('101', 'answer');
    const request = bye(2)
      .replaceAll('BYE', method)
      .replace('Max-Forwards: 70', `Max-Forwards: 70\n      ${header}`);
    const run = await fromCarrier(
      scenario(
        method,
        invite(),
        answered,
        ack(),
        '<pause milliseconds="300"/>',
        request,
        `<recv response="${refusal}"/>`,
        '<pause milliseconds="300"/>',
        bye(3),
        '<recv response="200"/>',
      ),
      toQueue,
    );
    expect(run.status, run.messages.slice(-3000)).toBe(0);
    expect(run.messages).toMatch(new RegExp(`SIP/2.0 ${refusal} [\\s\\S]*?Allow: ?INVITE`));
    const call = await ended();
    expect(call.termination.reason).toBe('caller-hung-up');
    expect(call.talkMs).toBeGreaterThan(400);
  });
});

describe('a caller who gives up', () => {
  it('by CANCEL while the phone rings gets 487, and the phone stops with a Reason', async () => {
    const anna = await phone('101', 'ring');
    const run = await fromCarrier(
      scenario(
        'cancel',
        invite(),
        '<recv response="100" optional="true"/><recv response="180"/>',
        cancel(3),
        '<recv response="200"/><recv response="487"/>',
        nack(6),
      ),
      toAnna,
    );
    expect(run.status, run.messages.slice(-3000)).toBe(0);
    const stopped = await anna.waitFor('CANCEL');
    expect(stopped.headers.get('reason')).toBeDefined();
    expect((await ended()).termination).toMatchObject({
      class: 'client',
      reason: 'cancelled',
      sipStatus: 487,
    });
  });

  it('in the queue while an agent rings is logged as abandoned, and the phone stops with a Reason', async () => {
    const anna = await phone('101', 'ring');
    const run = fromCarrier(
      scenario(
        'abandon',
        invite(),
        answered,
        ack(),
        '<pause milliseconds="1500"/>',
        bye(),
        '<recv response="200"/>',
      ),
      toQueue,
    );
    await anna.waitFor('INVITE');
    expect((await run).status).toBe(0);
    const stopped = await anna.waitFor('CANCEL');
    expect(stopped.headers.get('reason')).toBeDefined();
    const call = await ended();
    expect(call).toMatchObject({ abandoned: true, queueId: 'sales', talkMs: 0 });
    expect(call.waitMs).toBeGreaterThan(1000);
  });

  it('by a CANCEL that crosses the 200 is too late: the call stands until the BYE', async () => {
    await phone('101', 'answer');
    const run = await fromCarrier(
      scenario(
        'late CANCEL',
        invite(),
        answered,
        cancel(5),
        '<recv response="200"/>',
        ack(),
        '<pause milliseconds="300"/>',
        bye(),
        '<recv response="200"/>',
      ),
      toAnna,
    );
    expect(run.status, run.messages.slice(-3000)).toBe(0);
    expect((await ended()).termination.reason).toBe('caller-hung-up');
  });

  it('while the phone is just being picked up leaves nobody hanging: the phone gets a BYE', async () => {
    const anna = await phone('101', 'ring');
    const ringAndHangUp = anna.onRequest;
    anna.onRequest = (request) => {
      if (!request.startLine.startsWith('CANCEL')) return ringAndHangUp(request);
      const ringing = anna.seen.find((m) => m.startLine.startsWith('INVITE'));
      anna.respond(request, '200 OK', { tag: '101' });
      if (ringing) anna.respond(ringing, '200 OK', { tag: '101', rtpPort: silentPort });
    };
    const run = await fromCarrier(
      scenario(
        'cancel and pick-up',
        invite(),
        '<recv response="100" optional="true"/><recv response="180"/>',
        cancel(3),
        '<recv response="200"/><recv response="487"/>',
        nack(6),
      ),
      toAnna,
    );
    expect(run.status, run.messages.slice(-3000)).toBe(0);
    await anna.waitFor('ACK');
    expect((await anna.waitFor('BYE')).headers.get('reason')).toBeDefined();
    expect((await ended()).termination.reason).toBe('cancelled');
  });
});

describe('an answer whose ACK never comes', () => {
  it('is repeated, and the call is ended with BYE and a Reason after 32 s', async () => {
    const { status, messages } = await withoutAck;
    expect(status, messages.slice(-3000)).toBe(0);
    // Its own answer to the BYE, and ours: at 0, 0.5, 1.5, 3.5 s and every 4 s (RFC 3261 §13.3.1.4).
    expect(messages.match(/SIP\/2\.0 200 OK/g)?.length).toBe(12);
    expect(messages).toMatch(/BYE sip:[\s\S]*?Reason: ?[^\r\n]*ACK timeout/i);
    expect((await ended(slowCaller)).termination.reason).toBe('ack-timeout');
    await box.assertIdle();
  });
});

const sdp = `v=0
      o=carrier 53655765 2353687637 IN IP4 [local_ip]
      s=-
      c=IN IP4 [local_ip]
      t=0 0
      m=audio [media_port] RTP/AVP 0
      a=rtpmap:0 PCMU/8000
      a=sendrecv`;

const replyOk = `<send><![CDATA[
  SIP/2.0 200 OK
  [last_Via:]
  [last_From:]
  [last_To:]
  [last_Call-ID:]
  [last_CSeq:]
  Content-Length: 0
  ]]></send>`;

/** CANCEL, or ACK of a refusal: both belong to the INVITE's transaction, `back` steps of the scenario ago. */
const ofInvite = (method: string, back: number, toTag: string): string => `<send><![CDATA[
  ${method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0
  Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-${back}]
  From: "Customer" <sip:+36301112233@[local_ip]:[local_port]>;tag=[pid]SIPpTag00[call_number]
  To: <sip:[service]@[remote_ip]:[remote_port]>${toTag}
  Call-ID: [call_id]
  CSeq: 1 ${method}
  Max-Forwards: 70
  Content-Length: 0
  ]]></send>`;
const cancel = (back: number): string => ofInvite('CANCEL', back, '');
const nack = (back: number): string => ofInvite('ACK', back, '[peer_tag_param]');

const register = (
  cseq: number,
  expiresS: number,
  authorization: string,
): string => `<send retrans="500"><![CDATA[
  REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
  Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
  From: <sip:[service]@[remote_ip]>;tag=[call_number]
  To: <sip:[service]@[remote_ip]>
  Call-ID: [call_id]
  CSeq: ${cseq} REGISTER
  Contact: <sip:[service]@[local_ip]:[local_port]>
  Expires: ${expiresS}
  Max-Forwards: 70
  ${authorization}
  Content-Length: 0
  ]]></send>`;
