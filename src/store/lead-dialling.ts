/** Intents, results and what people say of them; used in the lead store's thread. Each is one transaction. */
import type { DatabaseSync } from 'node:sqlite';
import { CordboardError } from '../base/errors.ts';
import type { AttemptResult, UnknownDecision } from '../domain/campaign/attempt.ts';
import type { Lead } from '../domain/campaign/lead.ts';
import type {
  CampaignRun,
  DispositionEffect,
  Intent,
  IntentRefusal,
  ResultRecord,
} from '../domain/campaign/lead-store.ts';
import { afterAttempt, afterDecision, type LeadOutcome } from '../domain/campaign/retry.ts';
import { calendarOf } from '../domain/metrics/calendar.ts';
import type { Campaign } from '../domain/settings/campaigns.ts';
import { inTransaction, statementOf } from './database.ts';
import { doNotCallVersion, putDoNotCall } from './do-not-call.ts';
import { refusalOf } from './lead-choice.ts';
import { leadColumns, leadOf } from './lead-rows.ts';

/** Asks once more whether the lead may be called, and writes that it is about to be. */
export function commitIntent(
  database: DatabaseSync,
  intent: Intent,
  at: number,
): { lead: Lead } | { refused: IntentRefusal } {
  return inTransaction(database, () => {
    const row = statementOf(database, `SELECT ${leadColumns} FROM leads l WHERE l.lead_id = ?`).get(
      intent.leadId,
    );
    if (!row) return { refused: 'gone' };
    const lead = leadOf(row);
    const place = String(row.place);
    const refused = refusalOf(database, intent.campaign, lead, place, at);
    if (refused !== undefined) return { refused };
    statementOf(
      database,
      `INSERT INTO attempts (attempt_id, lead_id, list_id, campaign_id, number, agent_id, trunk_id,
         caller_number, intent_at, place, do_not_call_version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ).run(
      intent.attemptId,
      intent.leadId,
      lead.listId,
      intent.campaign.id,
      lead.number,
      intent.agentId,
      intent.trunkId,
      intent.callerNumber,
      at,
      place,
      doNotCallVersion(database),
    );
    statementOf(database, 'INSERT INTO open_attempts (attempt_id, number) VALUES (?, ?)').run(
      intent.attemptId,
      lead.number,
    );
    // An attempt counts from its intent on: whatever happens next, it was made.
    statementOf(
      database,
      `UPDATE leads SET state = 'dialling', attempts = attempts + 1, last_attempt_at = ?, last_result = NULL,
         agent_id = NULL WHERE lead_id = ?`,
    ).run(at, intent.leadId);
    return {
      lead: { ...lead, state: 'dialling', attempts: lead.attempts + 1, lastAttemptAt: at, lastResult: null },
    };
  });
}

/** Writes what came of an attempt; once only. @returns the lead after it, null when it is gone or known already */
export function recordResult(database: DatabaseSync, record: ResultRecord, at: number): Lead | null {
  return inTransaction(database, () => {
    if (!putResult(database, record, at)) return null;
    // An unknown outcome stays open until a person decides.
    if (record.result !== 'unknown')
      statementOf(database, 'DELETE FROM open_attempts WHERE attempt_id = ?').run(record.attemptId);
    const row = statementOf(
      database,
      `SELECT l.lead_id, l.attempts FROM leads l JOIN attempts a ON a.lead_id = l.lead_id WHERE a.attempt_id = ?`,
    ).get(record.attemptId);
    if (!row) return null;
    const leadId = Number(row.lead_id);
    const same = statementOf(
      database,
      `SELECT count(*) AS n FROM attempts a JOIN attempt_results r ON r.attempt_id = a.attempt_id
       WHERE a.lead_id = ? AND r.result = ?`,
    ).get(leadId, record.result);
    const history = { attempts: Number(row.attempts), sameResult: Number(same?.n ?? 1) };
    setLead(database, leadId, afterAttempt(record.campaign, record.result, history, at), record.result);
    return leadById(database, leadId);
  });
}

/** What an agent says of a call decides what becomes of its lead, unless it is being called again already. */
export function recordDisposition(
  database: DatabaseSync,
  attemptId: string,
  said: { code: string; who: string; effect: DispositionEffect },
  at: number,
): Lead | null {
  return inTransaction(database, () => {
    const attempt = statementOf(database, 'SELECT * FROM attempts WHERE attempt_id = ?').get(attemptId);
    if (!attempt) throw new CordboardError('not-found', `There is no attempt ${attemptId}.`);
    note(database, attemptId, { at, who: said.who, kind: 'disposition', value: said.code });
    const { effect } = said;
    if (effect.kind === 'do-not-call')
      putDoNotCall(
        database,
        { number: String(attempt.number), reason: said.code },
        { who: said.who, source: 'disposition' },
        at,
      );
    const lead = leadById(database, Number(attempt.lead_id));
    if (!lead || lead.state === 'dialling' || lead.state === 'unknown' || effect.kind === 'none') return lead;
    const { leadId, attempts } = lead;
    if (effect.kind === 'callback') {
      setLead(database, leadId, { state: 'callback', dueAt: effect.at, attempts }, lead.lastResult);
      statementOf(database, 'UPDATE leads SET agent_id = ? WHERE lead_id = ?').run(effect.agentId, leadId);
    } else if (effect.kind === 'call-again')
      setLead(database, leadId, { state: 'retry', dueAt: effect.at, attempts }, lead.lastResult);
    else setLead(database, leadId, { state: 'done', dueAt: null, attempts }, lead.lastResult);
    return leadById(database, leadId);
  });
}

/** Intents of an earlier run that never got a result: nobody knows what came of them, and nobody calls again. */
export function recover(database: DatabaseSync, at: number): number {
  return inTransaction(database, () => {
    const open = statementOf(
      database,
      `SELECT a.attempt_id, a.lead_id FROM open_attempts o JOIN attempts a ON a.attempt_id = o.attempt_id
       WHERE NOT EXISTS (SELECT 1 FROM attempt_results r WHERE r.attempt_id = a.attempt_id)`,
    ).all();
    for (const { attempt_id, lead_id } of open) {
      putResult(
        database,
        { attemptId: String(attempt_id), result: 'unknown', reason: 'appliance-failed' },
        at,
      );
      statementOf(
        database,
        `UPDATE leads SET state = 'unknown', last_result = 'unknown', due_at = 0 WHERE lead_id = ?`,
      ).run(Number(lead_id));
    }
    return open.length;
  });
}

export function decideUnknown(
  database: DatabaseSync,
  which: { leadId: number } | { campaign: Campaign },
  decision: UnknownDecision,
  who: string,
  at: number,
): number {
  return inTransaction(database, () => {
    const undecided = statementOf(
      database,
      `SELECT a.attempt_id, a.lead_id, l.attempts FROM open_attempts o
       JOIN attempts a ON a.attempt_id = o.attempt_id
       JOIN attempt_results r ON r.attempt_id = a.attempt_id
       LEFT JOIN leads l ON l.lead_id = a.lead_id
       WHERE r.result = 'unknown' AND (a.lead_id = ?1 OR a.campaign_id = ?2)`,
    ).all('leadId' in which ? which.leadId : null, 'campaign' in which ? which.campaign.id : null);
    if (undecided.length === 0 && 'leadId' in which)
      throw new CordboardError('not-found', `No call to lead ${which.leadId} waits for a decision.`);
    for (const row of undecided) {
      const attemptId = String(row.attempt_id);
      note(database, attemptId, { at, who, kind: 'decision', value: decision });
      statementOf(database, 'DELETE FROM open_attempts WHERE attempt_id = ?').run(attemptId);
      if (row.attempts !== null)
        setLead(database, Number(row.lead_id), afterDecision(decision, Number(row.attempts), at), 'unknown');
    }
    return undecided.length;
  });
}

/** Results of a campaign since the day of the office began. */
export function resultsToday(
  database: DatabaseSync,
  campaignId: string,
  timeZone: string,
  at: number,
): Partial<Record<AttemptResult, number>> {
  const rows = statementOf(
    database,
    `SELECT r.result, count(*) AS n FROM attempts a JOIN attempt_results r ON r.attempt_id = a.attempt_id
     WHERE a.campaign_id = ? AND a.intent_at >= ? GROUP BY r.result`,
  ).all(campaignId, calendarOf(timeZone).intervalAt(at, 'day').startAt);
  return Object.fromEntries(rows.map(({ result, n }) => [String(result), Number(n)]));
}

/** The last word on each campaign. */
export function lastRuns(database: DatabaseSync): CampaignRun[] {
  const rows = statementOf(
    database,
    'SELECT * FROM campaign_log WHERE id IN (SELECT max(id) FROM campaign_log GROUP BY campaign_id)',
  ).all();
  return rows.map((row) => ({
    campaignId: String(row.campaign_id),
    at: Number(row.at),
    who: String(row.who),
    state: String(row.state) as CampaignRun['state'],
  }));
}

export function recordRun(database: DatabaseSync, run: Omit<CampaignRun, 'at'>, at: number): CampaignRun {
  statementOf(database, 'INSERT INTO campaign_log (campaign_id, at, who, state) VALUES (?, ?, ?, ?)').run(
    run.campaignId,
    at,
    run.who,
    run.state,
  );
  return { ...run, at };
}

function putResult(database: DatabaseSync, record: Omit<ResultRecord, 'campaign'>, at: number): boolean {
  const { changes } = statementOf(
    database,
    `INSERT INTO attempt_results (attempt_id, at, result, reason, sip_status, ring_ms, voice_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  ).run(
    record.attemptId,
    at,
    record.result,
    record.reason,
    record.sipStatus ?? null,
    record.ringMs ?? null,
    record.voiceMs ?? null,
  );
  return Number(changes) > 0;
}

function setLead(
  database: DatabaseSync,
  leadId: number,
  outcome: LeadOutcome,
  result: AttemptResult | null,
): void {
  statementOf(
    database,
    'UPDATE leads SET state = ?, due_at = ?, attempts = ?, last_result = ? WHERE lead_id = ?',
  ).run(outcome.state, outcome.dueAt ?? 0, outcome.attempts, result, leadId);
}

function leadById(database: DatabaseSync, leadId: number): Lead | null {
  const row = statementOf(database, `SELECT ${leadColumns} FROM leads l WHERE l.lead_id = ?`).get(leadId);
  return row ? leadOf(row) : null;
}

function note(
  database: DatabaseSync,
  attemptId: string,
  said: { at: number; who: string; kind: 'disposition' | 'decision'; value: string },
): void {
  statementOf(
    database,
    'INSERT INTO attempt_notes (attempt_id, at, who, kind, value) VALUES (?, ?, ?, ?, ?)',
  ).run(attemptId, said.at, said.who, said.kind, said.value);
}
