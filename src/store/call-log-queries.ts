/** Reads the call log on a read-only connection; lives in a thread of its own, so that no page holds up a write. */
import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Call, CallPhase } from '../domain/call.ts';
import type { AgentEvent, CallDirection, CallEvent } from '../domain/call-event.ts';
import { foldStored } from './call-log-writer.ts';
import { databaseError } from './database.ts';

export interface CallFilters {
  /** Calls that started at or after this time. */
  from?: number;
  /** Calls that started before this time. */
  to?: number;
  direction?: CallDirection;
  queueId?: string;
  agentId?: string;
  /** Part of the caller's or the dialled number. */
  number?: string;
  phase?: CallPhase;
  abandoned?: boolean;
  hasRecording?: boolean;
}

export interface CallQuery extends CallFilters {
  /** `nextCursor` of the page before. */
  cursor?: string;
  /** 1 to 500, default 50. */
  limit?: number;
}

export interface CallPage {
  /** Newest first. */
  calls: Call[];
  /** Null on the last page. */
  nextCursor: string | null;
}

export interface AgentEventQuery {
  agentId?: string;
  from?: number;
  to?: number;
  cursor?: string;
  limit?: number;
}

export interface AgentEventPage {
  /** Newest first. */
  events: AgentEvent[];
  nextCursor: string | null;
}

export type CallLogQueryOperations = {
  listCalls: { args: CallQuery; result: CallPage };
  getCall: { args: { callId: string }; result: Call | null };
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
    if (query.to !== undefined) where('started_at < ?', query.to);
    if (query.direction !== undefined) where('direction = ?', query.direction);
    if (query.queueId !== undefined) where('queue_id = ?', query.queueId);
    if (query.agentId !== undefined) where('agent_id = ?', query.agentId);
    if (query.phase !== undefined) where('phase = ?', query.phase);
    if (query.abandoned !== undefined) where('abandoned = ?', query.abandoned ? 1 : 0);
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
      calls: page.flatMap((row) => {
        const call =
          row.json === null ? this.#fold(String(row.call_id)) : (JSON.parse(String(row.json)) as Call);
        return call ? [call] : [];
      }),
      nextCursor: rows.length > limit && last ? writeCursor(Number(last.started_at), Number(last.id)) : null,
    };
  }

  getCall(callId: string): Call | null {
    const stored = this.#all(
      'SELECT json FROM call_documents WHERE id = (SELECT id FROM calls WHERE call_id = ?)',
      callId,
    )[0];
    return stored ? (JSON.parse(String(stored.json)) as Call) : this.#fold(callId);
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
      query.to ?? Number.MAX_SAFE_INTEGER,
      cursor?.[1] ?? Number.MAX_SAFE_INTEGER,
      ...(query.agentId === undefined ? [] : [query.agentId]),
      limit + 1,
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      events: page.map((row) => JSON.parse(String(row.json)) as AgentEvent),
      nextCursor: rows.length > limit && last ? writeCursor(0, Number(last.seq)) : null,
    };
  }

  #fold(callId: string): Call | null {
    return foldStored(this.#eventTexts(callId)) ?? null;
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
      return this.#database.prepare(sql).all(...values);
    } catch (error) {
      this.close();
      throw databaseError(this.#file, error);
    }
  }
}

function clampLimit(limit: number | undefined): number {
  return Math.min(500, Math.max(1, Math.floor(limit ?? 50)));
}

/** Where a page ends: the sort key of its last row, so that what comes in meanwhile moves nothing. */
function writeCursor(startedAt: number, id: number): string {
  return `${startedAt.toString(36)}-${id.toString(36)}`;
}

/** Undefined for none, and for one that is no cursor: the first page. */
function readCursor(text: string | undefined): [number, number] | undefined {
  const found = /^([0-9a-z]{1,12})-([0-9a-z]{1,12})$/.exec(text ?? '');
  return found ? [Number.parseInt(found[1] ?? '', 36), Number.parseInt(found[2] ?? '', 36)] : undefined;
}
