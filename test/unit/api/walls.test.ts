import { beforeEach, describe, expect, it } from 'vitest';
import { cookieOf, TestApi } from '../../support/api-client.ts';

interface Link {
  wallboard: { id: string };
  token: string;
}

const lobby = { name: 'Lobby', tiles: [{ shows: 'waiting-now', queueId: 'sales' }] };

let api: TestApi;
let admin: string;
beforeEach(async () => {
  api = new TestApi();
  admin = await api.admin();
});

async function createLink(body: object = lobby): Promise<Link> {
  const response = await api.call('createWallboard', { body, cookie: admin });
  expect(response.status).toBe(201);
  return (await response.json()) as Link;
}

const open = (id: string, token: string, source?: string): Promise<Response> =>
  api.call('openWall', { params: { id }, body: { token }, ...(source ? { source } : {}) });

async function screen(): Promise<{ link: Link; cookie: string }> {
  const link = await createLink();
  const response = await open('lobby', link.token);
  expect(response.status).toBe(200);
  return { link, cookie: cookieOf(response) };
}

async function codeOf(response: Response): Promise<unknown> {
  return ((await response.json()) as { code: unknown }).code;
}

describe('a wallboard link', () => {
  it('is made by an admin, shows its token once, and keeps only its hash', async () => {
    const link = await createLink();
    expect(link).toMatchObject({
      wallboard: { id: 'lobby', name: 'Lobby', createdBy: 'Ada', showNumbers: false, queueIds: [] },
    });
    const [kept] = api.ports.settings.current.wallboards;
    expect(JSON.stringify(api.ports.settings.current)).not.toContain(link.token);
    expect(kept?.tokenHash).toMatch(/^\$sha256\$[0-9a-f]{64}$/);
    const list = await (await api.call('listWallboards', { cookie: admin })).text();
    expect(list).toContain('Lobby');
    expect(list).not.toContain('sha256');
  });

  it('opens a read-only session of its wallboard, which no page can read', async () => {
    const link = await createLink();
    const response = await open('lobby', link.token);
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-cordboard-wall-8443-lobby=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; Secure; SameSite=Strict$/,
    );
    const cookie = cookieOf(response);
    expect(await (await api.call('wall', { params: { id: 'lobby' }, cookie })).json()).toMatchObject({
      name: 'Lobby',
      tiles: [{ shows: 'waiting-now', queueId: 'sales' }],
      officeName: 'My office',
      timeZone: 'UTC',
    });
    expect((await api.call('live', { cookie })).status).toBe(200);
    expect(await codeOf(await api.call('listCalls', { cookie }))).toBe('auth.forbidden');
    expect(await codeOf(await api.call('listUsers', { cookie }))).toBe('auth.forbidden');
    expect(await (await api.call('session', { cookie })).json()).toEqual({ user: null, expiresAt: null });
  });

  it('reads no other wallboard', async () => {
    const { cookie } = await screen();
    await createLink({ name: 'Boss', tiles: [] });
    for (const id of ['boss', 'nothing']) {
      expect(await codeOf(await api.call('wall', { params: { id }, cookie }))).toBe('auth.wall');
      expect(await codeOf(await api.call('live', { cookie, query: `?wall=${id}` }))).toBe('auth.wall');
    }
  });

  it('tells of its queues only, and of no number unless it may', async () => {
    const { cookie } = await screen();
    api.ports.live.set({
      calls: [
        {
          callId: 'c1',
          direction: 'inbound',
          from: '+36301234567',
          to: '100',
          phase: 'queued',
          phaseSince: 1,
          startedAt: 1,
          queueId: 'sales',
          offers: [],
          waitMs: 0,
          talkMs: 0,
          abandoned: false,
          legs: [],
          recordings: [],
          trace: [],
        },
      ],
    });
    const seen = await (await api.call('live', { cookie })).text();
    expect(seen).toContain('c1');
    expect(seen).not.toContain('3630');
    // Somebody signed in sees it as the wall does when they ask for that.
    const asWall = await api.call('live', { cookie: admin, query: '?wall=lobby' });
    expect(await asWall.text()).not.toContain('3630');
    expect(await (await api.call('live', { cookie: admin })).text()).toContain('3630');
  });

  it.each(['deleteWallboard', 'renewWallboard'] as const)(
    'is dead at once after %s, its stream too',
    async (name) => {
      const { link, cookie } = await screen();
      const reader = (await api.call('events', { cookie })).body!.getReader();
      expect(api.feed.listenerCount).toBe(1);
      const done = await api.call(name, { params: { id: 'lobby' }, cookie: admin });
      expect(done.ok).toBe(true);
      expect(api.feed.listenerCount).toBe(0);
      let ended = false;
      while (!ended) ended = (await reader.read()).done;
      expect((await api.call('live', { cookie })).status).toBe(401);
      expect(await codeOf(await open('lobby', link.token))).toBe('auth.wall');
      if (name === 'renewWallboard') {
        const { token } = (await done.json()) as Link;
        expect((await open('lobby', token)).status).toBe(200);
      }
      api.feed.stop();
    },
  );

  it('is refused with a wrong token, slower and slower, and the audit has it', async () => {
    await createLink();
    for (let i = 0; i < 20; i++) expect(await codeOf(await open('lobby', 'x'.repeat(43)))).toBe('auth.wall');
    expect((await open('lobby', 'x'.repeat(43))).status).toBe(429);
    expect((await open('nothing', 'x', '192.168.1.9')).status).toBe(401);
    expect(api.ports.auditTrail.at(-1)).toMatchObject({ action: 'wallboard.open-failed', target: 'nothing' });
  });

  it('names every fault of its tiles and queues, and keeps a queue from being deleted', async () => {
    const bad = await api.call('createWallboard', {
      cookie: admin,
      body: { name: 'X', queueIds: ['sales'], tiles: [{ shows: 'clock', queueId: 'nothing' }] },
    });
    expect(bad.status).toBe(422);
    expect(await bad.json()).toMatchObject({
      errors: [{ path: 'tiles.0.queueId' }, { path: 'tiles.0.queueId' }],
    });
    const odd = await api.call('createWallboard', {
      cookie: admin,
      body: { name: 'X', tiles: [{ shows: 'weather' }] },
    });
    expect(await odd.json()).toMatchObject({ errors: [{ path: 'tiles.0.shows' }] });
    await createLink();
    const used = await api.call('deleteQueue', { params: { id: 'sales' }, cookie: admin });
    expect(await used.json()).toMatchObject({
      code: 'in-use',
      usedBy: expect.arrayContaining([{ kind: 'wallboard', id: 'lobby', name: 'Lobby' }]),
    });
  });

  it('lets a supervisor look at a wallboard, and an agent only by its link', async () => {
    const { cookie } = await screen();
    const supervisor = await api.supervisor();
    const agent = await api.agent();
    const params = { id: 'lobby' };
    expect((await api.call('wall', { params, cookie: supervisor })).status).toBe(200);
    expect(await codeOf(await api.call('wall', { params, cookie: agent }))).toBe('auth.wall');
    expect((await api.call('wall', { params, cookie: `${agent}; ${cookie}` })).status).toBe(200);
    const query = '?wall=lobby';
    expect((await api.call('live', { query, cookie: `${agent}; ${cookie}` })).status).toBe(200);
    expect((await api.call('live', { query, cookie: agent })).status).toBe(401);
  });
});

it('tells figures of its queues only, neither of others nor of all together', async () => {
  const link = await createLink({ ...lobby, queueIds: ['sales'], showAgents: false });
  const cookie = cookieOf(await open('lobby', link.token));
  const ask = (query: string): Promise<Response> => api.call('figures', { cookie, query });
  expect((await ask('?queueId=sales')).status).toBe(200);
  expect((await ask('?queueId=other')).status).toBe(422);
  expect((await ask('?by=agent')).status).toBe(422);
  const byQueue = (await (await ask('?by=queue')).json()) as { groups: { id: string }[] };
  expect(byQueue.groups.every(({ id }) => id === 'sales')).toBe(true);
});

it('gives way to a session in the same browser, unless it is asked as that wall', async () => {
  const link = await createLink({ ...lobby, queueIds: ['sales'], showAgents: false });
  const wall = cookieOf(await open('lobby', link.token));
  const supervisor = await api.supervisor();
  const cookie = `${wall}; ${supervisor}`;
  for (const name of ['figures', 'live', 'events'] as const)
    expect((await api.call(name, { cookie })).status).toBe(200);
  expect((await api.call('figures', { cookie, query: '?by=agent' })).status).toBe(200);
  expect((await api.call('figures', { cookie, query: '?by=agent&wall=lobby' })).status).toBe(422);
  // Once the session is over the page is told so; it does not go on with the wall's part.
  await api.call('logout', { cookie: supervisor });
  for (const name of ['figures', 'live', 'events'] as const)
    expect(await codeOf(await api.call(name, { cookie, query: '?by=queue' }))).toBe('auth.required');
  expect((await api.call('live', { cookie, query: '?wall=lobby' })).status).toBe(200);
  expect((await api.call('wall', { cookie, params: { id: 'lobby' } })).status).toBe(200);
  api.feed.stop();
});
