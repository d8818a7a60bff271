/** What the thread of backups does with databases: copies one as it is at one moment, checks one from elsewhere. */
import { existsSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { CordboardError, errorMessage } from '../base/errors.ts';
import { callLogSchema } from './call-log-schema.ts';
import { databaseError } from './database.ts';
import { leadsSchema } from './leads-schema.ts';
import type { WorkerReply } from './worker-client.ts';

export type BackupTask =
  | { kind: 'copy'; from: string; to: string }
  | { kind: 'check'; file: string; name: string }
  | { kind: 'count'; file: string };

/** Databases of a backup, with their schemas. */
export const backupDatabases: Readonly<Record<string, { schema: readonly string[]; counted?: string }>> = {
  'call-log.db': { schema: callLogSchema, counted: 'calls' },
  'leads.db': { schema: leadsSchema },
};

/** All pages in one step: other writers wait for nothing in WAL mode, and none makes it begin again. */
const allPages = 2 ** 31 - 1;

/** Runs in a thread of its own. @throws CordboardError disk.*, backup.invalid, backup.newer */
export function inBackupThread(task: BackupTask): Promise<number> {
  const worker = new Worker(new URL('./backup-worker.ts', import.meta.url), {
    name: 'backup',
    workerData: task,
  });
  return new Promise((resolve, reject) => {
    worker.once('message', (reply: WorkerReply) => {
      if (reply.ok) resolve(reply.result as number);
      else reject(new CordboardError(reply.code, reply.message));
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new CordboardError('disk.failed', 'the thread of backups ended')));
  });
}

/** Answers the number of calls in the database, 0 for one that holds none. */
export async function runBackupTask(task: BackupTask): Promise<number> {
  if (task.kind === 'copy') return await copy(task.from, task.to);
  return task.kind === 'check' ? check(task.file, task.name) : count(task.file);
}

async function copy(from: string, to: string): Promise<number> {
  if (!existsSync(from)) return 0;
  const source = new DatabaseSync(from, { readOnly: true, timeout: 5000 });
  try {
    await backup(source, to, { rate: allPages });
    return 0;
  } catch (error) {
    throw databaseError(to, error);
  } finally {
    source.close();
  }
}

function count(file: string): number {
  if (!existsSync(file)) return 0;
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    return Number(database.prepare('SELECT count(*) AS n FROM calls').get()?.n);
  } finally {
    database.close();
  }
}

/** Whole, and made of our tables, indexes and triggers: what else a file may bring along would run in this box. */
function check(file: string, name: string): number {
  const { schema, counted } = backupDatabases[name] ?? { schema: [] };
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 5000, allowExtension: false });
    database.exec('PRAGMA trusted_schema=OFF');
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version > schema.length)
      throw new CordboardError('backup.newer', `${name}: written by a newer version of this program`);
    if (schemaOf(database) !== expectedSchema(schema.slice(0, version)))
      throw new CordboardError('backup.invalid', `${name}: its tables are not those of this program`);
    const result = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
    if (result !== 'ok') throw new CordboardError('backup.invalid', `${name}: damaged (${String(result)})`);
    return counted === undefined
      ? 0
      : Number(database.prepare(`SELECT count(*) AS n FROM ${counted}`).get()?.n);
  } catch (error) {
    if (error instanceof CordboardError) throw error;
    throw new CordboardError('backup.invalid', `${name}: no database (${errorMessage(error)})`, {
      cause: error,
    });
  } finally {
    database?.close();
  }
}

function expectedSchema(steps: readonly string[]): string {
  const database = new DatabaseSync(':memory:');
  try {
    for (const step of steps) database.exec(step);
    return schemaOf(database);
  } finally {
    database.close();
  }
}

function schemaOf(database: DatabaseSync): string {
  const rows = database
    .prepare(
      "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name",
    )
    .all();
  return JSON.stringify(rows);
}
