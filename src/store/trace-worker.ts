/** The thread that keeps SIP traces. */
import { workerData } from 'node:worker_threads';
import { serveDatabase } from './database-server.ts';
import {
  defaultTraceLimits,
  readTrace,
  saveTrace,
  type TraceLimits,
  type TraceReads,
  type TraceWrite,
  traceSchema,
} from './trace-database.ts';

const { file, limits = defaultTraceLimits } = workerData as { file: string; limits?: TraceLimits };

serveDatabase<TraceWrite, TraceReads>({
  file,
  schema: traceSchema,
  write: (database, write) => saveTrace(database, write, limits),
  reads: { messages: (database, { callId }) => readTrace(database, callId) },
});
