/** Writes the call log; lives in its worker thread, which alone writes to the file. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Call, foldCall } from '../domain/call.ts';
import { type CallEvent, isCallEvent, type LogEvent } from '../domain/call-event.ts';
import { lowestMos, resultOf } from '../domain/call-result.ts';
import { callLogSchema } from './call-log-schema.ts';
import { searchTextOf, type Written } from './call-search.ts';
import { databaseError, inTransaction, isDamaged, moveAside, openDatabase } from './database.ts';

export interface MovedAside {
  path: string;
  why: string;
}

export type CallLogWriterOperations = {
  /** Opens the file, making it when it is not there. */
  open: { args: Record<string, never>; result: { movedAside: MovedAside | null } };
  /** Commits a batch; the same batch (by its id) is committed once however often it is sent. */
  append: {
    args: { batchId: string; events: LogEvent[] };
    result: { lastSeq: number; unfoldable: number; movedAside: MovedAside | null };
  };
  /** Ends the calls that an earlier process left open; returns them, folded. */
  recover: { args: { at: number; reason: string }; result: Call[] };
  close: { args: Record<string, never>; result: null };
};

/** Events after which a list would show something else. */
const listed = new Set<string>([
  ...['CALLSTART', 'ENTERQUEUE', 'CONNECT', 'BRIDGE', 'ABANDON', 'CALLEND'],
  ...['NOTE', 'DISPOSITION'],
]);
/** Events after which it would be found by other words. */
const searched = new Set<string>(['CALLSTART', 'NOTE']);

interface Statements {
  event: StatementSync;
  call: StatementSync;
  document: StatementSync;
  search: StatementSync;
  storedDocument: StatementSync;
  storedEvents: StatementSync;
  recording: StatementSync;
  meta: StatementSync;
  setMeta: StatementSync;
}

export class CallLogWriter {
  readonly #file: string;
  #database: DatabaseSync | undefined;
  #statements: Statements | undefined;
  /** Calls not yet ended, folded as far as committed. */
  #live = new Map<string, Call>();

  constructor(file: string) {
    this.#file = file;
  }

  /** @throws CordboardError disk.full, disk.failed */
  open(): { movedAside: MovedAside | null } {
    if (this.#database) return { movedAside: null };
    const first = openDatabase(this.#file, callLogSchema);
    try {
      this.#use(first.database);
      return { movedAside: first.movedAside };
    } catch (error) {
      first.database.close();
      if (!isDamaged(error)) throw databaseError(this.#file, error);
      const movedAside = { path: moveAside(this.#file), why: String(error) };
      this.#use(openDatabase(this.#file, callLogSchema).database);
      return { movedAside };
    }
  }

  #use(database: DatabaseSync): void {
    this.#statements = prepare(database);
    this.#database = database;
  }

  close(): null {
    this.#database?.close();
    this.#database = undefined;
    this.#statements = undefined;
    return null;
  }

  /** @throws CordboardError disk.full, disk.failed, internal (an event is wrong); then nothing was written */
  append(args: CallLogWriterOperations['append']['args']): CallLogWriterOperations['append']['result'] {
    let { movedAside } = this.open();
    try {
      return { ...this.#write(args), movedAside };
    } catch (error) {
      if (!isDamaged(error)) throw databaseError(this.#file, error);
      this.close();
      movedAside = { path: moveAside(this.#file), why: String(error) };
      this.open();
      return { ...this.#write(args), movedAside };
    }
  }

  /** @throws CordboardError disk.full, disk.failed */
  recover({ at, reason }: { at: number; reason: string }): Call[] {
    this.open();
    const { database } = this.#opened();
    const open = database.prepare('SELECT call_id FROM calls WHERE ended_at IS NULL ORDER BY id').all();
    const termination = { class: 'server' as const, reason };
    const last = database.prepare('SELECT at FROM events ORDER BY seq DESC LIMIT 1').get();
    const aliveAt = Math.min(at, Number(last?.at ?? at));
    const recovered: Call[] = [];
    for (const row of open) {
      const callId = String(row.call_id);
      if (this.#live.has(callId)) continue;
      const call = this.#callBefore(callId);
      if (!call) continue;
      const events: CallEvent[] = [
        ...call.legs
          .filter((leg) => leg.endedAt === undefined)
          .map((leg) => ({ at, callId, name: 'LEGEND' as const, legId: leg.legId, termination })),
        { at, callId, name: 'CALLEND', termination, aliveAt },
      ];
      this.append({ batchId: `recover-${callId}`, events });
      const ended = this.#callBefore(callId);
      if (ended) recovered.push(ended);
    }
    return recovered;
  }

  #opened(): { database: DatabaseSync; statements: Statements } {
    if (!this.#database || !this.#statements) throw new Error('the call log is not open');
    return { database: this.#database, statements: this.#statements };
  }

  #write({ batchId, events }: { batchId: string; events: LogEvent[] }): {
    lastSeq: number;
    unfoldable: number;
  } {
    const { database, statements } = this.#opened();
    /** Calls as this batch leaves them; they become `#live` only when it is committed. */
    const folded = new Map<string, Call>();
    const toList = new Set<string>();
    const toFind = new Set<string>();
    let lastSeq = 0;
    let unfoldable = 0;
    inTransaction(database, () => {
      if (statements.meta.get('last_batch')?.value === batchId) return;
      for (const event of events) {
        lastSeq = insertEvent(statements.event, event);
        if (!isCallEvent(event)) continue;
        const before =
          folded.get(event.callId) ?? this.#live.get(event.callId) ?? this.#callBefore(event.callId);
        if (!before && event.name !== 'CALLSTART') {
          unfoldable++; // its beginning was lost; the event itself is kept
          continue;
        }
        if (event.name === 'RECORDSTART') statements.recording.run(event.recordingId, event.callId);
        folded.set(event.callId, foldCall(before, event));
        if (listed.has(event.name) || before?.endedAt !== undefined) toList.add(event.callId);
        if (searched.has(event.name)) toFind.add(event.callId);
      }
      for (const callId of toList) {
        const call = folded.get(callId);
        if (call) storeCall(statements, call, toFind.has(callId));
      }
      statements.setMeta.run('last_batch', batchId);
    });
    for (const [callId, call] of folded) {
      if (call.endedAt === undefined) this.#live.set(callId, call);
      else this.#live.delete(callId);
    }
    return { lastSeq, unfoldable };
  }

  /** The call as the file has it, for one that is not in memory: ended, or of an earlier process. */
  #callBefore(callId: string): Call | undefined {
    const { statements } = this.#opened();
    const stored = statements.storedDocument.get(callId);
    if (stored) return JSON.parse(String(stored.json)) as Call;
    return foldStored(statements.storedEvents.all(callId).map((row) => String(row.json)));
  }
}

/** Folds a call's events from their JSON; undefined when there is no beginning. */
export function foldStored(events: readonly string[]): Call | undefined {
  let call: Call | undefined;
  for (const json of events) {
    const event = JSON.parse(json) as CallEvent;
    if (call || event.name === 'CALLSTART') call = foldCall(call, event);
  }
  return call;
}

function prepare(database: DatabaseSync): Statements {
  return {
    event: database.prepare(
      'INSERT INTO events (at, kind, call_id, agent_id, name, json) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    call: database.prepare(
      `INSERT INTO calls (call_id, started_at, ended_at, direction, from_number, to_number, trunk_id, queue_id,
         agent_id, phase, abandoned, has_recording, wait_ms, talk_ms, result, mos, disposition)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (call_id) DO UPDATE SET started_at = excluded.started_at, ended_at = excluded.ended_at,
         queue_id = excluded.queue_id, agent_id = excluded.agent_id, phase = excluded.phase,
         abandoned = excluded.abandoned, has_recording = excluded.has_recording, wait_ms = excluded.wait_ms,
         talk_ms = excluded.talk_ms, result = excluded.result, mos = excluded.mos,
         disposition = excluded.disposition
       RETURNING id`,
    ),
    search: database.prepare('INSERT OR REPLACE INTO call_search (rowid, text) VALUES (?, ?)'),
    document: database.prepare('INSERT OR REPLACE INTO call_documents (id, json) VALUES (?, ?)'),
    storedDocument: database.prepare(
      'SELECT json FROM call_documents WHERE id = (SELECT id FROM calls WHERE call_id = ?)',
    ),
    storedEvents: database.prepare(
      "SELECT json FROM events WHERE call_id = ? AND kind = 'call' ORDER BY seq",
    ),
    recording: database.prepare(
      'INSERT OR REPLACE INTO call_recordings (recording_id, call_id) VALUES (?, ?)',
    ),
    meta: database.prepare('SELECT value FROM meta WHERE key = ?'),
    setMeta: database.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)'),
  };
}

function insertEvent(statement: StatementSync, event: LogEvent): number {
  const { lastInsertRowid } = statement.run(
    Math.round(event.at),
    isCallEvent(event) ? 'call' : 'agent',
    'callId' in event ? event.callId : null,
    'agentId' in event ? event.agentId : null,
    event.name,
    JSON.stringify(event),
  );
  return Number(lastInsertRowid);
}

/** @param isFoundAnew numbers, name or notes are new */
function storeCall(statements: Statements, call: Call & Written, isFoundAnew: boolean): void {
  const row = statements.call.get(
    call.callId,
    Math.round(call.startedAt),
    call.endedAt === undefined ? null : Math.round(call.endedAt),
    call.direction,
    call.from,
    call.to,
    call.trunkId ?? null,
    call.queueId ?? null,
    call.agentId ?? null,
    call.phase,
    call.abandoned ? 1 : 0,
    call.recordings.some(({ state, deleted }) => state === 'done' && !deleted) ? 1 : 0,
    Math.round(call.waitMs),
    Math.round(call.talkMs),
    resultOf(call),
    lowestMos(call) ?? null,
    call.disposition?.code ?? null,
  );
  if (isFoundAnew) statements.search.run(Number(row?.id), searchTextOf(call));
  if (call.endedAt !== undefined) statements.document.run(Number(row?.id), JSON.stringify(call));
}
