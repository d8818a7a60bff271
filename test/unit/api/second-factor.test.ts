import { Secret } from 'otpauth';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  matchingRecoveryHash,
  newRecoveryCodes,
  recoveryHash,
  totpStep,
  totpUri,
} from '../../../src/api/second-factor.ts';
import { adminPassword, cookieOf, TestApi } from '../../support/api-client.ts';
import { authenticatorCode } from '../../support/authenticator.ts';

describe('codes of an authenticator', () => {
  // RFC 6238, appendix B, SHA-1: the last six of its eight digits, which is what six digits are.
  const secret = Secret.fromLatin1('12345678901234567890').base32;
  it.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('at %i s it is %s, as RFC 6238 has it', (seconds, code) => {
    expect(totpStep(secret, code.slice(-6), seconds * 1000)).toBe(Math.floor(seconds / 30));
    expect(authenticatorCode(secret, seconds * 1000)).toBe(code.slice(-6));
  });

  it('is taken one step early and one step late, and names its own step; no further', () => {
    const at = 1_700_000_010_000;
    const step = Math.floor(at / 30_000);
    for (const [offset, wanted] of [
      [-2, undefined],
      [-1, step - 1],
      [0, step],
      [1, step + 1],
      [2, undefined],
    ] as const)
      expect(totpStep(secret, authenticatorCode(secret, at + offset * 30_000), at)).toBe(wanted);
  });

  it.each(['', '12345', '1234567', 'abcdef', '９４２８７０', ' 94287'])('"%s" is none', (code) => {
    expect(totpStep(secret, code, 59_000)).toBeUndefined();
  });

  it('are handed to the app by an address that names office and person, whatever these are called', () => {
    const uri = new URL(totpUri(secret, 'Ada: <b>', 'Büro & Söhne: Süd'));
    expect(uri.protocol).toBe('otpauth:');
    expect(uri.searchParams.get('secret')).toBe(secret);
    expect(uri.searchParams.get('issuer')).toBe('Büro & Söhne  Süd');
    expect(decodeURIComponent(uri.pathname)).toContain('Ada  <b>');
  });

  it('that recover are ten, all different, found by their hash however they are typed, and by their owner only', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    expect(codes[0]).toMatch(/^([0-9a-z]{4}-){3}[0-9a-z]{4}$/);
    const hashes = codes.map((code) => recoveryHash('ada', code));
    const typed = ` ${codes[3]!.toUpperCase().replaceAll('-', ' ')} `;
    expect(matchingRecoveryHash(hashes, 'ada', typed)).toBe(hashes[3]);
    expect(matchingRecoveryHash(hashes, 'anna', typed)).toBeUndefined();
  });
});

let api: TestApi;
beforeEach(() => {
  api = new TestApi();
});

const json = async <T>(response: Response): Promise<T> => (await response.json()) as T;
const codeOf = async (response: Response): Promise<string> => (await json<{ code: string }>(response)).code;
const login = (source?: string): Promise<Response> =>
  api.call('login', { body: { userName: 'Ada', password: adminPassword }, ...(source ? { source } : {}) });
const ticketOf = async (source?: string): Promise<string> =>
  (await json<{ ticket: string }>(await login(source))).ticket;
const enter = (ticket: string, code: string): Promise<Response> =>
  api.call('loginCode', { body: { ticket, code } });

async function enrolled(
  afterMs = 60_000,
): Promise<{ secret: string; recoveryCodes: string[]; cookie: string }> {
  const cookie = await api.admin();
  const begun = await api.call('beginSecondFactor', { body: { password: adminPassword }, cookie });
  const { secret } = await json<{ secret: string }>(begun);
  const code = authenticatorCode(secret, api.clock.now());
  const confirmed = await api.call('confirmSecondFactor', { body: { code }, cookie });
  expect(confirmed.status).toBe(200);
  const { recoveryCodes } = await json<{ recoveryCodes: string[] }>(confirmed);
  api.clock.advance(afterMs);
  return { secret, recoveryCodes, cookie };
}

describe('a second factor', () => {
  it('is set up with the password and a first code, kept sealed, and its recovery codes as hashes', async () => {
    const cookie = await api.admin();
    const wrong = await api.call('beginSecondFactor', { body: { password: 'guess' }, cookie });
    expect(await json(wrong)).toMatchObject({ code: 'request.invalid', errors: [{ path: 'password' }] });
    const begun = await api.call('beginSecondFactor', { body: { password: adminPassword }, cookie });
    const { secret, uri } = await json<{ secret: string; uri: string }>(begun);
    expect(uri).toContain(secret);
    expect(await json(await api.call('account', { cookie }))).toMatchObject({ secondFactor: null });
    expect(await codeOf(await api.call('confirmSecondFactor', { body: { code: '000000' }, cookie }))).toBe(
      'auth.code',
    );
    const code = authenticatorCode(secret, api.clock.now());
    const { recoveryCodes } = await json<{ recoveryCodes: string[] }>(
      await api.call('confirmSecondFactor', {
        body: { code: `${code.slice(0, 3)} ${code.slice(3)}` },
        cookie,
      }),
    );
    const kept = JSON.stringify(api.ports.settings.current);
    expect(kept).not.toContain(secret);
    for (const recoveryCode of recoveryCodes) expect(kept).not.toContain(recoveryCode);
    expect(await json(await api.call('account', { cookie }))).toMatchObject({
      secondFactor: { recoveryCodesLeft: 10 },
    });
    const users = await (await api.call('listUsers', { cookie })).text();
    for (const word of [secret, 'recoveryHashes', 'sealed', 'sha256']) expect(users).not.toContain(word);
    const trail = JSON.stringify(api.ports.auditTrail);
    expect(trail).toContain('second-factor.set-up');
    for (const word of [secret, 'sealed:', '$sha256$', '$argon2id$']) expect(trail).not.toContain(word);
  });

  it('asks for a code after the password, and signs in nobody before', async () => {
    const { secret } = await enrolled();
    const first = await login();
    expect(first.headers.get('set-cookie')).toBeNull();
    const { ticket, user } = await json<{ ticket: string; user: null }>(first);
    expect(user).toBeNull();
    expect(await codeOf(await enter(ticket, '123456'))).toBe('auth.code');
    const right = await enter(ticket, authenticatorCode(secret, api.clock.now()));
    expect(await json(right)).toMatchObject({ user: { name: 'Ada' } });
    expect((await api.call('listUsers', { cookie: cookieOf(right) })).status).toBe(200);
    expect(api.ports.auditTrail.slice(-2).map((e) => e.action)).toEqual(['login.code-failed', 'login']);
  });

  it('takes a code once, and none before it either', async () => {
    const { secret } = await enrolled();
    const now = api.clock.now();
    const code = authenticatorCode(secret, now);
    expect((await enter(await ticketOf(), code)).status).toBe(200);
    expect(await codeOf(await enter(await ticketOf(), code))).toBe('auth.code-used');
    expect(await codeOf(await enter(await ticketOf(), authenticatorCode(secret, now - 30_000)))).toBe(
      'auth.code-used',
    );
    expect((await enter(await ticketOf(), authenticatorCode(secret, now + 30_000))).status).toBe(200);
  });

  it('takes the code of the set-up no second time', async () => {
    const { secret } = await enrolled(0);
    const code = authenticatorCode(secret, api.clock.now());
    expect(await codeOf(await enter(await ticketOf(), code))).toBe('auth.code-used');
  });

  it('lets each recovery code in once', async () => {
    const { recoveryCodes, cookie } = await enrolled();
    const code = recoveryCodes[4]!;
    expect((await enter(await ticketOf(), code.toUpperCase())).status).toBe(200);
    expect(await codeOf(await enter(await ticketOf(), code))).toBe('auth.code');
    expect(await json(await api.call('account', { cookie }))).toMatchObject({
      secondFactor: { recoveryCodesLeft: 9 },
    });
    expect(api.ports.auditTrail).toContainEqual(
      expect.objectContaining({ action: 'login.recovery-code', details: { left: 9 } }),
    );
    const renewed = await api.call('renewRecoveryCodes', { body: { password: adminPassword }, cookie });
    const fresh = await json<{ recoveryCodes: string[] }>(renewed);
    expect(await codeOf(await enter(await ticketOf(), recoveryCodes[0]!))).toBe('auth.code');
    expect((await enter(await ticketOf(), fresh.recoveryCodes[0]!)).status).toBe(200);
  });

  it('lets the same recovery code in once when it comes twice at a time', async () => {
    const { recoveryCodes } = await enrolled();
    const tickets = [await ticketOf(), await ticketOf()];
    const both = await Promise.all(tickets.map((ticket) => enter(ticket, recoveryCodes[0]!)));
    expect(both.map((r) => r.status).sort()).toEqual([200, 401]);
  });

  it('gives five minutes and five tries between password and code', async () => {
    const { secret } = await enrolled();
    const late = await ticketOf();
    api.clock.advance(5 * 60_000);
    expect(await codeOf(await enter(late, authenticatorCode(secret, api.clock.now())))).toBe('auth.ticket');
    const spent = await ticketOf();
    for (let i = 0; i < 5; i++) expect(await codeOf(await enter(spent, '000000'))).toBe('auth.code');
    expect(await codeOf(await enter(spent, authenticatorCode(secret, api.clock.now())))).toBe('auth.ticket');
    expect(await codeOf(await enter('made-up', '000000'))).toBe('auth.ticket');
  });

  it('slows guessing at codes down across tickets', async () => {
    await enrolled();
    for (let i = 0; i < 5; i++)
      expect(await codeOf(await enter(await ticketOf(), '000000'))).toBe('auth.code');
    const limited = await enter(await ticketOf(), '000000');
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('voids a ticket when the password changes meanwhile', async () => {
    const { secret, cookie } = await enrolled();
    const ticket = await ticketOf();
    const body = { oldPassword: adminPassword, password: 'a longer password' };
    expect((await api.call('changePassword', { body, cookie })).status).toBe(204);
    expect(await codeOf(await enter(ticket, authenticatorCode(secret, api.clock.now())))).toBe('auth.ticket');
  });

  it('is taken off by its owner with the password, or reset by an admin, who ends their sessions', async () => {
    const { cookie } = await enrolled();
    const remove = (password: string): Promise<Response> =>
      api.call('removeSecondFactor', { body: { password }, cookie });
    expect((await remove('guess')).status).toBe(422);
    expect((await remove(adminPassword)).status).toBe(204);
    expect((await login()).headers.get('set-cookie')).not.toBeNull();

    const agent = await api.agent();
    const begun = await api.call('beginSecondFactor', {
      body: { password: 'battery staple' },
      cookie: agent,
    });
    const { secret } = await json<{ secret: string }>(begun);
    const code = authenticatorCode(secret, api.clock.now());
    await api.call('confirmSecondFactor', { body: { code }, cookie: agent });
    const reset = await api.call('resetSecondFactor', { params: { id: 'anna' }, cookie });
    expect(reset.status).toBe(204);
    expect((await api.call('live', { cookie: agent })).status).toBe(401);
    expect((await api.call('live', { cookie: await api.agent() })).status).toBe(200);
  });

  it('that a role needs is set up before anything else, and cannot be taken off', async () => {
    const admin = await api.admin();
    const supervisor = await api.supervisor();
    const rules = await json<object>(await api.call('getSignIn', { cookie: admin }));
    await api.call('replaceSignIn', { body: { ...rules, secondFactorFor: ['supervisor'] }, cookie: admin });
    expect(await codeOf(await api.call('live', { cookie: supervisor }))).toBe('auth.enrol');
    expect(await json(await api.call('session', { cookie: supervisor }))).toMatchObject({
      user: { name: 'Sam', mustEnrol: true },
    });
    expect((await api.call('live', { cookie: admin })).status).toBe(200);
    const body = { password: 'seven tall herons' };
    const begun = await api.call('beginSecondFactor', { body, cookie: supervisor });
    const { secret } = await json<{ secret: string }>(begun);
    const code = authenticatorCode(secret, api.clock.now());
    expect((await api.call('confirmSecondFactor', { body: { code }, cookie: supervisor })).status).toBe(200);
    expect((await api.call('live', { cookie: supervisor })).status).toBe(200);
    expect(await codeOf(await api.call('removeSecondFactor', { body, cookie: supervisor }))).toBe(
      'auth.factor-required',
    );
  });
});
