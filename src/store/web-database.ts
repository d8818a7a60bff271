/** Tables of the web's records, audit and sessions; used in their thread (web-worker.ts). */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { type AuditKind, actionsOf } from '../domain/audit.ts';
import { clampLimit, readCursor, writeCursor } from './cursor.ts';
import { statementOf } from './database.ts';

/** Who did what: changes, sign-ins, listened recordings. */
export interface AuditEntry {
  /** Wall clock, ms since the epoch. */
  at: number;
  who: string;
  /** Network address the request came from. */
  source: string;
  /** Stable word, e.g. `extension.create`, `login.failed`, `recording.listened`. */
  action: string;
  /** Id of what it was done to. */
  target?: string;
  /** More about it, when there is. */
  details?: Record<string, unknown>;
}

export interface AuditQuery {
  who?: string;
  kind?: AuditKind;
  action?: string;
  /** Id of what it was done to. */
  target?: string;
  from?: number;
  until?: number;
  /** `next` of the page before. */
  cursor?: string;
  /** 1 to 500, default 50. */
  limit?: number;
}

export interface AuditPage {
  /** Newest first. */
  items: (AuditEntry & { id: number })[];
  next: string | null;
}

export interface SessionRecord {
  /** Hex SHA-256 of the token: whoever reads the file cannot sign in with it. */
  tokenHash: string;
  userId: string;
  /** Of the user's role and password when it began. */
  stamp: string;
  createdAt: number;
  lastUsedAt: number;
  expiresAt: number;
  /** Network address it began from. */
  source: string;
  /** What the browser calls itself. */
  userAgent: string;
}

export type WebWrite =
  | { op: 'audit'; entry: AuditEntry }
  | { op: 'session.put'; session: SessionRecord }
  | { op: 'session.remove'; tokenHash: string }
  | { op: 'session.removeOfUser'; userId: string; except: string | undefined }
  | { op: 'code.used'; userId: string; step: number };

export type WebReads = {
  audit: { args: AuditQuery; result: AuditPage };
  /** Those that have not expired at this time. */
  sessions: { args: { now: number }; result: SessionRecord[] };
  usedCodes: { args: null; result: { userId: string; step: number }[] };
};

export const webSchema: readonly string[] = [
  `
  CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    source TEXT NOT NULL,
    action TEXT NOT NULL,
    target TEXT,
    details TEXT
  ) STRICT;
  CREATE INDEX audit_by_who ON audit (who, id);
  CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  // Who had signed in before sessions knew from where signs in anew.
  `
  DROP TABLE sessions;
  CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL,
    stamp TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    source TEXT NOT NULL,
    user_agent TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE used_codes (user_id TEXT PRIMARY KEY, step INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX audit_by_target ON audit (target, id);
  CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
  CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit only grows'); END;
  `,
];

/** Within a transaction. */
export function writeWeb(database: DatabaseSync, write: WebWrite): void {
  switch (write.op) {
    case 'audit': {
      const { at, who, source, action, target, details } = write.entry;
      statementOf(
        database,
        'INSERT INTO audit (at, who, source, action, target, details) VALUES (?, ?, ?, ?, ?, ?)',
      ).run(at, who, source, action, target ?? null, details ? JSON.stringify(details) : null);
      return;
    }
    case 'session.put': {
      const { tokenHash, userId, stamp, createdAt, lastUsedAt, expiresAt, source, userAgent } = write.session;
      statementOf(
        database,
        `INSERT OR REPLACE INTO sessions
          (token_hash, user_id, stamp, created_at, last_used_at, expires_at, source, user_agent)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(tokenHash, userId, stamp, createdAt, lastUsedAt, expiresAt, source, userAgent);
      return;
    }
    case 'session.remove':
      statementOf(database, 'DELETE FROM sessions WHERE token_hash = ?').run(write.tokenHash);
      return;
    case 'session.removeOfUser':
      statementOf(database, 'DELETE FROM sessions WHERE user_id = ? AND token_hash IS NOT ?').run(
        write.userId,
        write.except ?? null,
      );
      return;
    case 'code.used':
      statementOf(database, 'INSERT OR REPLACE INTO used_codes (user_id, step) VALUES (?, ?)').run(
        write.userId,
        write.step,
      );
  }
}

/** Sessions that have not expired; the others are forgotten. */
export function listSessions(database: DatabaseSync, now: number): SessionRecord[] {
  statementOf(database, 'DELETE FROM sessions WHERE expires_at <= ?').run(now);
  const rows = statementOf(database, 'SELECT * FROM sessions').all();
  return rows.map((row) => ({
    tokenHash: String(row.token_hash),
    userId: String(row.user_id),
    stamp: String(row.stamp),
    createdAt: Number(row.created_at),
    lastUsedAt: Number(row.last_used_at),
    expiresAt: Number(row.expires_at),
    source: String(row.source),
    userAgent: String(row.user_agent),
  }));
}

/** The last time step whose code each person used: none before it is taken again. */
export function listUsedCodes(database: DatabaseSync): { userId: string; step: number }[] {
  const rows = statementOf(database, 'SELECT user_id, step FROM used_codes').all();
  return rows.map((row) => ({ userId: String(row.user_id), step: Number(row.step) }));
}

export function listAudit(database: DatabaseSync, query: AuditQuery): AuditPage {
  const limit = clampLimit(query.limit);
  const cursor = readCursor(query.cursor);
  const conditions = ['at >= ?', 'at < ?', 'id < ?'];
  const values: SQLInputValue[] = [
    query.from ?? 0,
    query.until ?? Number.MAX_SAFE_INTEGER,
    cursor?.[1] ?? Number.MAX_SAFE_INTEGER,
  ];
  if (query.kind) {
    const { begin, not } = actionsOf(query.kind);
    const any = begin.map(() => "action GLOB ? || '*'").join(' OR ');
    conditions.push(`${not ? 'NOT ' : ''}(${any})`);
    values.push(...begin);
  }
  for (const column of ['who', 'action', 'target'] as const) {
    const wanted = query[column];
    if (wanted === undefined) continue;
    conditions.push(`${column} = ?`);
    values.push(wanted);
  }
  const rows = statementOf(
    database,
    `SELECT * FROM audit WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`,
  ).all(...values, limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => ({ id: Number(row.id), ...entryOf(row) })),
    next: rows.length > limit && last ? writeCursor(0, Number(last.id)) : null,
  };
}

function entryOf(row: Record<string, unknown>): AuditEntry {
  return {
    at: Number(row.at),
    who: String(row.who),
    source: String(row.source),
    action: String(row.action),
    ...(row.target === null ? {} : { target: String(row.target) }),
    ...(row.details === null ? {} : { details: JSON.parse(String(row.details)) as Record<string, unknown> }),
  };
}
