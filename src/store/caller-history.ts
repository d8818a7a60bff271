/** The last calls from and to one number, whatever stands before its last digits: 06…, +36…, 0036…. */
import type { SQLInputValue } from 'node:sqlite';
import type { Call, PastCall } from '../domain/call.ts';

/** So many digits of a number tell whose it is; what comes before depends on who wrote it. */
const tellingDigits = 9;

export interface CallerHistoryQuery {
  /** Digits, without `+`. */
  number: string;
  limit: number;
  /** Only calls of these queues, this agent, or dialled by this extension; absent: all. */
  only?: { queueIds: string[]; agentId: string; extensionNumber: string };
}

/** The question, newest first; each side of it walks an index in order. */
export function historySql(query: CallerHistoryQuery): { sql: string; values: SQLInputValue[] } {
  const tail = query.number.slice(-tellingDigits);
  // A short number may have been written with a plus, and is then told apart by it.
  const tails = query.number.length < tellingDigits ? [tail, `+${tail}`] : [tail];
  const { only } = query;
  const condition = only
    ? `AND (queue_id IN (SELECT value FROM json_each(?)) OR agent_id = ? OR (direction <> 'inbound' AND from_number = ?))`
    : '';
  const more = only ? [JSON.stringify(only.queueIds), only.agentId, only.extensionNumber] : [];
  const sides = ['from_number', 'to_number'].flatMap((column) =>
    tails.map((each) => ({
      sql: `SELECT * FROM (SELECT id, started_at FROM calls
            WHERE substr(${column}, -${tellingDigits}) = ? AND ended_at IS NOT NULL ${condition}
            ORDER BY started_at DESC, id DESC LIMIT ?)`,
      values: [each, ...more, query.limit],
    })),
  );
  return {
    sql: `SELECT d.json FROM (${sides.map(({ sql }) => sql).join(' UNION ')}) c
          JOIN call_documents d ON d.id = c.id ORDER BY c.started_at DESC, c.id DESC LIMIT ?`,
    values: [...sides.flatMap(({ values }) => values), query.limit],
  };
}

export function pastCall(json: string): PastCall {
  const call = JSON.parse(json) as Call;
  const { callId, direction, from, to, startedAt, waitMs, talkMs, abandoned } = call;
  return {
    callId,
    direction,
    from,
    to,
    startedAt,
    waitMs,
    talkMs,
    abandoned,
    ...(call.fromName === undefined ? {} : { fromName: call.fromName }),
    ...(call.queueId === undefined ? {} : { queueId: call.queueId }),
    ...(call.agentId === undefined ? {} : { agentId: call.agentId }),
    ...(call.connectedAt === undefined ? {} : { connectedAt: call.connectedAt }),
    ...(call.notes === undefined ? {} : { notes: call.notes }),
    ...(call.disposition === undefined ? {} : { disposition: call.disposition }),
  };
}
