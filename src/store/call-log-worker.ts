/** The thread that writes the call log. */
import { workerData } from 'node:worker_threads';
import { CallLogWriter, type CallLogWriterOperations } from './call-log-writer.ts';
import { serveWorker } from './worker-server.ts';

const writer = new CallLogWriter((workerData as { file: string }).file);

serveWorker<CallLogWriterOperations>({
  open: () => writer.open(),
  append: (args) => writer.append(args),
  recover: (args) => writer.recover(args),
  close: () => writer.close(),
});
