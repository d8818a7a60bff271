/** The thread's end of `WriteBehind`: one database, opened when it is first needed, replaced when it is damaged. */
import type { DatabaseSync } from 'node:sqlite';
import { CordboardError } from '../base/errors.ts';
import { databaseError, inTransaction, isDamaged, moveAside, openDatabase } from './database.ts';
import { serveWorker } from './worker-server.ts';
import type { Reads, WriteBehindOperations } from './write-behind.ts';

export interface ServedDatabase<Write, Questions extends Reads> {
  file: string;
  schema: readonly string[];
  /** Runs within a transaction. */
  write(database: DatabaseSync, write: Write): void;
  reads: {
    [Name in keyof Questions]: (
      database: DatabaseSync,
      args: Questions[Name]['args'],
    ) => Questions[Name]['result'];
  };
}

/** Serves until the thread is ended. Call once, at the end of the worker's script. */
export function serveDatabase<Write, Questions extends Reads>(
  served: ServedDatabase<Write, Questions>,
): void {
  const { file, schema, reads } = served;
  let database: DatabaseSync | undefined;
  let damaged: string[] = [];

  const opened = (): DatabaseSync => {
    if (database) return database;
    const result = openDatabase(file, schema);
    if (result.movedAside) damaged.push(result.movedAside.path);
    database = result.database;
    return database;
  };
  const close = (): null => {
    database?.close();
    database = undefined;
    return null;
  };
  const use = <T>(action: (database: DatabaseSync) => T): T => {
    try {
      return action(opened());
    } catch (error) {
      if (!isDamaged(error)) throw databaseError(file, error);
      close();
      damaged.push(moveAside(file));
      return action(opened());
    }
  };
  const takeDamaged = (): string[] => {
    const paths = damaged;
    damaged = [];
    return paths;
  };

  serveWorker<WriteBehindOperations>({
    write({ writes }) {
      use((open) =>
        inTransaction(open, () => {
          for (const write of writes) served.write(open, write as Write);
        }),
      );
      return { damaged: takeDamaged() };
    },
    read({ name, args }) {
      const read = Object.hasOwn(reads, name) ? reads[name] : undefined;
      if (!read) throw new CordboardError('internal', `no question ${name}`);
      const answer = use((open) => read(open, args));
      return { answer, damaged: takeDamaged() };
    },
    close,
  });
}
