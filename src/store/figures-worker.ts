/** The thread that counts the call log, and puts answers together. */
import { workerData } from 'node:worker_threads';
import { CordboardError } from '../base/errors.ts';
import type { FiguresProgress } from '../domain/metrics/question.ts';
import {
  type CountedOffice,
  FigureAnswers,
  type FiguresNow,
  type FiguresQuery,
  type ReportQuery,
} from '../domain/metrics/report.ts';
import { reportCsv } from '../domain/metrics/report-csv.ts';
import { metricsOptionsOf } from '../domain/settings/figures.ts';
import { FiguresDatabase } from './figures-database.ts';
import { serveWorker } from './worker-server.ts';

export type FiguresOperations = {
  /** How to count, and what there is. What was counted otherwise is dropped. */
  configure: { args: CountedOffice; result: null };
  /** Counts up to so many events more. */
  advance: { args: { maxEvents: number }; result: FiguresProgress };
  figures: { args: { query: FiguresQuery; now: number }; result: FiguresNow };
  /** JSON. */
  report: { args: { query: ReportQuery; now: number }; result: string };
  reportCsv: { args: { query: ReportQuery; now: number }; result: string };
  /** The log's file was replaced. */
  reopen: { args: Record<string, never>; result: null };
  close: { args: Record<string, never>; result: null };
};

const database = new FiguresDatabase(workerData as { file: string; logFile: string });
let office: CountedOffice | undefined;

function answers(): FigureAnswers {
  return new FigureAnswers((questions, now) => database.ask({ questions, now }), known());
}

function known(): CountedOffice {
  if (!office) throw new CordboardError('internal', 'nobody has said how to count');
  return office;
}

serveWorker<FiguresOperations>({
  configure(next) {
    database.configure(metricsOptionsOf(next));
    office = next;
    return null;
  },
  advance: (args) => database.advance(args),
  figures: ({ query, now }) => answers().figures(query, now),
  report: ({ query, now }) => JSON.stringify(answers().report(query, now)),
  reportCsv: ({ query, now }) => reportCsv(answers().report(query, now), query.by, known()),
  reopen: () => database.reopen(),
  close: () => database.close(),
});
