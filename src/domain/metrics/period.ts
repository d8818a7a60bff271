/** Periods that a report is about, as the office's calendar has them, and the one before. */
import { calendarOf, firstOfMonth, formatDay, weekdayOf } from './calendar.ts';

export const periodKinds = ['day', 'week', 'month', 'custom'] as const;
export type PeriodKind = (typeof periodKinds)[number];

/** From the first moment of day `first` to that of day `end` (excluded); days since 1 January 1970. */
export interface Period {
  kind: PeriodKind;
  first: number;
  end: number;
}

/**
 * The period in which `day` lies. A week begins on Monday.
 * @param last last day of a custom period (included); not before `day`
 */
export function periodOf(kind: PeriodKind, day: number, last = day): Period {
  switch (kind) {
    case 'day':
      return { kind, first: day, end: day + 1 };
    case 'week': {
      const first = day - weekdayOf(day) + 1;
      return { kind, first, end: first + 7 };
    }
    case 'month':
      return { kind, first: firstOfMonth(day), end: firstOfMonth(day, 1) };
    case 'custom':
      return { kind, first: day, end: last + 1 };
  }
}

/** The period of the same kind, or of as many days, just before. */
export function periodBefore({ kind, first, end }: Period): Period {
  return kind === 'custom' ? { kind, first: first - (end - first), end: first } : periodOf(kind, first - 1);
}

/** In ms since the epoch. */
export function windowOf({ first, end }: Period, timeZone: string): { from: number; until: number } {
  const calendar = calendarOf(timeZone);
  return { from: calendar.startOfDay(first), until: calendar.startOfDay(end) };
}

/** First and last day as `2026-03-29`. */
export function datesOf({ first, end }: Period): { date: string; to: string } {
  return { date: formatDay(first), to: formatDay(end - 1) };
}
