/**
 * What the figures remember between two events: the rows, and what goes on at the moment (calls that have not
 * ended, what each agent does). Plain data: it can be cloned, and sent to another thread. Its size depends on the
 * number of rows and of calls at once, not on the number of calls counted.
 */
import type { CallDirection } from '../call-event.ts';
import { calendarOf, type IntervalUnit } from './calendar.ts';
import { type MetricRow, noSums } from './measures.ts';

export interface Targets {
  /** An answer that took this long is still in time, in milliseconds. */
  answerWithinMs: number;
  /** Who leaves before has abandoned at once (wrong number, second thoughts), in milliseconds. */
  shortAbandonMs: number;
}

export const defaultTargets: Targets = { answerWithinMs: 20_000, shortAbandonMs: 5_000 };

export interface MetricsOptions {
  /** IANA name; where an hour, a day and a week begin. */
  timeZone: string;
  unit: IntervalUnit;
  targets: Targets;
  /** Of the queues that have their own. */
  queueTargets?: Record<string, Targets>;
  /**
   * Only intervals that begin at `from` or later, before `until`, get rows (ms since the epoch). The events should
   * begin early enough to tell who was logged in at `from`, and go on until the calls of the last interval are over.
   */
  from?: number;
  until?: number;
}

/** A talk and its hold. */
export interface Talk {
  since: number;
  /** Hold that is over. */
  heldMs: number;
  heldSince: number | undefined;
}

/** A talk of an agent with a caller from a queue. */
export interface Contact extends Talk {
  callId: string;
  queueId: string;
  agentId: string;
  row: MetricRow;
}

/** A call that has not ended. */
export interface OpenCall {
  callId: string;
  direction: CallDirection;
  /** Row of the interval it began in. */
  row: MetricRow;
  /** Its last event. */
  lastAt: number;
  visit: { queueId: string; enteredAt: number } | undefined;
  contact: Contact | undefined;
  /** Row of the contact that ended last, until the caller turns up elsewhere. */
  endedContactRow: MetricRow | undefined;
  /** Talk outside queues. */
  bridge: Talk | undefined;
  /** Somebody answered this outgoing call. */
  connected: boolean;
  heldLegIds: string[];
  offers: { offerId: string; agentId: string; row: MetricRow }[];
}

/** What an agent does. */
export interface AgentClock {
  agentId: string;
  /** Up to here the agent's time is in the rows. */
  countedTo: number;
  loggedIn: boolean;
  paused: boolean;
  contacts: Contact[];
  wrapUp: { since: number; row: MetricRow | undefined } | undefined;
  lastContact: { callId: string; row: MetricRow } | undefined;
}

export interface MetricsState {
  options: MetricsOptions;
  /** By `rowKey`. */
  rows: Map<string, MetricRow>;
  calls: Map<string, OpenCall>;
  agents: Map<string, AgentClock>;
  /** The last event: at this moment the appliance surely ran. */
  aliveAt: number;
  /** When calls without an end were looked for last. */
  sweptAt: number;
  /** Events that fit nothing known: the log begins in the middle of a call, or lost something. */
  ignored: number;
  /** Takes what belongs to intervals nobody asked for. */
  elsewhere: MetricRow;
}

/** @throws RangeError when the time zone is unknown */
export function createMetrics(options: MetricsOptions): MetricsState {
  calendarOf(options.timeZone);
  return {
    options,
    rows: new Map(),
    calls: new Map(),
    agents: new Map(),
    aliveAt: Number.NEGATIVE_INFINITY,
    sweptAt: Number.NEGATIVE_INFINITY,
    ignored: 0,
    elsewhere: { startAt: 0, endAt: 0, queueId: '', agentId: '', sums: noSums() },
  };
}

export function targetsOf({ options }: MetricsState, queueId: string): Targets {
  return options.queueTargets?.[queueId] ?? options.targets;
}

/** The row that counts what happened at a moment; `''` for no queue, no agent. */
export function rowAt(state: MetricsState, at: number, queueId: string, agentId: string): MetricRow {
  const { timeZone, unit, from, until } = state.options;
  const { startAt, endAt } = calendarOf(timeZone).intervalAt(at, unit);
  if ((from !== undefined && startAt < from) || (until !== undefined && startAt >= until))
    return state.elsewhere;
  const key = rowKey(startAt, queueId, agentId);
  const known = state.rows.get(key);
  if (known) return known;
  const row = { startAt, endAt, queueId, agentId, sums: noSums() };
  state.rows.set(key, row);
  return row;
}

/** Ids are free text: the length keeps any two pairs apart. In minutes, since small integers are text sooner. */
function rowKey(startAt: number, queueId: string, agentId: string): string {
  return `${startAt / 60_000} ${queueId.length} ${queueId} ${agentId}`;
}
