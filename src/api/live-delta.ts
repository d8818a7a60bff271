/** What changed between two looks at the live state. */
import type { LiveSnapshot } from '../domain/live.ts';
import type { LiveDelta } from './contract.ts';

const lists = ['calls', 'agents', 'queues', 'trunks', 'phones'] as const;
type ListName = (typeof lists)[number];

const keyOf: { [Name in ListName]: (item: LiveSnapshot[Name][number]) => string } = {
  calls: (call) => call.callId,
  agents: (agent) => agent.agentId,
  queues: (queue) => queue.queueId,
  trunks: (trunk) => trunk.trunkId,
  phones: (phone) => phone.extensionId,
};

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

/** The changes that lead from `before` to `after`; null when there are none. */
export function liveDelta(before: LiveSnapshot, after: LiveSnapshot): LiveDelta | null {
  const diff = <Name extends ListName>(name: Name) =>
    diffList<LiveSnapshot[Name][number]>(before[name], after[name], keyOf[name]);
  const calls = diff('calls');
  const agents = diff('agents');
  const queues = diff('queues');
  const trunks = diff('trunks');
  const phones = diff('phones');
  const faultsChanged = !same(before.faults, after.faults);
  const quiet = [calls, agents, queues, trunks, phones].every(
    ({ changed, gone }) => changed.length === 0 && gone.length === 0,
  );
  if (quiet && !faultsChanged) return null;
  return {
    version: after.version,
    at: after.at,
    calls: calls.changed as LiveDelta['calls'],
    agents: agents.changed as LiveDelta['agents'],
    queues: queues.changed as LiveDelta['queues'],
    trunks: trunks.changed as LiveDelta['trunks'],
    phones: phones.changed as LiveDelta['phones'],
    ...(faultsChanged ? { faults: after.faults } : {}),
    gone: {
      calls: calls.gone,
      agents: agents.gone,
      queues: queues.gone,
      trunks: trunks.gone,
      phones: phones.gone,
    },
  };
}
