/**
 * Figures of the call log, one event after the other: Live and wallboard feed it what happens, reports what is
 * stored, in the order of the log. A clock that is set back gives no negative time, and time counts on from there.
 */
import { type AgentEvent, type CallEvent, isCallEvent, type LogEvent } from '../call-event.ts';
import { agentClock, beginWrapUp, countTime, cutSession, endWrapUp, logIn, logOff } from './agent-clock.ts';
import {
  abandonVisit,
  answerVisit,
  beginBridge,
  beginCall,
  closeOffer,
  endCall,
  endContact,
  endSilentCalls,
  enterQueue,
  holdLeg,
  openOffer,
  overflowVisit,
  resumeLeg,
} from './call-metrics.ts';
import type { MetricsState, OpenCall } from './state.ts';

/** Why calls ended that were open when the appliance failed; the log gets these ends at the next start. */
export const failureReason = 'appliance-failed';
const sweepMs = 3_600_000;

/** Counts one more event. `state` is changed in place, for a log of millions of events; it is returned, too. */
export function foldMetrics(state: MetricsState, event: LogEvent): MetricsState {
  const { at } = event;
  if (!(Math.abs(at - state.sweptAt) < sweepMs)) {
    endSilentCalls(state, at);
    state.sweptAt = at;
  }
  if (isAfterRestart(state, event)) endEverything(state, state.aliveAt);
  if (at < state.aliveAt) followClockBack(state, at);
  state.aliveAt = at;
  if (isCallEvent(event)) foldCallEvent(state, event);
  else foldAgentEvent(state, event);
  return state;
}

/**
 * A start leaves no event of its own, but these: it logs in again who was logged in, and ends the calls that its
 * predecessor left open.
 */
function isAfterRestart({ agents, calls }: MetricsState, event: LogEvent): boolean {
  if (event.name === 'AGENTLOGIN') return agents.get(event.agentId)?.loggedIn === true;
  return (
    (event.name === 'LEGEND' || event.name === 'CALLEND') &&
    event.termination.reason === failureReason &&
    calls.has(event.callId)
  );
}

/** Agents' time was counted up to a moment that is still to come: it counts from now on. */
function followClockBack(state: MetricsState, at: number): void {
  for (const agent of state.agents.values()) agent.countedTo = Math.min(agent.countedTo, at);
}

/** The time between the last sign of life and the next start counts for nobody. */
function endEverything(state: MetricsState, at: number): void {
  for (const call of state.calls.values()) endCall(state, call, at);
  for (const agent of state.agents.values()) {
    countTime(state, agent, at);
    cutSession(state, agent);
  }
}

function foldCallEvent(state: MetricsState, event: CallEvent): void {
  const call = state.calls.get(event.callId);
  if (event.name === 'CALLSTART') {
    if (call) state.ignored++;
    else beginCall(state, event.callId, event.direction, event.at);
    return;
  }
  if (!call) {
    // What ends after the call (a leg's quality, a recording) is no loss.
    if (event.name === 'ENTERQUEUE' || event.name === 'CONNECT' || event.name === 'BRIDGE') state.ignored++;
    return;
  }
  call.lastAt = event.at;
  foldOpenCall(state, call, event, event.at);
}

function foldOpenCall(state: MetricsState, call: OpenCall, event: CallEvent, at: number): void {
  switch (event.name) {
    case 'ENTERQUEUE':
      enterQueue(state, call, event.queueId, at);
      return;
    case 'OFFER':
      openOffer(state, call, event, at);
      return;
    case 'RINGNOANSWER': {
      const sums = closeOffer(call, event.offerId)?.sums;
      if (!sums) state.ignored++;
      else if (event.cause === 'no-answer') sums.offersMissed++;
      else if (event.cause === 'rejected') sums.offersRejected++;
      else sums.offersFailed++;
      return;
    }
    case 'RINGCANCELED': {
      const sums = closeOffer(call, event.offerId)?.sums;
      if (sums) sums.offersCanceled++;
      else state.ignored++;
      return;
    }
    case 'CONNECT':
      if (call.visit?.queueId === event.queueId) answerVisit(state, call, event, at);
      else state.ignored++;
      return;
    case 'ABANDON':
      if (call.visit) abandonVisit(state, call, event.waitMs);
      else state.ignored++;
      return;
    case 'EXITWITHTIMEOUT':
      if (call.visit) overflowVisit(state, call, event.waitMs);
      else state.ignored++;
      return;
    case 'COMPLETEAGENT':
    case 'COMPLETECALLER':
      endContact(state, call, at);
      return;
    case 'BRIDGE':
      beginBridge(state, call, at);
      return;
    case 'HOLD':
      holdLeg(state, call, event.legId, at);
      return;
    case 'RESUME':
    case 'LEGEND':
      resumeLeg(state, call, event.legId, at);
      return;
    case 'CALLEND':
      endCall(state, call, at);
      return;
    default: // how the call got there: traces, menus, legs, recordings
      return;
  }
}

function foldAgentEvent(state: MetricsState, event: AgentEvent): void {
  const { at } = event;
  const agent = agentClock(state, event.agentId, at);
  if (event.name === 'AGENTLOGIN') {
    logIn(state, agent, at);
    return;
  }
  if (event.name === 'WRAPUPSTART') {
    // A talk that the appliance ended has no COMPLETE event.
    const call = state.calls.get(event.callId);
    if (call?.contact?.agentId === event.agentId) endContact(state, call, at);
  }
  countTime(state, agent, at);
  switch (event.name) {
    case 'AGENTLOGOFF':
      logOff(agent, at);
      return;
    case 'PAUSE':
    case 'UNPAUSE':
      agent.loggedIn = true; // the log begins after the log-in
      agent.paused = event.name === 'PAUSE';
      return;
    case 'WRAPUPSTART':
      agent.loggedIn = true;
      beginWrapUp(agent, event.callId, at);
      return;
    case 'WRAPUPEND':
      endWrapUp(agent, at);
      return;
  }
}
