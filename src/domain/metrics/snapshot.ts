/** The figures as they stand at a moment, with what still goes on; intervals put together; old ones forgotten. */
import { countTime } from './agent-clock.ts';
import { calendarOf, type IntervalUnit } from './calendar.ts';
import { addSums, type MetricRow } from './measures.ts';
import { type MetricsState, rowAt } from './state.ts';

/**
 * All rows at `at`, by time, with the time of agents and the waits of callers up to then. Talks that go on count when
 * they are over (`aht` divides by those). Neither the state nor its rows are touched, and the rows do not follow it.
 */
export function rowsAt(state: MetricsState, at: number): MetricRow[] {
  const rows = new Map([...state.rows].map(([key, row]) => [key, { ...row, sums: { ...row.sums } }]));
  const copy: MetricsState = { ...state, rows };
  for (const agent of state.agents.values()) {
    if (!agent.loggedIn && agent.contacts.length === 0) continue;
    // Wrap-up of the contact is left out: its row here is that of the state.
    const wrapUp = agent.wrapUp && { ...agent.wrapUp, row: undefined };
    countTime(copy, { ...agent, wrapUp }, at);
  }
  for (const { visit } of state.calls.values()) {
    if (!visit) continue;
    const { sums } = rowAt(copy, visit.enteredAt, visit.queueId, '');
    sums.longestWaitMs = Math.max(sums.longestWaitMs, at - visit.enteredAt);
  }
  return [...rows.values()].sort((a, b) => a.startAt - b.startAt);
}

/** Rows of short intervals put together into longer ones, each queue and agent for itself; by time. */
export function rowsPer(unit: IntervalUnit, timeZone: string, rows: Iterable<MetricRow>): MetricRow[] {
  const calendar = calendarOf(timeZone);
  const longer = new Map<string, MetricRow>();
  for (const { startAt, queueId, agentId, sums } of rows) {
    const interval = calendar.intervalAt(startAt, unit);
    const key = JSON.stringify([interval.startAt, queueId, agentId]);
    const known = longer.get(key);
    if (known) addSums(known.sums, sums);
    else longer.set(key, { ...interval, queueId, agentId, sums: { ...sums } });
  }
  return [...longer.values()].sort((a, b) => a.startAt - b.startAt);
}

/**
 * Forgets the intervals before the one that `before` lies in, for good: what a call adds to them later has no row. So
 * a state that lives long keeps no more than today.
 */
export function forgetBefore(state: MetricsState, before: number): void {
  const { timeZone, unit, from = Number.NEGATIVE_INFINITY } = state.options;
  const { startAt } = calendarOf(timeZone).intervalAt(before, unit);
  state.options = { ...state.options, from: Math.max(from, startAt) };
  for (const [key, row] of state.rows) if (row.startAt < startAt) state.rows.delete(key);
}
