/**
 * One page of the list of calls. It walks one index from the newest call backwards and stops after so many entries,
 * found enough or not: a rare filter over a million calls answers at once with how far it has looked, and goes on from
 * there.
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { CallQuery } from './call-log-queries.ts';
import { searchTerms } from './call-search.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { statementOf } from './database.ts';

/** Entries of an index that one question looks at: some tens of milliseconds of work. */
export const lookedAtOnce = 15_000;
/** The same of what a search finds, each of which has to be fetched from elsewhere. */
const foundAtOnce = 8_000;
/** Calls are numbered as they are logged, which is the order they begin in, but for a few. */
const outOfOrder = 1000;

export interface ListedRow {
  id: number;
  callId: string;
  startedAt: number;
}

export interface ListedPage {
  rows: ListedRow[];
  next: string | null;
  /** Looked no further back than this call; null when the page is full, or nothing is left. */
  lookedBackTo: number | null;
}

interface Condition {
  sql: string;
  values: SQLInputValue[];
}

const condition = (sql: string, ...values: SQLInputValue[]): Condition => ({ sql, values });
const and = (conditions: Condition[]): string => conditions.map(({ sql }) => sql).join(' AND ') || '1';
const valuesOf = (conditions: Condition[]): SQLInputValue[] => conditions.flatMap(({ values }) => values);

/** Conditions that an index of their own (ordered by time) answers; the first is walked, the others are tested. */
function indexed(query: CallQuery): Condition[] {
  const found: Condition[] = [];
  if (query.disposition !== undefined) found.push(condition('disposition = ?', query.disposition));
  if (query.sound === 'poor') found.push(condition('mos < 3.1'));
  if (query.agentId !== undefined) found.push(condition('agent_id = ?', query.agentId));
  if (query.abandoned !== undefined && String(query.abandoned) === 'true')
    found.push(condition("result = 'abandoned'"));
  if (query.result !== undefined) found.push(condition('result = ?', query.result));
  if (query.queueId !== undefined) found.push(condition('queue_id = ?', query.queueId));
  if (query.trunkId !== undefined) found.push(condition('trunk_id = ?', query.trunkId));
  if (query.hasRecording !== undefined && String(query.hasRecording) === 'true')
    found.push(condition('has_recording = 1'));
  return found;
}

function tested(query: CallQuery, numbers: string[]): Condition[] {
  const found: Condition[] = [];
  if (query.from !== undefined) found.push(condition('started_at >= ?', query.from));
  if (query.until !== undefined) found.push(condition('started_at < ?', query.until));
  if (query.direction !== undefined) found.push(condition('direction = ?', query.direction));
  if (query.phase !== undefined) found.push(condition('phase = ?', query.phase));
  if (query.abandoned !== undefined && String(query.abandoned) === 'false')
    found.push(condition('abandoned = 0'));
  if (query.hasRecording !== undefined && String(query.hasRecording) === 'false')
    found.push(condition('has_recording = 0'));
  if (query.minTalkMs !== undefined) found.push(condition('talk_ms >= ?', query.minTalkMs));
  for (const number of numbers) found.push(condition('(from_number = ? OR to_number = ?)', number, number));
  return found;
}

/** @throws CordboardError request.invalid for a strange cursor */
export function listedPage(database: DatabaseSync, query: CallQuery, limit: number): ListedPage {
  const terms = searchTerms([query.text ?? '', query.number ?? ''].join(' '));
  const walk =
    terms.match === undefined
      ? walkTime(query, terms.numbers)
      : walkSearch(database, query, terms.match, terms.numbers);
  const all = (sql: string, values: SQLInputValue[]): Record<string, unknown>[] =>
    statementOf(database, sql).all(...values);
  const rows = all(walk.sql, [...walk.values, limit + 1]).map((row) => ({
    id: Number(row.id),
    callId: String(row.call_id),
    startedAt: Number(row.started_at),
  }));
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  if (rows.length > limit && last)
    return { rows: page, next: writeCursor(last.startedAt, last.id), lookedBackTo: null };
  const end = all(walk.lastSql, walk.lastValues)[0];
  if (!end) return { rows: page, next: null, lookedBackTo: null };
  const startedAt = Number(end.started_at);
  return { rows: page, next: writeCursor(startedAt, Number(end.id)), lookedBackTo: startedAt };
}

interface Walk {
  /** The matching calls among those looked at, newest first; one more value: how many. */
  sql: string;
  values: SQLInputValue[];
  /** The last call looked at, if there are more behind it. */
  lastSql: string;
  lastValues: SQLInputValue[];
}

const columns =
  'id, call_id, started_at, direction, from_number, to_number, trunk_id, queue_id, agent_id, phase, abandoned, has_recording, talk_ms, result, mos, disposition';

function walkTime(query: CallQuery, numbers: string[]): Walk {
  const [first, ...others] = indexed(query);
  const walked = first ? [first] : [];
  if (query.from !== undefined) walked.push(condition('started_at >= ?', query.from));
  if (query.until !== undefined) walked.push(condition('started_at < ?', query.until));
  const cursor = readCursor(query.cursor);
  if (cursor) walked.push(condition('(started_at, id) < (?, ?)', ...cursor));
  const filters = [...others, ...tested(query, numbers)];
  const backwards = `FROM calls WHERE ${and(walked)} ORDER BY started_at DESC, id DESC LIMIT`;
  return {
    // The inner question stands in its order, which the outer one keeps, so that it can stop when it has enough.
    sql: `SELECT id, call_id, started_at FROM (SELECT ${columns} ${backwards} ${lookedAtOnce})
          WHERE ${and(filters)} LIMIT ?`,
    values: [...valuesOf(walked), ...valuesOf(filters)],
    lastSql: `SELECT id, started_at ${backwards} 1 OFFSET ${lookedAtOnce - 1}`,
    lastValues: valuesOf(walked),
  };
}

function walkSearch(database: DatabaseSync, query: CallQuery, match: string, numbers: string[]): Walk {
  const bounds = [condition('call_search MATCH ?', match)];
  const cursor = readCursor(query.cursor);
  // A whole number in SQLite's sense: the index can seek to nothing else.
  const bound = (sql: string, id: number): void => void bounds.push(condition(sql, BigInt(id)));
  if (cursor) bound('rowid < ?', cursor[1]);
  const edge = (sql: string, at: number): number | undefined => {
    const row = statementOf(database, sql).get(at);
    return row === undefined ? undefined : Number(row.id);
  };
  if (query.until !== undefined) {
    const newest = edge(
      'SELECT id FROM calls WHERE started_at < ? ORDER BY started_at DESC, id DESC LIMIT 1',
      query.until,
    );
    bound('rowid <= ?', (newest ?? 0) + outOfOrder);
  }
  if (query.from !== undefined) {
    const oldest = edge(
      'SELECT id FROM calls WHERE started_at >= ? ORDER BY started_at, id LIMIT 1',
      query.from,
    );
    bound('rowid >= ?', (oldest ?? Number.MAX_SAFE_INTEGER) - outOfOrder);
  }
  const filters = [...indexed(query), ...tested(query, numbers)];
  const backwards = `FROM call_search WHERE ${and(bounds)} ORDER BY rowid DESC LIMIT`;
  return {
    sql: `SELECT c.id, c.call_id, c.started_at FROM (SELECT rowid AS found ${backwards} ${foundAtOnce}) s
          CROSS JOIN calls c ON c.id = s.found WHERE ${and(filters)} LIMIT ?`,
    values: [...valuesOf(bounds), ...valuesOf(filters)],
    lastSql: `SELECT id, started_at FROM calls WHERE id = (SELECT rowid ${backwards} 1 OFFSET ${foundAtOnce - 1})`,
    lastValues: valuesOf(bounds),
  };
}
