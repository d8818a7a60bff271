/** Figures of a log in memory, folded anew for each question. */
import type { FiguresPort } from '../../src/api/ports.ts';
import type { LogEvent } from '../../src/domain/call-event.ts';
import { foldMetrics } from '../../src/domain/metrics/fold-metrics.ts';
import type { Sums } from '../../src/domain/metrics/measures.ts';
import { addToGroups, type GroupKey, snapped, sortedGroups } from '../../src/domain/metrics/question.ts';
import {
  type Ask,
  FigureAnswers,
  type FiguresNow,
  type FiguresQuery,
  type ReportQuery,
} from '../../src/domain/metrics/report.ts';
import { reportCsv } from '../../src/domain/metrics/report-csv.ts';
import { rowsAt } from '../../src/domain/metrics/snapshot.ts';
import { createMetrics } from '../../src/domain/metrics/state.ts';
import { metricsOptionsOf } from '../../src/domain/settings/figures.ts';
import type { Settings } from '../../src/domain/settings.ts';

export class MemoryFigures implements FiguresPort {
  readonly log: LogEvent[] = [];
  /** Of the events; less than 1 as while a long log is counted. */
  counted = 1;
  readonly #settings: { readonly current: Settings };

  constructor(settings: { readonly current: Settings }) {
    this.#settings = settings;
  }

  async figures(query: FiguresQuery, now: number): Promise<FiguresNow> {
    return this.#answers().figures(query, now);
  }

  async report(query: ReportQuery, now: number): Promise<string> {
    return JSON.stringify(this.#answers().report(query, now));
  }

  async reportCsv(query: ReportQuery, now: number): Promise<string> {
    return reportCsv(this.#answers().report(query, now), query.by, this.#settings.current);
  }

  #answers(): FigureAnswers {
    return new FigureAnswers(this.ask, this.#settings.current);
  }

  /** A test may put another in its place. */
  ask: Ask = (questions, now) => {
    const options = metricsOptionsOf(this.#settings.current);
    const state = createMetrics(options);
    const seq = Math.floor(this.log.length * this.counted);
    for (const event of this.log.slice(0, seq)) foldMetrics(state, event);
    const rows = rowsAt(state, now);
    return questions.map((asked) => {
      const question = snapped(asked, options.timeZone);
      const groups = new Map<GroupKey, Sums>();
      addToGroups(groups, question, rows, options.timeZone);
      const { from, until } = question;
      return { seq, lastSeq: this.log.length, from, until, groups: sortedGroups(groups) };
    });
  };
}
