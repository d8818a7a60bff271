/** What the address asks for, as the API takes it. */
import type { EndpointQuery } from '../../../src/api/contract.ts';

export type Filters = Partial<NonNullable<EndpointQuery<'listCalls'>>>;

/** Local midnight of `2026-01-05`, milliseconds; undefined for anything else. */
export function dayStart(text: string | undefined, addDays = 0): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? '');
  if (!match) return undefined;
  return new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + addDays).getTime();
}

/** The API's query from the address's. */
export function filtersOf(query: Record<string, string>): Filters {
  const filters: Filters = {};
  const { direction, queueId, agentId, number, from, until, abandoned } = query;
  if (direction === 'inbound' || direction === 'outbound' || direction === 'internal')
    filters.direction = direction;
  if (queueId) filters.queueId = queueId;
  if (agentId) filters.agentId = agentId;
  const digits = number?.replace(/[^0-9*#+]/g, '');
  if (digits) filters.number = digits;
  const fromMs = dayStart(from);
  if (fromMs !== undefined) filters.from = fromMs;
  const untilMs = dayStart(until, 1);
  if (untilMs !== undefined) filters.until = untilMs;
  if (abandoned === 'true') filters.abandoned = 'true';
  return filters;
}
