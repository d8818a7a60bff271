import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNightModeOver, type NightMode, scheduleState } from '../../../src/domain/schedule.ts';
import { type Schedule, scheduleSchema } from '../../../src/domain/settings/schedules.ts';

const zone = 'Europe/Budapest';
const schedule = (input: object): Schedule =>
  scheduleSchema.parse({ id: 'office', name: 'Office', ...input });
const workdays = [1, 2, 3, 4, 5].map((day) => ({ day, from: '08:00', until: '17:00' }));
const office = schedule({
  week: workdays,
  days: [
    { name: 'Karácsony', from: '2025-12-24', until: '2025-12-26', yearly: true },
    { name: 'Inventory', from: '2026-02-03', windows: [{ from: '10:00', until: '12:00' }] },
    { name: 'New Year', from: '2025-12-31', until: '2026-01-01', yearly: true },
  ],
});
/** Winter time: UTC+1. */
const at = (text: string): number => Date.parse(`${text}+01:00`);
const summer = (text: string): number => Date.parse(`${text}+02:00`);

describe('opening hours', () => {
  it.each([
    ['2026-01-05T08:00', true, 'hours.open', '17:00'],
    ['2026-01-05T16:59:59.999', true, 'hours.open', '17:00'],
    ['2026-01-05T17:00', false, 'hours.closed', '2026-01-06 08:00'],
    ['2026-01-05T07:59:59.999', false, 'hours.closed', '08:00'],
    ['2026-01-09T18:00', false, 'hours.closed', '2026-01-12 08:00'],
    ['2026-12-24T10:00', false, 'hours.closed-day', '2026-12-28 08:00'],
    ['2026-02-03T09:00', false, 'hours.closed-day', '10:00'],
    ['2026-02-03T11:00', true, 'hours.open-day', '12:00'],
    ['2027-12-31T10:00', false, 'hours.closed-day', '2028-01-03 08:00'],
    ['2027-01-01T10:00', false, 'hours.closed-day', '2027-01-04 08:00'],
  ])('at %s: open %s, %s until %s', (moment, open, code, until) => {
    const state = scheduleState(office, zone, at(moment));
    expect(state).toMatchObject({ open, note: { code, params: { until } } });
    expect(scheduleState(office, zone, state.changesAt ?? 0).open).toBe(!open);
  });

  it('stays open over midnight where one opening meets the next', () => {
    const late = schedule({
      week: [
        { day: 5, from: '20:00', until: '24:00' },
        { day: 6, from: '00:00', until: '02:00' },
      ],
    });
    expect(scheduleState(late, zone, at('2026-01-09T23:30'))).toMatchObject({
      open: true,
      changesAt: at('2026-01-10T02:00'),
    });
  });

  it('says so when it never closes, or never opens', () => {
    const always = schedule({
      week: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', until: '24:00' })),
    });
    expect(scheduleState(always, zone, at('2026-01-05T03:00'))).toEqual({
      open: true,
      note: { code: 'hours.always-open', params: { schedule: 'Office' } },
    });
    expect(scheduleState(schedule({}), zone, at('2026-01-05T03:00')).note.code).toBe('hours.never-open');
  });

  it('is exact on the days the clocks change: what is skipped is not open, what comes twice does not open twice', () => {
    const night = schedule({ week: [{ day: 7, from: '01:30', until: '02:30' }] });
    // 29 March 2026: 02:00 becomes 03:00. The opening ends when the clocks jump.
    expect(scheduleState(night, zone, at('2026-03-29T01:45'))).toMatchObject({
      open: true,
      changesAt: summer('2026-03-29T03:00'),
    });
    // 25 October 2026: 03:00 summer time becomes 02:00 winter time. 02:30 is there twice, the first counts.
    expect(scheduleState(night, zone, summer('2026-10-25T02:29')).open).toBe(true);
    expect(scheduleState(night, zone, summer('2026-10-25T02:30')).open).toBe(false);
    expect(scheduleState(night, zone, at('2026-10-25T02:15')).open).toBe(false);
    const day = schedule({ week: [{ day: 7, from: '00:00', until: '12:00' }] });
    const noon = scheduleState(day, zone, summer('2026-10-25T00:00')).changesAt ?? 0;
    expect(noon - summer('2026-10-25T00:00')).toBe(13 * 3_600_000);
  });

  it('changes at the moment it names and not before, whatever the hours', () => {
    const time = fc.integer({ min: 0, max: 47 }).map((half) => half * 30);
    const text = (minutes: number): string =>
      `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${minutes % 60 === 0 ? '00' : '30'}`;
    const week = fc.uniqueArray(
      fc.record({ day: fc.integer({ min: 1, max: 7 }), from: time, length: time }),
      {
        selector: (window) => window.day,
        maxLength: 7,
      },
    );
    fc.assert(
      fc.property(week, fc.integer({ min: 0, max: 366 * 48 }), (windows, half) => {
        const made = schedule({
          week: windows.map(({ day, from, length }) => ({
            day,
            from: text(from),
            until: text(Math.min(1440, from + length + 30)),
          })),
        });
        const now = Date.UTC(2026, 0, 1) + half * 1_800_000;
        const state = scheduleState(made, zone, now);
        if (state.changesAt === undefined) return;
        expect(state.changesAt).toBeGreaterThan(now);
        for (let step = now; step < state.changesAt; step += 3_600_000)
          expect(scheduleState(made, zone, step).open).toBe(state.open);
        expect(scheduleState(made, zone, state.changesAt).open).toBe(!state.open);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the night button', () => {
  const night = (change: Partial<NightMode> = {}): NightMode => ({
    mode: 'closed',
    since: at('2026-01-05T15:00'),
    who: 'Anna',
    ends: 'next-opening',
    ...change,
  });

  it('closes until the next opening, then the hours rule again', () => {
    expect(scheduleState(office, zone, at('2026-01-05T15:01'), night())).toEqual({
      open: false,
      note: {
        code: 'hours.kept-closed-until',
        params: { schedule: 'Office', who: 'Anna', since: '15:00', until: '2026-01-06 08:00' },
      },
      changesAt: at('2026-01-06T08:00'),
    });
    expect(scheduleState(office, zone, at('2026-01-06T08:00'), night()).open).toBe(true);
    expect(scheduleState(office, zone, at('2026-01-05T14:59'), night()).open).toBe(true);
  });

  it('opens in the same way, and stays for good when told to', () => {
    const opened = night({ mode: 'open', since: at('2026-01-05T20:00') });
    expect(scheduleState(office, zone, at('2026-01-05T21:00'), opened).open).toBe(true);
    const stays = night({ ends: 'stays' });
    expect(scheduleState(office, zone, at('2026-06-01T10:00'), stays).note.code).toBe('hours.kept-closed');
  });

  it('is over when every schedule has opened since', () => {
    const weekend = schedule({ week: [{ day: 6, from: '10:00', until: '12:00' }] });
    expect(isNightModeOver(night(), [office, weekend], zone, at('2026-01-06T08:00'))).toBe(false);
    expect(isNightModeOver(night(), [office, weekend], zone, at('2026-01-10T10:00'))).toBe(true);
    expect(isNightModeOver(night(), [], zone, at('2027-01-10T10:00'))).toBe(false);
  });
});

describe('a schedule', () => {
  it.each([
    [{ week: [{ day: 1, from: '09:00', until: '08:00' }] }, 'the end must be later than the beginning'],
    [{ week: [{ day: 1, from: '8:00', until: '09:00' }] }, 'a time like 08:30, 24:00 at the latest'],
    [
      {
        week: [
          { day: 1, from: '08:00', until: '12:00' },
          { day: 1, from: '11:00', until: '13:00' },
        ],
      },
      'overlaps another opening of this day',
    ],
    [{ days: [{ name: 'x', from: '2026-02-30' }] }, 'Invalid ISO date'],
    [
      { days: [{ name: 'x', from: '2026-02-03', until: '2026-02-01' }] },
      'the last day must not be before the first',
    ],
  ])('that makes no sense is refused: %j', (input, message) => {
    const result = scheduleSchema.safeParse({ id: 'office', name: 'Office', ...input });
    expect(result.error?.issues[0]?.message).toBe(message);
  });
});
