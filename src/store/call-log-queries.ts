/** Reads the call log on a read-only connection; lives in a thread of its own, so that no page holds up a write. */
import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Call, CallPhase, CallRecording, PastCall } from '../domain/call.ts';
import type { AgentEvent, CallDirection, CallEvent } from '../domain/call-event.ts';
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
  phase?: CallPhase;
  /** As text too, as a page's query has it. */
  abandoned?: boolean | 'true' | 'false';
  hasRecording?: boolean;
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
    const limit = clampLimit(query.limit);
    const conditions: string[] = [];
    const values: SQLInputValue[] = [];
    const where = (condition: string, ...more: SQLInputValue[]): void => {
      conditions.push(condition);
      values.push(...more);
    };
    if (query.from !== undefined) where('started_at >= ?', query.from);
    if (query.until !== undefined) where('started_at < ?', query.until);
    if (query.direction !== undefined) where('direction = ?', query.direction);
    if (query.queueId !== undefined) where('queue_id = ?', query.queueId);
    if (query.agentId !== undefined) where('agent_id = ?', query.agentId);
    if (query.trunkId !== undefined) where('trunk_id = ?', query.trunkId);
    if (query.phase !== undefined) where('phase = ?', query.phase);
    if (query.abandoned !== undefined) where('abandoned = ?', String(query.abandoned) === 'true' ? 1 : 0);
    if (query.hasRecording !== undefined) where('has_recording = ?', query.hasRecording ? 1 : 0);
    if (query.number !== undefined)
      where('(instr(from_number, ?) > 0 OR instr(to_number, ?) > 0)', query.number, query.number);
    const cursor = readCursor(query.cursor);
    if (cursor) where('(started_at, id) < (?, ?)', ...cursor);
    const rows = this.#all(
      `SELECT c.id, c.call_id, c.started_at, d.json FROM (
         SELECT id, call_id, started_at FROM calls ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
         ORDER BY started_at DESC, id DESC LIMIT ?
       ) c LEFT JOIN call_documents d ON d.id = c.id ORDER BY c.started_at DESC, c.id DESC`,
      ...values,
      limit + 1,
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.flatMap((row) => {
        const call =
          row.json === null ? this.#fold(String(row.call_id)) : (JSON.parse(String(row.json)) as Call);
        return call ? [call] : [];
      }),
      next: rows.length > limit && last ? writeCursor(Number(last.started_at), Number(last.id)) : null,
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
    try {
      if (!this.#database) {
        if (!existsSync(this.#file)) return []; // nothing was ever written, or the disk would not take it
        this.#database = new DatabaseSync(this.#file, { readOnly: true, timeout: 5000 });
      }
      return statementOf(this.#database, sql).all(...values);
    } catch (error) {
      this.close();
      throw databaseError(this.#file, error);
    }
  }
}
