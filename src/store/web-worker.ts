/** The thread that keeps audit and sessions. */
import { workerData } from 'node:worker_threads';
import { serveDatabase } from './database-server.ts';
import {
  listAudit,
  listSessions,
  listUsedCodes,
  type WebReads,
  type WebWrite,
  webSchema,
  writeWeb,
} from './web-database.ts';

serveDatabase<WebWrite, WebReads>({
  file: (workerData as { file: string }).file,
  schema: webSchema,
  write: writeWeb,
  reads: {
    audit: listAudit,
    sessions: (database, { now }) => listSessions(database, now),
    usedCodes: listUsedCodes,
  },
});
