/**
 * Opens an SQLite file so that a commit survives a power cut (WAL, synchronous=FULL), brings its schema up to date,
 * and moves a damaged one aside instead of losing it or refusing to work.
 */
import { existsSync, renameSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { CordboardError, errorMessage } from '../base/errors.ts';

export interface OpenedDatabase {
  database: DatabaseSync;
  /** The file that was there and could not be used, where it is now, and why; null: all is well. */
  movedAside: { path: string; why: string } | null;
}

/** Above this a database left by a crash is not read through at the start: it would take seconds. */
const maxCheckedBytes = 256_000_000;
const sqliteFull = 13;
const sqliteDamaged = new Set([11, 26]);
const sqliteIo = new Set([8, 10, 14]);
/** Too big, constraint, mismatch, misuse, range: what was to be written is wrong, not the disk. */
const sqliteRefused = new Set([18, 19, 20, 21, 25]);

/**
 * @param steps the schema: step n (SQL) leads from user_version n to n + 1
 * @throws CordboardError disk.full, disk.failed
 */
export function openDatabase(file: string, steps: readonly string[]): OpenedDatabase {
  try {
    return { database: open(file, steps), movedAside: null };
  } catch (error) {
    const why = unusable(error);
    if (why === undefined) throw databaseError(file, error);
    const movedAside = { path: moveAside(file), why };
    try {
      return { database: open(file, steps), movedAside };
    } catch (second) {
      throw databaseError(file, second);
    }
  }
}

/** Whether the file itself is damaged, so that trying again is of no use. */
export function isDamaged(error: unknown): boolean {
  // A search index whose own tables are damaged says no more than this.
  return sqliteDamaged.has(codeOf(error) & 0xff) || /^vtable constructor failed/.test(errorMessage(error));
}

/** Turns an SQLite error into ours; `internal`: the data was wrong, and trying again is of no use. */
export function databaseError(file: string, cause: unknown): CordboardError {
  if (cause instanceof CordboardError) return cause;
  const code = codeOf(cause) & 0xff;
  const message = `${file}: ${errorMessage(cause)}`;
  if (code === sqliteFull || (sqliteIo.has(code) && freeBytes(file) < 1_000_000))
    return new CordboardError('disk.full', message, { cause });
  if (code > 0 && !sqliteRefused.has(code)) return new CordboardError('disk.failed', message, { cause });
  return new CordboardError('internal', message, { cause });
}

/** Statements kept for one database; one not used for longest gives way. */
const maxStatements = 64;
const statements = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/**
 * A statement of this database, made once. Its memory is SQLite's, and the garbage collector sees none of it: a
 * thread that makes one for each write grows by megabytes before the first is let go.
 */
export function statementOf(database: DatabaseSync, sql: string): StatementSync {
  const kept = statements.get(database) ?? new Map<string, StatementSync>();
  statements.set(database, kept);
  const statement = kept.get(sql) ?? database.prepare(sql);
  kept.delete(sql);
  kept.set(sql, statement);
  const oldest = kept.keys().next();
  if (kept.size > maxStatements && !oldest.done) kept.delete(oldest.value);
  return statement;
}

/** Renames a database with its companions to `FILE.damaged-TIME`; returns the new path. */
export function moveAside(file: string): string {
  const aside = `${file}.damaged-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  let target = aside;
  for (let n = 2; existsSync(target); n++) target = `${aside}-${n}`;
  for (const suffix of ['', '-wal', '-shm'])
    if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix);
  return target;
}

/** Runs `action` as one transaction: all of it is on disk when this returns, or none. */
export function inTransaction<T>(database: DatabaseSync, action: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = action();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk may have rolled it back already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

class NewerSchema extends Error {}

function open(file: string, steps: readonly string[]): DatabaseSync {
  const afterCrash = existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0;
  const database = new DatabaseSync(file, { timeout: 5000 });
  try {
    database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864');
    if (afterCrash && statSync(file).size <= maxCheckedBytes) check(database);
    migrate(database, steps);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function check(database: DatabaseSync): void {
  const result = database.prepare('PRAGMA quick_check(1)').get();
  if (result?.quick_check !== 'ok')
    throw Object.assign(new Error(`damaged: ${String(result?.quick_check)}`), { errcode: 11 });
}

function migrate(database: DatabaseSync, steps: readonly string[]): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version > steps.length)
    throw new NewerSchema(`schema ${version} is of a newer program; this one knows ${steps.length}`);
  steps.slice(version).forEach((sql, i) => {
    inTransaction(database, () => {
      database.exec(sql);
      database.exec(`PRAGMA user_version=${version + i + 1}`);
    });
  });
}

function unusable(error: unknown): string | undefined {
  return isDamaged(error) || error instanceof NewerSchema ? errorMessage(error) : undefined;
}

function codeOf(error: unknown): number {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code : 0;
}

function freeBytes(file: string): number {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
