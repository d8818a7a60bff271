import { describe, expect, it } from 'vitest';
import { adminPassword, cookieOf, TestApi } from '../../support/api-client.ts';

const claim = { code: 'ABCD-1234', userName: 'Ada', password: 'a long password' };

describe('claiming the office', () => {
  it('makes the admin with the right code, signs in and voids the code', async () => {
    const api = TestApi.empty();
    expect(await (await api.call('status')).json()).toMatchObject({
      claimed: false,
      officeName: 'My office',
    });
    const response = await api.call('claim', { body: claim });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ user: { id: 'ada', name: 'Ada', role: 'admin' } });
    expect(api.claimCode).toBeNull();
    expect((await api.call('listUsers', { cookie: cookieOf(response) })).status).toBe(200);
    expect(await (await api.call('status')).json()).toMatchObject({ claimed: true });
    expect(api.ports.auditTrail.map((e) => e.action)).toEqual(['claim']);
  });

  it('is refused once there is an admin, even with the code', async () => {
    const api = TestApi.empty();
    await api.call('claim', { body: claim });
    const again = await api.call('claim', { body: { ...claim, userName: 'Eve' } });
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ code: 'auth.claimed' });
  });

  it('lets one of two simultaneous claims win', async () => {
    const api = TestApi.empty();
    const both = await Promise.all(
      ['Ada', 'Eve'].map((userName) => api.call('claim', { body: { ...claim, userName } })),
    );
    expect(both.map((r) => r.status).sort()).toEqual([200, 409]);
    expect(api.ports.settings.current.users).toHaveLength(1);
  });

  it('takes no password under 10 characters, nor the name as one', async () => {
    const api = TestApi.empty();
    const short = await api.call('claim', { body: { ...claim, password: '123456789' } });
    expect(short.status).toBe(422);
    expect(await short.json()).toMatchObject({ errors: [{ path: 'password' }] });
    const same = await api.call('claim', {
      body: { ...claim, userName: 'Ada Lovelace', password: 'ada lovelace' },
    });
    expect(await same.json()).toMatchObject({
      errors: [{ path: 'password', message: 'the password must not be the name' }],
    });
    expect(api.claimCode).not.toBeNull();
  });

  it('makes a source wait after 5 wrong codes, even with the right one then', async () => {
    const api = TestApi.empty();
    const tryCode = (code: string): Promise<Response> => api.call('claim', { body: { ...claim, code } });
    for (let i = 0; i < 5; i++) expect((await tryCode('0000-0000')).status).toBe(401);
    const limited = await tryCode(claim.code);
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('1');
    api.clock.advance(1_000);
    expect((await tryCode(claim.code)).status).toBe(200);
  });
});

describe('signing in', () => {
  it('sets a cookie no page can read and no other site can send', async () => {
    const api = new TestApi();
    const response = await api.call('login', { body: { userName: 'ada', password: adminPassword } });
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-cordboard-8443=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; Secure; SameSite=Strict$/,
    );
    const cookie = cookieOf(response);
    expect([...api.ports.sessionRecords.keys()].some((hash) => cookie.includes(hash))).toBe(false);
    expect(await (await api.call('session', { cookie })).json()).toMatchObject({ user: { name: 'Ada' } });
  });

  it('answers alike for an unknown user and a wrong password', async () => {
    const api = new TestApi();
    const wrong = await api.call('login', { body: { userName: 'Ada', password: 'x' } });
    const unknown = await api.call('login', { body: { userName: 'Nobody', password: 'x' } });
    expect(wrong.status).toBe(401);
    expect(await unknown.json()).toEqual(await wrong.json());
  });

  it('limits tries on a name from many sources with doubling waits, known or not', async () => {
    for (const userName of ['Ada', 'Nobody']) {
      const api = new TestApi();
      let n = 0;
      const fail = (): Promise<Response> =>
        api.call('login', { body: { userName, password: 'x' }, source: `10.0.0.${++n}` });
      for (let i = 0; i < 5; i++) expect((await fail()).status).toBe(401);
      expect((await fail()).headers.get('retry-after')).toBe('1');
      api.clock.advance(1_000);
      expect((await fail()).status).toBe(401);
      expect((await fail()).headers.get('retry-after')).toBe('2');
    }
  });

  it('limits tries from one source over many names', async () => {
    const api = new TestApi();
    for (let i = 0; i < 20; i++)
      expect((await api.call('login', { body: { userName: `u${i}`, password: 'x' } })).status).toBe(401);
    const body = { userName: 'Ada', password: adminPassword };
    expect((await api.call('login', { body })).status).toBe(429);
    expect((await api.call('login', { body, source: '192.168.1.78' })).status).toBe(200);
  });

  it('counts tries made at the same time before they are judged', async () => {
    const api = new TestApi();
    const tries = Array.from({ length: 20 }, () =>
      api.call('login', { body: { userName: 'Ada', password: 'x' } }),
    );
    const codes = (await Promise.all(tries)).map((r) => r.status);
    expect(codes.filter((code) => code === 401)).toHaveLength(5);
    expect(codes.filter((code) => code === 429)).toHaveLength(15);
  });

  it('forgets the failures of a name that signed in', async () => {
    const api = new TestApi();
    for (let i = 0; i < 4; i++) await api.call('login', { body: { userName: 'Ada', password: 'x' } });
    await api.admin();
    for (let i = 0; i < 5; i++)
      expect((await api.call('login', { body: { userName: 'Ada', password: 'x' } })).status).toBe(401);
  });

  it('ends a session by signing out, after 12 idle hours, and after 7 days in use', async () => {
    const api = new TestApi();
    const user = async (cookie: string): Promise<unknown> =>
      ((await (await api.call('session', { cookie })).json()) as { user: unknown }).user;
    const first = await api.admin();
    const out = await api.call('logout', { cookie: first });
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
    expect(await user(first)).toBeNull();

    const second = await api.admin();
    api.clock.advance(12 * 3_600_000);
    expect(await user(second)).toBeNull();

    const third = await api.admin();
    let hours = 0;
    while ((await user(third)) !== null && hours < 400) {
      api.clock.advance(6 * 3_600_000);
      hours += 6;
    }
    expect(hours).toBe(168);
  });

  it('takes no made-up cookie', async () => {
    const api = new TestApi();
    for (const value of ['', 'x', 'A'.repeat(43), '../../etc'])
      expect((await api.call('live', { cookie: `__Host-cordboard-8443=${value}` })).status).toBe(401);
  });
});
