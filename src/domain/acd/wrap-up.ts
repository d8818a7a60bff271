/**
 * The work after a call: a set time, or, where the queue wants a disposition, until one is set. A choice made in time
 * gives the rest of the set time for the note; one made later ends it. Nobody is kept for longer than the cap.
 */
import type { Queue } from '../settings.ts';
import type { AcdDraft } from './acd-draft.ts';
import type { AgentRecord, WrapUp } from './acd-state.ts';
import { applyStatus } from './agent.ts';

/** What there is to do after a call. */
export interface AfterWork {
  readonly workMs: number;
  /** What the agent may add once. */
  readonly moreMs: number;
  /** How long a disposition is waited for; 0: none is. */
  readonly capMs: number;
}

export const noAfterWork: AfterWork = { workMs: 0, moreMs: 0, capMs: 0 };

export function afterWorkOf(queue: Queue, hasDisposition: boolean): AfterWork {
  return {
    workMs: queue.wrapUpMs,
    moreMs: queue.moreWrapUpMs,
    capMs: queue.dispositionRequired && !hasDisposition ? queue.dispositionCapMs : 0,
  };
}

export function beginWrapUp(draft: AcdDraft, record: AgentRecord, callId: string, work: AfterWork): void {
  const agentId = record.agent.id;
  const wrapUp: WrapUp = {
    timer: '',
    endsAt: draft.at + Math.max(work.workMs, work.capMs),
    workEndsAt: draft.at + work.workMs,
    moreMs: work.moreMs,
    needsDisposition: work.capMs > 0,
  };
  armWrapUp(draft, { ...record, state: 'wrap-up', callId }, wrapUp);
  draft.log({ agentId, name: 'WRAPUPSTART', callId });
}

function armWrapUp(draft: AcdDraft, record: AgentRecord, wrapUp: WrapUp): void {
  draft.clearTimer(record.wrapUp?.timer);
  const timer = draft.setTimer({ kind: 'wrap-up', agentId: record.agent.id }, wrapUp.endsAt - draft.at);
  draft.putAgent({ ...record, wrapUp: { ...wrapUp, timer } });
}

/** The agent waits for calls again, or has the status chosen for afterwards. */
export function endWrapUp(draft: AcdDraft, record: AgentRecord): AgentRecord {
  draft.clearTimer(record.wrapUp?.timer);
  draft.log({ agentId: record.agent.id, name: 'WRAPUPEND', callId: record.callId ?? '' });
  const { nextStatus } = record;
  const settled = draft.putAgent({
    ...record,
    state: 'waiting',
    callId: undefined,
    wrapUp: undefined,
    nextStatus: undefined,
    since: draft.at,
    idleSince: draft.at,
  });
  return nextStatus ? applyStatus(draft, settled, nextStatus.status, nextStatus.reason) : settled;
}

/** The agent asks for more time, once. */
export function prolongWrapUp(draft: AcdDraft, record: AgentRecord): void {
  const { wrapUp } = record;
  if (!wrapUp || wrapUp.moreMs === 0) {
    draft.ignore('there is no more time to be had');
    return;
  }
  const { endsAt, workEndsAt, moreMs } = wrapUp;
  armWrapUp(draft, record, {
    ...wrapUp,
    endsAt: endsAt + moreMs,
    workEndsAt: workEndsAt + moreMs,
    moreMs: 0,
  });
}

/** The call talked on or wrapped up has its disposition: nothing needs to be waited for. */
export function dispositionSet(draft: AcdDraft, record: AgentRecord, callId: string): void {
  const talk = draft.calls.get(callId)?.talk;
  if (record.callId !== callId) {
    draft.ignore('the agent is done with this call');
  } else if (record.state === 'in-call' && talk) {
    const call = draft.calls.get(callId);
    if (call) draft.putCall({ ...call, talk: { ...talk, hasDisposition: true } });
  } else if (record.wrapUp?.needsDisposition) {
    const { wrapUp } = record;
    if (wrapUp.workEndsAt <= draft.at) endWrapUp(draft, record);
    else armWrapUp(draft, record, { ...wrapUp, endsAt: wrapUp.workEndsAt, needsDisposition: false });
  } else {
    draft.ignore('no disposition is waited for');
  }
}
