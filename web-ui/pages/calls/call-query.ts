/** What the address asks for, as the API takes it. */
import type { EndpointQuery } from '../../../src/api/contract.ts';
import { calendarOf, parseDay } from '../../../src/domain/metrics/calendar.ts';

export type Filters = Partial<NonNullable<EndpointQuery<'listCalls'>>>;

/** Parts of the address that are no filter. */
const notFilters = new Set(['t']);

/** Midnight of `2026-01-05` by the office's clocks, as in reports, ms; undefined for anything else. */
export function dayStart(text: string | undefined, timeZone: string, addDays = 0): number | undefined {
  const day = parseDay(text ?? '');
  return day === undefined ? undefined : calendarOf(timeZone).startOfDay(day + addDays);
}

/** Named stretches of days that end today: the days back to their first, and after their last. */
export const ranges: Record<string, { first: number; last: number }> = {
  today: { first: 0, last: 0 },
  yesterday: { first: 1, last: 1 },
  week: { first: 6, last: 0 },
  month: { first: 29, last: 0 },
};

function midnight(now: number, daysBack: number, timeZone: string): number {
  const calendar = calendarOf(timeZone);
  return calendar.startOfDay(calendar.dayAt(now) - daysBack);
}

/** Whether the address speaks of days: then the office's time zone must be known to read it. */
export function namesDays({ range, from, until }: Record<string, string>): boolean {
  return Boolean(range || from || until);
}

const results = ['running', 'answered', 'abandoned', 'unanswered', 'failed'] as const;
const directions = ['inbound', 'outbound', 'internal'] as const;

/** The API's query from the address's, its days those of the office; what the address has wrong is left out. */
export function filtersOf(query: Record<string, string>, timeZone: string, now = Date.now()): Filters {
  const filters: Filters = {};
  const direction = directions.find((each) => each === query.direction);
  if (direction) filters.direction = direction;
  const result = results.find((each) => each === query.result);
  if (result) filters.result = result;
  if (query.abandoned === 'true') filters.result = 'abandoned';
  if (query.queueId) filters.queueId = query.queueId;
  if (query.agentId) filters.agentId = query.agentId;
  if (query.trunkId) filters.trunkId = query.trunkId;
  if (query.disposition) filters.disposition = query.disposition;
  const text = [query.text, query.number].filter(Boolean).join(' ').trim();
  if (text !== '') filters.text = text.slice(0, 100);
  if (query.recording === 'true' || query.recording === 'false') filters.hasRecording = query.recording;
  if (query.sound === 'poor') filters.sound = 'poor';
  const longer = Number(query.longer);
  if (Number.isInteger(longer) && longer > 0 && longer <= 86_400) filters.minTalkMs = longer * 1000;
  const range = ranges[query.range ?? ''];
  const from = range ? midnight(now, range.first, timeZone) : dayStart(query.from, timeZone);
  if (from !== undefined) filters.from = from;
  const until = range
    ? range.last > 0
      ? midnight(now, range.last - 1, timeZone)
      : undefined
    : dayStart(query.until, timeZone, 1);
  if (until !== undefined) filters.until = until;
  return filters;
}

/** The filters of an address as text, for links and as a key; empty without any. */
export function filterText(query: Record<string, string>): string {
  return new URLSearchParams(Object.entries(query).filter(([key]) => !notFilters.has(key))).toString();
}
