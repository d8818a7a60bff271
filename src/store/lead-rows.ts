/** Rows of the lead store as the rest of the house knows them. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Attempt, AttemptResult, UnknownDecision } from '../domain/campaign/attempt.ts';
import { type Lead, type LeadCounts, type LeadState, leadStates } from '../domain/campaign/lead.ts';
import { namedZone, zonesOfPlace } from '../domain/campaign/number-zones.ts';
import { statementOf } from './database.ts';

export type Row = Record<string, unknown>;

/** What is selected of a lead; `l` is the table. */
export const leadColumns =
  'l.*, EXISTS (SELECT 1 FROM do_not_call d WHERE d.number = l.number) AS do_not_call';

export function leadOf(row: Row): Lead {
  const place = String(row.place);
  const state = String(row.state) as LeadState;
  return {
    leadId: Number(row.lead_id),
    listId: String(row.list_id),
    number: String(row.number),
    name: String(row.name),
    note: String(row.note),
    fields: JSON.parse(String(row.fields)) as Record<string, string>,
    zone: namedZone(place),
    zones: [...zonesOfPlace(place)],
    state,
    dueAt: state === 'retry' || state === 'callback' ? Number(row.due_at) : null,
    agentId: row.agent_id === null ? null : String(row.agent_id),
    attempts: Number(row.attempts),
    lastAttemptAt: row.last_attempt_at === null ? null : Number(row.last_attempt_at),
    lastResult: row.last_result === null ? null : (String(row.last_result) as AttemptResult),
    doNotCall: Number(row.do_not_call) === 1,
  };
}

/** Attempts with their results and the last thing said of each kind. */
export const attemptSelect = `
  SELECT a.*, r.at AS result_at, r.result, r.reason, r.sip_status, r.ring_ms, r.voice_ms,
    (SELECT n.value FROM attempt_notes n WHERE n.attempt_id = a.attempt_id AND n.kind = 'disposition'
      ORDER BY n.id DESC LIMIT 1) AS disposition,
    (SELECT json_object('at', n.at, 'who', n.who, 'decision', n.value) FROM attempt_notes n
      WHERE n.attempt_id = a.attempt_id AND n.kind = 'decision' ORDER BY n.id DESC LIMIT 1) AS decision
  FROM attempts a LEFT JOIN attempt_results r ON r.attempt_id = a.attempt_id`;

export function attemptOf(row: Row): Attempt {
  const number = (value: unknown): number | undefined => (value === null ? undefined : Number(value));
  const attempt: Attempt = {
    attemptId: String(row.attempt_id),
    leadId: Number(row.lead_id),
    listId: String(row.list_id),
    campaignId: String(row.campaign_id),
    number: String(row.number),
    agentId: String(row.agent_id),
    trunkId: String(row.trunk_id),
    callerNumber: String(row.caller_number),
    intentAt: Number(row.intent_at),
    zones: [...zonesOfPlace(String(row.place))],
    doNotCallVersion: Number(row.do_not_call_version),
  };
  if (row.result === null) return attempt;
  const [ringMs, voiceMs, sipStatus] = [number(row.ring_ms), number(row.voice_ms), number(row.sip_status)];
  return {
    ...attempt,
    result: String(row.result) as AttemptResult,
    resultAt: Number(row.result_at),
    reason: String(row.reason),
    ...(ringMs === undefined ? {} : { ringMs }),
    ...(voiceMs === undefined ? {} : { voiceMs }),
    ...(sipStatus === undefined ? {} : { sipStatus }),
    ...(row.disposition === null ? {} : { disposition: String(row.disposition) }),
    ...(row.decision === null
      ? {}
      : {
          decision: JSON.parse(String(row.decision)) as {
            at: number;
            who: string;
            decision: UnknownDecision;
          },
        }),
  };
}

/** How many leads of these lists are in which state. */
export function countLeads(database: DatabaseSync, listIds: readonly string[]): LeadCounts {
  const lists = JSON.stringify(listIds);
  const byState = Object.fromEntries(leadStates.map((state) => [state, 0])) as Record<LeadState, number>;
  const rows = statementOf(
    database,
    `SELECT state, count(*) AS n FROM leads
     WHERE list_id IN (SELECT value FROM json_each(?)) GROUP BY state`,
  ).all(lists);
  for (const { state, n } of rows) byState[String(state) as LeadState] = Number(n);
  const blocked = statementOf(
    database,
    `SELECT count(*) AS n FROM do_not_call d JOIN leads l ON l.number = d.number
     WHERE l.list_id IN (SELECT value FROM json_each(?)) AND l.state IN ('new', 'retry', 'callback')`,
  ).get(lists);
  return {
    total: Object.values(byState).reduce((sum, n) => sum + n, 0),
    byState,
    doNotCall: Number(blocked?.n ?? 0),
  };
}

/** Conditions joined by AND, with their values. */
export class Conditions {
  readonly #texts: string[] = [];
  readonly #values: SQLInputValue[] = [];

  /** Leaves the condition out when its value is undefined. */
  add(text: string, ...values: (SQLInputValue | undefined)[]): this {
    if (values.some((value) => value === undefined)) return this;
    this.#texts.push(text);
    this.#values.push(...(values as SQLInputValue[]));
    return this;
  }

  get where(): string {
    return this.#texts.length === 0 ? '' : `WHERE ${this.#texts.join(' AND ')}`;
  }

  get values(): SQLInputValue[] {
    return this.#values;
  }
}

/** `text` as a pattern of LIKE … ESCAPE '\' that finds it anywhere. */
export function containing(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
