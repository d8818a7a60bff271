/** How the live picture follows what the box says has changed. */
import type { LiveDelta } from '../../src/api/contract.ts';
import type { LiveSnapshot } from '../../src/domain/live.ts';

function merge<Item>(old: Item[], changed: Item[], gone: string[], idOf: (item: Item) => string): Item[] {
  if (changed.length === 0 && gone.length === 0) return old;
  const next = new Map(changed.map((item) => [idOf(item), item]));
  const left = new Set(gone);
  const kept = old.filter((item) => !left.has(idOf(item))).map((item) => next.get(idOf(item)) ?? item);
  const known = new Set(kept.map(idOf));
  return [...kept, ...changed.filter((item) => !known.has(idOf(item)) && !left.has(idOf(item)))];
}

/** The snapshot after one delta. Order of what stays does not change: live tables do not jump. */
export function applyDelta(now: LiveSnapshot, delta: LiveDelta): LiveSnapshot {
  if (delta.version <= now.version) return now;
  return {
    version: delta.version,
    at: delta.at,
    calls: merge(now.calls, delta.calls, delta.gone.calls, (call) => call.callId),
    agents: merge(now.agents, delta.agents, delta.gone.agents, (agent) => agent.agentId),
    queues: merge(now.queues, delta.queues, delta.gone.queues, (queue) => queue.queueId),
    trunks: merge(now.trunks, delta.trunks, delta.gone.trunks, (trunk) => trunk.trunkId),
    phones: merge(now.phones, delta.phones, delta.gone.phones, (phone) => phone.extensionId),
    faults: delta.faults ?? now.faults,
    hours: delta.hours ?? now.hours,
  };
}
