import { describe, expect, it } from 'vitest';
import type { EndpointName } from '../../../src/api/contract.ts';
import { secretMask } from '../../../src/store/secrets.ts';
import { adminPassword, agentPassword, TestApi } from '../../support/api-client.ts';

interface Kind {
  word: string;
  list: EndpointName;
  get: EndpointName;
  create: EndpointName;
  replace: EndpointName;
  remove: EndpointName;
  input: Record<string, unknown>;
  id: string;
  change: Record<string, unknown>;
}

const hangUp = { kind: 'hang-up' };
const kind = (
  plural: string,
  one: string,
  id: string,
  input: Record<string, unknown>,
  change: object,
): Kind => ({
  word: plural,
  list: `list${plural}` as EndpointName,
  get: `get${one}` as EndpointName,
  create: `create${one}` as EndpointName,
  replace: `replace${one}` as EndpointName,
  remove: `delete${one}` as EndpointName,
  input,
  id,
  change: { ...input, ...change },
});

const kinds = [
  kind('Extensions', 'Extension', 'front-desk', { number: '210', name: 'Front desk' }, { name: 'Lobby' }),
  kind('Queues', 'Queue', 'support', { name: 'Support' }, { strategy: 'ring-all' }),
  kind('IvrMenus', 'IvrMenu', 'nacht-menu', { name: 'Nacht Menü' }, { maxTries: 2 }),
  kind(
    'Trunks',
    'Trunk',
    'sip-co',
    { name: 'SIP & Co.', kind: 'peer', host: '10.1.1.1' },
    { enabled: false },
  ),
  kind('Numbers', 'Number', '3612345678', { number: '+3612345678', destination: hangUp }, { number: '112' }),
  kind(
    'Users',
    'User',
    'eva',
    { name: 'Eva', role: 'admin', password: 'a long password' },
    { role: 'agent', agentId: 'ben' },
  ),
];

describe.each(kinds)('$word', ({ list, get, create, replace, remove, input, id, change }) => {
  it('are created with an id made of their name, read, replaced and deleted, each change audited', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const { password: _, ...visible } = input;
    const created = await api.call(create, { body: input, cookie });
    expect(created.status).toBe(201);
    expect(await created.json()).toMatchObject({ id, ...visible });
    const all = (await (await api.call(list, { cookie })).json()) as {
      items: { id: string }[];
      revision: number;
    };
    expect(all.items.map((item) => item.id)).toContain(id);
    expect(all.revision).toBe(2);
    const { password: __, ...changed } = change;
    expect((await api.call(replace, { params: { id }, body: change, cookie })).status).toBe(200);
    expect(await (await api.call(get, { params: { id }, cookie })).json()).toMatchObject({ id, ...changed });
    expect((await api.call(remove, { params: { id }, cookie })).status).toBe(204);
    expect((await api.call(get, { params: { id }, cookie })).status).toBe(404);
    expect((await api.call(remove, { params: { id }, cookie })).status).toBe(404);
    const actions = api.ports.auditTrail.filter((e) => e.target === id).map((e) => e.action.split('.')[1]);
    expect(actions).toEqual(['create', 'change', 'delete']);
  });
});

describe('configuration', () => {
  it('shows no secret and no password hash anywhere', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const trunk = {
      name: 'Provider',
      kind: 'register',
      host: 'sip.example',
      username: 'u',
      secret: 'trunk-secret',
    };
    expect(await (await api.call('createTrunk', { body: trunk, cookie })).json()).toMatchObject({
      hasSecret: true,
    });
    for (const name of [
      'listExtensions',
      'listTrunks',
      'listUsers',
      'getNetwork',
      'listRevisions',
    ] as const) {
      const text = await (await api.call(name, { cookie })).text();
      // The history says that there is one, and no more.
      const masked = text.replaceAll(`"secret":"${secretMask}"`, '');
      expect(masked).not.toMatch(/secret"|sealed:|argon2|trunk-secret|desk-one/);
    }
  });

  it('keeps a stored secret when a replacement names none, and removes it for null', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const trunk = { name: 'Provider', kind: 'peer', host: 'sip.example', secret: 'trunk-secret' };
    await api.call('createTrunk', { body: trunk, cookie });
    const { secret: _, ...without } = trunk;
    await api.call('replaceTrunk', { params: { id: 'provider' }, body: { ...without, port: 5080 }, cookie });
    expect(api.ports.settings.revealed.trunks[0]).toMatchObject({ secret: 'trunk-secret', port: 5080 });
    await api.call('replaceTrunk', {
      params: { id: 'provider' },
      body: { ...without, secret: null },
      cookie,
    });
    expect(api.ports.settings.revealed.trunks[0]?.secret).toBeUndefined();
  });

  it('shows what a phone needs on request only, audited, and makes a new secret when asked', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const ask = async (body: object): Promise<Record<string, unknown>> =>
      (await (
        await api.call('extensionSecret', { params: { id: 'desk-1' }, body, cookie })
      ).json()) as Record<string, unknown>;
    expect(await ask({})).toEqual({
      userName: '201',
      secret: 'desk-one-secret',
      digest: 'MD5',
      servers: ['192.168.1.5'],
      port: 5060,
      tlsPort: 5061,
      transports: ['udp', 'tcp', 'tls'],
    });
    const renewed = await ask({ new: true });
    expect(renewed.secret).toMatch(/^[0-9a-z]{24}$/);
    expect(api.ports.settings.revealed.extensions[0]?.secret).toBe(renewed.secret);
    expect(api.ports.auditTrail.slice(-2).map((e) => e.action)).toEqual([
      'extension.show-secret',
      'extension.new-secret',
    ]);
    const unknown = await api.call('extensionSecret', { params: { id: 'nobody' }, body: {}, cookie });
    expect(unknown.status).toBe(404);
  });

  it('takes no secret that looks sealed', async () => {
    const api = new TestApi();
    const body = { number: '210', name: 'X', secret: 'sealed:v1:AAAA' };
    const response = await api.call('createExtension', { body, cookie: await api.admin() });
    expect(await response.json()).toMatchObject({ errors: [{ path: 'secret' }] });
  });

  it.each([
    ['deleteExtension', 'desk-1', [['agent', 'anna', 'Anna']]],
    [
      'deleteAgent',
      'anna',
      [
        ['queue', 'sales', 'Sales'],
        ['user', 'anna', 'Anna'],
        ['lamp', '1', 'lamp 1'],
      ],
    ],
    [
      'deleteQueue',
      'sales',
      [
        ['ivr-menu', 'welcome', 'Welcome'],
        ['lamp', '0', 'lamp 0'],
      ],
    ],
  ] as const)('%s of %s answers 409 and names what uses it', async (name, id, uses) => {
    const api = new TestApi();
    const cookie = await api.admin();
    const lamps = [
      { lamp: 0, shows: { fact: 'waiting', queueId: 'sales' } },
      { lamp: 1, shows: { fact: 'agent', agentId: 'anna' } },
    ];
    expect((await api.call('replacePanel', { body: { lamps }, cookie })).status).toBe(200);
    const response = await api.call(name, { params: { id }, cookie });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({
      code: 'in-use',
      usedBy: uses.map(([use, useId, useName]) => ({ kind: use, id: useId, name: useName })),
    });
  });

  it('refuses what would break another part, with a path relative to the request', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const taken = await api.call('createExtension', { body: { number: '201', name: 'X' }, cookie });
    expect(taken.status).toBe(422);
    expect(await taken.json()).toMatchObject({ errors: [{ path: 'number' }] });
    const body = { name: 'M', options: [{ digit: '1', destination: { kind: 'queue', queueId: 'none' } }] };
    const dangling = await api.call('createIvrMenu', { body, cookie });
    expect(await dangling.json()).toMatchObject({ errors: [{ path: 'options.0.destination.queueId' }] });
    const twice = await api.call('createQueue', { body: { id: 'sales', name: 'Again' }, cookie });
    expect(await twice.json()).toMatchObject({ errors: [{ path: 'id' }] });
  });

  it('refuses a change made from an old revision, when If-Match says so', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const put = (revision: string): Promise<Response> =>
      api.call('replaceQueue', {
        params: { id: 'sales' },
        body: { name: 'Sales', wrapUpMs: 0 },
        cookie,
        headers: { 'if-match': revision },
      });
    expect((await put('"1"')).status).toBe(200);
    const stale = await put('"1"');
    expect(stale.status).toBe(409);
    expect(await stale.json()).toMatchObject({ code: 'settings.conflict' });
    expect((await put('yesterday')).status).toBe(422);
  });
});

describe('users', () => {
  it('keeps the last admin', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const removed = await api.call('deleteUser', { params: { id: 'ada' }, cookie });
    expect(await removed.json()).toMatchObject({ code: 'auth.last-admin', status: 409 });
    const body = { name: 'Ada', role: 'agent', agentId: 'ben' };
    const demoted = await api.call('replaceUser', { params: { id: 'ada' }, body, cookie });
    expect(demoted.status).toBe(409);
  });

  it('needs a password for a new user, an agent for an agent, and a free name', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const create = async (body: object): Promise<unknown> =>
      (await api.call('createUser', { body, cookie })).json();
    expect(await create({ name: 'Eva', role: 'admin' })).toMatchObject({ errors: [{ path: 'password' }] });
    const password = 'a long password';
    expect(await create({ name: 'Eva', role: 'agent', password })).toMatchObject({
      errors: [{ path: 'agentId' }],
    });
    expect(await create({ name: 'ADA', role: 'admin', password })).toMatchObject({
      errors: [{ path: 'name' }],
    });
  });

  it('ends the other sessions of a user whose password changes, not the one that changes it', async () => {
    const api = new TestApi();
    const [here, elsewhere] = [await api.admin(), await api.admin()];
    const body = { name: 'Ada', role: 'admin', password: 'quite another one' };
    expect((await api.call('replaceUser', { params: { id: 'ada' }, body, cookie: here })).status).toBe(200);
    expect((await api.call('listUsers', { cookie: here })).status).toBe(200);
    expect((await api.call('listUsers', { cookie: elsewhere })).status).toBe(401);
    expect((await api.call('login', { body: { userName: 'Ada', password: adminPassword } })).status).toBe(
      401,
    );
    expect(
      (await api.call('login', { body: { userName: 'Ada', password: 'quite another one' } })).status,
    ).toBe(200);
  });

  it('keeps the password of a user replaced without one', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const body = { name: 'Anna K', role: 'agent', agentId: 'anna' };
    await api.call('replaceUser', { params: { id: 'anna' }, body, cookie });
    expect(await api.signIn('Anna K', agentPassword)).toMatch(/^__Host-/);
  });
});
