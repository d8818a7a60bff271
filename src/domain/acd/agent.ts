/** The rules of one agent: who is free, what a chosen status does, wrap-up, the pause after a missed offer. */
import type { AgentStatus } from '../live.ts';
import type { Agent } from '../settings.ts';
import type { AcdDraft } from './acd-draft.ts';
import type { OfferFailure } from './acd-events.ts';
import type { AgentRecord } from './acd-state.ts';
import { type AfterWork, beginWrapUp, endWrapUp } from './wrap-up.ts';

/** Why an agent gets no offer. */
export type NotFree = 'loggedOut' | 'onBreak' | 'inCall' | 'offered' | 'wrapUp' | 'unreachable' | 'missed';

/**
 * A phone that refuses by itself (do not disturb, engaged, gone) answers at once: without this shortest pause a
 * waiting caller and such a phone would keep the office busy for nothing.
 */
export const shortestMissedPauseMs = 1_000;

export function newAgent(agent: Agent, at: number): AgentRecord {
  return {
    agent,
    status: 'logged-out',
    nextStatus: undefined,
    reason: '',
    state: 'waiting',
    since: at,
    idleSince: at,
    reachable: false,
    outsideCallIds: [],
    reserved: false,
    offerId: undefined,
    callId: undefined,
    wrapUp: undefined,
    missed: undefined,
    removed: false,
  };
}

/** Undefined: the agent is free. */
export function whyNotFree(record: AgentRecord): NotFree | undefined {
  if (record.state === 'in-call' || record.outsideCallIds.length > 0) return 'inCall';
  if (record.state === 'offered') return 'offered';
  if (record.status === 'logged-out' || record.removed) return 'loggedOut';
  if (record.status === 'on-break') return 'onBreak';
  if (record.state === 'wrap-up') return 'wrapUp';
  if (!record.reachable) return 'unreachable';
  return record.missed ? 'missed' : undefined;
}

/** Puts a chosen status in force and logs what changed. */
export function applyStatus(
  draft: AcdDraft,
  record: AgentRecord,
  status: AgentStatus,
  reason: string,
): AgentRecord {
  const agentId = record.agent.id;
  const was = record.status;
  if (status === 'logged-out' && was !== 'logged-out') draft.log({ agentId, name: 'AGENTLOGOFF' });
  if (status !== 'logged-out' && was === 'logged-out') draft.log({ agentId, name: 'AGENTLOGIN' });
  if (status === 'on-break') draft.log({ agentId, name: 'PAUSE', reason });
  if (status === 'available' && was === 'on-break') draft.log({ agentId, name: 'UNPAUSE' });
  draft.clearTimer(record.missed?.timer);
  return draft.putAgent({
    ...record,
    status,
    reason: status === 'on-break' ? reason : '',
    nextStatus: undefined,
    missed: undefined,
    since: draft.at,
    idleSince: status === 'available' ? draft.at : record.idleSince,
  });
}

/**
 * The agent's phone is done with the queue's call: wrap-up, a status chosen meanwhile, or waiting again. A disposition
 * that is wanted comes before the status.
 */
export function afterCall(draft: AcdDraft, record: AgentRecord, callId: string, work: AfterWork): void {
  const idle = {
    ...record,
    state: 'waiting',
    callId: undefined,
    since: draft.at,
    idleSince: draft.at,
  } as const;
  if (record.removed) {
    dropAgent(draft, idle);
  } else if (record.nextStatus && work.capMs === 0) {
    applyStatus(draft, idle, record.nextStatus.status, record.nextStatus.reason);
  } else if (work.workMs > 0 || work.capMs > 0) {
    beginWrapUp(draft, idle, callId, work);
  } else {
    draft.putAgent(idle);
  }
}

/**
 * Passes the agent over for a while after an offer that came to nothing, and puts the agent behind the others.
 * @returns how long, in milliseconds
 */
export function markMissed(
  draft: AcdDraft,
  record: AgentRecord,
  cause: OfferFailure,
  missedPauseMs: number,
): number {
  const pauseMs = cause === 'no-answer' ? missedPauseMs : Math.max(missedPauseMs, shortestMissedPauseMs);
  draft.clearTimer(record.missed?.timer);
  const agentId = record.agent.id;
  draft.putAgent({
    ...record,
    idleSince: draft.at,
    missed:
      pauseMs > 0
        ? { timer: draft.setTimer({ kind: 'missed', agentId }, pauseMs), until: draft.at + pauseMs }
        : undefined,
  });
  return pauseMs;
}

export function endMissed(draft: AcdDraft, record: AgentRecord): AgentRecord {
  draft.clearTimer(record.missed?.timer);
  return draft.putAgent({ ...record, missed: undefined });
}

/** Forgets an agent without call or offer. */
export function dropAgent(draft: AcdDraft, record: AgentRecord): void {
  const settled = record.state === 'wrap-up' ? endWrapUp(draft, record) : record;
  if (settled.status !== 'logged-out') applyStatus(draft, settled, 'logged-out', '');
  else draft.clearTimer(settled.missed?.timer);
  draft.removeAgent(record.agent.id);
}
