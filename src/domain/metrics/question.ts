/** What may be asked of the figures, and rows put together as asked. */
import { type Calendar, calendarOf, weekdayOf } from './calendar.ts';
import { addSums, type MetricRow, measures, noSums, type Sums } from './measures.ts';

/** `hour`: of the day, 0 to 23; `weekday`: 1 Monday to 7 Sunday. */
export const groupings = ['all', 'queue', 'agent', 'hour', 'day', 'weekday'] as const;
export type Grouping = (typeof groupings)[number];

/**
 * What is counted from `from` (included) to `until` (excluded), ms since the epoch. Both are moved outward to full
 * hours of the office's clock, to full days where the answer is by day or weekday, or by two of queue and agent.
 */
export interface FigureQuestion {
  from: number;
  until: number;
  by: Grouping;
  queueId?: string;
  agentId?: string;
}

/** Id of a queue or agent (`''`: of none), hour, weekday, or start of a day in ms since the epoch; of `all`: ''. */
export type GroupKey = string | number;

export interface FigureGroup {
  key: GroupKey;
  sums: Sums;
}

/** How far the log is counted. Figures lack what comes after. */
export interface FiguresProgress {
  /** Number of the last event counted. */
  seq: number;
  /** Number of the last event of the log. */
  lastSeq: number;
}

export interface FiguresAnswer extends FiguresProgress {
  /** The window of the question as it was counted. */
  from: number;
  until: number;
  groups: FigureGroup[];
}

/** Whether only rows of one queue and one agent at once can answer. */
export function needsPairs({ by, queueId, agentId }: FigureQuestion): boolean {
  const ofQueue = by === 'queue' || queueId !== undefined;
  const ofAgent = by === 'agent' || agentId !== undefined;
  return ofQueue && ofAgent;
}

/** The question with its window moved outward to the borders of what is kept. */
export function snapped(question: FigureQuestion, timeZone: string): FigureQuestion {
  const calendar = calendarOf(timeZone);
  const { by, from } = question;
  const unit = by === 'day' || by === 'weekday' || needsPairs(question) ? 'day' : 'hour';
  const until = Math.max(question.until, from + 1);
  return {
    ...question,
    from: calendar.intervalAt(from, unit).startAt,
    until: calendar.intervalAt(until - 1, unit).endAt,
  };
}

/** The group that a row of this interval belongs to. */
export function groupKeyOf(by: Grouping, row: Omit<MetricRow, 'sums'>, calendar: Calendar): GroupKey {
  switch (by) {
    case 'all':
      return '';
    case 'queue':
      return row.queueId;
    case 'agent':
      return row.agentId;
    case 'hour':
      return calendar.hourAt(row.startAt);
    case 'day':
      return calendar.intervalAt(row.startAt, 'day').startAt;
    case 'weekday':
      return weekdayOf(calendar.dayAt(row.startAt));
  }
}

/** Adds rows of hours to the groups, as far as the (snapped) question is about them. */
export function addToGroups(
  groups: Map<GroupKey, Sums>,
  question: FigureQuestion,
  rows: Iterable<MetricRow>,
  timeZone: string,
): void {
  const calendar = calendarOf(timeZone);
  const { from, until, by, queueId, agentId } = question;
  const isOfTime = by === 'hour' || by === 'day' || by === 'weekday';
  const keys = new Map<number, GroupKey>();
  for (const row of rows) {
    if (row.startAt < from || row.startAt >= until) continue;
    if (queueId !== undefined && row.queueId !== queueId) continue;
    if (agentId !== undefined && row.agentId !== agentId) continue;
    const key = keys.get(row.startAt) ?? groupKeyOf(by, row, calendar);
    if (isOfTime) keys.set(row.startAt, key);
    let sums = groups.get(key);
    if (!sums) {
      sums = noSums();
      groups.set(key, sums);
    }
    addSums(sums, row.sums);
  }
}

/** In the order of their keys, without those in which nothing was counted. */
export function sortedGroups(groups: ReadonlyMap<GroupKey, Sums>): FigureGroup[] {
  return [...groups]
    .filter(([, sums]) => measures.some((measure) => sums[measure] !== 0))
    .map(([key, sums]) => ({ key, sums }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}
