/** Which leads the store offers and allows, by the real SQL in memory. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type CampaignInput, campaignSchema } from '../../../src/domain/settings/campaigns.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { type LeadHandlers, leadHandlers } from '../../../src/store/lead-operations.ts';
import { leadsSchema } from '../../../src/store/leads-schema.ts';

const minuteMs = 60_000;
/** A Wednesday, 13:00 in Budapest, 7:00 in New York. */
const noon = Date.parse('2026-11-25T12:00:00Z');
const campaignOf = (more: Partial<CampaignInput> = {}) =>
  campaignSchema.parse({ id: 'c', name: 'C', listIds: ['l'], maxAttemptsPerDay: 2, ...more });

describe('the next lead', () => {
  let at = noon;
  let leads: LeadHandlers;
  let database: ReturnType<typeof openDatabase>['database'];
  let attempts = 0;
  const campaign = campaignOf();
  const put = (...all: { number: string; zone?: string }[]): void => {
    const importId = leads.beginImport('l', 'test');
    leads.addLeads(importId, all);
    leads.commitImport(importId);
  };
  const next = (agentId = 'anna', exclude: number[] = []): string | undefined =>
    leads.nextLead(campaign, agentId, exclude)?.number;
  const commit = (leadId: number) => {
    attempts += 1;
    const attemptId = `t${attempts}`;
    const intent = { attemptId, leadId, campaign, agentId: 'anna', trunkId: 't', callerNumber: '' };
    return { attemptId, answer: leads.commitIntent(intent) };
  };
  const call = (
    number: string,
    result: 'busy' | 'no-answer' | 'answered' | 'congested' | 'unknown',
  ): void => {
    const lead = leads.leads({ listId: 'l', text: number }).items[0];
    const { attemptId, answer } = commit(lead?.leadId ?? 0);
    expect(answer).toHaveProperty('lead');
    leads.recordResult({ attemptId, campaign, result, reason: result });
  };

  beforeEach(() => {
    at = noon;
    database = openDatabase(':memory:', leadsSchema).database;
    leads = leadHandlers(
      () => database,
      () => at,
    );
    leads.createList({ listId: 'l', name: 'L', who: 'test' });
  });

  it('is one where people may be called now', () => {
    put({ number: '+12125550123', zone: 'America/New_York' }, { number: '+36301234567' });
    expect(next()).toBe('+36301234567');
    const supply = leads.supply(campaign, 'UTC');
    expect(supply).toMatchObject({
      callable: 1,
      outsideHours: { count: 1, nextAt: Date.parse('2026-11-25T14:00:00Z') },
    });
  });

  it('is an agreed callback before a retry before a new one, and only its agent’s for half an hour', () => {
    put({ number: '+36301111111' }, { number: '+36302222222' }, { number: '+36303333333' });
    call('+36302222222', 'busy');
    const third = leads.leads({ listId: 'l', text: '+36303333333' }).items[0]?.leadId ?? 0;
    at += 20 * minuteMs;
    leads.changeLead(third, { state: 'callback', dueAt: at, agentId: 'bela' });
    expect(next('anna')).toBe('+36302222222');
    expect(next('bela')).toBe('+36303333333');
    expect(leads.supply(campaign, 'UTC')).toMatchObject({
      callable: 2,
      personal: [{ agentId: 'bela', count: 1 }],
    });
    at += 30 * minuteMs;
    expect(next('anna')).toBe('+36303333333');
  });

  it('is none that another line holds, that is on the do-not-call list, or not due yet', () => {
    put({ number: '+36301111111' }, { number: '+36302222222' }, { number: '+36303333333' });
    const first = leads.leads({ listId: 'l' }).items[0]?.leadId ?? 0;
    leads.addDoNotCall([{ number: '+36302222222', reason: '' }], { who: 'test', source: 'person' });
    expect(next('anna', [first])).toBe('+36303333333');
    call('+36303333333', 'no-answer');
    expect(next('anna', [first])).toBeUndefined();
    expect(leads.supply(campaign, 'UTC')).toMatchObject({
      callable: 1,
      counts: { doNotCall: 1 },
      retry: { count: 1, nextAt: at + 120 * minuteMs },
    });
  });

  it('is none that was called as often as a day or the campaign allows; the trunk’s troubles do not count', () => {
    put({ number: '+36301111111' });
    call('+36301111111', 'congested');
    at += 2 * minuteMs;
    for (let n = 0; n < 2; n++) {
      call('+36301111111', 'busy');
      at += 16 * minuteMs;
    }
    expect(next()).toBeUndefined();
    expect(leads.supply(campaign, 'UTC')).toMatchObject({ callable: 0, dayLimit: 1 });
    at += 24 * 60 * minuteMs;
    expect(next()).toBe('+36301111111');
    expect(leads.nextLead(campaignOf({ maxAttempts: 2 }), 'anna', [])).toBeNull();
    expect(leads.supply(campaignOf({ maxAttempts: 2 }), 'UTC').exhausted).toBe(1);
  });

  it('counts the day by number, whichever list it is in', () => {
    put({ number: '+36301111111' });
    leads.createList({ listId: 'm', name: 'M', who: 'test' });
    const importId = leads.beginImport('m', 'test');
    leads.addLeads(importId, [{ number: '+36301111111' }]);
    leads.commitImport(importId);
    call('+36301111111', 'busy');
    at += 16 * minuteMs;
    call('+36301111111', 'busy');
    at += 16 * minuteMs;
    expect(leads.nextLead(campaignOf({ listIds: ['m'] }), 'anna', [])).toBeNull();
  });

  it('is refused at the last moment when the number came on the list after it was chosen', () => {
    put({ number: '+36301111111' });
    const lead = leads.nextLead(campaign, 'anna', []);
    leads.addDoNotCall([{ number: '+36301111111', reason: 'asked' }], { who: 'test', source: 'person' });
    expect(commit(lead?.leadId ?? 0).answer).toEqual({ refused: 'do-not-call' });
    expect(leads.attempts({}).items).toEqual([]);
  });

  it('is refused when the hour is over, when it is being called, or when there is no such lead', () => {
    put({ number: '+36301111111' });
    const leadId = leads.nextLead(campaign, 'anna', [])?.leadId ?? 0;
    expect(commit(999).answer).toEqual({ refused: 'gone' });
    expect(commit(leadId).answer).toHaveProperty('lead');
    expect(commit(leadId).answer).toEqual({ refused: 'gone' });
    put({ number: '+36302222222' });
    const other = leads.nextLead(campaign, 'anna', [])?.leadId ?? 0;
    at = Date.parse('2026-11-25T19:00:00Z');
    expect(commit(other).answer).toEqual({ refused: 'hours' });
  });

  it('is none whose number has a call of unknown outcome, until a person decides', () => {
    put({ number: '+36301111111' });
    call('+36301111111', 'unknown');
    expect(next()).toBeUndefined();
    expect(() => leads.deleteList('l')).toThrow(/unknown/);
    expect(leads.decideUnknown({ campaign }, 'call-again', 'Ada')).toBe(1);
    expect(next()).toBe('+36301111111');
    expect(leads.attempts({}).items[0]).toMatchObject({ decision: { who: 'Ada', decision: 'call-again' } });
  });

  it('is decided by what the agent says of the call', () => {
    put({ number: '+36301111111' }, { number: '+36302222222' });
    call('+36301111111', 'answered');
    const say = (effect: Parameters<LeadHandlers['recordDisposition']>[1]['effect']) =>
      leads.recordDisposition('t1'.replace('1', String(attempts)), { code: 'x', who: 'Anna', effect });
    expect(say({ kind: 'callback', at: at + 1000, agentId: 'anna' })).toMatchObject({
      state: 'callback',
      agentId: 'anna',
    });
    expect(say({ kind: 'call-again', at: at + 5000 })).toMatchObject({ state: 'retry', dueAt: at + 5000 });
    expect(say({ kind: 'do-not-call' })).toMatchObject({ state: 'done', doNotCall: true });
    expect(leads.doNotCall({}).items).toMatchObject([{ number: '+36301111111', source: 'disposition' }]);
    expect(() => leads.recordDisposition('none', { code: 'x', who: '', effect: { kind: 'none' } })).toThrow(
      /no attempt/,
    );
  });

  it('an import is seen as a whole or not at all', () => {
    const importId = leads.beginImport('l', 'test');
    leads.addLeads(importId, [{ number: '+36301111111' }, { number: '+36301111111' }]);
    expect(leads.leads({ listId: 'l' }).items).toEqual([]);
    leads.discardImport(importId);
    expect(() => leads.commitImport(importId)).toThrow();
    const again = leads.beginImport('l', 'test');
    expect(leads.addLeads(again, [{ number: '+36301111111' }, { number: '+36301111111' }])).toMatchObject({
      added: 1,
      duplicates: [{ position: 1, of: 'import' }],
    });
    expect(leads.commitImport(again)).toEqual({ added: 1 });
  });

  it('what was dialled cannot be rewritten', () => {
    put({ number: '+36301111111' });
    call('+36301111111', 'busy');
    for (const table of ['attempts', 'attempt_results'])
      for (const sql of [`DELETE FROM ${table}`, `UPDATE ${table} SET attempt_id = 'x'`])
        expect(() => database.exec(sql)).toThrow(/append-only/);
    leads.deleteList('l');
    expect(leads.attempts({}).items).toHaveLength(1);
  });
});
