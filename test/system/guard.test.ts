/** A sweep as SIPVicious does it: it learns nothing and is banned, and the office does not notice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomId } from '../../src/base/ids.ts';
import { answerChallenge, bestChallenge } from '../../src/codec/digest.ts';
import { guardLimits } from '../../src/sip-engine/guard-limits.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { office, secrets } from '../support/office.ts';
import { type SeenMessage, WirePhone } from '../support/wire-phone.ts';

/** Loopback addresses are strangers to each other here (CORDBOARD_GUARD_LOOPBACK). */
const scannerAddress = '127.0.0.66';
const crackerAddress = '127.0.0.67';
const namedAddress = '127.0.0.68';

let box: Instance;
const open: WirePhone[] = [];

beforeAll(async () => {
  box = await Instance.start({ settings: office(5060), env: { CORDBOARD_GUARD_LOOPBACK: '1' } });
  await box.login();
});
afterAll(async () => {
  for (const phone of open) phone.close();
  await box?.stop();
});

async function phoneAt(address: string, number = '101', secret: string = secrets['101']): Promise<WirePhone> {
  const phone = await WirePhone.open({ number, secret, server: box.sip, address });
  open.push(phone);
  return phone;
}

interface Probe {
  method: string;
  /** Whom it asks for: in the Request-URI, From and To. */
  user: string;
  headers?: string;
}

/** Sends a probe as svmap, svwar and svcrack do. @returns its Call-ID */
function probe(from: WirePhone, { method, user, headers = '' }: Probe): string {
  const callId = randomId();
  const uri = method === 'REGISTER' ? `sip:${box.sip}` : `sip:${user}@${box.sip}`;
  from.send(`${method} ${uri} SIP/2.0
Via: SIP/2.0/UDP ${from.address}:${from.port};branch=z9hG4bK${randomId(12)};rport
From: "${user}" <sip:${user}@${box.sip}>;tag=${randomId(8)}
To: "${user}" <sip:${user}@${box.sip}>
Call-ID: ${callId}
CSeq: 1 ${method}
Contact: <sip:${user}@${from.address}:${from.port}>
Max-Forwards: 70
${headers}Content-Length: 0

`);
  return callId;
}

const answerOf = (from: WirePhone, callId: string): SeenMessage | undefined =>
  from.seen.find((m) => m.headers.get('call-id') === callId && !m.startLine.startsWith('SIP/2.0 1'));

async function ask(from: WirePhone, what: Probe): Promise<SeenMessage> {
  const callId = probe(from, what);
  const answer = await eventually(`an answer to ${what.method}`, () => answerOf(from, callId));
  if (what.method === 'INVITE') acknowledge(from, what.user, answer);
  return answer;
}

function acknowledge(from: WirePhone, user: string, answer: SeenMessage): void {
  from.send(`ACK sip:${user}@${box.sip} SIP/2.0
Via: ${answer.vias[0]}
From: ${answer.headers.get('from')}
To: ${answer.headers.get('to')}
Call-ID: ${answer.headers.get('call-id')}
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

`);
}

/** A REGISTER with a guessed password. */
async function guess(from: WirePhone, user: string, password: string): Promise<SeenMessage> {
  const challenged = await ask(from, { method: 'REGISTER', user });
  const challenge = bestChallenge(challenged.headers.get('www-authenticate') ?? '');
  if (!challenge) throw new Error(`no challenge: ${challenged.startLine}`);
  const credentials = answerChallenge({
    challenge,
    username: user,
    password,
    method: 'REGISTER',
    uri: `sip:${box.sip}`,
    cnonce: randomId(8),
    nonceCount: 1,
  });
  return ask(from, { method: 'REGISTER', user, headers: `Authorization: ${credentials}\n` });
}

/** What an answer says once everything that differs between any two answers is taken out. */
function saying(answer: SeenMessage, user: string): string {
  return answer.text
    .replaceAll(`sip:${user}@`, 'sip:USER@')
    .replaceAll(`"${user}"`, '"USER"')
    .replace(/(branch|tag|nonce|rport)="?[^";,\s]+/g, '$1')
    .replace(/^(Call-ID|Date):.*$/gim, '$1');
}

async function bans(): Promise<{ id: string; source: string; reason: string; count: number }[]> {
  return (await box.api('GET', '/system/guard')).json.bans;
}

describe('a stranger who sweeps the box', () => {
  it.each(['OPTIONS', 'REGISTER', 'INVITE', 'SUBSCRIBE', 'MESSAGE'])(
    '%s for a phone, a queue and for nobody is answered the same',
    async (method) => {
      const scanner = await phoneAt('127.0.0.65');
      const said = new Set<string>();
      for (const user of ['101', '600', '999', 'nobody'])
        said.add(saying(await ask(scanner, { method, user }), user));
      expect([...said]).toEqual([[...said][0]]);
    },
  );

  it('a guessed password is refused the same for a phone that exists and one that does not', async () => {
    const cracker = await phoneAt('127.0.0.64');
    const known = await guess(cracker, '102', 'letmein');
    const unknown = await guess(cracker, '902', 'letmein');
    expect(saying(known, '102')).toBe(saying(unknown, '902'));
    expect(known.startLine).toContain('403');
  });

  it('is banned for probing, hears nothing more, and the phones of the office do not notice', async () => {
    const phone = await phoneAt('127.0.0.1');
    await phone.register();
    const scanner = await phoneAt(scannerAddress);
    for (let i = 0; i < guardLimits.probes; i++)
      await ask(scanner, { method: 'REGISTER', user: String(100 + i) });
    expect(await bans()).toMatchObject([{ source: scannerAddress, reason: 'probing' }]);
    const last = probe(scanner, { method: 'OPTIONS', user: '101' });
    await phone.register();
    expect(answerOf(scanner, last)).toBeUndefined();
    expect((await bans())[0]?.count).toBeGreaterThan(0);
  });

  it('is listened to again when an admin lets it in', async () => {
    const scanner = await phoneAt(scannerAddress);
    expect((await box.api('DELETE', `/system/guard/${scannerAddress}`)).status).toBe(204);
    expect((await ask(scanner, { method: 'REGISTER', user: '101' })).startLine).toContain('401');
    expect((await box.api('DELETE', `/system/guard/${scannerAddress}`)).status).toBe(404);
  });

  it('is banned for guessing passwords', async () => {
    const cracker = await phoneAt(crackerAddress);
    for (let i = 0; i < guardLimits.failures; i++) await guess(cracker, '101', `guess-${i}`);
    expect((await bans()).find(({ source }) => source === crackerAddress)).toMatchObject({
      reason: 'passwords',
    });
  });

  it('gets no answer at all when it names itself as SIPVicious does', async () => {
    const scanner = await phoneAt(namedAddress);
    const callIds = ['OPTIONS', 'REGISTER', 'INVITE'].map((method) =>
      probe(scanner, { method, user: '101', headers: 'User-Agent: friendly-scanner\n' }),
    );
    await eventually('the ban', async () => (await bans()).some(({ source }) => source === namedAddress));
    const phone = await phoneAt('127.0.0.1');
    await phone.register();
    for (const callId of callIds) expect(answerOf(scanner, callId)).toBeUndefined();
    expect(scanner.seen).toEqual([]);
  });
});

describe('an office that has registered', () => {
  it('is known to an engine that was started anew, and may send its burst at once', async () => {
    const officeAddress = '127.0.0.70';
    const phone = await phoneAt(officeAddress);
    await phone.register();
    await box.crash('sip-engine');
    // What it is told when it is up goes before whatever is asked of it later.
    await eventually('the new engine', async () => {
      const { json } = await box.api('GET', '/system/guard');
      return json.active === true;
    });
    /** How many of so many requests are answered; sent in parts, as a socket holds only so much. */
    const answered = async (from: WirePhone, parts: number): Promise<number> => {
      let answers = 0;
      for (let sent = 0; sent < parts; sent++) {
        const callIds = Array.from({ length: 40 }, () => probe(from, { method: 'OPTIONS', user: '101' }));
        const count = (): number => callIds.filter((callId) => answerOf(from, callId)).length;
        await eventually('all answers', () => count() === 40, 3000).catch(() => {});
        answers += count();
        if (count() < 40) break; // what comes back by and by is not the question
      }
      return answers;
    };
    const { burst } = guardLimits.stranger;
    const parts = Math.ceil((2 * burst) / 40);
    expect(await answered(phone, parts)).toBe(40 * parts);
    const other = await phoneAt('127.0.0.71');
    expect(await answered(other, parts)).toBeLessThan(burst + 40);
    expect((await bans()).map(({ source }) => source)).not.toContain(officeAddress);
  });
});
