import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { answerChallenge, bestChallenge } from '../../../src/codec/digest.ts';
import type { Extension } from '../../../src/domain/settings.ts';
import { SecretBox } from '../../../src/store/secrets.ts';
import { type AuthenticationResult, DigestServer } from '../../../src/telephony/digest-server.ts';
import type { SipRequest } from '../../../src/telephony/sip-port.ts';
import { testSettings } from '../../support/telephony-bench.ts';

const uri = 'sip:pbx';
let dir: string;
let secrets: SecretBox;
let extensions: Extension[];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cordboard-digest-'));
  secrets = await SecretBox.open(dir);
  extensions = testSettings().extensions.map((each) => ({ ...each, secret: secrets.seal(each.secret) }));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function serverOf(known: readonly Extension[] = extensions): DigestServer {
  const server = new DigestServer({ clock: new VirtualClock(), reveal: (text) => secrets.reveal(text) });
  server.configure(known);
  return server;
}

function register(authorization?: string): SipRequest {
  const headers: Record<string, string | undefined> = { Authorization: authorization };
  return { method: 'REGISTER', uri, header: (name: string) => headers[name] } as unknown as SipRequest;
}

function answered(challenge: AuthenticationResult, username: string, password: string): SipRequest {
  const header = challenge.kind === 'challenge' ? challenge.headers['WWW-Authenticate'] : undefined;
  const parsed = bestChallenge(header ?? '');
  if (!parsed) throw new Error('no challenge');
  const more = { method: 'REGISTER', uri, cnonce: 'c', nonceCount: 1 };
  return register(answerChallenge({ challenge: parsed, username, password, ...more }));
}

describe('who asks with a nonce of an earlier start', () => {
  const challengeOf = (result: AuthenticationResult): string =>
    result.kind === 'challenge' ? (result.headers['WWW-Authenticate'] ?? '') : result.kind;

  it('is told that it is stale when the password is right, so that the phone does not ask its owner', () => {
    const request = answered(serverOf().authenticate(register(), '201', false), '201', 'password-201');
    expect(challengeOf(serverOf().authenticate(request, '201', false))).toContain('stale=true');
  });

  it.each([
    ['a wrong password', '201', 'guess'],
    ['an unknown number', '999', 'guess'],
  ])('is asked anew with %s', (_, number, password) => {
    const request = answered(serverOf().authenticate(register(), number, false), number, password);
    const challenge = challengeOf(serverOf().authenticate(request, number, false));
    expect(challenge).toContain('nonce=');
    expect(challenge).not.toContain('stale=true');
  });
});

it('a secret that cannot be opened lets nobody in, and is no fault of the request', () => {
  const server = serverOf(extensions.map((each) => ({ ...each, secret: `${each.secret.slice(0, -3)}AAA` })));
  for (const password of ['', 'password-201']) {
    const request = answered(server.authenticate(register(), '201', false), '201', password);
    expect(server.authenticate(request, '201', false).kind).toBe('refused');
  }
});

describe('the time of an answer', () => {
  /**
   * How much longer `b` takes than `a`, as a part of it: the median of many pairs measured side by side, so that
   * whatever else the machine does falls on both.
   */
  function excess(a: () => unknown, b: () => unknown): number {
    const timed = (action: () => unknown): number => {
      const began = process.hrtime.bigint();
      for (let n = 0; n < 20; n++) action();
      return Number(process.hrtime.bigint() - began);
    };
    const pairs = Array.from({ length: 600 }, (_, n) => {
      const swapped = n % 2 === 1;
      const first = timed(swapped ? b : a);
      const second = timed(swapped ? a : b);
      return swapped ? first / second - 1 : second / first - 1;
    });
    return pairs.slice(100).sort((x, y) => x - y)[250] as number;
  }

  it('to a wrong password is the same for an unknown number', () => {
    const server = serverOf();
    const attempt = (number: string) => {
      const request = answered(server.authenticate(register(), number, false), number, 'a wrong one');
      return () => server.authenticate(request, number, false);
    };
    const known = attempt('201');
    const algorithm = /algorithm=([\w-]+)/.exec(known().kind === 'refused' ? 'algorithm=MD5' : '')?.[1];
    expect(algorithm).toBe('MD5');
    // The unknown number draws its algorithm: one is taken that drew the same as 201 has.
    const unknown = ['901', '902', '903', '904', '905', '906', '907', '908'].find((number) => {
      const result = server.authenticate(register(), number, false);
      return result.kind === 'challenge' && result.headers['WWW-Authenticate']?.includes('algorithm=MD5');
    });
    expect(Math.abs(excess(known, attempt(unknown ?? '')))).toBeLessThan(0.1);
  });

  it('to a first question is the same for an unknown number', () => {
    const server = serverOf();
    const ask = (number: string) => () => server.authenticate(register(), number, false);
    expect(Math.abs(excess(ask('201'), ask('901')))).toBeLessThan(0.1);
  });

  it('is told apart by this measure where one opens no secret', () => {
    const server = serverOf();
    const opens = () => secrets.reveal(extensions[0]?.secret ?? '');
    const request = answered(server.authenticate(register(), '201', false), '201', 'a wrong one');
    const attempt = () => server.authenticate(request, '201', false);
    const twice = () => [attempt(), opens()];
    expect(excess(attempt, twice)).toBeGreaterThan(0.15);
  });
});
