import { beforeAll, describe, expect, it } from 'vitest';
import { type EndpointName, endpoints } from '../../../src/api/contract.ts';
import type { Access } from '../../../src/api/endpoints/endpoint.ts';
import type { Call } from '../../../src/domain/call.ts';
import { cookieOf, TestApi } from '../../support/api-client.ts';
import { accessTable } from './access-table.ts';

const names = Object.keys(endpoints) as EndpointName[];
/** Fills every brace with something that exists in no office. */
const nothing: Record<string, string> = new Proxy(
  {},
  { get: (_, key) => (key === 'language' ? 'en' : 'nothing') },
);

/** Each with all that the ones before may. */
const walkers = ['visitor', 'wallboard', 'agent', 'supervisor', 'admin'] as const;
type Walker = (typeof walkers)[number];
const leastFor: Record<Access, Walker> = {
  public: 'visitor',
  wallboard: 'wallboard',
  agent: 'agent',
  supervisor: 'supervisor',
  admin: 'admin',
};

async function codeOf(response: Response): Promise<string> {
  if (!(response.headers.get('content-type') ?? '').includes('problem+json')) {
    await response.body?.cancel();
    return '';
  }
  return ((await response.json()) as { code: string }).code;
}

async function wallCookie(api: TestApi): Promise<string> {
  const body = { name: 'Lobby', tiles: [] };
  const link = await api.call('createWallboard', { body, cookie: await api.admin() });
  const { token } = (await link.json()) as { token: string };
  return cookieOf(await api.call('openWall', { params: { id: 'lobby' }, body: { token } }));
}

async function cookiesOf(api: TestApi): Promise<Record<Walker, string | undefined>> {
  return {
    visitor: undefined,
    wallboard: await wallCookie(api),
    agent: await api.agent(),
    supervisor: await api.supervisor(),
    admin: await api.admin(),
  };
}

describe('roles', () => {
  it('finds every endpoint of the contract registered, and none twice', async () => {
    const keys = names.map((name) => `${endpoints[name].method} ${endpoints[name].path}`);
    expect(new Set(keys).size).toBe(names.length);
    const api = new TestApi();
    const cookie = await api.admin();
    for (const name of names) {
      const response = await api.call(name, { params: nothing, cookie, source: name });
      const problem = response.status === 404 ? ((await response.json()) as { detail: string }).detail : '';
      await response.body?.cancel().catch(() => undefined);
      expect(problem, name).not.toContain('/api/v1');
    }
  });

  it('has the access of every endpoint written down twice, and alike', () => {
    const inContract = Object.fromEntries(names.map((name) => [name, endpoints[name].access]));
    expect(inContract).toEqual(accessTable);
  });

  it.each(names)(
    '%s: admits a visitor, a wallboard, an agent, a supervisor and an admin as the table says',
    async (name) => {
      const api = new TestApi();
      const cookies = await cookiesOf(api);
      const least = walkers.indexOf(leastFor[accessTable[name] ?? 'admin']);
      const revision = api.ports.settings.revision;
      for (const [place, walker] of walkers.entries()) {
        const response = await api.call(name, { params: nothing, cookie: cookies[walker] });
        const code = await codeOf(response);
        if (place >= least) {
          // Let in, somebody may still be refused what is not theirs: that is tested where it belongs.
          expect(code, `${walker} is let in`).not.toBe('auth.required');
          if (walker === 'supervisor' || walker === 'admin')
            expect(code, `${walker} is let in`).not.toBe('auth.forbidden');
        } else {
          expect(code, `${walker} is kept out`).toBe(
            walker === 'visitor' ? 'auth.required' : 'auth.forbidden',
          );
          expect(response.status).toBe(walker === 'visitor' ? 401 : 403);
          expect(api.ports.settings.revision, `${walker} changes nothing`).toBe(revision);
        }
      }
      api.feed.stop();
    },
  );

  it('lets a wallboard read and change nothing whatever the method', () => {
    const open = names.filter((name) => accessTable[name] === 'wallboard');
    expect(open.map((name) => endpoints[name].method)).toEqual(open.map(() => 'get'));
  });

  it('gives a supervisor neither settings nor people nor the box', () => {
    const closed =
      /^\/(users|sign-in|audit|office|network|settings|setup|system|panel|wallboards|extensions|trunks|numbers|ivr-menus|prompts)(\/|$)/;
    const open = names.filter((name) => accessTable[name] !== 'admin');
    const inside = open.filter((name) => closed.test(endpoints[name].path) && accessTable[name] !== 'public');
    expect(inside).toEqual([]);
  });
});

const call = (callId: string, agentId: string, more: Partial<Call> = {}): Call => ({
  callId,
  direction: 'inbound',
  from: '+36301234567',
  to: '100',
  phase: 'ended',
  phaseSince: 2,
  startedAt: 1,
  endedAt: 2,
  queueId: 'sales',
  agentId,
  offers: [],
  waitMs: 0,
  talkMs: 0,
  abandoned: false,
  legs: [],
  recordings: [{ recordingId: `rec-${callId}`, file: `${callId}.wav`, startedAt: 1, state: 'done' }],
  trace: [],
  ...more,
});

describe('an agent is held to their own', () => {
  let api: TestApi;
  let cookie: string;
  let supervisor: string;
  beforeAll(async () => {
    api = new TestApi();
    cookie = await api.agent();
    supervisor = await api.supervisor();
    api.ports.calls.log.push(call('mine', 'anna'), call('his', 'ben'));
    for (const file of ['mine.wav', 'his.wav']) api.ports.files.set(file, new Uint8Array(100));
    const { endedAt: _, ...going } = call('his-now', 'ben', { phase: 'talking' });
    api.ports.live.set({ calls: [going] });
  });

  const status = { body: { status: 'on-break' } };
  const cases: [what: string, name: EndpointName, own: object | null, foreign: object, refusal: number][] = [
    ['a call', 'getCall', { params: { id: 'mine' } }, { params: { id: 'his' } }, 404],
    ['a recording', 'recording', { params: { id: 'rec-mine' } }, { params: { id: 'rec-his' } }, 404],
    ['hanging up', 'hangUpCall', null, { params: { id: 'his-now' } }, 404],
    [
      'a status',
      'setAgentStatus',
      { params: { id: 'anna' }, ...status },
      { params: { id: 'ben' }, ...status },
      403,
    ],
    ['the end of wrap-up', 'agentReady', { params: { id: 'anna' } }, { params: { id: 'ben' } }, 403],
    [
      'a phone that rings',
      'clickToCall',
      { body: { number: '300' } },
      { body: { number: '300', extensionId: 'desk-2' } },
      403,
    ],
    [
      'an agent who calls',
      'clickToCall',
      { body: { number: '300', agentId: 'anna' } },
      { body: { number: '300', agentId: 'ben' } },
      403,
    ],
    ['a note', 'setNote', null, { params: { id: 'his' }, body: { text: 'x' } }, 404],
  ];
  it.each(cases)('%s (%s)', async (_, name, own, foreign, refusal) => {
    if (own) expect((await api.call(name, { ...own, cookie })).ok).toBe(true);
    expect((await api.call(name, { ...foreign, cookie })).status).toBe(refusal);
    // It is not that the thing were not there.
    expect((await api.call(name, { ...foreign, cookie: supervisor })).status).not.toBe(refusal);
  });

  it('in the list of calls, whatever they filter by', async () => {
    for (const query of ['', '?agentId=ben', '?queueId=sales']) {
      const page = (await (await api.call('listCalls', { cookie, query })).json()) as { items: Call[] };
      expect(page.items.map((c) => c.callId)).toEqual(['mine']);
    }
    const all = (await (await api.call('listCalls', { cookie: supervisor })).json()) as { items: Call[] };
    expect(all.items).toHaveLength(2);
  });

  it('in the live picture', async () => {
    expect(await (await api.call('live', { cookie })).text()).not.toContain('his-now');
    expect(await (await api.call('live', { cookie: supervisor })).text()).toContain('his-now');
  });

  it('and to less than that where the office says so', async () => {
    await api.ports.settings.update(
      (now) => ({ ...now, signIn: { ...now.signIn, agentsHearRecordings: false } }),
      { who: 'test' },
    );
    const recording = await api.call('recording', { params: { id: 'rec-mine' }, cookie });
    expect(await codeOf(recording)).toBe('auth.forbidden');
    expect((await api.call('getCall', { params: { id: 'mine' }, cookie })).status).toBe(200);
    await api.ports.settings.update((now) => ({ ...now, signIn: { ...now.signIn, agentsSeeCalls: false } }), {
      who: 'test',
    });
    expect((await api.call('getCall', { params: { id: 'mine' }, cookie })).status).toBe(404);
    expect(await (await api.call('listCalls', { cookie })).json()).toEqual({ items: [], next: null });
    expect((await api.call('recording', { params: { id: 'rec-mine' }, cookie: supervisor })).status).toBe(
      200,
    );
  });
});
