/** What the address asks for, as the API takes it. */
import type { EndpointQuery } from '../../../src/api/contract.ts';

export type Filters = Partial<NonNullable<EndpointQuery<'listCalls'>>>;

/** Parts of the address that are no filter. */
const notFilters = new Set(['t']);

/** Local midnight of `2026-01-05`, milliseconds; undefined for anything else. */
export function dayStart(text: string | undefined, addDays = 0): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? '');
  if (!match) return undefined;
  return new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + addDays).getTime();
}

/** Named stretches of days that end today: the days back to their first, and after their last. */
export const ranges: Record<string, { first: number; last: number }> = {
  today: { first: 0, last: 0 },
  yesterday: { first: 1, last: 1 },
  week: { first: 6, last: 0 },
  month: { first: 29, last: 0 },
};

function midnight(now: number, daysBack: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - daysBack).getTime();
}

const results = ['running', 'answered', 'abandoned', 'unanswered', 'failed'] as const;
const directions = ['inbound', 'outbound', 'internal'] as const;

/** The API's query from the address's; what the address has wrong is left out. */
export function filtersOf(query: Record<string, string>, now = Date.now()): Filters {
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
  const from = range ? midnight(now, range.first) : dayStart(query.from);
  if (from !== undefined) filters.from = from;
  const until = range
    ? range.last > 0
      ? midnight(now, range.last - 1)
      : undefined
    : dayStart(query.until, 1);
  if (until !== undefined) filters.until = until;
  return filters;
}

/** The filters of an address as text, for links and as a key; empty without any. */
export function filterText(query: Record<string, string>): string {
  return new URLSearchParams(Object.entries(query).filter(([key]) => !notFilters.has(key))).toString();
}
