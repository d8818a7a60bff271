import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCallEvent, type LogEvent } from '../../../../src/domain/call-event.ts';
import { foldMetrics } from '../../../../src/domain/metrics/fold-metrics.ts';
import type { MetricRow } from '../../../../src/domain/metrics/measures.ts';
import { rowsAt, rowsPer } from '../../../../src/domain/metrics/snapshot.ts';
import { createMetrics, defaultTargets, type MetricsOptions } from '../../../../src/domain/metrics/state.ts';
import { type NaiveRows, naiveRows } from '../../../support/naive-metrics.ts';
import { randomLog } from '../../../support/random-log.ts';
import { randomSteps, runDay } from '../random-day.ts';

const options: MetricsOptions = {
  timeZone: 'Europe/Budapest',
  unit: 'hour',
  targets: defaultTargets,
  queueTargets: { q1: { answerWithinMs: 60_000, shortAbandonMs: 10_000 } },
};

function fold(log: readonly LogEvent[], more: Partial<MetricsOptions> = {}, now = endOf(log)): MetricRow[] {
  const state = createMetrics({ ...options, ...more });
  for (const event of log) foldMetrics(state, event);
  return rowsAt(state, now);
}

function endOf(log: readonly LogEvent[]): number {
  return Math.max(0, ...log.map(({ at }) => at));
}

function nonZero(rows: readonly MetricRow[]): NaiveRows {
  const found: NaiveRows = {};
  for (const { startAt, queueId, agentId, sums } of rows) {
    const kept = Object.entries(sums).filter(([, amount]) => amount !== 0);
    if (kept.length > 0)
      found[`${new Date(startAt).toISOString()} ${queueId || '-'} ${agentId || '-'}`] =
        Object.fromEntries(kept);
  }
  return found;
}

/** With the beginning that call control puts before what call distribution logs. */
function withStarts(log: readonly LogEvent[]): LogEvent[] {
  const begun = new Set<string>();
  return log.flatMap((event): LogEvent[] => {
    if (!isCallEvent(event) || begun.has(event.callId)) return [event];
    begun.add(event.callId);
    const { at, callId } = event;
    return [{ at, callId, name: 'CALLSTART', direction: 'inbound', from: '1', to: '2' }, event];
  });
}

/** Hours around each of these are run through: a plain day, midnight, both clock changes. */
const starts = {
  'on a plain day': '2026-06-10T08:17:00Z',
  'over midnight': '2026-06-14T20:30:00Z',
  'when clocks go forward': '2026-03-28T23:10:00Z',
  'when clocks go back': '2026-10-24T22:10:00Z',
};

describe('every sum is what a second implementation finds in the raw log', () => {
  it.each(Object.entries(starts))('%s', (_, start) => {
    fc.assert(
      fc.property(randomLog(Date.parse(start)), fc.integer({ min: 0, max: 7_200_000 }), (log, laterMs) => {
        const now = endOf(log) + laterMs;
        expect(nonZero(fold(log, {}, now))).toEqual(naiveRows(log, options, now));
      }),
      { numRuns: 150 },
    );
  });

  it.each(['day', 'week'] as const)(
    'per %s over a clock change, counted so or put together from hours',
    (unit) => {
      fc.assert(
        fc.property(randomLog(Date.parse(starts['when clocks go back'])), (log) => {
          const naive = naiveRows(log, { ...options, unit }, endOf(log));
          expect(nonZero(fold(log, { unit }))).toEqual(naive);
          expect(nonZero(rowsPer(unit, options.timeZone, fold(log)))).toEqual(naive);
        }),
        { numRuns: 30 },
      );
    },
  );

  it('in the log that call distribution itself writes', () => {
    fc.assert(
      fc.property(randomSteps(80), fc.integer({ min: 0, max: 7_200_000 }), (steps, laterMs) => {
        const log = withStarts(runDay(steps).log);
        const now = endOf(log) + laterMs;
        expect(nonZero(fold(log, {}, now))).toEqual(naiveRows(log, options, now));
      }),
      { numRuns: 100 },
    );
  });
});
