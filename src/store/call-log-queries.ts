/** Reads the call log on a read-only connection; lives in a thread of its own, so that no page holds up a write. */
import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { CordboardError } from '../base/errors.ts';
import type { Call, CallPhase, CallRecording, PastCall } from '../domain/call.ts';
import type { AgentEvent, CallDirection, CallEvent, LogEvent } from '../domain/call-event.ts';
import type { CallResult } from '../domain/call-result.ts';
import { listedPage } from './call-list.ts';
import { foldStored } from './call-log-writer.ts';
import { type CallerHistoryQuery, historySql, pastCall } from './caller-history.ts';
import { clampLimit, readCursor, writeCursor } from './cursor.ts';
import { databaseError, statementOf } from './database.ts';

export interface CallFilters {
  /** Calls that started at or after this time. */
  from?: number;
  /** Calls that started before this time. */
  until?: number;
  direction?: CallDirection;
  queueId?: string;
  agentId?: string;
  trunkId?: string;
  /** Part of the caller's or the dialled number. */
  number?: string;
  /** Numbers, names and notes hold all of these words. */
  text?: string;
  result?: CallResult;
  /** Talked for at least this long. */
  minTalkMs?: number;
  /** At least one party sounded so. */
  sound?: 'poor';
  disposition?: string;
  phase?: CallPhase;
  /** As text too, as a page's query has it. */
  abandoned?: boolean | 'true' | 'false';
  hasRecording?: boolean | 'true' | 'false';
}

export interface CallQuery extends CallFilters {
  /** `next` of the page before. */
  cursor?: string;
  /** 1 to 500, default 50. */
  limit?: number;
}

export interface CallPage {
  /** Newest first. */
  items: Call[];
  /** Null on the last page. */
  next: string | null;
  /** The page is not full, but nothing older than this was looked at yet: `next` goes on from here. */
  lookedBackTo?: number;
}

export interface AgentEventQuery {
  agentId?: string;
  from?: number;
  until?: number;
  cursor?: string;
  limit?: number;
}

export interface AgentEventPage {
  /** Newest first. */
  items: AgentEvent[];
  next: string | null;
}

/** A recording with the call it is of. */
export interface FoundRecording {
  call: Call;
  recording: CallRecording;
}

export type CallLogQueryOperations = {
  listCalls: { args: CallQuery; result: CallPage };
  getCall: { args: { callId: string }; result: Call | undefined };
  findRecording: { args: { recordingId: string }; result: FoundRecording | undefined };
  history: { args: CallerHistoryQuery; result: PastCall[] };
  eventsOf: { args: { callId: string }; result: CallEvent[] };
  /** Those of agents about it too: the work after the call. */
  courseOf: { args: { callId: string }; result: LogEvent[] };
  agentEvents: { args: AgentEventQuery; result: AgentEventPage };
  /** The file was replaced; the next question opens the new one. */
  close: { args: Record<string, never>; result: null };
};

export class CallLogQueries {
  readonly #file: string;
  #database: DatabaseSync | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  close(): null {
    this.#database?.close();
    this.#database = undefined;
    return null;
  }

  listCalls(query: CallQuery): CallPage {
    const page = this.#use((database) => listedPage(database, query, clampLimit(query.limit)));
    if (!page) return { items: [], next: null };
    const items = page.rows.flatMap(({ id, callId }) => {
      const stored = this.#all('SELECT json FROM call_documents WHERE id = ?', id)[0];
      const call = stored ? (JSON.parse(String(stored.json)) as Call) : this.#fold(callId);
      return call ? [call] : [];
    });
    return {
      items,
      next: page.next,
      ...(page.lookedBackTo === null ? {} : { lookedBackTo: page.lookedBackTo }),
    };
  }

  getCall(callId: string): Call | undefined {
    const stored = this.#all(
      'SELECT json FROM call_documents WHERE id = (SELECT id FROM calls WHERE call_id = ?)',
      callId,
    )[0];
    return stored ? (JSON.parse(String(stored.json)) as Call) : this.#fold(callId);
  }

  findRecording(recordingId: string): FoundRecording | undefined {
    const row = this.#all('SELECT call_id FROM call_recordings WHERE recording_id = ?', recordingId)[0];
    const call = row && this.getCall(String(row.call_id));
    const recording = call?.recordings.find((other) => other.recordingId === recordingId);
    return call && recording ? { call, recording } : undefined;
  }

  history(query: CallerHistoryQuery): PastCall[] {
    const { sql, values } = historySql(query);
    return this.#all(sql, ...values).map((row) => pastCall(String(row.json)));
  }

  eventsOf(callId: string): CallEvent[] {
    return this.#eventTexts(callId).map((json) => JSON.parse(json) as CallEvent);
  }

  courseOf(callId: string): LogEvent[] {
    return this.#all('SELECT json FROM events WHERE call_id = ? ORDER BY seq', callId).map(
      (row) => JSON.parse(String(row.json)) as LogEvent,
    );
  }

  agentEvents(query: AgentEventQuery): AgentEventPage {
    const limit = clampLimit(query.limit);
    const cursor = readCursor(query.cursor);
    const rows = this.#all(
      `SELECT seq, json FROM events WHERE kind = 'agent' AND at >= ? AND at < ? AND seq < ?
       ${query.agentId === undefined ? '' : 'AND agent_id = ?'} ORDER BY seq DESC LIMIT ?`,
      query.from ?? 0,
      query.until ?? Number.MAX_SAFE_INTEGER,
      cursor?.[1] ?? Number.MAX_SAFE_INTEGER,
      ...(query.agentId === undefined ? [] : [query.agentId]),
      limit + 1,
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.map((row) => JSON.parse(String(row.json)) as AgentEvent),
      next: rows.length > limit && last ? writeCursor(0, Number(last.seq)) : null,
    };
  }

  #fold(callId: string): Call | undefined {
    return foldStored(this.#eventTexts(callId));
  }

  #eventTexts(callId: string): string[] {
    return this.#all("SELECT json FROM events WHERE call_id = ? AND kind = 'call' ORDER BY seq", callId).map(
      (row) => String(row.json),
    );
  }

  #all(sql: string, ...values: SQLInputValue[]): Record<string, unknown>[] {
    return this.#use((database) => statementOf(database, sql).all(...values)) ?? [];
  }

  /** Undefined when there is no file: nothing was ever written, or the disk would not take it. */
  #use<T>(action: (database: DatabaseSync) => T): T | undefined {
    try {
      if (!this.#database) {
        if (!existsSync(this.#file)) return undefined;
        this.#database = new DatabaseSync(this.#file, { readOnly: true, timeout: 5000 });
      }
      return action(this.#database);
    } catch (error) {
      if (error instanceof CordboardError) throw error; // what was asked is at fault
      this.close();
      throw databaseError(this.#file, error);
    }
  }
}
