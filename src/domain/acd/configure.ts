/** New settings in mid-day: nobody is lost. Calls of a removed queue overflow, an agent on a call finishes it. */
import type { Agent, Queue } from '../settings.ts';
import type { AcdDraft } from './acd-draft.ts';
import type { AcdRules } from './acd-events.ts';
import type { QueueRecord } from './acd-state.ts';
import { dropAgent, newAgent } from './agent.ts';
import { cancelOffersOf, withdrawFromAgent } from './offer.ts';
import { armAnnouncement } from './position.ts';
import { armLongestWait, overflowCall } from './waiting.ts';

export function configure(draft: AcdDraft, rules: AcdRules): void {
  const queues = new Map(rules.queues.map((queue) => [queue.id, queue]));
  const agents = new Map(rules.agents.map((agent) => [agent.id, agent]));
  for (const record of [...draft.queues.values()])
    if (!queues.has(record.queue.id)) removeQueue(draft, record);
  for (const agentId of [...draft.agents.keys()]) if (!agents.has(agentId)) removeAgent(draft, agentId);
  for (const agent of agents.values()) setAgent(draft, agent);
  for (const queue of queues.values()) setQueue(draft, queue);
}

function removeQueue(draft: AcdDraft, record: QueueRecord): void {
  for (const callId of record.waiting) {
    const call = draft.calls.get(callId);
    if (!call) continue;
    cancelOffersOf(draft, call, 'overflow');
    overflowCall(draft, draft.calls.get(callId) ?? call, record, 'queue.removed');
  }
  draft.removeQueue(record.queue.id);
}

function removeAgent(draft: AcdDraft, agentId: string): void {
  const record = draft.agents.get(agentId);
  if (!record) return;
  if (record.state === 'in-call' || record.reserved) {
    draft.putAgent({ ...record, removed: true });
    return;
  }
  withdrawFromAgent(draft, record, 'agent-left');
  dropAgent(draft, draft.agents.get(agentId) ?? record);
}

function setAgent(draft: AcdDraft, agent: Agent): void {
  const record = draft.agents.get(agent.id);
  if (!record) draft.putAgent(newAgent(agent, draft.at));
  else if (record.removed || record.agent !== agent) draft.putAgent({ ...record, agent, removed: false });
}

function setQueue(draft: AcdDraft, queue: Queue): void {
  const record = draft.queues.get(queue.id);
  if (!record) {
    draft.putQueue({ queue, waiting: [] });
    return;
  }
  const old = record.queue;
  if (old === queue) return;
  const changed = { queue, waiting: record.waiting };
  draft.putQueue(changed);
  for (const agentId of old.agentIds) {
    if (queue.agentIds.includes(agentId)) continue;
    const agent = draft.agents.get(agentId);
    const offer = agent?.offerId === undefined ? undefined : draft.offers.get(agent.offerId);
    if (agent && offer?.queueId === queue.id) withdrawFromAgent(draft, agent, 'agent-left');
  }
  for (const callId of record.waiting) {
    const call = draft.calls.get(callId);
    if (!call) continue;
    if (old.maxWaitMs !== queue.maxWaitMs) {
      draft.clearTimer(call.waitTimer);
      draft.putCall({ ...call, waitTimer: armLongestWait(draft, call, changed, false) });
    }
    if (old.announcePosition !== queue.announcePosition || old.announceEveryMs !== queue.announceEveryMs) {
      draft.clearTimer(call.announceTimer);
      armAnnouncement(draft, draft.calls.get(callId) ?? call, queue);
    }
  }
}
