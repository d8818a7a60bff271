/**
 * The rules of one offer: an agent's phone ringing for a waiting call. It ends in exactly one of four ways, and the
 * log says which: answered and connected (CONNECT), failed (RINGNOANSWER), taken back (RINGCANCELED).
 *
 *     open -- offer-answered --> connecting -- connected -------> talk
 *      |  `-- offer-failed, guard timer --> failed   `-- connect-failed --> failed
 *      `----- caller left, agent left, another was faster --> taken back
 */
import { seconds, traceNote } from '../trace-notes.ts';
import type { AcdDraft } from './acd-draft.ts';
import type { CancelCause, OfferFailure } from './acd-events.ts';
import type { AgentRecord, Offer, QueuedCall } from './acd-state.ts';
import { markMissed } from './agent.ts';
import { leaveLine } from './waiting.ts';

/** How long after the ring time the phone's own answer is still awaited before the offer is given up. */
export const ringGraceMs = 2_000;

export function makeOffer(draft: AcdDraft, callId: string, agentId: string): void {
  const call = draft.calls.get(callId);
  const queue = call && draft.queues.get(call.queueId)?.queue;
  const record = draft.agents.get(agentId);
  if (!call || !queue || !record) return;
  const offerId = `${callId}.${call.offersMade + 1}`;
  const guardTimer = draft.setTimer({ kind: 'ring-guard', offerId }, queue.ringTimeoutMs + ringGraceMs);
  const queueId = queue.id;
  draft.emit({ type: 'offer', offerId, callId, queueId, agentId, ringTimeoutMs: queue.ringTimeoutMs });
  draft.log({ callId, name: 'OFFER', queueId, agentId, offerId });
  draft.putOffer({
    offerId,
    callId,
    queueId,
    agentId,
    offeredAt: draft.at,
    ringingAt: undefined,
    guardTimer,
  });
  draft.putCall({ ...call, offerIds: [...call.offerIds, offerId], offersMade: call.offersMade + 1 });
  draft.putAgent({ ...record, state: 'offered', offerId, since: draft.at });
}

/** How long the phone rang; 0 when it never said that it rings. */
export function rungMs(draft: AcdDraft, offer: Offer): number {
  return offer.ringingAt === undefined ? 0 : draft.since(offer.ringingAt);
}

/** Forgets the offer on both sides; the agent is left waiting. */
function closeOffer(draft: AcdDraft, offer: Offer): AgentRecord | undefined {
  draft.removeOffer(offer.offerId);
  draft.clearTimer(offer.guardTimer);
  const call = draft.calls.get(offer.callId);
  if (call) draft.putCall({ ...call, offerIds: call.offerIds.filter((id) => id !== offer.offerId) });
  const record = draft.agents.get(offer.agentId);
  if (!record) return undefined;
  return draft.putAgent({ ...record, state: 'waiting', offerId: undefined, since: draft.at });
}

export function cancelOffer(draft: AcdDraft, offer: Offer, cause: CancelCause): void {
  closeOffer(draft, offer);
  draft.emit({ type: 'cancel-offer', offerId: offer.offerId, cause });
  logCanceled(draft, offer.callId, offer, rungMs(draft, offer));
}

export function logCanceled(
  draft: AcdDraft,
  callId: string,
  offer: { queueId: string; agentId: string; offerId: string },
  ringMs: number,
): void {
  const { queueId, agentId, offerId } = offer;
  draft.log({ callId, name: 'RINGCANCELED', queueId, agentId, offerId, ringMs });
}

export function cancelOffersOf(draft: AcdDraft, call: QueuedCall, cause: CancelCause): void {
  for (const offerId of call.offerIds) {
    const offer = draft.offers.get(offerId);
    if (offer) cancelOffer(draft, offer, cause);
  }
}

/** The agent can no longer take the call that rings. */
export function withdrawFromAgent(
  draft: AcdDraft,
  record: AgentRecord,
  cause: 'agent-left' | 'agent-unreachable',
): void {
  const offer = record.offerId === undefined ? undefined : draft.offers.get(record.offerId);
  if (!offer) return;
  cancelOffer(draft, offer, cause);
  draft.trace(offer.callId, traceNote(`queue.${cause}`, { agent: record.agent.name }));
}

export function failOffer(draft: AcdDraft, offer: Offer, cause: OfferFailure): void {
  const ringMs = rungMs(draft, offer);
  const record = closeOffer(draft, offer);
  const { callId, queueId, agentId, offerId } = offer;
  draft.log({ callId, name: 'RINGNOANSWER', queueId, agentId, offerId, ringMs, cause });
  if (!record) return;
  const missedPauseMs = draft.queues.get(queueId)?.queue.missedPauseMs ?? 0;
  const pauseMs = markMissed(draft, record, cause, missedPauseMs);
  draft.trace(callId, traceNote(`queue.${cause}`, { agent: record.agent.name, pauseS: seconds(pauseMs) }));
}

/** Nothing was heard of the phone in time: its ringing is stopped as well. */
export function giveUpOffer(draft: AcdDraft, offer: Offer): void {
  const name = draft.agents.get(offer.agentId)?.agent.name ?? offer.agentId;
  draft.emit({ type: 'cancel-offer', offerId: offer.offerId, cause: 'timeout' });
  draft.trace(offer.callId, traceNote('queue.phone-silent', { agent: name }));
  failOffer(draft, offer, 'no-answer');
}

/** First answer wins: the caller leaves the line, the other phones stop ringing. */
export function answerOffer(draft: AcdDraft, offer: Offer): void {
  const call = draft.calls.get(offer.callId);
  const queue = draft.queues.get(offer.queueId)?.queue;
  if (!call || !queue) return;
  const { callId, queueId, agentId, offerId } = offer;
  const waitMs = draft.since(call.enteredAt);
  const ringMs = rungMs(draft, offer);
  draft.emit({ type: 'connect', offerId, callId, queueId, agentId, waitMs, ringMs });
  const record = closeOffer(draft, offer);
  const left = leaveLine(draft, draft.calls.get(callId) ?? call);
  cancelOffersOf(draft, left, 'answered-elsewhere');
  draft.putCall({
    ...(draft.calls.get(callId) ?? left),
    talk: { agentId, offerId, connectedAt: undefined, waitMs, ringMs, queue, hasDisposition: false },
  });
  if (!record) return;
  draft.putAgent({ ...record, state: 'in-call', callId });
  const params = { agent: record.agent.name, ringS: seconds(ringMs), waitS: seconds(waitMs) };
  draft.trace(callId, traceNote('queue.answered', params));
}
