/** Numbers that are not to be called; used in the lead store's thread. Every change stays in a log. */
import type { DatabaseSync } from 'node:sqlite';
import { CordboardError } from '../base/errors.ts';
import type { DoNotCallEntry, DoNotCallSource, Page } from '../domain/campaign/lead-store.ts';
import { clampLimit } from './cursor.ts';
import { inTransaction, statementOf } from './database.ts';
import { Conditions, containing } from './lead-rows.ts';

/** Newest first; of those that came at once, the greatest number first. */
export function listDoNotCall(
  database: DatabaseSync,
  query: { text?: string | undefined; cursor?: string | undefined; limit?: number | undefined },
): Page<DoNotCallEntry> & { total: number } {
  const limit = clampLimit(query.limit);
  const conditions = new Conditions()
    .add('(added_at, number) < (?, ?)', ...cursorOf(query.cursor))
    .add(`number LIKE ? ESCAPE '\\'`, containing(query.text));
  const rows = statementOf(
    database,
    `SELECT * FROM do_not_call ${conditions.where} ORDER BY added_at DESC, number DESC LIMIT ?`,
  ).all(...conditions.values, limit + 1);
  const total = statementOf(database, 'SELECT count(*) AS n FROM do_not_call').get();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map((row) => ({
      number: String(row.number),
      addedAt: Number(row.added_at),
      addedBy: String(row.added_by),
      source: String(row.source) as DoNotCallSource,
      reason: String(row.reason),
    })),
    next: last ? `${Number(last.added_at).toString(36)}-${String(last.number).slice(1)}` : null,
    total: Number(total?.n ?? 0),
  };
}

/** @throws CordboardError request.invalid for what no page gave */
function cursorOf(text: string | undefined): [addedAt?: number | undefined, number?: string] {
  if (text === undefined) return [undefined];
  const found = /^([0-9a-z]{1,10})-(\d{1,20})$/.exec(text);
  if (!found) throw new CordboardError('request.invalid', 'the cursor is not one of a page before');
  return [Number.parseInt(found[1] ?? '', 36), `+${found[2]}`];
}

/** Within a transaction. False when the number was there already. */
export function putDoNotCall(
  database: DatabaseSync,
  entry: { number: string; reason: string },
  by: { who: string; source: DoNotCallSource },
  at: number,
): boolean {
  const { changes } = statementOf(
    database,
    `INSERT INTO do_not_call (number, added_at, added_by, source, reason) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  ).run(entry.number, at, by.who, by.source, entry.reason);
  if (Number(changes) === 0) return false;
  log(database, { at, number: entry.number, change: 'added', ...by, reason: entry.reason });
  return true;
}

export function addDoNotCall(
  database: DatabaseSync,
  entries: readonly { number: string; reason: string }[],
  by: { who: string; source: DoNotCallSource },
  at: number,
): { added: number; known: number } {
  return inTransaction(database, () => {
    const added = entries.filter((entry) => putDoNotCall(database, entry, by, at)).length;
    return { added, known: entries.length - added };
  });
}

export function removeDoNotCall(database: DatabaseSync, number: string, who: string, at: number): boolean {
  return inTransaction(database, () => {
    const { changes } = statementOf(database, 'DELETE FROM do_not_call WHERE number = ?').run(number);
    if (Number(changes) === 0) return false;
    log(database, { at, number, change: 'removed', who, source: 'person', reason: '' });
    return true;
  });
}

export function isDoNotCall(database: DatabaseSync, number: string): boolean {
  return statementOf(database, 'SELECT 1 FROM do_not_call WHERE number = ?').get(number) !== undefined;
}

/** Grows with each change: which version was asked is written beside every intent. */
export function doNotCallVersion(database: DatabaseSync): number {
  return Number(
    statementOf(database, 'SELECT coalesce(max(id), 0) AS version FROM do_not_call_log').get()?.version ?? 0,
  );
}

function log(
  database: DatabaseSync,
  entry: { at: number; number: string; change: string; who: string; source: string; reason: string },
): void {
  const { at, number, change, who, source, reason } = entry;
  statementOf(
    database,
    'INSERT INTO do_not_call_log (at, number, change, who, source, reason) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(at, number, change, who, source, reason);
}
