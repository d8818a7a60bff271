/** Who gets which call: free agents and waiting calls are brought together until one of the two is used up. */
import type { Queue } from '../settings.ts';
import { seconds, traceNote } from '../trace-notes.ts';
import type { AcdDraft } from './acd-draft.ts';
import type { AgentRecord, QueuedCall } from './acd-state.ts';
import { type NotFree, whyNotFree } from './agent.ts';
import { makeOffer } from './offer.ts';

/**
 * Makes every offer that can be made now: calls in order of entry over all queues, so that an agent of several
 * queues gets the longest-waiting caller; as many offers at once as there are free agents and waiting calls.
 */
export function offerCalls(draft: AcdDraft): void {
  const free = new Set<string>();
  for (const [agentId, record] of draft.agents) if (!whyNotFree(record)) free.add(agentId);
  if (free.size === 0) return;
  const lines: Line[] = [];
  for (const { queue, waiting } of draft.queues.values()) {
    const head = callAt(draft, waiting, 0);
    if (head) lines.push({ queue, waiting, next: 1, head });
  }
  while (free.size > 0) {
    const line = longestWaiting(lines);
    if (!line) return;
    const candidates = freeAgentsOf(draft, line.queue, free);
    if (candidates.length > 0) offerTo(draft, line.head, line.queue, candidates, free);
    const next = candidates.length > 0 ? callAt(draft, line.waiting, line.next) : undefined;
    if (next) {
      line.head = next;
      line.next += 1;
    } else lines.splice(lines.indexOf(line), 1); // served, or hopeless for now
  }
}

/** A queue while its callers are gone through; `head` is the first one not yet looked at. */
interface Line {
  readonly queue: Queue;
  readonly waiting: readonly string[];
  next: number;
  head: QueuedCall;
}

function callAt(draft: AcdDraft, waiting: readonly string[], index: number): QueuedCall | undefined {
  const callId = waiting[index];
  return callId === undefined ? undefined : draft.calls.get(callId);
}

function longestWaiting(lines: readonly Line[]): Line | undefined {
  let first: Line | undefined;
  for (const line of lines) if (!first || line.head.order < first.head.order) first = line;
  return first;
}

function offerTo(
  draft: AcdDraft,
  call: QueuedCall,
  queue: Queue,
  candidates: readonly AgentRecord[],
  free: Set<string>,
): void {
  if (queue.strategy === 'ring-all') offerToAll(draft, call, candidates, free);
  else if (call.offerIds.length === 0) offerToLongestIdle(draft, call, candidates, free);
}

/** Why nobody rings for this call, in numbers; for calls that got no offer. */
export function traceNobodyFree(draft: AcdDraft, callId: string): void {
  const call = draft.calls.get(callId);
  const queue = call && draft.queues.get(call.queueId)?.queue;
  if (!queue || call.talk || call.offerIds.length > 0) return;
  const counts: Record<NotFree, number> = {
    loggedOut: 0,
    onBreak: 0,
    inCall: 0,
    offered: 0,
    wrapUp: 0,
    unreachable: 0,
    missed: 0,
  };
  let total = 0;
  for (const agentId of queue.agentIds) {
    const record = draft.agents.get(agentId);
    if (!record) continue;
    total += 1;
    const why = whyNotFree(record);
    if (why) counts[why] += 1;
  }
  draft.trace(callId, traceNote('queue.nobody-free', { total, ...counts }));
}

function freeAgentsOf(draft: AcdDraft, queue: Queue, free: ReadonlySet<string>): AgentRecord[] {
  const found: AgentRecord[] = [];
  for (const agentId of queue.agentIds) {
    const record = free.has(agentId) ? draft.agents.get(agentId) : undefined;
    if (record) found.push(record);
  }
  return found;
}

/** The one who is free for the longest; of equals the one named first in the queue. */
export function longestIdle(candidates: readonly AgentRecord[]): AgentRecord | undefined {
  let best: AgentRecord | undefined;
  for (const record of candidates) if (!best || record.idleSince < best.idleSince) best = record;
  return best;
}

function offerToLongestIdle(
  draft: AcdDraft,
  call: QueuedCall,
  candidates: readonly AgentRecord[],
  free: Set<string>,
): void {
  const chosen = longestIdle(candidates);
  if (!chosen) return;
  makeOffer(draft, call.callId, chosen.agent.id);
  free.delete(chosen.agent.id);
  const idleS = seconds(draft.since(chosen.idleSince));
  const params = { agent: chosen.agent.name, idleS, free: candidates.length };
  draft.trace(call.callId, traceNote('queue.longest-idle', params));
}

function offerToAll(
  draft: AcdDraft,
  call: QueuedCall,
  candidates: readonly AgentRecord[],
  free: Set<string>,
): void {
  for (const record of candidates) {
    makeOffer(draft, call.callId, record.agent.id);
    free.delete(record.agent.id);
  }
  const agents = candidates.map((record) => record.agent.name).join(', ');
  draft.trace(call.callId, traceNote('queue.ring-all', { count: candidates.length, agents }));
}
