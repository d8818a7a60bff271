/** What the person and the phone do: status, ready, registered or not, busy with another call. */
import type { AgentStatus } from '../live.ts';
import type { AcdDraft } from './acd-draft.ts';
import type { AgentRecord } from './acd-state.ts';
import { applyStatus, endMissed } from './agent.ts';
import { withdrawFromAgent } from './offer.ts';
import { endWrapUp } from './wrap-up.ts';

/**
 * In force at once, or after the call when there is one. Leaving during wrap-up ends it; saying "available" again
 * means ready.
 */
export function agentStatus(draft: AcdDraft, record: AgentRecord, status: AgentStatus, reason: string): void {
  const same = status === record.status && (status !== 'on-break' || reason === record.reason);
  if (record.state === 'in-call') {
    if (same && !record.nextStatus) draft.ignore('the agent has this status already');
    else draft.putAgent({ ...record, nextStatus: same ? undefined : { status, reason } });
    return;
  }
  if (same && record.nextStatus) {
    draft.putAgent({ ...record, nextStatus: undefined });
    return;
  }
  if (same) {
    if (status === 'available' && (record.state === 'wrap-up' || record.missed)) wrapUpDone(draft, record);
    else draft.ignore('the agent has this status already');
    return;
  }
  if (record.state === 'offered') withdrawFromAgent(draft, record, 'agent-left');
  const settled = draft.agents.get(record.agent.id) ?? record;
  const done =
    settled.state === 'wrap-up' ? endWrapUp(draft, { ...settled, nextStatus: undefined }) : settled;
  applyStatus(draft, done, status, reason);
}

/** The agent is ready before the time is over. */
export function wrapUpDone(draft: AcdDraft, record: AgentRecord): void {
  if (record.wrapUp?.needsDisposition) draft.ignore('a disposition is wanted first');
  else if (record.state === 'wrap-up') endWrapUp(draft, record);
  else if (record.missed) endMissed(draft, record);
  else draft.ignore('the agent is not in wrap-up');
}

export function agentReachable(draft: AcdDraft, record: AgentRecord, reachable: boolean): void {
  if (record.reachable === reachable) {
    draft.ignore('known already');
    return;
  }
  if (!reachable && record.state === 'offered') withdrawFromAgent(draft, record, 'agent-unreachable');
  draft.putAgent({ ...(draft.agents.get(record.agent.id) ?? record), reachable });
}

/** A call outside the queues; an agent can have several (one held, one talking). */
export function agentBusy(draft: AcdDraft, record: AgentRecord, busy: boolean, callId: string): void {
  const others = record.outsideCallIds.filter((id) => id !== callId);
  if (busy === others.length < record.outsideCallIds.length) {
    draft.ignore('known already');
    return;
  }
  if (busy && record.state === 'offered') withdrawFromAgent(draft, record, 'agent-left');
  const settled = draft.agents.get(record.agent.id) ?? record;
  const outsideCallIds = busy ? [...others, callId] : others;
  const turned = outsideCallIds.length > 0 !== record.outsideCallIds.length > 0;
  const restarts = turned && settled.state === 'waiting';
  draft.putAgent({
    ...settled,
    outsideCallIds,
    since: restarts ? draft.at : settled.since,
    idleSince: restarts && !busy ? draft.at : settled.idleSince,
  });
}
