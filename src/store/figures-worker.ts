/** The thread that counts the call log. */
import { workerData } from 'node:worker_threads';
import { FiguresDatabase, type FiguresOperations } from './figures-database.ts';
import { serveWorker } from './worker-server.ts';

const figures = new FiguresDatabase(workerData as { file: string; logFile: string });

serveWorker<FiguresOperations>({
  configure: (options) => figures.configure(options),
  advance: (args) => figures.advance(args),
  ask: (args) => figures.ask(args),
  reopen: () => figures.reopen(),
  close: () => figures.close(),
});
