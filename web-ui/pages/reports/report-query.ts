/** What a report is asked for: the address of the page, the query of the API, and the way to other periods. Pure. */
import type { EndpointQuery } from '../../../src/api/contract.ts';
import { formatDay, parseDay } from '../../../src/domain/metrics/calendar.ts';
import {
  datesOf,
  type PeriodKind,
  periodBefore,
  periodKinds,
  periodOf,
} from '../../../src/domain/metrics/period.ts';

export const groupings = ['queue', 'agent', 'hour', 'day', 'weekday'] as const;
export type ReportBy = (typeof groupings)[number];
export type ReportQuery = Partial<NonNullable<EndpointQuery<'report'>>> & {
  period: PeriodKind;
  by: ReportBy;
};
export type Address = Record<string, string>;

const isOneOf = <Word extends string>(words: readonly Word[], word: string | undefined): word is Word =>
  words.includes(word as Word);

/** What an address asks for; what it says wrongly counts as not said. */
export function queryOf(address: Address): ReportQuery {
  const { period, by, date, to, queueId, agentId, compare } = address;
  const dates = parseDay(date ?? '') !== undefined ? { date } : {};
  const isCustom = period === 'custom' && dates.date !== undefined && parseDay(to ?? '') !== undefined;
  const grouping = isOneOf(groupings, by) ? by : 'queue';
  const hasBoth = queueId !== undefined && agentId !== undefined;
  return {
    period: isCustom ? 'custom' : isOneOf(periodKinds, period) && period !== 'custom' ? period : 'day',
    by: grouping,
    ...dates,
    ...(isCustom ? { to } : {}),
    ...(queueId ? { queueId } : {}),
    // Hours are known of a queue or of an agent, not of both.
    ...(agentId && !(hasBoth && grouping === 'hour') ? { agentId } : {}),
    ...(compare === 'true' ? { compare: 'true' as const } : {}),
  };
}

/** As an address or for the API: what is said, in a fixed order. */
export function addressOf(query: ReportQuery): string {
  const { period, date, to, by, queueId, agentId, compare } = query;
  const said = Object.entries({ period, date, to, by, queueId, agentId, compare });
  return new URLSearchParams(
    said.filter((pair): pair is [string, string] => pair[1] !== undefined),
  ).toString();
}

/** The query with the period moved: by one of its kind, or by as many days. @param shown dates of the report shown */
export function moved(query: ReportQuery, shown: { date: string; to: string }, back: boolean): ReportQuery {
  const [first, last] = [parseDay(shown.date) ?? 0, parseDay(shown.to) ?? 0];
  const present = periodOf(query.period, first, last);
  const days = present.end - present.first;
  const period = back
    ? periodBefore(present)
    : periodOf(query.period, present.end, query.period === 'custom' ? present.end + days - 1 : undefined);
  const { date, to } = datesOf(period);
  return { ...query, date, ...(query.period === 'custom' ? { to } : {}) };
}

/** The query with another kind of period, about the days that are shown. */
export function withPeriod(
  query: ReportQuery,
  shown: { date: string; to: string },
  period: PeriodKind,
): ReportQuery {
  const { to: _, ...rest } = query;
  return { ...rest, period, date: shown.date, ...(period === 'custom' ? { to: shown.to } : {}) };
}

/** The query with other first and last days; the later one of two wrong ones gives way. */
export function withDays(query: ReportQuery, date: string, to: string): ReportQuery {
  const [first, last] = [parseDay(date), parseDay(to)];
  if (first === undefined || last === undefined) return query;
  return { ...query, date, to: formatDay(Math.max(first, last)) };
}

/** Where the calls are that a row or a figure counts. */
export function callsHref(
  query: Pick<ReportQuery, 'queueId' | 'agentId' | 'by'>,
  shown: { date: string; to: string },
  row: string | undefined,
  more: Record<string, string> = {},
): string {
  const ofDay = query.by === 'day' && row !== undefined;
  const parts = {
    from: ofDay ? row : shown.date,
    until: ofDay ? row : shown.to,
    queueId: query.by === 'queue' && row !== undefined ? row : query.queueId,
    agentId: query.by === 'agent' && row !== undefined ? row : query.agentId,
    ...more,
  };
  const said = Object.entries(parts).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return `/calls?${new URLSearchParams(said)}`;
}
