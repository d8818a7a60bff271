/**
 * Whether the office is open, and why. Pure: a schedule, the office's time zone, the night button and a moment go in.
 *
 * A schedule is turned into stretches of absolute time, so that a day of a clock change is right by itself: what is
 * skipped is not open, an hour that comes twice does not open twice. The night button stands before the schedule.
 */
import type { TraceNote } from './call-event.ts';
import { type Calendar, calendarOf } from './metrics/calendar.ts';
import type { OpenWindow, Schedule, SpecialDay } from './settings/schedules.ts';
import { traceNote } from './trace-notes.ts';

/** What somebody decided for the whole office, against its schedules. */
export interface NightMode {
  mode: 'closed' | 'open';
  since: number;
  who: string;
  /** `next-opening`: each schedule rules again from its next opening on. */
  ends: 'next-opening' | 'stays';
}

export interface ScheduleState {
  open: boolean;
  /** In words, times on the office's clocks. */
  note: TraceNote;
  /** When that will be different, or the night button is over; absent: not within a year. */
  changesAt?: number;
}

interface Opening {
  startAt: number;
  endAt: number;
}

const dayMs = 86_400_000;
/** How far is looked for the next change. */
const horizonDays = 400;

/** Whether a schedule is open at a moment. */
export function scheduleState(
  schedule: Schedule,
  timeZone: string,
  at: number,
  night: NightMode | null = null,
): ScheduleState {
  const calendar = calendarOf(timeZone);
  const clock = (moment: number): string => clockText(calendar, moment, at);
  if (night && night.since <= at) {
    const endsAt = night.ends === 'next-opening' ? nextOpening(schedule, calendar, night.since) : undefined;
    if (endsAt === undefined || at < endsAt) {
      const params = { schedule: schedule.name, who: night.who, since: clock(night.since) };
      const open = night.mode === 'open';
      if (endsAt === undefined)
        return { open, note: traceNote(open ? 'hours.kept-open' : 'hours.kept-closed', params) };
      const note = traceNote(open ? 'hours.kept-open-until' : 'hours.kept-closed-until', {
        ...params,
        until: clock(endsAt),
      });
      return { open, note, changesAt: endsAt };
    }
  }
  const opening = openingAt(schedule, calendar, at);
  const open = opening !== undefined && opening.startAt <= at;
  const day = specialDayOf(schedule, localDay(calendar, at));
  const changesAt = open ? endOf(opening) : opening?.startAt;
  const params = {
    schedule: schedule.name,
    ...(changesAt === undefined ? {} : { until: clock(changesAt) }),
    ...(day ? { day: day.name } : {}),
  };
  if (changesAt === undefined)
    return { open, note: traceNote(open ? 'hours.always-open' : 'hours.never-open', params) };
  const code = day
    ? open
      ? ('hours.open-day' as const)
      : ('hours.closed-day' as const)
    : open
      ? ('hours.open' as const)
      : ('hours.closed' as const);
  return { open, note: traceNote(code, params), changesAt };
}

/** Whether the night button still rules any of the schedules; without schedules until it is pressed again. */
export function isNightModeOver(
  night: NightMode,
  schedules: readonly Schedule[],
  timeZone: string,
  at: number,
): boolean {
  if (night.ends === 'stays' || schedules.length === 0) return false;
  const calendar = calendarOf(timeZone);
  return schedules.every((schedule) => {
    const endsAt = nextOpening(schedule, calendar, night.since);
    return endsAt !== undefined && endsAt <= at;
  });
}

/** What was found last for a schedule: it is asked again with each call. */
const remembered = new WeakMap<
  Schedule,
  { calendar: Calendar; from: number; opening: Opening | undefined }
>();

/** The opening that a moment lies in, else the next one. */
function openingAt(schedule: Schedule, calendar: Calendar, at: number): Opening | undefined {
  const known = remembered.get(schedule);
  const isKnown =
    known?.calendar === calendar && known.from <= at && at < (known.opening?.endAt ?? known.from + dayMs);
  if (isKnown) return known.opening;
  const opening = findOpening(schedule, calendar, at);
  remembered.set(schedule, { calendar, from: opening ? Math.min(at, opening.startAt) : at, opening });
  return opening;
}

function findOpening(schedule: Schedule, calendar: Calendar, at: number): Opening | undefined {
  const today = localDay(calendar, at);
  let found: Opening | undefined;
  for (let day = today - 1; day <= today + horizonDays; day++) {
    for (const next of openingsOf(schedule, calendar, day)) {
      if (found && next.startAt > found.endAt) return found;
      if (found) found.endAt = Math.max(found.endAt, next.endAt);
      else if (next.endAt > at) found = next;
    }
    // Nothing followed on this day: the opening ended before it did.
    if (found && localDay(calendar, found.endAt - 1) < day) return found;
  }
  return found;
}

/** When an opening ends; undefined when no end is in sight. */
function endOf(opening: Opening): number | undefined {
  return opening.endAt - opening.startAt >= (horizonDays - 2) * dayMs ? undefined : opening.endAt;
}

/** The first opening that begins after a moment. */
function nextOpening(schedule: Schedule, calendar: Calendar, after: number): number | undefined {
  const opening = findOpening(schedule, calendar, after);
  if (!opening) return undefined;
  if (opening.startAt > after) return opening.startAt;
  const endAt = endOf(opening);
  return endAt === undefined ? undefined : findOpening(schedule, calendar, endAt)?.startAt;
}

/** The openings of one local day (days since 1 January 1970), in order of time. */
function openingsOf(schedule: Schedule, calendar: Calendar, day: number): Opening[] {
  const special = specialDayOf(schedule, day);
  const windows: readonly OpenWindow[] =
    special?.windows ?? schedule.week.filter((window) => window.day === weekday(day));
  return windows
    .map(({ from, until }) => ({
      startAt: calendar.momentOf(day * dayMs + msOf(from)),
      endAt: calendar.momentOf(day * dayMs + msOf(until)),
    }))
    .filter(({ startAt, endAt }) => startAt < endAt)
    .sort((a, b) => a.startAt - b.startAt);
}

function specialDayOf(schedule: Schedule, day: number): SpecialDay | undefined {
  if (schedule.days.length === 0) return undefined;
  const date = dateText(day);
  return schedule.days.find(({ from, until = from, yearly }) => {
    if (!yearly) return from <= date && date <= until;
    const [first, last, now] = [from.slice(5), until.slice(5), date.slice(5)];
    // Days in a row may lead over New Year.
    return first <= last ? first <= now && now <= last : now >= first || now <= last;
  });
}

function localDay(calendar: Calendar, at: number): number {
  return Math.floor((at + calendar.offsetMs(at)) / dayMs);
}

/** Monday 1 … Sunday 7; 1 January 1970 was a Thursday. */
function weekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

function msOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}

function dateText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** A moment on the office's clocks: the time alone when it is of the same day as `now`. */
function clockText(calendar: Calendar, at: number, now: number): string {
  const text = new Date(at + calendar.offsetMs(at)).toISOString();
  const time = text.slice(11, 16);
  return localDay(calendar, at) === localDay(calendar, now) ? time : `${text.slice(0, 10)} ${time}`;
}
