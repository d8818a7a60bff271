/** Logs written by hand, and what was measured of them in a short form. */
import { expect } from 'vitest';
import type { AgentEvent, CallEvent, CallFact, LogEvent } from '../../../../src/domain/call-event.ts';
import { foldMetrics } from '../../../../src/domain/metrics/fold-metrics.ts';
import { type Measure, type MetricRow, type Sums, totalOf } from '../../../../src/domain/metrics/measures.ts';
import {
  createMetrics,
  defaultTargets,
  type MetricsOptions,
  type MetricsState,
} from '../../../../src/domain/metrics/state.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
/** 10:00 in Budapest. */
export const ten = Date.parse('2026-06-10T08:00:00Z');
export const options: MetricsOptions = { timeZone: 'Europe/Budapest', unit: 'hour', targets: defaultTargets };
export const over = { name: 'CALLEND', termination: { class: 'success', reason: 'caller-hung-up' } } as const;
export const failed = { class: 'server', reason: 'appliance-failed' } as const;

/** Events of one call; the times are milliseconds after ten. */
export function call(callId: string, ...facts: [number, CallFact][]): LogEvent[] {
  return facts.map(([ms, fact]) => ({ at: ten + ms, callId, ...fact }) as CallEvent);
}

export function agent(agentId: string, ms: number, name: AgentEvent['name'], more: object = {}): LogEvent {
  return { at: ten + ms, agentId, name, ...more } as AgentEvent;
}

export const start: CallFact = { name: 'CALLSTART', direction: 'inbound', from: '1', to: '2' };
export const outbound: CallFact = { ...start, direction: 'outbound' };
export const enter = (queueId = 'q'): CallFact => ({ name: 'ENTERQUEUE', queueId, position: 1 });
export const offer = (agentId: string): CallFact => ({
  name: 'OFFER',
  queueId: 'q',
  agentId,
  offerId: agentId,
});
export const missed = (
  agentId: string,
  cause: 'no-answer' | 'rejected' | 'busy' | 'unreachable',
): CallFact => ({
  name: 'RINGNOANSWER',
  queueId: 'q',
  agentId,
  offerId: agentId,
  ringMs: 1,
  cause,
});
export const connect = (agentId: string, waitMs: number): CallFact => ({
  name: 'CONNECT',
  queueId: 'q',
  agentId,
  offerId: agentId,
  waitMs,
  ringMs: 3000,
});
export const complete = (agentId: string): CallFact => ({
  name: 'COMPLETECALLER',
  queueId: 'q',
  agentId,
  waitMs: 0,
  talkMs: 0,
});
export const abandon = (waitMs: number): CallFact => ({ name: 'ABANDON', queueId: 'q', position: 1, waitMs });
export const bridge: CallFact = { name: 'BRIDGE', legIds: ['a', 'b'] };
export const hold: CallFact = { name: 'HOLD', legId: 'a' };
export const resume: CallFact = { name: 'RESUME', legId: 'a' };

export function fold(log: readonly LogEvent[], more: Partial<MetricsOptions> = {}): MetricsState {
  const state = createMetrics({ ...options, ...more });
  for (const event of log) expect(foldMetrics(state, event)).toBe(state);
  return state;
}

/** What is not 0 in all rows together. */
export function nonZero(sums: Sums): Partial<Sums> {
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0));
}

export function total(log: readonly LogEvent[], more: Partial<MetricsOptions> = {}): Partial<Sums> {
  return nonZero(totalOf(fold(log, more).rows.values()));
}

/** `10:00 queue agent` and what was measured there. */
export function table(rows: Iterable<MetricRow>, ...only: Measure[]): Record<string, Partial<Sums>> {
  const found: Record<string, Partial<Sums>> = {};
  for (const row of rows) {
    const sums = nonZero(row.sums);
    const kept = Object.entries(sums).filter(([m]) => only.length === 0 || only.includes(m as Measure));
    const time = new Date(row.startAt + 2 * hourMs).toISOString().slice(11, 16);
    if (kept.length > 0) found[`${time} ${row.queueId}-${row.agentId}`] = Object.fromEntries(kept);
  }
  return found;
}
