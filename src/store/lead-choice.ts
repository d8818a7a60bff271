/**
 * Which lead may be called now. The same conditions choose the next one, are asked again when the intent is written,
 * and are counted for the page that says why nothing is dialled.
 */
import type { DatabaseSync } from 'node:sqlite';
import { isCallingTime, nextCallingTime } from '../domain/campaign/hours.ts';
import type { Lead } from '../domain/campaign/lead.ts';
import type { IntentRefusal, LeadSupply } from '../domain/campaign/lead-store.ts';
import { isEmergencyNumber, type Place, zonesOfPlace } from '../domain/campaign/number-zones.ts';
import { personalCallbackMs } from '../domain/campaign/retry.ts';
import { calendarOf } from '../domain/metrics/calendar.ts';
import type { Campaign } from '../domain/settings/campaigns.ts';
import { statementOf } from './database.ts';
import { isDoNotCall } from './do-not-call.ts';
import { countLeads, leadColumns, leadOf } from './lead-rows.ts';

/** States in the order in which their leads are called: promises first, then who waits longest for another try. */
const order = ['callback', 'retry', 'new'] as const;

/** Calls to a number since a moment that count against the day; `congested` reached nobody. */
const callsSince = `(SELECT count(*) FROM attempts a LEFT JOIN attempt_results r ON r.attempt_id = a.attempt_id
  WHERE a.number = l.number AND a.intent_at >= ? AND coalesce(r.result, '') <> 'congested')`;

/** The next lead for this agent, best first; null when none may be called now. */
export function nextLead(
  database: DatabaseSync,
  campaign: Campaign,
  agentId: string,
  exclude: readonly number[],
  at: number,
): Lead | null {
  for (const state of order) {
    for (const listId of campaign.listIds) {
      for (const place of placesOf(database, listId, state)) {
        if (!isCallingTime(campaign, zonesOfPlace(place), at)) continue;
        const row = statementOf(
          database,
          `SELECT ${leadColumns} FROM leads l
           WHERE l.list_id = ? AND l.state = ? AND l.place = ? AND l.due_at <= ?
             AND (l.state = 'callback' OR l.attempts < ?)
             AND (l.agent_id IS NULL OR l.agent_id = ? OR l.due_at <= ?)
             AND l.lead_id NOT IN (SELECT value FROM json_each(?))
             AND NOT EXISTS (SELECT 1 FROM do_not_call d WHERE d.number = l.number)
             AND NOT EXISTS (SELECT 1 FROM open_attempts o WHERE o.number = l.number)
             AND ${callsSince} < ?
           ORDER BY l.due_at, l.lead_id LIMIT 1`,
        ).get(
          listId,
          state,
          place,
          at,
          campaign.maxAttempts,
          agentId,
          at - personalCallbackMs,
          JSON.stringify(exclude),
          dayStartIn(place, at),
          campaign.maxAttemptsPerDay,
        );
        if (row) return leadOf(row);
      }
    }
  }
  return null;
}

/** Why this lead may not be called at this moment; undefined: it may. */
export function refusalOf(
  database: DatabaseSync,
  campaign: Campaign,
  lead: Lead,
  place: Place,
  at: number,
): IntentRefusal | undefined {
  const isOpen = lead.state === 'new' || lead.state === 'retry' || lead.state === 'callback';
  if (!isOpen || (lead.dueAt ?? 0) > at || !campaign.listIds.includes(lead.listId)) return 'gone';
  if (isEmergencyNumber(lead.number)) return 'emergency';
  if (isDoNotCall(database, lead.number)) return 'do-not-call';
  if (!isCallingTime(campaign, zonesOfPlace(place), at)) return 'hours';
  if (lead.state !== 'callback' && lead.attempts >= campaign.maxAttempts) return 'attempts';
  if (statementOf(database, 'SELECT 1 FROM open_attempts WHERE number = ?').get(lead.number))
    return 'number-open';
  const calls = statementOf(database, `SELECT ${callsSince} AS n FROM (SELECT ? AS number) l`);
  const today = Number(calls.get(dayStartIn(place, at), lead.number)?.n ?? 0);
  return today >= campaign.maxAttemptsPerDay ? 'day-limit' : undefined;
}

/** Everything that decides how many leads a campaign can call now. */
export function supplyOf(database: DatabaseSync, campaign: Campaign, at: number): LeadSupply {
  const { listIds } = campaign;
  const lists = JSON.stringify(listIds);
  const known = statementOf(
    database,
    'SELECT count(*) AS n FROM lists WHERE list_id IN (SELECT value FROM json_each(?))',
  ).get(lists);
  const supply: LeadSupply = {
    lists: listIds.length,
    listsGone: listIds.length - Number(known?.n ?? 0),
    counts: countLeads(database, listIds),
    callable: 0,
    outsideHours: { count: 0, nextAt: null },
    neverOpen: 0,
    retry: { count: 0, nextAt: null },
    callback: { count: 0, nextAt: null },
    personal: [],
    exhausted: 0,
    dayLimit: 0,
    numberOpen: 0,
    today: {},
  };
  countDue(database, campaign, lists, at, supply);
  takeBlocked(database, campaign, lists, at, supply);
  return supply;
}

/** Open leads by place: how many are due, not due yet, used up, where it is no time to call. */
function countDue(
  database: DatabaseSync,
  campaign: Campaign,
  lists: string,
  at: number,
  supply: LeadSupply,
): void {
  const rows = statementOf(
    database,
    `SELECT state, place,
       sum(state <> 'callback' AND attempts >= ?1) AS used,
       sum(due_at > ?2 AND (state = 'callback' OR attempts < ?1)) AS later,
       sum(due_at <= ?2 AND (state = 'callback' OR attempts < ?1)) AS due,
       min(CASE WHEN due_at > ?2 THEN due_at END) AS next_at
     FROM leads WHERE list_id IN (SELECT value FROM json_each(?3)) AND state IN ('new', 'retry', 'callback')
     GROUP BY state, place`,
  ).all(campaign.maxAttempts, at, lists);
  for (const row of rows) {
    supply.exhausted += Number(row.used);
    const later = Number(row.later);
    if (later > 0) {
      const waiting = row.state === 'callback' ? supply.callback : supply.retry;
      waiting.count += later;
      waiting.nextAt = earliest(waiting.nextAt, row.next_at === null ? null : Number(row.next_at));
    }
    const due = Number(row.due);
    if (due === 0) continue;
    const opensAt = nextCallingTime(campaign, zonesOfPlace(String(row.place)), at);
    if (opensAt === at) supply.callable += due;
    else if (opensAt === null) supply.neverOpen += due;
    else {
      supply.outsideHours.count += due;
      supply.outsideHours.nextAt = earliest(supply.outsideHours.nextAt, opensAt);
    }
  }
}

/** Takes out of those due in the right hour whom something else protects, each for one cause. */
function takeBlocked(
  database: DatabaseSync,
  campaign: Campaign,
  lists: string,
  at: number,
  supply: LeadSupply,
): void {
  const suspects = statementOf(
    database,
    `SELECT ${leadColumns} FROM leads l
     WHERE l.list_id IN (SELECT value FROM json_each(?)) AND l.state IN ('new', 'retry', 'callback')
       AND l.due_at <= ? AND (l.state = 'callback' OR l.attempts < ?)
       AND ((l.agent_id IS NOT NULL AND l.due_at > ?)
         OR l.number IN (SELECT number FROM do_not_call)
         OR l.number IN (SELECT number FROM open_attempts)
         OR l.number IN (SELECT number FROM attempts WHERE intent_at >= ?))`,
  ).all(lists, at, campaign.maxAttempts, at - personalCallbackMs, at - 2 * dayMs);
  const personal = new Map<string, number>();
  for (const row of suspects) {
    const place = String(row.place);
    if (!isCallingTime(campaign, zonesOfPlace(place), at)) continue;
    const lead = leadOf(row);
    const refusal = refusalOf(database, campaign, lead, place, at);
    if (refusal === undefined) {
      if (lead.agentId === null || (lead.dueAt ?? 0) <= at - personalCallbackMs) continue;
      personal.set(lead.agentId, (personal.get(lead.agentId) ?? 0) + 1);
    } else if (refusal === 'day-limit') supply.dayLimit += 1;
    else if (refusal === 'number-open') supply.numberOpen += 1;
    supply.callable -= 1;
  }
  supply.personal = [...personal].map(([agentId, count]) => ({ agentId, count }));
}

const dayMs = 24 * 60 * 60_000;

/** The places of a list's leads in a state: one step through the index for each, whatever their number. */
function placesOf(database: DatabaseSync, listId: string, state: string): Place[] {
  const rows = statementOf(
    database,
    `WITH RECURSIVE each(place) AS (
       SELECT min(place) FROM leads WHERE list_id = ?1 AND state = ?2
       UNION ALL
       SELECT (SELECT min(place) FROM leads WHERE list_id = ?1 AND state = ?2 AND place > each.place)
       FROM each WHERE each.place IS NOT NULL)
     SELECT place FROM each WHERE place IS NOT NULL`,
  ).all(listId, state);
  return rows.map((row) => String(row.place));
}

/** The beginning of the day there; of several zones the earliest, so that no day is counted short. */
function dayStartIn(place: Place, at: number): number {
  const starts = zonesOfPlace(place).map((zone) => calendarOf(zone).intervalAt(at, 'day').startAt);
  return Math.min(at, ...starts);
}

function earliest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
