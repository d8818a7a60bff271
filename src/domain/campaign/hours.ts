/**
 * Whether people may be called now, by the clock where they are. A lead that may be in several zones is called only
 * when the hour is right in all of them: nobody is woken because a table guessed.
 */
import { calendarOf } from '../metrics/calendar.ts';
import type { CallingWindow } from '../settings/campaigns.ts';

export interface CallingHours {
  readonly windows: readonly CallingWindow[];
  /** YYYY-MM-DD */
  readonly holidays: readonly string[];
}

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;
/** Offsets remembered for each zone. */
const maxRemembered = 2_000;
const dayMs = 24 * 60 * minuteMs;
/** Days looked ahead for the next opening: long holidays fit. */
const daysAhead = 40;

/** Whether it is a time to call in every one of these zones; never when there is none. */
export function isCallingTime(hours: CallingHours, zones: readonly string[], at: number): boolean {
  return zones.length > 0 && zones.every((zone) => isOpenIn(hours, zone, at));
}

/**
 * The first moment from `at` on at which it is a time to call in all of these zones; null when there is none within
 * forty days (zones whose hours never meet, or nothing but holidays).
 */
export function nextCallingTime(hours: CallingHours, zones: readonly string[], at: number): number | null {
  if (zones.length === 0) return null;
  const distinct = distinctZones(zones, at);
  if (isCallingTime(hours, distinct, at)) return at;
  let found: number | null = null;
  for (let day = 0; day < daysAhead; day++) {
    const openings = distinct.flatMap((zone) => openingsOf(hours, zone, at, day)).sort((a, b) => a - b);
    const first = openings.find((opening) => isCallingTime(hours, distinct, opening));
    // The same day begins at other moments elsewhere: one day more may still have an earlier opening.
    if (found !== null) return first === undefined ? found : Math.min(found, first);
    found = first ?? null;
  }
  return found;
}

/** The local day of a moment, as YYYY-MM-DD. */
export function localDate(zone: string, at: number): string {
  return dateText(Math.floor((at + offsetMs(zone, at)) / dayMs));
}

/** Whether the runtime knows an IANA zone of this name. */
export function isZone(zone: string): boolean {
  try {
    calendarOf(zone);
    return true;
  } catch {
    return false;
  }
}

function isOpenIn({ windows, holidays }: CallingHours, zone: string, at: number): boolean {
  const local = at + offsetMs(zone, at);
  const day = Math.floor(local / dayMs);
  const minute = Math.floor((local - day * dayMs) / minuteMs);
  if (holidays.length > 0 && holidays.includes(dateText(day))) return false;
  const weekday = weekdayOf(day);
  return windows.some(
    ({ days, from, until }) => days.includes(weekday) && minute >= minuteOf(from) && minute < minuteOf(until),
  );
}

/** Moments after `at` at which a window of this zone begins, so many days from now. */
function openingsOf(
  { windows, holidays }: CallingHours,
  zone: string,
  at: number,
  daysFromNow: number,
): number[] {
  const day = Math.floor((at + offsetMs(zone, at)) / dayMs) + daysFromNow;
  if (holidays.length > 0 && holidays.includes(dateText(day))) return [];
  const weekday = weekdayOf(day);
  return windows.flatMap(({ days, from }) => {
    if (!days.includes(weekday)) return [];
    const local = day * dayMs + minuteOf(from) * minuteMs;
    // The offset at that moment, found from the one just before it: clocks change at night, not within a window.
    const opening = local - offsetMs(zone, local - offsetMs(zone, local));
    return opening > at ? [opening] : [];
  });
}

/** One zone of each kind: those whose clocks agree over the days looked at need not be asked twice. */
function distinctZones(zones: readonly string[], at: number): string[] {
  const kinds = new Map<string, string>();
  for (const zone of zones) {
    const key = [0, 10, 20, 30, daysAhead].map((days) => offsetMs(zone, at + days * dayMs)).join();
    if (!kinds.has(key)) kinds.set(key, zone);
  }
  return [...kinds.values()];
}

const remembered = new Map<string, Map<number, number>>();

/** What clocks there are ahead of UTC. They change at full quarters of an hour only, so one answer serves for one. */
function offsetMs(zone: string, at: number): number {
  const quarter = Math.floor(at / quarterMs);
  let ofZone = remembered.get(zone);
  if (!ofZone || ofZone.size > maxRemembered) {
    ofZone = new Map();
    remembered.set(zone, ofZone);
  }
  let offset = ofZone.get(quarter);
  if (offset === undefined) {
    offset = calendarOf(zone).offsetMs(at);
    ofZone.set(quarter, offset);
  }
  return offset;
}

/** 1 = Monday … 7 = Sunday; day 0 was a Thursday. */
function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

function dateText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
