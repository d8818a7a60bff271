/**
 * An agent lent to the dialler: nobody else rings, until a call of a campaign is talked on or the agent is given
 * back. To the queues it is like an offer that makes no call wait:
 *
 *     waiting -- reserve --> offered -- talk --> in-call -- give back --> wrap-up
 *        ^---- give back -------'
 */
import type { AcdDraft } from './acd-draft.ts';
import type { OfferFailure } from './acd-events.ts';
import type { AgentRecord } from './acd-state.ts';
import { afterCall, dropAgent, markMissed, whyNotFree } from './agent.ts';
import type { AfterWork } from './wrap-up.ts';

export function reserve(draft: AcdDraft, record: AgentRecord): void {
  if (whyNotFree(record)) draft.ignore('the agent is not free');
  else draft.putAgent({ ...record, state: 'offered', reserved: true, since: draft.at });
}

export function reservedTalk(draft: AcdDraft, record: AgentRecord, callId: string): void {
  if (!record.reserved || record.state !== 'offered') draft.ignore('the agent is not reserved');
  else draft.putAgent({ ...record, state: 'in-call', callId, since: draft.at });
}

/** @param missed why the agent's phone was not picked up, when that is the reason */
export function giveBack(
  draft: AcdDraft,
  record: AgentRecord,
  work: AfterWork,
  missed: { cause: OfferFailure; pauseMs: number } | undefined,
): void {
  if (!record.reserved) {
    draft.ignore('the agent is not reserved');
    return;
  }
  const free = { ...record, reserved: false };
  if (record.state === 'in-call') {
    afterCall(draft, free, record.callId ?? '', work);
    return;
  }
  const waiting = draft.putAgent({ ...free, state: 'waiting', since: draft.at });
  if (record.removed) dropAgent(draft, waiting);
  else if (missed) markMissed(draft, waiting, missed.cause, missed.pauseMs);
}
