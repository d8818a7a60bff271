/**
 * Follows the call log and keeps its sums (figures-schema); lives in a thread of its own. The log is the truth: where
 * counting stands (`seq`, and what the fold remembers) is stored with the sums in one transaction, so that a crash
 * counts nothing twice and nothing never.
 */
import { hash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { deserialize, serialize } from 'node:v8';
import type { LogEvent } from '../domain/call-event.ts';
import { metricsVersion, takeDeltas } from '../domain/metrics/deltas.ts';
import { foldMetrics } from '../domain/metrics/fold-metrics.ts';
import { measures } from '../domain/metrics/measures.ts';
import {
  addToGroups,
  type FigureQuestion,
  type FiguresAnswer,
  type FiguresProgress,
  snapped,
  sortedGroups,
} from '../domain/metrics/question.ts';
import { rowsAt } from '../domain/metrics/snapshot.ts';
import { createMetrics, type MetricsOptions, type MetricsState } from '../domain/metrics/state.ts';
import { databaseError, inTransaction, isDamaged, openDatabase, statementOf } from './database.ts';
import { addToCells, sumCells } from './figures-cells.ts';
import { figuresSchema } from './figures-schema.ts';

/** Sums are stored after so many events: what a crash makes count again. */
const eventsPerStore = 10_000;
/** A question does not wait for more than this. */
const eventsPerQuestion = 5_000;
const nothingCounted = '';

interface Counting {
  state: MetricsState;
  seq: number;
  /** Of the last event counted: tells this log from another. */
  digest: string;
  /** Events since the sums were stored. */
  unstored: number;
}

export class FiguresDatabase {
  readonly #file: string;
  readonly #logFile: string;
  #options: MetricsOptions | undefined;
  #database: DatabaseSync | undefined;
  #log: DatabaseSync | undefined;
  #counting: Counting | undefined;

  constructor({ file, logFile }: { file: string; logFile: string }) {
    this.#file = file;
    this.#logFile = logFile;
  }

  configure(options: MetricsOptions): FiguresProgress {
    if (JSON.stringify(options) !== JSON.stringify(this.#options)) {
      if (this.#options) this.#store();
      this.#counting = undefined;
    }
    this.#options = options;
    return this.#progress();
  }

  advance({ maxEvents }: { maxEvents: number }): FiguresProgress {
    return this.#use(() => {
      this.#count(maxEvents);
      return this.#progress();
    });
  }

  ask({ questions, now }: { questions: FigureQuestion[]; now: number }): FiguresAnswer[] {
    return this.#use((database) => {
      const { lastSeq } = this.#progress();
      this.#count(eventsPerQuestion);
      const { state, seq } = this.#current(database);
      const { timeZone } = state.options;
      const progress = { seq, lastSeq: Math.max(seq, lastSeq) };
      const fresh = rowsAt(state, now);
      return questions.map((asked) => {
        const question = snapped(asked, timeZone);
        const groups = sumCells(database, question, timeZone);
        addToGroups(groups, question, fresh, timeZone);
        return { ...progress, from: question.from, until: question.until, groups: sortedGroups(groups) };
      });
    });
  }

  reopen(): null {
    this.#log?.close();
    this.#log = undefined;
    this.#counting = undefined;
    return null;
  }

  close(): null {
    try {
      if (this.#options) this.#use(() => this.#store());
    } finally {
      this.#log?.close();
      this.#log = undefined;
      this.#drop();
    }
    return null;
  }

  #progress(): FiguresProgress {
    const last = this.#openLog()?.prepare('SELECT max(seq) AS seq FROM events').get();
    const seq = this.#use((database) => this.#current(database).seq);
    return { seq, lastSeq: Math.max(seq, Number(last?.seq ?? 0)) };
  }

  #count(maxEvents: number): void {
    const counting = this.#use((database) => this.#current(database));
    const log = this.#openLog();
    if (!log) return;
    const events = statementOf(log, 'SELECT seq, json FROM events WHERE seq > ? ORDER BY seq LIMIT ?');
    let json: string | undefined;
    for (const row of events.iterate(counting.seq, maxEvents)) {
      json = String(row.json);
      foldMetrics(counting.state, JSON.parse(json) as LogEvent);
      counting.seq = Number(row.seq);
      counting.unstored++;
    }
    if (json !== undefined) counting.digest = digestOf(json);
    if (counting.unstored >= eventsPerStore) this.#store();
  }

  /** Puts on disk what was counted. */
  #store(): void {
    const counting = this.#counting;
    const database = this.#database;
    if (!counting || !database || counting.unstored === 0) return;
    const { state, seq, digest } = counting;
    // Should the disk refuse, counting begins again from what it has.
    this.#counting = undefined;
    inTransaction(database, () => {
      addToCells(database, takeDeltas(state), state.options.timeZone);
      statementOf(
        database,
        'INSERT OR REPLACE INTO progress (id, rules, seq, digest, state) VALUES (1, ?, ?, ?, ?)',
      ).run(rulesOf(state.options), seq, digest, serialize(state));
    });
    this.#counting = { ...counting, unstored: 0 };
  }

  #current(database: DatabaseSync): Counting {
    this.#counting ??= this.#stored(database) ?? this.#anew(database);
    return this.#counting;
  }

  /** Where counting stood; undefined when that was another log, or counted by other rules. */
  #stored(database: DatabaseSync): Counting | undefined {
    const row = database.prepare('SELECT rules, seq, digest, state FROM progress').get();
    if (!row || !this.#options || row.rules !== rulesOf(this.#options)) return undefined;
    const seq = Number(row.seq);
    const last = this.#openLog()?.prepare('SELECT json FROM events WHERE seq = ?').get(seq);
    if (!last || digestOf(String(last.json)) !== row.digest) return undefined;
    try {
      const state = deserialize(row.state as Uint8Array) as MetricsState;
      return { state, seq, digest: String(row.digest), unstored: 0 };
    } catch {
      return undefined; // written by another Node: count again
    }
  }

  #anew(database: DatabaseSync): Counting {
    if (!this.#options) throw new Error('nobody has said how to count');
    inTransaction(database, () => {
      database.exec('DROP TABLE IF EXISTS cells; DROP TABLE IF EXISTS progress;');
      database.exec(figuresSchema);
    });
    return { state: createMetrics(this.#options), seq: 0, digest: nothingCounted, unstored: 0 };
  }

  #openLog(): DatabaseSync | undefined {
    if (!this.#log && existsSync(this.#logFile))
      this.#log = new DatabaseSync(this.#logFile, { readOnly: true, timeout: 5000 });
    return this.#log;
  }

  /** Runs `action` on the open database; a damaged one holds nothing that the log has not, and is made anew. */
  #use<T>(action: (database: DatabaseSync) => T): T {
    try {
      return action(this.#open());
    } catch (error) {
      if (!isDamaged(error)) throw databaseError(this.#file, error);
      this.#drop();
      for (const suffix of ['', '-wal', '-shm']) rmSync(this.#file + suffix, { force: true });
      return action(this.#open());
    }
  }

  #open(): DatabaseSync {
    if (this.#database) return this.#database;
    const { database, movedAside } = openDatabase(this.#file, [figuresSchema]);
    if (movedAside) rmSync(movedAside.path, { force: true });
    this.#database = database;
    return database;
  }

  #drop(): void {
    this.#database?.close();
    this.#database = undefined;
    this.#counting = undefined;
  }
}

/** All that the sums depend on besides the events. */
function rulesOf(options: MetricsOptions): string {
  return JSON.stringify({ metricsVersion, measures, options });
}

function digestOf(json: string): string {
  return hash('sha256', json);
}
