import { describe, expect, it } from 'vitest';
import { Calendar, type IntervalUnit, intervalUnits } from '../../../../src/domain/metrics/calendar.ts';
import { NaiveIntervals } from '../../../support/naive-intervals.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Start and length in hours. */
function intervalAt(timeZone: string, at: string, unit: IntervalUnit): [string, number] {
  const { startAt, endAt } = new Calendar(timeZone).intervalAt(Date.parse(at), unit);
  return [new Date(startAt).toISOString(), (endAt - startAt) / hourMs];
}

describe('an interval', () => {
  it.each<[string, string, string, IntervalUnit, string, number]>([
    ['an hour', 'UTC', '2026-06-10T08:17:33.250Z', 'hour', '2026-06-10T08:00:00.000Z', 1],
    ['its own first moment', 'UTC', '2026-06-10T08:00:00.000Z', 'hour', '2026-06-10T08:00:00.000Z', 1],
    [
      'an hour half past elsewhere',
      'Asia/Kolkata',
      '2026-06-10T08:17:00Z',
      'hour',
      '2026-06-10T07:30:00.000Z',
      1,
    ],
    ['a day', 'Europe/Budapest', '2026-06-10T22:17:00Z', 'day', '2026-06-10T22:00:00.000Z', 24],
    ['a day of 23 hours', 'Europe/Budapest', '2026-03-29T12:00:00Z', 'day', '2026-03-28T23:00:00.000Z', 23],
    ['a day of 25 hours', 'Europe/Budapest', '2026-10-25T12:00:00Z', 'day', '2026-10-24T22:00:00.000Z', 25],
    [
      'a week from Monday',
      'Europe/Budapest',
      '2026-06-14T21:59:00Z',
      'week',
      '2026-06-07T22:00:00.000Z',
      168,
    ],
    [
      'a week of a clock change',
      'Europe/Budapest',
      '2026-10-25T22:59:00Z',
      'week',
      '2026-10-18T22:00:00.000Z',
      169,
    ],
    [
      'the hour 2 to 3 for the first time',
      'Europe/Budapest',
      '2026-10-25T00:30:00Z',
      'hour',
      '2026-10-25T00:00:00.000Z',
      1,
    ],
    [
      'the hour 2 to 3 once more',
      'Europe/Budapest',
      '2026-10-25T01:30:00Z',
      'hour',
      '2026-10-25T01:00:00.000Z',
      1,
    ],
    ['a day without midnight', 'Africa/Cairo', '2026-04-24T09:00:00Z', 'day', '2026-04-23T22:00:00.000Z', 23],
    [
      'a day before a missing day',
      'Pacific/Apia',
      '2011-12-30T09:00:00Z',
      'day',
      '2011-12-29T10:00:00.000Z',
      24,
    ],
    [
      'clocks that go back half an hour',
      'Australia/Lord_Howe',
      '2026-04-04T15:10:00Z',
      'hour',
      '2026-04-04T15:00:00.000Z',
      0.5,
    ],
    [
      'yesterday shown once more after midnight',
      'America/St_Johns',
      '2006-10-29T03:00:00Z',
      'day',
      '2006-10-29T02:30:00.000Z',
      25,
    ],
    ['a moment before 1970', 'UTC', '1969-12-31T23:30:00Z', 'week', '1969-12-29T00:00:00.000Z', 168],
  ])('is found for %s', (_, timeZone, at, unit, start, hours) => {
    expect(intervalAt(timeZone, at, unit)).toEqual([start, hours]);
  });

  it('of an unknown time zone is an error', () => {
    expect(() => new Calendar('Mars/Olympus')).toThrow(RangeError);
  });
});

describe('intervals follow each other without gap or overlap', () => {
  /** Around a clock change of each kind. */
  const changes: [string, string][] = [
    ['Europe/Budapest', '2026-03-29T01:00:00Z'],
    ['Europe/Budapest', '2026-10-25T01:00:00Z'],
    ['America/New_York', '2026-11-01T06:00:00Z'],
    ['Africa/Cairo', '2026-04-23T22:00:00Z'],
    ['Africa/Cairo', '2026-10-29T21:00:00Z'],
    ['America/Havana', '2026-11-01T05:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
    ['America/St_Johns', '2006-10-29T02:31:00Z'],
    ['Asia/Kathmandu', '1985-12-31T18:30:00Z'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ];
  it.each(changes.flatMap(([zone, at]) => intervalUnits.map((unit) => [unit, zone, at] as const)))(
    '%s in %s around %s',
    (unit, timeZone, change) => {
      const from = Date.parse(change) - 30 * hourMs;
      const calendar = new Calendar(timeZone);
      let { startAt, endAt } = calendar.intervalAt(from, unit);
      const until = from + (unit === 'week' ? 21 * 24 : 60) * hourMs;
      while (endAt < until) {
        // Asked of a fresh calendar: what is remembered of the interval before must not matter.
        const next = new Calendar(timeZone).intervalAt(endAt, unit);
        expect(next.startAt).toBe(endAt);
        expect(next.endAt).toBeGreaterThan(next.startAt);
        for (const at of [next.startAt + 1, (next.startAt + next.endAt) / 2, next.endAt - 1])
          expect(calendar.intervalAt(at, unit)).toEqual(next);
        ({ startAt, endAt } = next);
      }
      expect(startAt).toBeGreaterThan(from);
    },
  );

  it.each(
    changes.slice(0, 3).flatMap(([zone, at]) => intervalUnits.map((unit) => [unit, zone, at] as const)),
  )(
    'and begin where somebody who watches the clock sees a new %s: %s around %s',
    (unit, timeZone, change) => {
      const calendar = new Calendar(timeZone);
      const naive = new NaiveIntervals({ timeZone, unit });
      const from = Date.parse(change) - 30 * hourMs;
      for (let at = from; at < from + 60 * hourMs; at += 17 * minuteMs)
        expect(calendar.intervalAt(at, unit).startAt).toBe(naive.startOf(at));
    },
  );
});
