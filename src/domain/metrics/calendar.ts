/**
 * Hours, days and weeks as the office's clocks show them, as stretches of absolute time. They follow each other
 * without gap or overlap whatever the zone does to its clocks: a day of a clock change has 23 or 25 hours, an hour
 * that comes twice is two intervals, a midnight that does not exist is replaced by the moment of the change.
 */

export const intervalUnits = ['hour', 'day', 'week'] as const;
export type IntervalUnit = (typeof intervalUnits)[number];

/** From `startAt` (included) to `endAt` (excluded), ms since the epoch. */
export interface Interval {
  startAt: number;
  endAt: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** More than any zone differs from any other, or from its own yesterday. */
const farMs = 36 * hourMs;
/** 1 January 1970 was a Thursday; weeks begin on Monday (ISO 8601). */
const daysSinceMonday = 3;
/** Intervals remembered; a year of hours fits. */
const maxRemembered = 10_000;

export class Calendar {
  readonly timeZone: string;
  readonly #format: Intl.DateTimeFormat;
  /** The interval found last for each hour of UTC: asking again costs nothing. */
  readonly #remembered: Record<IntervalUnit, Map<number, Interval>> = {
    hour: new Map(),
    day: new Map(),
    week: new Map(),
  };

  /** @throws RangeError when no IANA time zone has this name */
  constructor(timeZone: string) {
    this.timeZone = timeZone;
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** The interval that a moment (ms since the epoch) lies in. */
  intervalAt(at: number, unit: IntervalUnit): Interval {
    const remembered = this.#remembered[unit];
    const key = Math.floor(at / hourMs);
    const known = remembered.get(key);
    if (known && known.startAt <= at && at < known.endAt) return known;
    const found = unit === 'hour' ? this.#hourAt(at) : this.#daysAt(at, unit === 'week' ? 7 : 1);
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(key, found);
    return found;
  }

  /** The local day that a moment lies in, in days since 1 January 1970. */
  dayAt(at: number): number {
    const { startAt } = this.intervalAt(at, 'day');
    return Math.floor((startAt + this.offsetMs(startAt)) / dayMs);
  }

  /** The first moment of a local day, given in days since 1 January 1970. */
  startOfDay(day: number): number {
    return this.#midnight(day);
  }

  /** The hour of the local clock that a moment lies in, 0 to 23. */
  hourAt(at: number): number {
    return Math.floor((at + this.offsetMs(at)) / hourMs) % 24;
  }

  /** What local clocks are ahead of UTC at a moment, in milliseconds. */
  offsetMs(at: number): number {
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(at)) part[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
  }

  /** A full hour of the local clock; cut short where the clocks change within it. */
  #hourAt(at: number): Interval {
    const offsetMs = this.offsetMs(at);
    const startAt = Math.floor((at + offsetMs) / hourMs) * hourMs - offsetMs;
    const endAt = startAt + hourMs;
    return {
      startAt: this.offsetMs(startAt) === offsetMs ? startAt : this.#changeBetween(startAt, at),
      endAt: this.offsetMs(endAt - 1) === offsetMs ? endAt : this.#changeBetween(at, endAt - 1),
    };
  }

  #daysAt(at: number, days: 1 | 7): Interval {
    const today = Math.floor((at + this.offsetMs(at)) / dayMs);
    let first = days === 1 ? today : today - ((today + daysSinceMonday) % 7);
    let endAt = this.#midnight(first + days);
    // Clocks set back over midnight show yesterday once more: it stays today.
    if (endAt <= at) {
      first += days;
      endAt = this.#midnight(first + days);
    }
    return { startAt: this.#midnight(first), endAt };
  }

  /** The first moment of a local day, given in days since 1 January 1970. */
  #midnight(day: number): number {
    return this.momentOf(day * dayMs);
  }

  /**
   * The first moment at which local clocks show `local` (a local date and time as if it were UTC, ms); where clocks
   * skip it, the moment they jump.
   */
  momentOf(local: number): number {
    const before = this.offsetMs(local - farMs);
    const after = this.offsetMs(local + farMs);
    const candidates = [local - Math.max(before, after), local - Math.min(before, after)];
    const exact = candidates.find((at) => at + this.offsetMs(at) === local);
    return exact ?? this.#changeBetween(Math.min(...candidates) - 1, Math.max(...candidates));
  }

  /** The first moment after `from`, up to `to`, with the offset that `to` has. */
  #changeBetween(from: number, to: number): number {
    const offsetMs = this.offsetMs(to);
    let before = from;
    let after = to;
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.offsetMs(middle) === offsetMs) after = middle;
      else before = middle;
    }
    return after;
  }
}

/** The weekday of a day since 1 January 1970: 1 Monday to 7 Sunday (ISO 8601). */
export function weekdayOf(day: number): number {
  return ((day + daysSinceMonday) % 7) + 1;
}

/** The first day of the month that a day lies in, or of the one `months` later; days since 1 January 1970. */
export function firstOfMonth(day: number, months = 0): number {
  const date = new Date(day * dayMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / dayMs;
}

/** `2026-03-29`, as a day since 1 January 1970; undefined when there is no such day. */
export function parseDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) || formatDay(at / dayMs) !== text ? undefined : at / dayMs;
}

/** `2026-03-29` */
export function formatDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

const calendars = new Map<string, Calendar>();

/** The calendar of a time zone; one for all who ask. @throws RangeError when no IANA time zone has this name */
export function calendarOf(timeZone: string): Calendar {
  const known = calendars.get(timeZone);
  if (known) return known;
  const calendar = new Calendar(timeZone);
  calendars.set(timeZone, calendar);
  return calendar;
}
