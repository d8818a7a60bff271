/** The figures' sums on disk: what is counted is added, and added up as asked. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { CordboardError } from '../base/errors.ts';
import { type Calendar, calendarOf, firstOfMonth, weekdayOf } from '../domain/metrics/calendar.ts';
import { addSums, isMaximum, type MetricRow, measures, type Sums } from '../domain/metrics/measures.ts';
import { type FigureQuestion, type GroupKey, needsPairs } from '../domain/metrics/question.ts';
import { statementOf } from './database.ts';
import { all, type Level, type LevelUnit, levels } from './figures-schema.ts';

interface Cell {
  level: Level;
  startAt: number;
  queueId: string;
  agentId: string;
  slot: number;
  sums: Sums;
}

const columns = measures.map((measure) => `"${measure}"`).join(', ');
const added = measures.map((measure) =>
  isMaximum(measure)
    ? `"${measure}" = max("${measure}", excluded."${measure}")`
    : `"${measure}" = "${measure}" + excluded."${measure}"`,
);
const insert = `INSERT INTO cells (level, start_at, queue_id, agent_id, slot, ${columns})
  VALUES (?, ?, ?, ?, ?${', ?'.repeat(measures.length)})
  ON CONFLICT DO UPDATE SET ${added.join(', ')}`;
const totals = measures
  .map((measure) => `${isMaximum(measure) ? 'max' : 'sum'}("${measure}") AS "${measure}"`)
  .join(', ');

/** Adds rows of hours at every level. Call it in a transaction. */
export function addToCells(database: DatabaseSync, rows: Iterable<MetricRow>, timeZone: string): void {
  const calendar = calendarOf(timeZone);
  const cells = new Map<string, Cell>();
  const known = new Map<number, Times>();
  for (const row of rows) {
    const times = known.get(row.startAt) ?? timesOf(row.startAt, calendar);
    known.set(row.startAt, times);
    for (const place of placesOf(row, times)) {
      const key = `${place.level} ${place.startAt} ${place.queueId} ${place.agentId}`;
      const cell = cells.get(key);
      if (cell) addSums(cell.sums, row.sums);
      else cells.set(key, { ...place, sums: { ...row.sums } });
    }
  }
  const statement = statementOf(database, insert);
  for (const { level, startAt, queueId, agentId, slot, sums } of cells.values())
    statement.run(level, startAt, queueId, agentId, slot, ...measures.map((measure) => sums[measure]));
}

interface Times {
  hour: { startAt: number; slot: number };
  day: { startAt: number; slot: number };
  month: { startAt: number; slot: number };
}

function timesOf(startAt: number, calendar: Calendar): Times {
  const day = calendar.dayAt(startAt);
  return {
    hour: { startAt, slot: calendar.hourAt(startAt) },
    day: { startAt: calendar.startOfDay(day), slot: weekdayOf(day) },
    month: { startAt: calendar.startOfDay(firstOfMonth(day)), slot: 0 },
  };
}

/** Where a row of an hour is counted. */
function placesOf({ queueId, agentId }: MetricRow, { hour, day, month }: Times): Omit<Cell, 'sums'>[] {
  return [
    { level: levels['hour queue'], ...hour, queueId, agentId: all },
    { level: levels['hour agent'], ...hour, queueId: all, agentId },
    { level: levels['hour all'], ...hour, queueId: all, agentId: all },
    { level: levels['day pair'], ...day, queueId, agentId },
    { level: levels['day queue'], ...day, queueId, agentId: all },
    { level: levels['day agent'], ...day, queueId: all, agentId },
    { level: levels['day all'], ...day, queueId: all, agentId: all },
    { level: levels['month pair'], ...month, queueId, agentId },
    { level: levels['month queue'], ...month, queueId, agentId: all },
    { level: levels['month agent'], ...month, queueId: all, agentId },
    { level: levels['month all'], ...month, queueId: all, agentId: all },
  ];
}

/** The sums of a (snapped) question. @throws CordboardError request.invalid for hours of one queue and one agent */
export function sumCells(
  database: DatabaseSync,
  question: FigureQuestion,
  timeZone: string,
): Map<GroupKey, Sums> {
  const { by, queueId, agentId } = question;
  const groups = new Map<GroupKey, Sums>();
  const key = {
    all: "''",
    queue: 'queue_id',
    agent: 'agent_id',
    hour: 'slot',
    day: 'start_at',
    weekday: 'slot',
  };
  const filters = [
    ...(queueId === undefined ? [] : [' AND queue_id = ?']),
    ...(agentId === undefined ? [] : [' AND agent_id = ?']),
  ];
  const ids: SQLInputValue[] = [queueId, agentId].filter((id) => id !== undefined);
  const sql = `SELECT ${key[by]} AS key, ${totals} FROM cells
    WHERE level = ? AND start_at >= ? AND start_at < ?${filters.join('')} GROUP BY 1`;
  for (const { unit, from, until } of stretchesOf(question, timeZone)) {
    const rows = statementOf(database, sql).all(levelOf(question, unit), from, until, ...ids);
    for (const row of rows) {
      const { key: group, ...sums } = row as unknown as Sums & { key: GroupKey };
      const known = groups.get(group);
      if (known) addSums(known, sums);
      else groups.set(group, sums as Sums);
    }
  }
  return groups;
}

function levelOf(question: FigureQuestion, unit: LevelUnit): Level {
  const { by, queueId, agentId } = question;
  if (needsPairs(question)) {
    if (unit === 'hour')
      throw new CordboardError('request.invalid', 'hours are known of a queue or of an agent, not of both');
    return levels[`${unit} pair`];
  }
  if (by === 'queue' || queueId !== undefined) return levels[`${unit} queue`];
  if (by === 'agent' || agentId !== undefined) return levels[`${unit} agent`];
  return levels[`${unit} all`];
}

interface Stretch {
  unit: LevelUnit;
  from: number;
  until: number;
}

/** The window as few intervals: hours up to the first full day, days up to the first full month, months, and back. */
export function stretchesOf({ from, until, by }: FigureQuestion, timeZone: string): Stretch[] {
  if (by === 'hour') return [{ unit: 'hour', from, until }];
  if (by === 'day' || by === 'weekday') return [{ unit: 'day', from, until }];
  const calendar = calendarOf(timeZone);
  const lastDay = calendar.dayAt(until);
  const today = calendar.dayAt(from);
  const firstDay = calendar.startOfDay(today) === from ? today : today + 1;
  const firstMonth = firstOfMonth(firstDay) === firstDay ? firstDay : firstOfMonth(firstDay, 1);
  const lastMonth = firstOfMonth(lastDay);
  const days =
    firstMonth < lastMonth
      ? ([
          ['day', firstDay, firstMonth],
          ['month', firstMonth, lastMonth],
          ['day', lastMonth, lastDay],
        ] as const)
      : ([['day', firstDay, lastDay]] as const);
  const [dayFrom, dayUntil] = [calendar.startOfDay(firstDay), calendar.startOfDay(lastDay)];
  if (dayFrom >= dayUntil) return [{ unit: 'hour', from, until }];
  const whole: Stretch[] = [
    { unit: 'hour', from, until: dayFrom },
    ...days.map(([unit, first, last]) => ({
      unit,
      from: calendar.startOfDay(first),
      until: calendar.startOfDay(last),
    })),
    { unit: 'hour', from: dayUntil, until },
  ];
  return whole.filter((stretch) => stretch.from < stretch.until);
}
