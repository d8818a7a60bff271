/**
 * Where an agent's time goes. Every moment of a session is one of: talk, caller on hold, wrap-up, break, available
 * (in this order, when several hold); a phone that rings counts as available. Talk counts even without a session.
 */

import { calendarOf } from './calendar.ts';
import type { AgentClock, Contact, MetricsState } from './state.ts';
import { rowAt } from './state.ts';

/**
 * A session in which nothing at all happened for so long is not believed: the clock was wrong, or a log-off is
 * missing. A long weekend of somebody who never logs off is.
 */
export const maxSilenceMs = 7 * 24 * 3_600_000;

export function agentClock(state: MetricsState, agentId: string, at: number): AgentClock {
  const known = state.agents.get(agentId);
  if (known) return known;
  const agent: AgentClock = {
    agentId,
    countedTo: at,
    loggedIn: false,
    paused: false,
    contacts: [],
    wrapUp: undefined,
    lastContact: undefined,
  };
  state.agents.set(agentId, agent);
  return agent;
}

/** Puts the agent's time up to `at` into the rows, cut at the borders of intervals. */
export function countTime(state: MetricsState, agent: AgentClock, at: number): void {
  if (agent.loggedIn && at - agent.countedTo > maxSilenceMs) cutSession(state, agent);
  const { timeZone, unit } = state.options;
  const isTalking = agent.contacts.length > 0;
  if (agent.loggedIn || isTalking || agent.wrapUp) {
    while (agent.countedTo < at) {
      const upTo = Math.min(at, calendarOf(timeZone).intervalAt(agent.countedTo, unit).endAt);
      addTime(state, agent, upTo - agent.countedTo);
      agent.countedTo = upTo;
    }
  }
  if (agent.countedTo < at) agent.countedTo = at;
}

function addTime(state: MetricsState, agent: AgentClock, durationMs: number): void {
  const { sums } = rowAt(state, agent.countedTo, '', agent.agentId);
  if (agent.loggedIn) sums.loginMs += durationMs;
  if (agent.contacts.length > 0) {
    const isHeld = agent.contacts.every((contact) => contact.heldSince !== undefined);
    if (isHeld) sums.agentHoldMs += durationMs;
    else sums.agentTalkMs += durationMs;
  } else if (agent.wrapUp) sums.agentWrapUpMs += durationMs;
  else if (agent.paused) sums.pauseMs += durationMs;
  else sums.availableMs += durationMs;
}

export function logIn(state: MetricsState, agent: AgentClock, at: number): void {
  countTime(state, agent, at);
  agent.loggedIn = true;
  agent.paused = false;
  rowAt(state, at, '', agent.agentId).sums.logins++;
}

export function logOff(agent: AgentClock, at: number): void {
  endWrapUp(agent, at);
  agent.loggedIn = false;
  agent.paused = false;
}

/** The session ended at some unknown moment: what was counted stands. */
export function cutSession(state: MetricsState, agent: AgentClock): void {
  if (agent.loggedIn) rowAt(state, agent.countedTo, '', agent.agentId).sums.sessionsCut++;
  logOff(agent, agent.countedTo);
  agent.lastContact = undefined;
}

export function beginContact(agent: AgentClock, contact: Contact): void {
  endWrapUp(agent, contact.since);
  agent.contacts.push(contact);
}

export function endContactOf(agent: AgentClock, contact: Contact): void {
  agent.contacts = agent.contacts.filter((one) => one !== contact);
  agent.lastContact = { callId: contact.callId, row: contact.row };
}

/** Wrap-up belongs to the contact before it. */
export function beginWrapUp(agent: AgentClock, callId: string, at: number): void {
  endWrapUp(agent, at);
  const { lastContact } = agent;
  agent.wrapUp = { since: at, row: lastContact?.callId === callId ? lastContact.row : undefined };
}

export function endWrapUp(agent: AgentClock, at: number): void {
  const { wrapUp } = agent;
  if (!wrapUp) return;
  if (wrapUp.row) wrapUp.row.sums.wrapUpMs += Math.max(0, at - wrapUp.since);
  agent.wrapUp = undefined;
}
