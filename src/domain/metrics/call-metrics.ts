/** What a call adds to the figures: visits to queues, contacts with agents, offers, talk outside queues. */
import type { CallDirection } from '../call-event.ts';
import { agentClock, beginContact, countTime, endContactOf } from './agent-clock.ts';
import type { MetricRow } from './measures.ts';
import { type MetricsState, type OpenCall, rowAt, type Talk, targetsOf } from './state.ts';

/** A call of which nothing was heard for so long has no end in the log. */
export const maxCallSilenceMs = 24 * 3_600_000;

export function beginCall(state: MetricsState, callId: string, direction: CallDirection, at: number): void {
  const row = rowAt(state, at, '', '');
  if (direction === 'inbound') row.sums.inboundCalls++;
  else if (direction === 'outbound') row.sums.outboundAttempts++;
  else row.sums.internalCalls++;
  state.calls.set(callId, {
    callId,
    direction,
    row,
    lastAt: at,
    visit: undefined,
    contact: undefined,
    endedContactRow: undefined,
    bridge: undefined,
    connected: false,
    heldLegIds: [],
    offers: [],
  });
}

/** The caller turns up in a queue. Whatever went on before is over. */
export function enterQueue(state: MetricsState, call: OpenCall, queueId: string, at: number): void {
  loseVisit(state, call, at);
  endTalks(state, call, at);
  passOn(call);
  call.visit = { queueId, enteredAt: at };
  rowAt(state, at, queueId, '').sums.offered++;
}

export function answerVisit(
  state: MetricsState,
  call: OpenCall,
  by: { agentId: string; offerId: string; waitMs: number; ringMs: number },
  at: number,
): void {
  const { visit } = call;
  if (!visit) return;
  const { queueId } = visit;
  const { agentId, offerId, ringMs } = by;
  const waitMs = Math.max(0, by.waitMs);
  const row = rowAt(state, visit.enteredAt, queueId, agentId);
  row.sums.answered++;
  row.sums.waitAnsweredMs += waitMs;
  if (waitMs <= targetsOf(state, queueId).answerWithinMs) row.sums.answeredInTime++;
  noteWait(row, waitMs);
  const offerRow = closeOffer(call, offerId);
  if (offerRow) {
    offerRow.sums.offersAnswered++;
    offerRow.sums.ringAnsweredMs += Math.max(0, ringMs);
  }
  call.visit = undefined;
  connectOutbound(call);
  const contact = { ...beginTalk(call, at), callId: call.callId, queueId, agentId, row };
  call.contact = contact;
  const agent = agentClock(state, agentId, at);
  countTime(state, agent, at);
  beginContact(agent, contact);
}

export function abandonVisit(state: MetricsState, call: OpenCall, loggedWaitMs: number): void {
  const { visit } = call;
  if (!visit) return;
  const waitMs = Math.max(0, loggedWaitMs);
  const { answerWithinMs, shortAbandonMs } = targetsOf(state, visit.queueId);
  const row = rowAt(state, visit.enteredAt, visit.queueId, '');
  if (waitMs < shortAbandonMs) row.sums.abandonedShort++;
  else {
    row.sums.abandoned++;
    row.sums.waitAbandonedMs += waitMs;
  }
  if (waitMs <= answerWithinMs) row.sums.abandonedInTime++;
  noteWait(row, waitMs);
  call.visit = undefined;
}

export function overflowVisit(state: MetricsState, call: OpenCall, waitMs: number): void {
  const { visit } = call;
  if (!visit) return;
  const row = rowAt(state, visit.enteredAt, visit.queueId, '');
  row.sums.overflowed++;
  noteWait(row, Math.max(0, waitMs));
  call.visit = undefined;
}

/** The visit ended without the caller, an agent or a rule: a process died, or the office hung up. */
function loseVisit(state: MetricsState, call: OpenCall, at: number): void {
  const { visit } = call;
  if (!visit) return;
  const row = rowAt(state, visit.enteredAt, visit.queueId, '');
  row.sums.lost++;
  noteWait(row, Math.max(0, at - visit.enteredAt));
  call.visit = undefined;
}

function noteWait({ sums }: MetricRow, waitMs: number): void {
  sums.longestWaitMs = Math.max(sums.longestWaitMs, waitMs);
}

export function openOffer(
  state: MetricsState,
  call: OpenCall,
  offer: { queueId: string; agentId: string; offerId: string },
  at: number,
): void {
  const { queueId, agentId, offerId } = offer;
  const row = rowAt(state, at, queueId, agentId);
  row.sums.offers++;
  call.offers.push({ offerId, agentId, row });
}

/** The row of an offer that is over; undefined when it is not known. */
export function closeOffer(call: OpenCall, offerId: string): MetricRow | undefined {
  const i = call.offers.findIndex((offer) => offer.offerId === offerId);
  return i < 0 ? undefined : call.offers.splice(i, 1)[0]?.row;
}

/** Two parties talk outside a queue. Further ones who join the same talk change nothing. */
export function beginBridge(state: MetricsState, call: OpenCall, at: number): void {
  if (call.bridge) return;
  loseVisit(state, call, at);
  endTalks(state, call, at);
  passOn(call);
  call.bridge = beginTalk(call, at);
  if (call.direction !== 'outbound') call.row.sums.directConnected++;
  connectOutbound(call);
}

/** An outgoing call counts as connected once, whoever talks in it. */
function connectOutbound(call: OpenCall): void {
  if (call.direction === 'outbound' && !call.connected) call.row.sums.outboundConnected++;
  call.connected = true;
}

function beginTalk(call: OpenCall, at: number): Talk {
  return { since: at, heldMs: 0, heldSince: call.heldLegIds.length > 0 ? at : undefined };
}

/** A caller who was with an agent before and turns up elsewhere was passed on by that agent. */
function passOn(call: OpenCall): void {
  if (call.endedContactRow) call.endedContactRow.sums.transferred++;
  call.endedContactRow = undefined;
}

export function holdLeg(state: MetricsState, call: OpenCall, legId: string, at: number): void {
  if (!call.heldLegIds.includes(legId)) call.heldLegIds.push(legId);
  setHeld(state, call, true, at);
}

/** Also when a leg is gone. The talk goes on when no leg holds any more. */
export function resumeLeg(state: MetricsState, call: OpenCall, legId: string, at: number): void {
  if (!call.heldLegIds.includes(legId)) return;
  call.heldLegIds = call.heldLegIds.filter((id) => id !== legId);
  if (call.heldLegIds.length === 0) setHeld(state, call, false, at);
}

function setHeld(state: MetricsState, call: OpenCall, held: boolean, at: number): void {
  const talk = call.contact ?? call.bridge;
  if (!talk || held === (talk.heldSince !== undefined)) return;
  if (call.contact) countTime(state, agentClock(state, call.contact.agentId, at), at);
  if (talk.heldSince !== undefined) talk.heldMs += Math.max(0, at - talk.heldSince);
  talk.heldSince = held ? at : undefined;
}

/** Ends the talk with an agent, and that outside queues. */
export function endTalks(state: MetricsState, call: OpenCall, at: number): void {
  endContact(state, call, at);
  const { bridge } = call;
  if (!bridge) return;
  const { talkMs, holdMs } = lengthOf(bridge, at);
  const { sums } = call.row;
  if (call.direction === 'outbound') {
    sums.outboundEnded++;
    sums.outboundTalkMs += talkMs;
    sums.outboundHoldMs += holdMs;
  } else {
    sums.directEnded++;
    sums.directTalkMs += talkMs;
    sums.directHoldMs += holdMs;
  }
  call.bridge = undefined;
}

export function endContact(state: MetricsState, call: OpenCall, at: number): void {
  const { contact } = call;
  if (!contact) return;
  const { sums } = contact.row;
  const { talkMs, holdMs } = lengthOf(contact, at);
  sums.handled++;
  sums.talkMs += talkMs;
  sums.holdMs += holdMs;
  const agent = agentClock(state, contact.agentId, at);
  countTime(state, agent, at);
  endContactOf(agent, contact);
  call.endedContactRow = contact.row;
  call.contact = undefined;
}

function lengthOf(talk: Talk, at: number): { talkMs: number; holdMs: number } {
  const holdMs = talk.heldMs + (talk.heldSince === undefined ? 0 : Math.max(0, at - talk.heldSince));
  return { talkMs: Math.max(0, at - talk.since - holdMs), holdMs };
}

/** Nothing of the call goes on after `at`. */
export function endCall(state: MetricsState, call: OpenCall, at: number): void {
  loseVisit(state, call, at);
  endTalks(state, call, at);
  if (call.direction === 'outbound' && !call.connected) call.row.sums.outboundFailed++;
  state.calls.delete(call.callId);
}

/** Ends calls whose end the log never got, at the last that is known of them. */
export function endSilentCalls(state: MetricsState, at: number): void {
  for (const call of state.calls.values())
    if (at - call.lastAt > maxCallSilenceMs) endCall(state, call, call.lastAt);
}
