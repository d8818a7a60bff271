/** Who may call out, and what a thief of one signed request can do with it: a carrier that keeps all it is sent. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomId } from '../../src/base/ids.ts';
import { answerChallenge, bestChallenge, type DigestChallenge } from '../../src/codec/digest.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office, secrets } from '../support/office.ts';
import { type SeenMessage, WirePhone } from '../support/wire-phone.ts';

const outside = '36301112233';
const strangerAddress = '127.0.0.40';

let box: Instance;
let carrier: WirePhone;
let stranger: WirePhone;

beforeAll(async () => {
  const first = await freePorts(10);
  const ports = {
    sip: first,
    sips: first + 1,
    http: first + 2,
    drachtio: first + 4,
    webrtc: first + 6,
    rtpFrom: 10_000,
  };
  carrier = await WirePhone.open({
    number: outside,
    secret: '',
    server: `127.0.0.1:${first}`,
    address: carrierAddress,
    port: first + 8,
  });
  carrier.onRequest = (request) => {
    if (request.startLine.startsWith('OPTIONS')) carrier.respond(request, '200 OK', { tag: 'c' });
    if (request.startLine.startsWith('INVITE')) carrier.respond(request, '486 Busy Here', { tag: 'c' });
  };
  box = await Instance.start({ settings: office(carrier.port), ports });
  await box.login();
  stranger = await open(strangerAddress);
  await eventually('the trunk is up', async () => (await box.live()).trunks[0]?.state === 'up', 20_000);
});
afterAll(async () => {
  stranger?.close();
  await box?.assertIdle();
  await box?.stop();
  carrier?.close();
});

function open(address: string): Promise<WirePhone> {
  return WirePhone.open({ number: '101', secret: secrets['101'], server: box.sip, address });
}

interface Call {
  to?: string;
  uri?: string;
  from?: string;
  headers?: string;
  authorization?: string;
  method?: string;
}

/** Sends a request and waits for its final answer. */
async function ask(phone: WirePhone, call: Call = {}): Promise<SeenMessage> {
  const { method = 'INVITE', to = outside, from = '101', headers = '', authorization } = call;
  const uri = call.uri ?? `sip:${to}@${box.sip}`;
  const callId = randomId();
  const branch = randomId(12);
  const line = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\n`;
  const of = (phoneMethod: string, toTag: string): string => `${phoneMethod} ${uri} SIP/2.0
Via: SIP/2.0/UDP ${phone.address}:${phone.port};branch=z9hG4bK${branch};rport
From: <sip:${from}@${box.sip}>;tag=t
To: <sip:${to}@${box.sip}>${toTag}
Call-ID: ${callId}
CSeq: 1 ${phoneMethod}
Contact: <sip:${from}@${phone.address}:${phone.port}>
Max-Forwards: 70
`;
  phone.send(`${of(method, '')}${headers}${line}Content-Length: 0\n\n`);
  const answer = await eventually(`an answer to ${method}`, () =>
    phone.seen.find((m) => m.headers.get('call-id') === callId && /^SIP\/2.0 [2-6]/.test(m.startLine)),
  );
  const tag = /;tag=[^;\s]+/.exec(answer.headers.get('to') ?? '')?.[0] ?? '';
  if (method === 'INVITE') phone.send(`${of('ACK', tag)}Content-Length: 0\n\n`);
  return answer;
}

async function challengeOf(phone: WirePhone, call: Call = {}): Promise<DigestChallenge> {
  const challenge = bestChallenge((await ask(phone, call)).headers.get('proxy-authenticate') ?? '');
  if (!challenge) throw new Error('no challenge');
  return challenge;
}

function sign(
  challenge: DigestChallenge,
  more: { method?: string; uri?: string; user?: string; password?: string; nonceCount?: number } = {},
): string {
  const { method = 'INVITE', uri = `sip:${outside}@${box.sip}`, user = '101', nonceCount = 1 } = more;
  const password = more.password ?? secrets['101'];
  return answerChallenge({ challenge, username: user, password, method, uri, cnonce: 'c', nonceCount });
}

const offered = (): SeenMessage[] => carrier.seen.filter((m) => m.startLine.startsWith('INVITE'));

/** What is done reaches the trunk with nothing but keepalives. */
async function expectNothingOffered(action: () => Promise<unknown>): Promise<void> {
  const before = offered().length;
  await action();
  // A call of a phone that may is last in the line: had another been let through, it would be there before it.
  const phone = await open('127.0.0.1');
  const challenge = await challengeOf(phone);
  expect((await ask(phone, { authorization: sign(challenge) })).startLine).toContain('486');
  phone.close();
  expect(offered().length - before).toBe(1);
}

describe('a stranger', () => {
  it.each<[what: string, call: Call]>([
    ['by dialling', {}],
    ['in the name of the trunk’s number', { from: '3612345678' }],
    [
      'with an identity as carriers assert it',
      { headers: `P-Asserted-Identity: <sip:3612345678@${carrierAddress}>\n` },
    ],
    ['by asking for the carrier itself', { uri: `sip:${outside}@${carrierAddress}:5060` }],
    ['by a route through us', { headers: `Route: <sip:${carrierAddress}:5060;lr>\n` }],
    [
      'with a Via that says it is the carrier',
      { headers: `Via: SIP/2.0/UDP ${carrierAddress}:5060;branch=z9hG4bKx\n` },
    ],
  ])('does not reach the trunk %s', async (_, call) => {
    await expectNothingOffered(async () => {
      expect((await ask(stranger, call)).startLine).toMatch(/ (407|404|403|482|483) /);
    });
  });

  it('with a wrong password is refused, and does not reach the trunk', async () => {
    await expectNothingOffered(async () => {
      const authorization = sign(await challengeOf(stranger), { password: 'guess' });
      expect((await ask(stranger, { authorization })).startLine).toContain('403');
    });
  });
});

describe('who has seen the signed request of a phone', () => {
  it('cannot send it again: the number of times is used up, and the answer is that the nonce is stale', async () => {
    const phone = await open('127.0.0.1');
    const authorization = sign(await challengeOf(phone));
    expect((await ask(phone, { authorization })).startLine).toContain('486');
    phone.close();
    await expectNothingOffered(async () => {
      const again = await ask(stranger, { authorization });
      expect(again.startLine).toContain('407');
      expect(again.headers.get('proxy-authenticate')).toMatch(/stale=true/i);
      const counted = authorization.replace('nc=00000001', 'nc=00000002');
      expect((await ask(stranger, { authorization: counted })).startLine).toContain('403');
    });
  });

  it('cannot turn it towards another number or into another request', async () => {
    await expectNothingOffered(async () => {
      const forInside = sign(await challengeOf(stranger), { uri: `sip:102@${box.sip}` });
      expect((await ask(stranger, { authorization: forInside })).startLine).toContain('403');
      const forRegister = sign(await challengeOf(stranger), { method: 'REGISTER' });
      expect((await ask(stranger, { authorization: forRegister })).startLine).toContain('403');
    });
  });

  it('finds nobody who takes a nonce that was never given out', async () => {
    await expectNothingOffered(async () => {
      const challenge = await challengeOf(stranger);
      const made = sign({ ...challenge, nonce: Buffer.alloc(32, 7).toString('base64url') });
      expect((await ask(stranger, { authorization: made })).startLine).toContain('407');
    });
  });
});

describe('the time of an answer over the wire', () => {
  it('does not tell a phone that exists from one that does not', async () => {
    const guess = async (user: string): Promise<number> => {
      const challenge = await challengeOf(stranger, { from: user });
      const authorization = sign(challenge, { user, password: 'guess' });
      const began = performance.now();
      const answer = await ask(stranger, { from: user, authorization });
      expect(answer.startLine).toContain('403');
      stranger.seen.length = 0;
      return answer.atMs - began;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let n = 0; n < 80; n++) {
      // In pairs, in either order: what else the machine does falls on both.
      const order = n % 2 === 0 ? [known, unknown] : [unknown, known];
      for (const times of order) times.push(await guess(times === known ? '102' : String(800 + (n % 50))));
    }
    const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1] as number;
    const [a, b] = [median(known), median(unknown)];
    expect(Math.abs(a - b), `known ${a} ms, unknown ${b} ms`).toBeLessThan(0.25 * Math.max(a, b));
  });
});
