/** Lists and leads as people see, change and import them; used in the lead store's thread. */
import type { DatabaseSync } from 'node:sqlite';
import { CordboardError } from '../base/errors.ts';
import { randomId } from '../base/ids.ts';
import type { Attempt } from '../domain/campaign/attempt.ts';
import { isZone } from '../domain/campaign/hours.ts';
import type { Lead, LeadList, NewLead } from '../domain/campaign/lead.ts';
import type { AddedLeads, AttemptQuery, LeadChange, LeadQuery, Page } from '../domain/campaign/lead-store.ts';
import { type Place, placeOfNumber } from '../domain/campaign/number-zones.ts';
import { clampLimit, readCursor, writeCursor } from './cursor.ts';
import { inTransaction, statementOf } from './database.ts';
import {
  attemptOf,
  attemptSelect,
  Conditions,
  containing,
  countLeads,
  leadColumns,
  leadOf,
  type Row,
} from './lead-rows.ts';

/** Leads of one call of `addLeads`. */
export const maxBatch = 1000;

export function listLists(database: DatabaseSync): LeadList[] {
  const rows = statementOf(database, 'SELECT * FROM lists ORDER BY created_at DESC, list_id').all();
  return rows.map((row) => listOf(database, row));
}

export function createList(
  database: DatabaseSync,
  list: { listId: string; name: string; who: string },
  at: number,
): LeadList {
  if (findList(database, list.listId))
    throw new CordboardError('in-use', `there is a list ${list.listId} already`);
  statementOf(database, 'INSERT INTO lists (list_id, name, created_at, created_by) VALUES (?, ?, ?, ?)').run(
    list.listId,
    list.name,
    at,
    list.who,
  );
  return listOf(database, mustFindList(database, list.listId));
}

export function renameList(database: DatabaseSync, listId: string, name: string): LeadList {
  mustFindList(database, listId);
  statementOf(database, 'UPDATE lists SET name = ? WHERE list_id = ?').run(name, listId);
  return listOf(database, mustFindList(database, listId));
}

export function deleteList(database: DatabaseSync, listId: string): void {
  inTransaction(database, () => {
    mustFindList(database, listId);
    const busy = statementOf(
      database,
      `SELECT count(*) AS n FROM leads WHERE list_id = ? AND state IN ('dialling', 'unknown')`,
    ).get(listId);
    if (Number(busy?.n) > 0)
      throw new CordboardError(
        'in-use',
        'Leads of the list are being called, or the outcome of their call is unknown. Decide on those first.',
      );
    for (const sql of [
      'DELETE FROM staged_leads WHERE import_id IN (SELECT import_id FROM imports WHERE list_id = ?)',
      'DELETE FROM imports WHERE list_id = ?',
      'DELETE FROM leads WHERE list_id = ?',
      'DELETE FROM lists WHERE list_id = ?',
    ])
      statementOf(database, sql).run(listId);
  });
}

export function listLeads(database: DatabaseSync, query: LeadQuery): Page<Lead> {
  mustFindList(database, query.listId);
  const limit = clampLimit(query.limit);
  const pattern = containing(query.text);
  const conditions = new Conditions()
    .add('l.list_id = ?', query.listId)
    .add('l.lead_id > ?', readCursor(query.cursor)?.[1])
    .add('l.state = ?', query.state)
    .add(`(l.number LIKE ? ESCAPE '\\' OR l.name LIKE ? ESCAPE '\\')`, pattern, pattern);
  if (query.doNotCall) conditions.add('l.number IN (SELECT number FROM do_not_call)');
  const rows = statementOf(
    database,
    `SELECT ${leadColumns} FROM leads l ${conditions.where} ORDER BY l.lead_id LIMIT ?`,
  ).all(...conditions.values, limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(leadOf),
    next: last ? writeCursor(0, Number(last.lead_id)) : null,
  };
}

export function getLead(database: DatabaseSync, leadId: number): { lead: Lead; attempts: Attempt[] } {
  const lead = mustFindLead(database, leadId);
  const attempts = statementOf(
    database,
    `${attemptSelect} WHERE a.lead_id = ? ORDER BY a.intent_at DESC, a.attempt_id DESC`,
  ).all(leadId);
  return { lead, attempts: attempts.map(attemptOf) };
}

export function changeLead(database: DatabaseSync, leadId: number, change: LeadChange, at: number): Lead {
  const { name, note, fields, zone, state, dueAt, agentId } = change;
  return inTransaction(database, () => {
    const lead = mustFindLead(database, leadId);
    if (state !== undefined && (lead.state === 'dialling' || lead.state === 'unknown'))
      throw new CordboardError(
        'in-use',
        lead.state === 'dialling'
          ? 'The lead is being called.'
          : 'The outcome of its last call is unknown: decide on that first.',
      );
    statementOf(
      database,
      `UPDATE leads SET name = ?, note = ?, fields = ?, place = ?, state = ?, due_at = ?, agent_id = ?
       WHERE lead_id = ?`,
    ).run(
      name ?? lead.name,
      note ?? lead.note,
      JSON.stringify(fields ?? lead.fields),
      placeFor({ number: lead.number, zone: zone === undefined ? lead.zone : zone }),
      // Opened again: as one that has been called before keeps its attempts.
      state === 'new' && lead.attempts > 0 ? 'retry' : (state ?? lead.state),
      state === undefined ? (lead.dueAt ?? 0) : state === 'callback' ? (dueAt ?? at) : 0,
      agentId === undefined ? lead.agentId : agentId,
      leadId,
    );
    return mustFindLead(database, leadId);
  });
}

export function deleteLead(database: DatabaseSync, leadId: number): void {
  const { state } = mustFindLead(database, leadId);
  if (state === 'dialling' || state === 'unknown')
    throw new CordboardError('in-use', 'The lead is being called, or the outcome of its call is undecided.');
  statementOf(database, 'DELETE FROM leads WHERE lead_id = ?').run(leadId);
}

export function beginImport(database: DatabaseSync, listId: string, who: string, at: number): string {
  mustFindList(database, listId);
  const importId = randomId(16);
  statementOf(database, 'INSERT INTO imports (import_id, list_id, who, begun_at) VALUES (?, ?, ?, ?)').run(
    importId,
    listId,
    who,
    at,
  );
  return importId;
}

/** Puts a batch beside the leads, where nobody sees it. */
export function addLeads(
  database: DatabaseSync,
  importId: string,
  leads: readonly NewLead[],
  options: { notInOtherLists: boolean } = { notInOtherLists: false },
): AddedLeads {
  if (leads.length > maxBatch)
    throw new CordboardError('request.invalid', `at most ${maxBatch} leads in one batch`);
  const listId = listOfImport(database, importId);
  const result: AddedLeads = { added: 0, duplicates: [], doNotCall: [] };
  inTransaction(database, () => {
    const inList = statementOf(database, 'SELECT 1 FROM leads WHERE list_id = ? AND number = ?');
    const elsewhere = statementOf(database, 'SELECT 1 FROM leads WHERE number = ? AND list_id <> ? LIMIT 1');
    const blocked = statementOf(database, 'SELECT 1 FROM do_not_call WHERE number = ?');
    const begun = statementOf(database, 'SELECT count(*) AS n FROM staged_leads WHERE import_id = ?');
    const first = Number(begun.get(importId)?.n ?? 0);
    const insert = statementOf(
      database,
      `INSERT INTO staged_leads (import_id, number, name, note, fields, place, position)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    leads.forEach((lead, position) => {
      if (inList.get(listId, lead.number)) {
        result.duplicates.push({ position, of: 'list' });
        return;
      }
      if (options.notInOtherLists && elsewhere.get(lead.number, listId)) {
        result.duplicates.push({ position, of: 'other-list' });
        return;
      }
      const { changes } = insert.run(
        importId,
        lead.number,
        lead.name ?? '',
        lead.note ?? '',
        JSON.stringify(lead.fields ?? {}),
        placeFor(lead),
        first + position,
      );
      if (Number(changes) === 0) {
        result.duplicates.push({ position, of: 'import' });
        return;
      }
      result.added += 1;
      if (blocked.get(lead.number)) result.doNotCall.push(position);
    });
  });
  return result;
}

/** All staged leads become leads of their list, or none. */
export function commitImport(database: DatabaseSync, importId: string): { added: number } {
  const listId = listOfImport(database, importId);
  return inTransaction(database, () => {
    mustFindList(database, listId);
    const { changes } = statementOf(
      database,
      `INSERT INTO leads (list_id, number, name, note, fields, place)
       SELECT ?, number, name, note, fields, place FROM staged_leads WHERE import_id = ? ORDER BY position
       ON CONFLICT DO NOTHING`,
    ).run(listId, importId);
    dropImport(database, importId);
    return { added: Number(changes) };
  });
}

export function discardImport(database: DatabaseSync, importId: string): void {
  inTransaction(database, () => dropImport(database, importId));
}

/** What imports left that a stop cut off. */
export function discardAllImports(database: DatabaseSync): void {
  inTransaction(database, () => {
    statementOf(database, 'DELETE FROM staged_leads').run();
    statementOf(database, 'DELETE FROM imports').run();
  });
}

export function listAttempts(database: DatabaseSync, query: AttemptQuery): Page<Attempt> {
  const limit = clampLimit(query.limit);
  const conditions = new Conditions()
    .add('a.campaign_id = ?', query.campaignId)
    .add('r.result = ?', query.result)
    .add('a.intent_at >= ?', query.from)
    .add('a.intent_at < ?', query.until)
    .add('a.attempt_id < ?', query.cursor);
  const rows = statementOf(
    database,
    // Ids of attempts sort by the time they were made.
    `${attemptSelect} ${conditions.where} ORDER BY a.attempt_id DESC LIMIT ?`,
  ).all(...conditions.values, limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items: rows.slice(0, limit).map(attemptOf), next: last ? String(last.attempt_id) : null };
}

export function findAttempt(database: DatabaseSync, attemptId: string): Attempt | null {
  const row = statementOf(database, `${attemptSelect} WHERE a.attempt_id = ?`).get(attemptId);
  return row ? attemptOf(row) : null;
}

export function mustFindLead(database: DatabaseSync, leadId: number): Lead {
  const row = statementOf(database, `SELECT ${leadColumns} FROM leads l WHERE l.lead_id = ?`).get(leadId);
  if (!row) throw new CordboardError('not-found', `There is no lead ${leadId}.`);
  return leadOf(row);
}

export function findList(database: DatabaseSync, listId: string): Row | undefined {
  return statementOf(database, 'SELECT * FROM lists WHERE list_id = ?').get(listId);
}

/** @throws CordboardError request.invalid for a zone that does not exist */
function placeFor({ number, zone }: Pick<NewLead, 'number' | 'zone'>): Place {
  if (zone === undefined || zone === null) return placeOfNumber(number);
  if (!isZone(zone))
    throw new CordboardError('request.invalid', `there is no time zone ${zone}`, {
      details: { errors: [{ path: 'zone', message: `there is no time zone ${zone}` }] },
    });
  return zone;
}

function mustFindList(database: DatabaseSync, listId: string): Row {
  const row = findList(database, listId);
  if (!row) throw new CordboardError('not-found', `There is no list ${listId}.`);
  return row;
}

function listOf(database: DatabaseSync, row: Row): LeadList {
  const listId = String(row.list_id);
  return {
    listId,
    name: String(row.name),
    createdAt: Number(row.created_at),
    createdBy: String(row.created_by),
    counts: countLeads(database, [listId]),
  };
}

function listOfImport(database: DatabaseSync, importId: string): string {
  const row = statementOf(database, 'SELECT list_id FROM imports WHERE import_id = ?').get(importId);
  if (!row) throw new CordboardError('not-found', 'This import is over, or was never begun.');
  return String(row.list_id);
}

function dropImport(database: DatabaseSync, importId: string): void {
  statementOf(database, 'DELETE FROM staged_leads WHERE import_id = ?').run(importId);
  statementOf(database, 'DELETE FROM imports WHERE import_id = ?').run(importId);
}
