import { expect, test } from 'vitest';
import type { LiveDelta } from '../../../src/api/contract.ts';
import type { LiveAgent, LiveSnapshot } from '../../../src/domain/live.ts';
import { applyDelta } from '../../../web-ui/state/apply-delta.ts';

const agent = (agentId: string, state: LiveAgent['state'] = 'waiting'): LiveAgent => ({
  agentId,
  name: agentId,
  status: 'available',
  state,
  since: 0,
  reachable: true,
  holding: false,
});
const snapshot: LiveSnapshot = {
  version: 7,
  at: 100,
  calls: [],
  agents: [agent('anna'), agent('ben'), agent('cleo')],
  queues: [],
  trunks: [],
  phones: [],
  faults: [{ code: 'disk.full', message: '', since: 1 }],
  hours: { night: null, schedules: [] },
};
const nothing: LiveDelta = {
  version: 8,
  at: 200,
  calls: [],
  agents: [],
  queues: [],
  trunks: [],
  phones: [],
  gone: { calls: [], agents: [], queues: [], trunks: [], phones: [] },
};

test('what changed is replaced in its place, what is new comes last', () => {
  const next = applyDelta(snapshot, { ...nothing, agents: [agent('dora'), agent('ben', 'offered')] });
  expect(next.agents.map((each) => `${each.agentId} ${each.state}`)).toEqual([
    'anna waiting',
    'ben offered',
    'cleo waiting',
    'dora waiting',
  ]);
  expect(next).toMatchObject({ version: 8, at: 200 });
});

test('what left is taken out, also when the same delta changed it', () => {
  const gone = { ...nothing.gone, agents: ['ben'] };
  const next = applyDelta(snapshot, { ...nothing, agents: [agent('ben', 'in-call')], gone });
  expect(next.agents.map((each) => each.agentId)).toEqual(['anna', 'cleo']);
});

test('faults stay when the delta names none, and go when it names an empty list', () => {
  expect(applyDelta(snapshot, nothing).faults).toHaveLength(1);
  expect(applyDelta(snapshot, { ...nothing, faults: [] }).faults).toEqual([]);
});

test('a delta already included changes nothing', () => {
  const old = { ...nothing, version: 7, agents: [agent('anna', 'in-call')] };
  expect(applyDelta(snapshot, old)).toBe(snapshot);
});

test('lists that did not change stay the same objects, so that their pages are not drawn again', () => {
  const next = applyDelta(snapshot, { ...nothing, faults: [] });
  expect(next.agents).toBe(snapshot.agents);
});
