import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogEvent } from '../../../src/domain/call-event.ts';
import { lookedAtOnce } from '../../../src/store/call-list.ts';
import { CallLogQueries, type CallQuery } from '../../../src/store/call-log-queries.ts';
import { callLogSchema } from '../../../src/store/call-log-schema.ts';
import { CallLogWriter } from '../../../src/store/call-log-writer.ts';
import { searchTerms } from '../../../src/store/call-search.ts';
import { abandonedCall, answeredCall } from './sample-calls.ts';

const t0 = Date.UTC(2026, 0, 5, 9);
let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cordboard-search-'));
  file = join(directory, 'call-log.db');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

let batch = 0;
function write(...events: LogEvent[]): void {
  const writer = new CallLogWriter(file);
  writer.append({ batchId: `b${++batch}`, events });
  writer.close();
}

function found(query: CallQuery): string[] {
  const queries = new CallLogQueries(file);
  const ids = queries.listCalls(query).items.map((call) => call.callId);
  queries.close();
  return ids;
}

describe('search of the call log', () => {
  it('finds a part of either number, however it is written', () => {
    write(
      ...answeredCall('a', t0, { from: '+36301234567' }),
      ...answeredCall('b', t0 + 1, { from: '+36209876543' }),
    );
    expect(found({ text: '+36 30 123-45' })).toEqual(['a']);
    expect(found({ text: '(20) 987' })).toEqual(['b']);
    expect(found({ text: '06 20 987-6543' })).toEqual(['b']);
    expect(found({ number: '1234567' })).toEqual(['a']);
    expect(found({ text: '5551212' })).toEqual([]);
  });

  it('finds names without regard to case, accents and order, and short numbers when they are the whole', () => {
    const [start, ...rest] = answeredCall('a', t0);
    write({ ...start, fromName: 'Szabó és Társa' } as LogEvent, ...rest, ...abandonedCall('b', t0 + 1));
    expect(found({ text: 'tarsa SZABÓ' })).toEqual(['a']);
    expect(found({ text: 'szabo kovacs' })).toEqual([]);
    expect(found({ text: 'anonymous' })).toEqual(['b']);
    expect(found({ text: '10' })).toEqual([]);
  });

  it('takes quotes, wildcards and operators as the characters they are', () => {
    write(...answeredCall('a', t0));
    for (const text of [
      '"',
      '""" OR',
      'NEAR(x y)',
      '* - ^',
      "'); DROP TABLE calls; --",
      'text:123',
      '\0\0\0',
    ])
      expect(() => found({ text })).not.toThrow();
    expect(found({ text: 'abc" OR "123' })).toEqual([]);
  });

  it('filters by result, trunk, talk, sound and recording together', () => {
    const bad = answeredCall('bad', t0 + 2).map((event) =>
      event.name === 'LEGEND' ? { ...event, quality: { mos: 2.4 } as never } : event,
    );
    write(...answeredCall('a', t0), ...abandonedCall('b', t0 + 1), ...bad);
    expect(found({ result: 'answered' })).toEqual(['bad', 'a']);
    expect(found({ result: 'abandoned' })).toEqual(['b']);
    expect(found({ abandoned: 'true' })).toEqual(['b']);
    expect(found({ abandoned: 'false' })).toEqual(['bad', 'a']);
    expect(found({ sound: 'poor' })).toEqual(['bad']);
    expect(found({ trunkId: 't1', minTalkMs: 60_000, hasRecording: true })).toEqual(['bad', 'a']);
    expect(found({ trunkId: 't1', minTalkMs: 60_001 })).toEqual([]);
    expect(found({ text: '100', sound: 'poor', from: t0, until: t0 + 10 })).toEqual(['bad']);
    write({ at: t0 + 9e5, callId: 'a', name: 'RECORDDELETE', recordingId: 'a-r1', reason: 'asked for' });
    expect(found({ hasRecording: true })).toEqual(['bad']);
    expect(found({ hasRecording: 'false' })).toEqual(['b', 'a']);
  });

  it('goes through all calls page by page without gaps or repeats while new ones come in', () => {
    for (let n = 0; n < 30; n++) write(...answeredCall(`c${n}`, t0 + Math.floor(n / 3)));
    for (const query of [{}, { text: '3630' }, { queueId: 'sales' }] as CallQuery[]) {
      const seen: string[] = [];
      const queries = new CallLogQueries(file);
      let cursor: string | null | undefined;
      do {
        const page = queries.listCalls({ ...query, limit: 7, ...(cursor ? { cursor } : {}) });
        seen.push(...page.items.map((call) => call.callId));
        cursor = page.next;
        write(...answeredCall(`new-${JSON.stringify(query)}-${seen.length}`, t0 + 1000));
      } while (cursor !== null);
      queries.close();
      expect(seen.filter((id) => !id.startsWith('new'))).toHaveLength(30);
      expect(new Set(seen).size).toBe(seen.length);
    }
  });

  it('says how far it looked when a filter is rare, and goes on from there to the end', () => {
    write(...abandonedCall('rare', t0));
    const database = new DatabaseSync(file);
    database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${lookedAtOnce + 50})
      INSERT INTO calls (call_id, started_at, ended_at, direction, from_number, to_number, phase, abandoned,
        has_recording, wait_ms, talk_ms) SELECT 'x' || i, ${t0} + i, 1, 'internal', '1', '2', 'ended', 0, 0, 0, 0 FROM n`);
    database.close();
    const queries = new CallLogQueries(file);
    const first = queries.listCalls({ direction: 'inbound' });
    expect(first).toMatchObject({ items: [], lookedBackTo: t0 + 51 });
    const second = queries.listCalls({ direction: 'inbound', cursor: first.next ?? '' });
    expect(second.items.map((call) => call.callId)).toEqual(['rare']);
    expect(second).toMatchObject({ next: null });
    expect(second.lookedBackTo).toBeUndefined();
    queries.close();
  });

  it('brings a log of before along: its calls are found and filtered like new ones', () => {
    const database = new DatabaseSync(file);
    database.exec(callLogSchema[0] ?? '');
    database.exec('PRAGMA user_version = 1');
    const call = {
      callId: 'old',
      connectedAt: 1,
      legs: [{ quality: { mos: 2 } }, {}],
      fromName: 'Öreg Béla',
    };
    database.exec(`INSERT INTO calls VALUES (7, 'old', ${t0}, 1, 'inbound', '+36301112233', '100', NULL, NULL, NULL,
      'ended', 0, 0, 0, 0); INSERT INTO call_documents VALUES (7, '${JSON.stringify(call)}')`);
    database.close();
    write(...answeredCall('new', t0 + 1));
    expect(found({ text: 'oreg' })).toEqual(['old']);
    expect(found({ result: 'answered' })).toEqual(['new', 'old']);
    expect(found({ sound: 'poor' })).toEqual(['old']);
  });
});

describe('search terms', () => {
  it('are one number, or words', () => {
    expect(searchTerms(' +36 (30) 123-4567 ')).toEqual({ match: '"01234567"', numbers: [] });
    expect(searchTerms('Anna "K')).toEqual({ match: '"Anna"', numbers: [] });
    expect(searchTerms('say "hi"')).toEqual({ match: '"say" """hi"""', numbers: [] });
    expect(searchTerms('12')).toEqual({ numbers: ['12'] });
    expect(searchTerms('')).toEqual({ numbers: [] });
  });
});
