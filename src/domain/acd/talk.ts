/** From the answered offer to the end of the talk. */
import { seconds, traceNote } from '../trace-notes.ts';
import type { AcdDraft } from './acd-draft.ts';
import type { QueuedCall, Talk } from './acd-state.ts';
import { afterCall, markMissed } from './agent.ts';
import { cancelOffersOf, logCanceled } from './offer.ts';
import { leaveLine, overflowCall, positionOf, returnToLine } from './waiting.ts';
import { type AfterWork, afterWorkOf, noAfterWork } from './wrap-up.ts';

/** Caller and agent hear each other. */
export function connected(draft: AcdDraft, callId: string, offerId: string): void {
  const call = draft.calls.get(callId);
  const talk = call?.talk;
  if (!call || talk?.offerId !== offerId) draft.ignore('this talk is over');
  else if (talk.connectedAt !== undefined) draft.ignore('it is connected already');
  else beginTalk(draft, call, talk);
}

function beginTalk(draft: AcdDraft, call: QueuedCall, talk: Talk): Talk {
  const begun = { ...talk, connectedAt: draft.at };
  draft.putCall({ ...call, talk: begun });
  const { agentId, offerId, waitMs, ringMs } = talk;
  const { callId, queueId } = call;
  draft.log({ callId, name: 'CONNECT', queueId, agentId, offerId, waitMs, ringMs });
  return begun;
}

/** The caller takes the old place in line again, the agent counts as unreachable for a while. */
export function connectFailed(draft: AcdDraft, callId: string, offerId: string): void {
  const call = draft.calls.get(callId);
  const talk = call?.talk;
  if (!call || talk?.offerId !== offerId) {
    draft.ignore('this talk is over');
    return;
  }
  if (talk.connectedAt !== undefined) {
    draft.ignore('it is connected: the end of a talk is told by talk-ended');
    return;
  }
  const { agentId, ringMs } = talk;
  const { queueId } = call;
  draft.log({ callId, name: 'RINGNOANSWER', queueId, agentId, offerId, ringMs, cause: 'unreachable' });
  const name = draft.agents.get(agentId)?.agent.name ?? agentId;
  draft.trace(callId, traceNote('queue.connect-failed', { agent: name }));
  afterTalk(draft, call, talk, noAfterWork);
  const record = draft.agents.get(agentId);
  if (record) markMissed(draft, record, 'unreachable', talk.queue.missedPauseMs);
  const waiting = draft.calls.get(callId) ?? call;
  const queue = draft.queues.get(queueId);
  if (queue) returnToLine(draft, waiting, queue);
  else overflowCall(draft, waiting, { queue: talk.queue, waiting: [] }, 'queue.removed');
}

/** A caller who leaves while waiting abandons; one who leaves a talk ends it. */
export function callLeft(draft: AcdDraft, callId: string): void {
  const call = draft.calls.get(callId);
  if (!call) {
    draft.ignore('no such call waits or talks');
    return;
  }
  if (call.talk?.connectedAt !== undefined) {
    talkEnded(draft, callId, 'caller');
    return;
  }
  const position = Math.max(1, positionOf(draft.queues.get(call.queueId), callId));
  if (call.talk) {
    const { offerId, agentId, ringMs } = call.talk;
    draft.emit({ type: 'cancel-offer', offerId, cause: 'caller-left' });
    logCanceled(draft, callId, { queueId: call.queueId, agentId, offerId }, ringMs);
    afterTalk(draft, call, call.talk, noAfterWork);
  } else {
    cancelOffersOf(draft, call, 'caller-left');
    leaveLine(draft, draft.calls.get(callId) ?? call);
  }
  draft.removeCall(callId);
  draft.log({
    callId,
    name: 'ABANDON',
    queueId: call.queueId,
    position,
    waitMs: draft.since(call.enteredAt),
  });
}

/** An end that comes before `connected` was told counts as a talk of no length. */
export function talkEnded(draft: AcdDraft, callId: string, by: 'caller' | 'agent' | 'system'): void {
  const call = draft.calls.get(callId);
  if (!call?.talk) {
    draft.ignore('no such talk');
    return;
  }
  const talk = call.talk.connectedAt === undefined ? beginTalk(draft, call, call.talk) : call.talk;
  const { agentId, waitMs } = talk;
  const talkMs = draft.since(talk.connectedAt ?? draft.at);
  const { queueId } = call;
  if (by === 'agent') draft.log({ callId, name: 'COMPLETEAGENT', queueId, agentId, waitMs, talkMs });
  else if (by === 'caller') draft.log({ callId, name: 'COMPLETECALLER', queueId, agentId, waitMs, talkMs });
  else {
    const agent = draft.agents.get(agentId)?.agent.name ?? agentId;
    draft.trace(callId, traceNote('queue.ended-by-system', { agent, talkS: seconds(talkMs) }));
  }
  afterTalk(draft, call, talk, afterWorkOf(talk.queue, talk.hasDisposition));
  draft.removeCall(callId);
}

/** Frees the agent; the call has nobody then. */
function afterTalk(draft: AcdDraft, call: QueuedCall, talk: Talk, work: AfterWork): void {
  draft.putCall({ ...call, talk: undefined });
  const record = draft.agents.get(talk.agentId);
  if (record) afterCall(draft, record, call.callId, work);
}
