import { beforeEach, describe, expect, it } from 'vitest';
import { adminPassword, agentPassword, TestApi } from '../../support/api-client.ts';

interface View {
  id: string;
  current: boolean;
  source: string;
  userAgent: string;
  lastUsedAt: number;
}

let api: TestApi;
beforeEach(() => {
  api = new TestApi();
});

const sessionsOf = async (cookie: string): Promise<View[]> =>
  ((await (await api.call('ownSessions', { cookie })).json()) as { items: View[] }).items;
const isIn = async (cookie: string): Promise<boolean> => (await api.call('live', { cookie })).status === 200;

describe('sessions', () => {
  it('are listed with device, address and times, the one that asks marked', async () => {
    const first = await api.admin();
    api.clock.advance(120_000);
    const login = await api.call('login', {
      body: { userName: 'Ada', password: adminPassword },
      source: '10.0.0.9',
      headers: { 'user-agent': 'Firefox <script>' },
    });
    expect(login.status).toBe(200);
    const list = await sessionsOf(first);
    expect(list).toHaveLength(2);
    expect(list.filter((s) => s.current)).toHaveLength(1);
    expect(list.find((s) => !s.current)).toMatchObject({ source: '10.0.0.9', userAgent: 'Firefox <script>' });
    const text = JSON.stringify(list);
    for (const hash of api.ports.sessionRecords.keys()) expect(text).not.toContain(hash);
  });

  it('are ended one by one, or all but the own', async () => {
    const [own, second, third] = [await api.admin(), await api.admin(), await api.admin()];
    const foreign = await api.agent();
    const other = (await sessionsOf(own)).find((s) => !s.current)!;
    const end = (cookie: string): Promise<Response> =>
      api.call('endOwnSession', { params: { id: other.id }, cookie });
    expect((await end(foreign)).status).toBe(404);
    expect((await end(own)).status).toBe(204);
    expect((await end(own)).status).toBe(404);
    expect([await isIn(second), await isIn(third)].filter(Boolean)).toHaveLength(1);
    await api.call('endOtherSessions', { cookie: own });
    expect([await isIn(own), await isIn(second), await isIn(third), await isIn(foreign)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('of others are ended by an admin', async () => {
    const [admin, agent, again] = [await api.admin(), await api.agent(), await api.agent()];
    const list = await api.call('userSessions', { params: { id: 'anna' }, cookie: admin });
    const { items } = (await list.json()) as { items: View[] };
    expect(items).toHaveLength(2);
    const params = { id: 'anna', session: items[0]!.id };
    expect((await api.call('endUserSession', { params, cookie: admin })).status).toBe(204);
    expect([await isIn(agent), await isIn(again)].filter(Boolean)).toHaveLength(1);
    expect((await api.call('endUserSessions', { params: { id: 'anna' }, cookie: admin })).status).toBe(204);
    expect([await isIn(agent), await isIn(again)]).toEqual([false, false]);
  });

  it('die with the role, the password and the user, however these change', async () => {
    const change = async (
      edit: (user: { role: string; passwordHash: string }) => object | null,
    ): Promise<void> => {
      await api.ports.settings.update(
        (now) => ({
          ...now,
          users: now.users.flatMap((u) => (u.id === 'anna' ? ((edit(u) as typeof u | null) ?? []) : [u])),
        }),
        { who: 'a settings file' },
      );
    };
    for (const edit of [
      (user: object) => ({ ...user, role: 'supervisor' }),
      (user: object) => ({ ...user, passwordHash: '$argon2id$other' }),
      () => null,
    ]) {
      const fresh = new TestApi();
      api = fresh;
      const cookie = await api.agent();
      expect(await isIn(cookie)).toBe(true);
      await change(edit);
      expect(await isIn(cookie)).toBe(false);
    }
  });

  it('end by themselves as the settings say, at once when these become stricter', async () => {
    const admin = await api.admin();
    const agent = await api.agent();
    const rules = (await (await api.call('getSignIn', { cookie: admin })).json()) as object;
    api.clock.advance(3_600_000);
    const strict = { ...rules, idleMs: 1_800_000, maxAgeMs: 7_200_000 };
    const replaced = await api.call('replaceSignIn', { body: strict, cookie: admin });
    expect(replaced.status).toBe(200);
    expect(await isIn(agent)).toBe(false);
    const fresh = await api.agent();
    for (let i = 0; i < 4; i++) {
      api.clock.advance(1_700_000);
      expect(await isIn(fresh)).toBe(true);
    }
    api.clock.advance(1_700_000);
    expect(await isIn(fresh)).toBe(false);
    const bad = await api.call('replaceSignIn', { body: { ...rules, idleMs: 1 }, cookie: await api.admin() });
    expect(await bad.json()).toMatchObject({ code: 'request.invalid', errors: [{ path: 'idleMs' }] });
  });
});

describe('a password of one’s own', () => {
  it('is changed with the old one; other sessions end and the own goes on', async () => {
    const [own, other] = [await api.agent(), await api.agent()];
    const change = (oldPassword: string, password: string): Promise<Response> =>
      api.call('changePassword', { body: { oldPassword, password }, cookie: own });
    expect(await (await change('guess', 'a new password')).json()).toMatchObject({
      errors: [{ path: 'oldPassword' }],
    });
    expect((await change(agentPassword, 'short')).status).toBe(422);
    expect((await change(agentPassword, 'a new password')).status).toBe(204);
    expect([await isIn(own), await isIn(other)]).toEqual([true, false]);
    const old = await api.call('login', { body: { userName: 'Anna', password: agentPassword } });
    expect(old.status).toBe(401);
    await api.signIn('Anna', 'a new password');
  });

  it('is not found out at a page left open', async () => {
    const cookie = await api.agent();
    const body = { oldPassword: 'guess', password: 'a new password' };
    for (let i = 0; i < 5; i++) expect((await api.call('changePassword', { body, cookie })).status).toBe(422);
    expect((await api.call('changePassword', { body, cookie })).status).toBe(429);
  });
});

describe('guessing passwords', () => {
  const fail = (userName: string, source: string): Promise<Response> =>
    api.call('login', { body: { userName, password: 'guess' }, source });
  const succeed = (source: string): Promise<Response> =>
    api.call('login', { body: { userName: 'Ada', password: adminPassword }, source });

  it('at a name from elsewhere keeps nobody out where they signed in before', async () => {
    await succeed('192.168.1.20');
    for (let i = 0; i < 200; i++) await fail('Ada', `10.1.${i}.1`);
    expect((await succeed('192.168.1.30')).status).toBe(429);
    expect((await succeed('192.168.1.20')).status).toBe(200);
  });

  it('behind the router of an office keeps out nobody who signed in from there before', async () => {
    await succeed('203.0.113.9');
    for (let i = 0; i < 60; i++) await fail(`user-${i}`, '203.0.113.9');
    expect((await succeed('203.0.113.9')).status).toBe(200);
    expect((await fail('Anna', '203.0.113.9')).status).toBe(429);
  });

  it('is slowed down there all the same', async () => {
    await succeed('192.168.1.20');
    let tried = 0;
    for (let second = 0; second < 3600; second += 10) {
      if ((await fail('Ada', '192.168.1.20')).status === 401) tried += 1;
      api.clock.advance(10_000);
    }
    expect(tried).toBeLessThan(75);
  });
});
