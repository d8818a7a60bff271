/** Agents and queues as the live page, the wallboard and the lamps show them. */
import type { WorldAgent } from '../campaign/dialler-events.ts';
import type { LiveAgent, LiveQueue } from '../live.ts';
import type { AcdState, WrapUp } from './acd-state.ts';
import { whyNotFree } from './agent.ts';

/** @param holding agents whose call is on hold; distribution itself does not know of holds */
export function liveAgents(state: AcdState, holding: ReadonlySet<string> = new Set()): LiveAgent[] {
  const agents: LiveAgent[] = [];
  for (const [agentId, record] of state.agents) {
    const offer = record.offerId === undefined ? undefined : state.offers.get(record.offerId);
    const outsideCallId = record.state === 'waiting' ? record.outsideCallIds.at(-1) : undefined;
    const callId = outsideCallId ?? record.callId ?? offer?.callId;
    agents.push({
      agentId,
      name: record.agent.name,
      status: record.status,
      state: outsideCallId === undefined ? record.state : 'in-call',
      since: record.since,
      reachable: record.reachable,
      holding: holding.has(agentId),
      ...(callId === undefined ? {} : { callId }),
      ...(record.nextStatus ? { nextStatus: record.nextStatus.status } : {}),
      ...(record.status === 'on-break' && record.reason !== '' ? { reason: record.reason } : {}),
      ...(record.wrapUp ? { wrapUp: liveWrapUp(record.wrapUp) } : {}),
      ...(record.missed ? { missedUntil: record.missed.until } : {}),
    });
  }
  return agents;
}

function liveWrapUp({ endsAt, moreMs, needsDisposition }: WrapUp): LiveAgent['wrapUp'] & object {
  return { endsAt, moreMs, needsDisposition };
}

/** Agents as the dialler sees them: who is free by the same rule that the queues go by. */
export function worldAgents(state: AcdState): Map<string, WorldAgent> {
  const agents = new Map<string, WorldAgent>();
  for (const [agentId, record] of state.agents)
    agents.set(agentId, {
      agentId,
      name: record.agent.name,
      notFree: whyNotFree(record),
      idleSince: record.idleSince,
      isLeaving:
        record.status !== 'available' ||
        record.removed ||
        !record.reachable ||
        record.outsideCallIds.length > 0,
    });
  return agents;
}

export function liveQueues(state: AcdState): LiveQueue[] {
  const queues: LiveQueue[] = [];
  for (const { queue, waiting } of state.queues.values()) {
    const oldest = waiting[0] === undefined ? undefined : state.calls.get(waiting[0]);
    let agentsAvailable = 0;
    for (const agentId of queue.agentIds) {
      const record = state.agents.get(agentId);
      if (record && !whyNotFree(record)) agentsAvailable += 1;
    }
    queues.push({
      queueId: queue.id,
      name: queue.name,
      waiting: waiting.length,
      ...(oldest ? { oldestEnteredAt: oldest.enteredAt } : {}),
      agentsAvailable,
      waitingThreshold: queue.waitingThreshold,
    });
  }
  return queues;
}
