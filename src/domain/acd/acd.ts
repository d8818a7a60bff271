/**
 * Automatic call distribution as one function: which waiting caller gets which agent, and when. It reads no clock
 * and does nothing itself; `AcdEffect` says what is to be done.
 *
 * What it promises, whatever the events: no agent is offered two calls, no caller is in two talks, each waiting
 * caller has an open offer or something that will wake the line (an agent becoming free, a timer), every agent
 * state has an exit, each offer ends once.
 */
import { AcdDraft } from './acd-draft.ts';
import type { AcdEffect, AcdEvent } from './acd-events.ts';
import type { AcdState, AgentRecord, Offer } from './acd-state.ts';
import { endMissed } from './agent.ts';
import { agentBusy, agentReachable, agentStatus, wrapUpDone } from './agent-events.ts';
import { configure } from './configure.ts';
import { answerOffer, cancelOffersOf, failOffer, giveUpOffer } from './offer.ts';
import { announceAgain } from './position.ts';
import { giveBack, reserve, reservedTalk } from './reservation.ts';
import { offerCalls, traceNobodyFree } from './selection.ts';
import { callLeft, connected, connectFailed, talkEnded } from './talk.ts';
import { enterLine, overflowCall, positionOf } from './waiting.ts';
import { dispositionSet, endWrapUp, prolongWrapUp } from './wrap-up.ts';

export function acd(state: AcdState, event: AcdEvent): { state: AcdState; effects: AcdEffect[] } {
  const draft = new AcdDraft(state, event);
  const affectedCallId = apply(draft, event);
  offerCalls(draft);
  if (affectedCallId !== undefined) traceNobodyFree(draft, affectedCallId);
  return { state: draft.finish(), effects: draft.effects };
}

/** @returns the waiting call that may now be without an offer, to say why */
function apply(draft: AcdDraft, event: AcdEvent): string | undefined {
  switch (event.type) {
    case 'configured':
      configure(draft, event.rules);
      return undefined;
    case 'agent-status':
      return ofAgent(draft, event.agentId, (record) =>
        agentStatus(draft, record, event.status, event.reason ?? ''),
      );
    case 'agent-reachable':
      return ofAgent(draft, event.agentId, (record) => agentReachable(draft, record, event.reachable));
    case 'agent-busy':
      return ofAgent(draft, event.agentId, (record) => agentBusy(draft, record, event.busy, event.callId));
    case 'wrap-up-done':
      return ofAgent(draft, event.agentId, (record) => wrapUpDone(draft, record));
    case 'wrap-up-more':
      return ofAgent(draft, event.agentId, (record) => prolongWrapUp(draft, record));
    case 'disposition-set':
      return ofAgent(draft, event.agentId, (record) => dispositionSet(draft, record, event.callId));
    case 'agent-reserved':
      return ofAgent(draft, event.agentId, (record) => reserve(draft, record));
    case 'reserved-talk':
      return ofAgent(draft, event.agentId, (record) => reservedTalk(draft, record, event.callId));
    case 'agent-given-back':
      return ofAgent(draft, event.agentId, (record) => giveBack(draft, record, event.work, event.missed));
    case 'call-entered':
      return callEntered(draft, event.callId, event.queueId);
    case 'call-left':
      callLeft(draft, event.callId);
      return undefined;
    case 'offer-ringing':
      return ofOffer(draft, event.offerId, (offer) => {
        if (offer.ringingAt === undefined) draft.putOffer({ ...offer, ringingAt: draft.at });
        else draft.ignore('it rings already');
      });
    case 'offer-answered':
      if (!draft.offers.has(event.offerId))
        draft.emit({ type: 'cancel-offer', offerId: event.offerId, cause: 'too-late' });
      return ofOffer(draft, event.offerId, (offer) => answerOffer(draft, offer));
    case 'offer-failed':
      return ofOffer(draft, event.offerId, (offer) => failOffer(draft, offer, event.cause));
    case 'connected':
      connected(draft, event.callId, event.offerId);
      return undefined;
    case 'connect-failed':
      connectFailed(draft, event.callId, event.offerId);
      return event.callId;
    case 'talk-ended':
      talkEnded(draft, event.callId, event.by);
      return undefined;
    case 'timer':
      return timerRan(draft, event.key);
  }
}

/** @returns the call that rang at this agent */
function ofAgent(
  draft: AcdDraft,
  agentId: string,
  action: (record: AgentRecord) => void,
): string | undefined {
  const record = draft.agents.get(agentId);
  if (!record) {
    draft.ignore('there is no such agent');
    return undefined;
  }
  const offer = record.offerId === undefined ? undefined : draft.offers.get(record.offerId);
  action(record);
  return offer && !draft.offers.has(offer.offerId) ? offer.callId : undefined;
}

function ofOffer(draft: AcdDraft, offerId: string, action: (offer: Offer) => void): string | undefined {
  const offer = draft.offers.get(offerId);
  if (!offer) {
    draft.ignore('this offer is over');
    return undefined;
  }
  action(offer);
  return draft.offers.has(offerId) ? undefined : offer.callId;
}

function callEntered(draft: AcdDraft, callId: string, queueId: string): string | undefined {
  const record = draft.queues.get(queueId);
  if (draft.calls.has(callId)) {
    draft.ignore('this call is in a queue already');
  } else if (!record) {
    // The queue was removed while the call was on its way: the caller must not hang in nowhere.
    draft.ignore('there is no such queue');
    draft.emit({ type: 'overflow', callId, queueId, destination: { kind: 'hang-up' }, waitMs: 0 });
  } else {
    enterLine(draft, callId, record);
    return callId;
  }
  return undefined;
}

function timerRan(draft: AcdDraft, key: string): string | undefined {
  const timer = draft.takeTimer(key);
  switch (timer?.kind) {
    case undefined:
      draft.ignore('this timer was cleared');
      return undefined;
    case 'ring-guard':
      return ofOffer(draft, timer.offerId, (offer) => giveUpOffer(draft, offer));
    case 'missed':
      return ofAgent(draft, timer.agentId, (record) => void endMissed(draft, record));
    case 'wrap-up':
      return ofAgent(draft, timer.agentId, (record) => void endWrapUp(draft, record));
    case 'longest-wait':
      longestWaitOver(draft, timer.callId);
      return undefined;
    case 'announce': {
      const call = draft.calls.get(timer.callId);
      const record = call && draft.queues.get(call.queueId);
      if (record) announceAgain(draft, call, record.queue, positionOf(record, call.callId));
      return undefined;
    }
  }
}

function longestWaitOver(draft: AcdDraft, callId: string): void {
  const call = draft.calls.get(callId);
  const record = call && draft.queues.get(call.queueId);
  if (!record || call.talk) {
    draft.ignore('this call does not wait');
    return;
  }
  cancelOffersOf(draft, call, 'overflow');
  overflowCall(draft, draft.calls.get(callId) ?? call, record, 'queue.longest-wait');
}
