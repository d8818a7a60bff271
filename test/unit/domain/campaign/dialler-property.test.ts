import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localDate } from '../../../../src/domain/campaign/hours.ts';
import { DiallingDay, dayCampaign } from './dialling-day.ts';

const hourOf = (zone: string, at: number): number =>
  Number(new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(at));
const weekdayOf = (zone: string, at: number): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short' }).format(at);

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

describe('whatever happens to a campaign', () => {
  it('no agent has two lines, nobody is called outside hours, on the list, without an intent, or too often', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const day = new DiallingDay(seed);
        day.live(26, true);
        expect(day.breaches).toEqual([]);
        for (const { zone, at } of day.dials) {
          // An intent may be on disk a moment before the hour ends.
          expect(hourOf(zone, at), `${zone} ${new Date(at).toISOString()}`).toBeGreaterThanOrEqual(9);
          expect(hourOf(zone, at - 1000)).toBeLessThan(18);
          expect(['Sat', 'Sun']).not.toContain(weekdayOf(zone, at));
        }
        const counted = day.rows().filter(({ result }) => result !== 'congested');
        for (const [number, calls] of countBy(counted, (row) => row.number))
          expect(calls, number).toBeLessThanOrEqual(dayCampaign.maxAttempts);
        const zoneOf = new Map(day.people.map(({ number, zone }) => [number, zone]));
        const perDay = countBy(
          counted,
          (row) => `${row.number} ${localDate(zoneOf.get(row.number) ?? 'UTC', row.intentAt)}`,
        );
        for (const [key, calls] of perDay)
          expect(calls, key).toBeLessThanOrEqual(dayCampaign.maxAttemptsPerDay);
      }),
      { numRuns: 10 },
    );
  });

  it('a number of unknown outcome is never dialled again by itself', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const day = new DiallingDay(seed);
        day.live(6, true);
        day.crash();
        day.calm();
        day.live(12, false);
        const lastUnknown = new Map<string, number>();
        for (const row of day.rows()) if (row.result === 'unknown') lastUnknown.set(row.number, row.intentAt);
        for (const [number, at] of lastUnknown)
          expect(day.rows().filter((row) => row.number === number && row.intentAt > at)).toEqual([]);
      }),
      { numRuns: 3 },
    );
  });

  it('every attempt gets one result, every agent is given back, and every lead is dealt with in the end', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const day = new DiallingDay(seed);
        day.live(10, true);
        day.calm();
        day.live(24 * 4, false);
        expect(day.breaches).toEqual([]);
        expect(day.openLegs).toBe(0);
        expect([...day.state.lines.keys()]).toEqual([]);
        expect([...day.reserved]).toEqual([]);
        expect(day.rows().filter(({ result }) => result === null)).toEqual([]);
        const supply = day.leads.supply(dayCampaign, 'UTC');
        const { new: fresh, retry, callback, dialling } = supply.counts.byState;
        expect(fresh + retry + callback + dialling - supply.counts.doNotCall).toBe(0);
        expect(supply.callable).toBe(0);
      }),
      { numRuns: 3 },
    );
  });
});
