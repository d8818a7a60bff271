/**
 * What was counted since the last time it was taken: so that sums can be kept elsewhere (store/figures-database), and
 * a state that lives for years stays small.
 */
import { type MetricRow, measures, noSums } from './measures.ts';
import type { MetricsState } from './state.ts';

/**
 * Grows when the same events give other rows: then what is stored is counted anew. Change it with whatever changes
 * the meaning of a measure or what `foldMetrics` remembers.
 */
export const metricsVersion = 1;

/**
 * The rows in which something was counted since the last call; they begin at zero again. Rows that an open call or an
 * agent still counts in stay in the state, all others leave it. Taken rows add up (`addSums`) to what `state.rows`
 * would hold if nothing was ever taken.
 */
export function takeDeltas(state: MetricsState): MetricRow[] {
  const taken: MetricRow[] = [];
  for (const row of state.rows.values()) {
    if (measures.every((measure) => row.sums[measure] === 0)) continue;
    taken.push({ ...row, sums: { ...row.sums } });
    Object.assign(row.sums, noSums());
  }
  const inUse = rowsInUse(state);
  for (const [key, row] of state.rows) if (!inUse.has(row)) state.rows.delete(key);
  return taken;
}

function rowsInUse({ calls, agents }: MetricsState): Set<MetricRow | undefined> {
  const rows = new Set<MetricRow | undefined>();
  for (const call of calls.values()) {
    rows.add(call.row).add(call.contact?.row).add(call.endedContactRow);
    for (const offer of call.offers) rows.add(offer.row);
  }
  for (const agent of agents.values()) {
    rows.add(agent.wrapUp?.row).add(agent.lastContact?.row);
    for (const contact of agent.contacts) rows.add(contact.row);
  }
  return rows;
}
