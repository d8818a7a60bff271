import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../../../../src/domain/call-event.ts';
import { evaluate, type FigureId, figureIds, figures } from '../../../../src/domain/metrics/figures.ts';
import { foldMetrics } from '../../../../src/domain/metrics/fold-metrics.ts';
import { measures, totalOf, totalsBy } from '../../../../src/domain/metrics/measures.ts';
import { rowsAt } from '../../../../src/domain/metrics/snapshot.ts';
import { createMetrics, defaultTargets } from '../../../../src/domain/metrics/state.ts';
import { randomLog } from '../../../support/random-log.ts';

const startAt = Date.parse('2026-10-24T22:10:00Z');

/** Logs in no order, with pieces missing and clocks that jump: what no appliance should ever write. */
const brokenLog = fc
  .tuple(
    randomLog(startAt),
    fc.array(fc.nat({ max: 200 })),
    fc.array(fc.tuple(fc.nat({ max: 200 }), fc.maxSafeInteger())),
  )
  .map(([log, swaps, jumps]) => {
    const broken: LogEvent[] = [...log];
    for (const i of swaps) {
      const [taken] = broken.splice(i % Math.max(1, broken.length), 1);
      if (taken && i % 3 > 0) broken.splice((i * 7) % (broken.length + 1), 0, taken);
    }
    for (const [i, ms] of jumps) {
      const event = broken[i];
      if (event) broken[i] = { ...event, at: startAt + (ms % (400 * 86_400_000)) };
    }
    return broken;
  });

describe('whatever the log holds', () => {
  it('no sum is negative or not a number, no share is outside 0 to 1, every visit has one outcome', () => {
    fc.assert(
      fc.property(brokenLog, fc.integer({ min: -7_200_000, max: 7_200_000 }), (log, laterMs) => {
        const state = createMetrics({ timeZone: 'Europe/Budapest', unit: 'hour', targets: defaultTargets });
        for (const event of log) foldMetrics(state, event);
        const rows = rowsAt(state, Math.max(startAt, ...log.map(({ at }) => at)) + laterMs);
        const total = totalOf(rows);
        expect(measures.filter((measure) => !(total[measure] >= 0))).toEqual([]);
        const wrong: FigureId[] = [];
        for (const sums of [total, ...totalsBy(rows, ({ queueId }) => queueId).values()])
          for (const id of figureIds) {
            const { value } = evaluate(id, sums);
            if (figures[id].unit === 'share' && value !== null && !(value >= 0 && value <= 1)) wrong.push(id);
          }
        expect(wrong).toEqual([]);
        const waiting = [...state.calls.values()].filter(({ visit }) => visit).length;
        expect(evaluate('waiting', total).value).toBe(waiting);
      }),
      { numRuns: 200 },
    );
  });
});
