/** The SIP messages of ended calls, one compressed row a call; used in their thread (trace-worker.ts). */
import type { DatabaseSync } from 'node:sqlite';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { TappedMessage } from '../codec/engine-control.ts';
import { statementOf } from './database.ts';

/** How much of the SIP traces is kept: the oldest calls go first. */
export interface TraceLimits {
  /** On disk, compressed. */
  maxBytes: number;
  maxAgeMs: number;
}

export interface TraceWrite {
  callId: string;
  /** When it was saved, wall clock. */
  at: number;
  messages: TappedMessage[];
}

export type TraceReads = { messages: { args: { callId: string }; result: TappedMessage[] } };

export const traceSchema: readonly string[] = [
  `
  CREATE TABLE traces (
    call_id TEXT PRIMARY KEY,
    saved_at INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    messages BLOB NOT NULL
  ) STRICT;
  CREATE INDEX traces_by_time ON traces (saved_at, bytes);
  `,
];

/** 200 MB, 14 days. */
export const defaultTraceLimits: TraceLimits = { maxBytes: 200_000_000, maxAgeMs: 14 * 86_400_000 };

/**
 * What compression allocates at a time, about what one call comes to: zlib's own 16 kB for each call would lie about
 * by the thousand until a thread with so little to do collects its garbage.
 */
const packedChunkBytes = 2048;

/** Within a transaction: adds messages to those of the call, and lets go what the limits do not allow. */
export function saveTrace(database: DatabaseSync, trace: TraceWrite, limits: TraceLimits): void {
  const before = readTrace(database, trace.callId);
  const messages = [...before, ...trace.messages].sort((a, b) => a.atMs - b.atMs);
  const packed = deflateRawSync(JSON.stringify(messages), { chunkSize: packedChunkBytes });
  statementOf(
    database,
    'INSERT OR REPLACE INTO traces (call_id, saved_at, bytes, messages) VALUES (?, ?, ?, ?)',
  ).run(trace.callId, trace.at, packed.length, packed);
  statementOf(database, 'DELETE FROM traces WHERE saved_at < ?').run(trace.at - limits.maxAgeMs);
  let excess = totalBytes(database) - limits.maxBytes;
  while (excess > 0) {
    const oldest = statementOf(
      database,
      'SELECT call_id, bytes FROM traces ORDER BY saved_at, rowid LIMIT 1',
    ).get();
    if (!oldest) return;
    statementOf(database, 'DELETE FROM traces WHERE call_id = ?').run(String(oldest.call_id));
    excess -= Number(oldest.bytes);
  }
}

/** In order of time; empty when none were kept. */
export function readTrace(database: DatabaseSync, callId: string): TappedMessage[] {
  const row = statementOf(database, 'SELECT messages FROM traces WHERE call_id = ?').get(callId);
  if (!row) return [];
  return JSON.parse(inflateRawSync(row.messages as Uint8Array).toString('utf8')) as TappedMessage[];
}

function totalBytes(database: DatabaseSync): number {
  return Number(statementOf(database, 'SELECT total(bytes) AS sum FROM traces').get()?.sum);
}
