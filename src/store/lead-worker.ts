/** The thread that keeps leads, attempts and the do-not-call list. */
import type { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import { databaseError, isDamaged, moveAside, openDatabase } from './database.ts';
import { discardAllImports } from './lead-book.ts';
import { recordRun } from './lead-dialling.ts';
import { type LeadOperations, leadHandlers } from './lead-operations.ts';
import type { LeadWorkerOperations } from './lead-store.ts';
import { leadsSchema } from './leads-schema.ts';
import { type SyncHandlers, serveWorker } from './worker-server.ts';

const { file } = workerData as { file: string };
let database: DatabaseSync | undefined;
let damaged: string[] = [];

function open(): DatabaseSync {
  if (database) return database;
  const opened = openDatabase(file, leadsSchema);
  database = opened.database;
  discardAllImports(database);
  if (opened.movedAside) begunAnew(database, opened.movedAside.path);
  return database;
}

/** With the file the do-not-call list and the attempts of today are gone: nothing may be dialled until people know. */
function begunAnew(fresh: DatabaseSync, path: string): void {
  damaged.push(path);
  recordRun(fresh, { campaignId: '*', state: 'stopped', who: 'Cordboard' }, Date.now());
}

function use<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!isDamaged(error)) throw databaseError(file, error);
    database?.close();
    database = undefined;
    const path = moveAside(file);
    begunAnew(open(), path);
    throw databaseError(file, error);
  }
}

const handlers = leadHandlers(open, () => Date.now());
const served = Object.fromEntries(
  (Object.keys(handlers) as (keyof LeadOperations)[]).map((name) => {
    const run = handlers[name] as (...args: readonly unknown[]) => unknown;
    return [name, (args: readonly unknown[]) => use(() => run(...args))];
  }),
) as unknown as SyncHandlers<LeadOperations>;

serveWorker<LeadWorkerOperations>({
  ...served,
  damaged: () => {
    const paths = damaged;
    damaged = [];
    return paths;
  },
  close: () => {
    database?.close();
    database = undefined;
    return null;
  },
});
