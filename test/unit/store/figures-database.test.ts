import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { LogEvent } from '../../../src/domain/call-event.ts';
import type { Sums } from '../../../src/domain/metrics/measures.ts';
import { type FigureQuestion, groupings, needsPairs } from '../../../src/domain/metrics/question.ts';
import { defaultTargets, type MetricsOptions } from '../../../src/domain/metrics/state.ts';
import { CallLogWriter } from '../../../src/store/call-log-writer.ts';
import { FiguresDatabase } from '../../../src/store/figures-database.ts';
import { naiveDate, naiveGroups } from '../../support/naive-groups.ts';
import { naiveRows } from '../../support/naive-metrics.ts';
import { randomLog } from '../../support/random-log.ts';
import { abandonedCall, answeredCall } from './sample-calls.ts';

const timeZone = 'Europe/Budapest';
const options: MetricsOptions = {
  timeZone,
  unit: 'hour',
  targets: defaultTargets,
  queueTargets: { q1: { answerWithinMs: 60_000, shortAbandonMs: 10_000 } },
};
const dayMs = 86_400_000;
const made: string[] = [];

afterEach(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A call log on disk, and its figures beside it. */
class Box {
  readonly #directory = mkdtempSync(join(tmpdir(), 'cordboard-figures-'));
  readonly logFile = join(this.#directory, 'call-log.db');
  readonly file = join(this.#directory, 'figures.db');
  figures = new FiguresDatabase(this);
  #batches = 0;

  constructor() {
    made.push(this.#directory);
    this.figures.configure(options);
  }

  write(log: readonly LogEvent[]): void {
    const writer = new CallLogWriter(this.logFile);
    writer.append({ batchId: `b${this.#batches++}`, events: [...log] });
    writer.close();
  }

  /** `store`: ends well; otherwise as when the power goes. */
  restart(store: boolean): void {
    if (store) this.figures.close();
    this.figures = new FiguresDatabase(this);
    this.figures.configure(options);
  }

  ask(question: FigureQuestion, now: number): Record<string, Partial<Sums>> {
    const [answer] = this.figures.ask({ questions: [question], now });
    return Object.fromEntries(
      (answer?.groups ?? []).map(({ key, sums }) => [
        question.by === 'day' ? naiveDate(Number(key), timeZone) : String(key),
        Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0)),
      ]),
    );
  }
}

function endOf(log: readonly LogEvent[]): number {
  return Math.max(0, ...log.map(({ at }) => at));
}

/** Every grouping, with no filter, of a queue, of an agent, of both; but hours of both, which nobody can ask. */
function everyQuestion(from: number, until: number): FigureQuestion[] {
  return groupings.flatMap((by) =>
    [{}, { queueId: 'q0' }, { agentId: 'a1' }, { queueId: 'q1', agentId: 'a0' }].flatMap((filter) => {
      const question = { from, until, by, ...filter };
      return by === 'hour' && needsPairs(question) ? [] : [question];
    }),
  );
}

/** Hours around each: a plain day, midnight and month's end, both clock changes. */
const starts = {
  'on a plain day': '2026-06-10T08:17:00Z',
  'over the end of a month': '2026-06-30T20:30:00Z',
  'when clocks go forward': '2026-03-28T23:10:00Z',
  'when clocks go back': '2026-10-24T22:10:00Z',
};

describe('stored sums answer every question as a naive count of the raw log does', () => {
  it.each(Object.entries(starts))(
    '%s, however counting was interrupted',
    (_, start) => {
      const startAt = Date.parse(start);
      fc.assert(
        fc.property(
          randomLog(startAt),
          fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }),
          fc.integer({ min: 0, max: 7_200_000 }),
          (log, cuts, laterMs) => {
            const box = new Box();
            try {
              box.write(log);
              for (const [i, maxEvents] of cuts.entries()) {
                box.figures.advance({ maxEvents });
                box.restart(i % 2 === 0);
              }
              const now = endOf(log) + laterMs;
              const naive = naiveRows(log, options, now);
              for (const question of everyQuestion(startAt - 40 * dayMs, startAt + 40 * dayMs))
                expect(box.ask(question, now), JSON.stringify(question)).toEqual(
                  naiveGroups(naive, timeZone, question),
                );
            } finally {
              box.figures.close();
            }
          },
        ),
        { numRuns: 8 },
      );
    },
    60_000,
  );

  it('of a window that begins and ends in the middle of days', () => {
    const startAt = Date.parse(starts['over the end of a month']);
    fc.assert(
      fc.property(randomLog(startAt), fc.nat({ max: 6 }), fc.nat({ max: 8 }), (log, skipHours, hours) => {
        const box = new Box();
        box.write(log);
        const now = endOf(log);
        const asked = {
          from: startAt + skipHours * 3_600_000,
          until: startAt + (skipHours + hours) * 3_600_000,
        };
        for (const by of ['all', 'queue', 'agent', 'hour'] as const) {
          const [answer] = box.figures.ask({ questions: [{ ...asked, by }], now });
          const { from = 0, until = 0 } = answer ?? {};
          expect([from % 3_600_000, until % 3_600_000]).toEqual([0, 0]);
          expect(from <= asked.from && until >= asked.until).toBe(true);
          const window = { from, until, by };
          expect(box.ask(window, now)).toEqual(naiveGroups(naiveRows(log, options, now), timeZone, window));
        }
        box.figures.close();
      }),
      { numRuns: 8 },
    );
  }, 60_000);
});

describe('what is stored', () => {
  const at = Date.parse('2026-06-10T08:17:00Z');
  const today: FigureQuestion = { from: at, until: at + dayMs, by: 'all' };
  const offered = (box: Box): number | undefined => box.ask(today, at + dayMs)['']?.offered;

  it('is counted on from where it stood, not again', () => {
    const box = new Box();
    box.write(answeredCall('c1', at));
    expect(offered(box)).toBe(1);
    box.restart(true);
    box.write(answeredCall('c2', at + 1000));
    expect(box.figures.advance({ maxEvents: 1 }).seq).toBe(answeredCall('c1', at).length + 1);
    expect(offered(box)).toBe(2);
    box.figures.close();
  });

  it('is counted anew when limits change, and so restates the past', () => {
    const box = new Box();
    box.write(abandonedCall('c1', at));
    expect(box.ask(today, at + dayMs)['']).toMatchObject({ abandoned: 1 });
    box.figures.configure({ ...options, targets: { answerWithinMs: 20_000, shortAbandonMs: 30_000 } });
    expect(box.ask(today, at + dayMs)['']).toMatchObject({ abandonedShort: 1 });
    expect(box.ask(today, at + dayMs)['']?.abandoned).toBeUndefined();
    box.figures.close();
  });

  it('is dropped when the log is another one', () => {
    const box = new Box();
    box.write([...answeredCall('c1', at), ...answeredCall('c2', at)]);
    expect(offered(box)).toBe(2);
    box.figures.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(box.logFile + suffix, { force: true });
    box.write(answeredCall('c3', at));
    box.restart(false);
    expect(offered(box)).toBe(1);
    box.figures.close();
  });

  it('is made anew when its file is damaged', () => {
    const box = new Box();
    box.write(answeredCall('c1', at));
    expect(offered(box)).toBe(1);
    box.figures.close();
    writeFileSync(box.file, 'this is no database, and was never one. '.repeat(200));
    box.restart(false);
    expect(offered(box)).toBe(1);
    box.figures.close();
  });

  it('tells how far counting is', () => {
    const box = new Box();
    const log = answeredCall('c1', at);
    expect(box.figures.advance({ maxEvents: 5 })).toEqual({ seq: 0, lastSeq: 0 });
    box.write(log);
    expect(box.figures.advance({ maxEvents: 5 })).toEqual({ seq: 5, lastSeq: log.length });
    box.figures.close();
  });
});
