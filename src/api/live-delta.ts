/** What changed between two looks at the live state, and how much of that somebody may be told. */
import type { Call } from '../domain/call.ts';
import type { LiveSnapshot } from '../domain/live.ts';
import {
  callIn,
  faultsIn,
  hoursIn,
  itemIn,
  type LiveListName,
  type LiveScope,
} from '../domain/live-scope.ts';
import type { LiveDelta } from './contract.ts';

const keyOf: { [Name in LiveListName]: (item: LiveSnapshot[Name][number]) => string } = {
  calls: (call) => call.callId,
  agents: (agent) => agent.agentId,
  queues: (queue) => queue.queueId,
  trunks: (trunk) => trunk.trunkId,
  phones: (phone) => phone.extensionId,
};

/** A change of the live state as the box knows it. */
export interface LiveChange {
  delta: LiveDelta;
  /** Changed and gone calls as they were: who saw one that is no longer theirs is told that it went. */
  callsBefore: ReadonlyMap<string, Call>;
}

const same = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

function diffList<Item>(
  before: readonly Item[],
  after: readonly Item[],
  key: (item: Item) => string,
): { changed: Item[]; gone: string[] } {
  const old = new Map(before.map((item) => [key(item), item]));
  const changed: Item[] = [];
  for (const item of after) {
    const was = old.get(key(item));
    old.delete(key(item));
    if (was === undefined || !same(was, item)) changed.push(item);
  }
  return { changed, gone: [...old.keys()] };
}

function isQuiet(delta: LiveDelta): boolean {
  const { calls, agents, queues, trunks, phones, faults, hours, gone } = delta;
  const lists = [calls, agents, queues, trunks, phones, ...Object.values(gone)];
  return faults === undefined && hours === undefined && lists.every((list) => list.length === 0);
}

/** The changes that lead from `before` to `after`; null when there are none. */
export function liveChange(before: LiveSnapshot, after: LiveSnapshot): LiveChange | null {
  const diff = <Name extends LiveListName>(name: Name) =>
    diffList<LiveSnapshot[Name][number]>(before[name], after[name], keyOf[name]);
  const calls = diff('calls');
  const agents = diff('agents');
  const queues = diff('queues');
  const trunks = diff('trunks');
  const phones = diff('phones');
  const delta: LiveDelta = {
    version: after.version,
    at: after.at,
    calls: calls.changed as LiveDelta['calls'],
    agents: agents.changed as LiveDelta['agents'],
    queues: queues.changed as LiveDelta['queues'],
    trunks: trunks.changed as LiveDelta['trunks'],
    phones: phones.changed as LiveDelta['phones'],
    ...(same(before.faults, after.faults) ? {} : { faults: after.faults }),
    ...(same(before.hours, after.hours) ? {} : { hours: after.hours }),
    gone: {
      calls: calls.gone,
      agents: agents.gone,
      queues: queues.gone,
      trunks: trunks.gone,
      phones: phones.gone,
    },
  };
  if (isQuiet(delta)) return null;
  const touched = new Set([...delta.calls.map((call) => call.callId), ...calls.gone]);
  const callsBefore = new Map(
    before.calls.flatMap((call) => (touched.has(call.callId) ? [[call.callId, call] as const] : [])),
  );
  return { delta, callsBefore };
}

/** The part of a change that a scope sees; null when it sees none of it. */
export function deltaIn(scope: LiveScope, { delta, callsBefore }: LiveChange): LiveDelta | null {
  if (scope.kind === 'full') return delta;
  const part = <Name extends LiveListName>(list: Name): LiveDelta[Name] =>
    (delta[list] as LiveSnapshot[Name]).flatMap((item) => itemIn(scope, list, item) ?? []) as LiveDelta[Name];
  const calls = part('calls');
  const seen = new Set(calls.map((call) => call.callId));
  const wentFrom = [...callsBefore].filter(([callId, call]) => !seen.has(callId) && callIn(scope, call));
  const own: LiveDelta = {
    version: delta.version,
    at: delta.at,
    calls,
    agents: part('agents'),
    queues: part('queues'),
    trunks: part('trunks'),
    phones: part('phones'),
    ...(delta.faults ? { faults: faultsIn(scope, delta.faults) as NonNullable<LiveDelta['faults']> } : {}),
    ...(delta.hours ? { hours: hoursIn(scope, delta.hours) } : {}),
    gone: { ...delta.gone, calls: wentFrom.map(([callId]) => callId) },
  };
  return isQuiet(own) ? null : own;
}
