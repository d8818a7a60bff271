import { describe, expect, it } from 'vitest';
import { deltaIn, liveChange } from '../../../src/api/live-delta.ts';
import type { Call } from '../../../src/domain/call.ts';
import type { LiveSnapshot } from '../../../src/domain/live.ts';
import { agentScope, fullScope, snapshotIn, wallScope } from '../../../src/domain/live-scope.ts';
import type { Wallboard } from '../../../src/domain/settings/wallboards.ts';
import { testOffice } from '../../support/api-client.ts';

const office = testOffice({
  queues: [
    { id: 'sales', name: 'Sales', agentIds: ['anna', 'ben'] },
    { id: 'support', name: 'Support', agentIds: ['ben'] },
  ],
});

const call = (callId: string, more: Partial<Call> = {}): Call => ({
  callId,
  direction: 'inbound',
  from: '+36301234567',
  fromName: 'Mrs Smith',
  to: '+3612345678',
  phase: 'queued',
  phaseSince: 2,
  startedAt: 1,
  queueId: 'sales',
  offers: [],
  waitMs: 0,
  talkMs: 0,
  abandoned: false,
  legs: [{ legId: 'l', role: 'caller', party: '+36301234567', startedAt: 1, held: false }],
  recordings: [],
  trace: [{ at: 1, code: 'entered', params: { number: '+36301234567' } }],
  ...more,
});

const agent = (agentId: string) => ({
  agentId,
  name: agentId,
  status: 'available' as const,
  state: 'in-call' as const,
  since: 1,
  reachable: true,
  holding: false,
  callId: `with-${agentId}`,
});

const now: LiveSnapshot = {
  version: 7,
  at: 9,
  calls: [
    call('waits'),
    call('hers', { phase: 'talking', agentId: 'anna', queueId: 'support' }),
    call('his', { phase: 'talking', agentId: 'ben' }),
    call('elsewhere', { queueId: 'support' }),
    call('offered', { phase: 'ringing', direction: 'internal', offers: [{ offerId: 'o', agentId: 'anna' }] }),
  ],
  agents: [agent('anna'), agent('ben')],
  queues: ['sales', 'support'].map((queueId) => ({
    queueId,
    name: queueId,
    waiting: 1,
    agentsAvailable: 1,
    waitingThreshold: 3,
  })),
  trunks: [{ trunkId: 't', name: 'T', state: 'down', detail: 'sip.example.com refused 203.0.113.9' }],
  phones: [
    { extensionId: 'desk-1', number: '201', contacts: [] },
    { extensionId: 'desk-2', number: '202', contacts: [] },
  ],
  hours: { night: null, schedules: [] },
  faults: [{ code: 'disk.full', message: '/srv/data is full', since: 1 }],
};

const wall = (more: Partial<Wallboard> = {}) =>
  wallScope(office, {
    id: 'lobby',
    name: 'Lobby',
    tiles: [],
    queueIds: [],
    showNumbers: false,
    showAgents: true,
    theme: 'dark',
    serviceLevelGoal: 0.8,
    createdBy: '',
    createdAt: 0,
    ...more,
  });

describe('what an agent sees of the live picture', () => {
  const seen = snapshotIn(agentScope(office, 'anna'), now);

  it('is their own calls, those offered to them, and who waits in their queues', () => {
    expect(seen.calls.map((c) => c.callId)).toEqual(['waits', 'hers', 'offered']);
    expect(seen.queues.map((q) => q.queueId)).toEqual(['sales']);
  });

  it('is which colleagues are there, but not in which call, and their own phone alone', () => {
    expect(seen.agents.map((a) => [a.agentId, a.callId])).toEqual([
      ['anna', 'with-anna'],
      ['ben', undefined],
    ]);
    expect(seen.phones.map((p) => p.extensionId)).toEqual(['desk-1']);
    expect(seen.trunks).toEqual([{ trunkId: 't', name: 'T', state: 'down', detail: '' }]);
  });

  it('is what their phone and their browser do outside the queues, as long as they are on it', () => {
    const leg = { legId: 'x', role: 'caller' as const, startedAt: 1, held: false };
    const legs = {
      dialled: [{ ...leg, party: '201' }],
      browser: [{ ...leg, party: 'Anna', signalling: 'https' as const }],
      missed: [{ ...leg, role: 'agent' as const, party: '201', endedAt: 2 }],
      namesake: [{ ...leg, party: 'Anna' }],
    };
    const calls = Object.entries(legs).map(([callId, each]) =>
      call(callId, { phase: 'talking', direction: 'internal', legs: each }),
    );
    const own = snapshotIn(agentScope(office, 'anna', 'Anna'), { ...now, calls });
    expect(own.calls.map((c) => c.callId)).toEqual(['dialled', 'browser']);
    expect(snapshotIn(agentScope(office, undefined), { ...now, calls }).calls).toEqual([]);
  });

  it('is no call and no queue for a user who is no agent', () => {
    const nobody = snapshotIn(agentScope(office, undefined), now);
    expect([nobody.calls, nobody.queues, nobody.phones]).toEqual([[], [], []]);
  });
});

describe('what a wallboard sees of the live picture', () => {
  it('is how far calls are, with no number, no name, no leg and no trace of anybody', () => {
    const written = call('written', {
      notes: [{ agentId: 'anna', at: 1, text: 'Smith owes us' }],
      disposition: { agentId: 'anna', at: 1, code: 'sold', label: 'entered a contract', kind: 'success' },
    });
    const seen = snapshotIn(wall(), { ...now, calls: [written, ...now.calls.slice(1)] });
    expect(seen.calls).toHaveLength(5);
    const text = JSON.stringify(seen);
    for (const secret of ['3630', '3612', 'Smith', 'example.com', '203.0.113.9', '/srv', 'entered'])
      expect(text).not.toContain(secret);
    expect(seen.phones).toEqual([]);
  });

  it('is numbers when the link allows them, still without legs and trace', () => {
    const [first] = snapshotIn(wall({ showNumbers: true }), now).calls;
    expect(first).toMatchObject({ from: '+36301234567', legs: [], trace: [] });
    expect(first).not.toHaveProperty('fromName');
  });

  it('is only its queues, their calls and their agents', () => {
    const seen = snapshotIn(wall({ queueIds: ['support'] }), now);
    expect(seen.calls.map((c) => c.callId)).toEqual(['hers', 'elsewhere']);
    expect(seen.calls[0]).not.toHaveProperty('agentId');
    expect(seen.agents.map((a) => a.agentId)).toEqual(['ben']);
    expect(seen.queues.map((q) => q.queueId)).toEqual(['support']);
  });

  it('is no agent when the link tells of none', () => {
    const seen = snapshotIn(wall({ showAgents: false }), now);
    expect(seen.agents).toEqual([]);
    expect(seen.calls.some((c) => c.agentId !== undefined)).toBe(false);
  });
});

describe('a change of the live picture', () => {
  it('tells an agent that a waiting call went when a colleague took it, and not where to', () => {
    const taken = call('waits', { phase: 'talking', agentId: 'ben' });
    const after = { ...now, version: 8, calls: [taken, ...now.calls.slice(1)] };
    const change = liveChange(now, after)!;
    const own = deltaIn(agentScope(office, 'anna'), change)!;
    expect(own.calls).toEqual([]);
    expect(own.gone.calls).toEqual(['waits']);
    expect(deltaIn(fullScope, change)!.calls).toEqual([taken]);
  });

  it('is nothing to an agent when it is nobody of theirs, come or gone', () => {
    const scope = agentScope(office, 'anna');
    const ended = { ...now, version: 8, calls: now.calls.filter((c) => c.callId !== 'his') };
    expect(deltaIn(scope, liveChange(now, ended)!)).toBeNull();
    const begun = { ...now, version: 8, calls: [...now.calls, call('new', { queueId: 'support' })] };
    expect(deltaIn(scope, liveChange(now, begun)!)).toBeNull();
  });

  it('leads every scope from its own picture before to its own picture after', () => {
    const after: LiveSnapshot = {
      ...now,
      version: 8,
      calls: [call('waits', { phase: 'talking', agentId: 'anna' }), call('fresh'), ...now.calls.slice(2, 4)],
      agents: [{ ...agent('ben'), state: 'wrap-up' }],
      faults: [],
    };
    const change = liveChange(now, after)!;
    for (const scope of [fullScope, agentScope(office, 'anna'), wall(), wall({ queueIds: ['sales'] })]) {
      const before = snapshotIn(scope, now);
      const delta = deltaIn(scope, change)!;
      for (const list of ['calls', 'agents', 'queues', 'trunks', 'phones'] as const) {
        const key = {
          calls: 'callId',
          agents: 'agentId',
          queues: 'queueId',
          trunks: 'trunkId',
          phones: 'extensionId',
        }[list];
        const idOf = (item: object): string => String((item as Record<string, unknown>)[key]);
        const items = new Map((before[list] as object[]).map((item) => [idOf(item), item]));
        for (const item of delta[list]) items.set(idOf(item), item);
        for (const gone of delta.gone[list]) items.delete(gone);
        const wanted = snapshotIn(scope, after)[list] as object[];
        expect([...items.keys()].sort(), `${scope.key} ${list}`).toEqual(wanted.map(idOf).sort());
        for (const item of wanted) expect(items.get(idOf(item))).toEqual(item);
      }
      expect(delta.faults).toEqual([]);
    }
  });
});
