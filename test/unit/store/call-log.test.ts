import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { type Call, foldCall } from '../../../src/domain/call.ts';
import type { CallEvent } from '../../../src/domain/call-event.ts';
import type { LiveFault } from '../../../src/domain/live.ts';
import { CallLog, type CallLogOptions } from '../../../src/store/call-log.ts';
import { callLogSchema } from '../../../src/store/call-log-schema.ts';
import { historySql } from '../../../src/store/caller-history.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { abandonedCall, answeredCall } from './sample-calls.ts';

const t0 = Date.UTC(2026, 0, 5, 9);
let directory: string;
const open: CallLog[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cordboard-log-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((log) => log.stop()));
});

const file = (): string => join(directory, 'call-log.db');

async function start(more: Partial<CallLogOptions> = {}): Promise<CallLog> {
  const log = new CallLog({ file: file(), clock: systemClock, log: silentLogger, ...more });
  open.push(log);
  await log.start();
  return log;
}

function fold(events: readonly CallEvent[]): Call | undefined {
  return events.reduce<Call | undefined>((call, event) => foldCall(call, event), undefined);
}

async function appendAll(log: CallLog, events: readonly CallEvent[]): Promise<void> {
  for (const event of events) log.append(event);
  await log.flush();
}

describe('the call log', () => {
  it('gives back every event in order, and the call as folded from them, also after a restart', async () => {
    const events = answeredCall('c1', t0);
    await appendAll(await start(), events);
    await open.pop()?.stop();
    const again = await start();
    expect(await again.eventsOf('c1')).toEqual(events);
    expect(await again.getCall('c1')).toEqual(fold(events));
    expect(await again.getCall('c2')).toBeUndefined();
    expect((await again.listCalls()).items).toEqual([fold(events)]);
  });

  it('has a call that goes on, with what is committed so far', async () => {
    const log = await start();
    const events = answeredCall('c1', t0).slice(0, 8);
    await appendAll(log, events);
    expect(await log.getCall('c1')).toEqual(fold(events));
    expect((await log.listCalls({ agentId: 'ann', phase: 'talking' })).items).toEqual([fold(events)]);
    expect((await log.listCalls({ phase: 'ended' })).items).toEqual([]);
  });

  it('commits what came together at once, in few transactions, without a flush', async () => {
    const log = await start();
    let commits = 0;
    const done = new Promise<void>((resolve) => {
      log.events.on('committed', () => {
        commits++;
        if (log.pending === 0) resolve();
      });
    });
    for (let i = 0; i < 100; i++) log.append({ at: t0 + i, agentId: 'ann', name: 'AGENTLOGIN' });
    await done;
    expect(commits).toBe(1);
    expect((await log.agentEvents({ limit: 500 })).items).toHaveLength(100);
  });

  it('pages newest first without gaps or repeats while calls come in', async () => {
    const log = await start();
    for (let i = 0; i < 25; i++) await appendAll(log, abandonedCall(`c${i}`, t0 + Math.floor(i / 3)));
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; ; page++) {
      const { items, next } = await log.listCalls({ limit: 4, ...(cursor ? { cursor } : {}) });
      seen.push(...items.map((call) => call.callId));
      await appendAll(log, abandonedCall(`new${page}`, t0 + 1000 + page));
      if (next === null) break;
      cursor = next;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, i) => `c${24 - i}`));
  });

  it('finds calls by time, direction, queue, agent, number, abandonment and recording', async () => {
    const log = await start();
    await appendAll(log, answeredCall('a', t0, { from: '+3620555', agentId: 'bob', queueId: 'help' }));
    await appendAll(log, answeredCall('b', t0 + 100_000));
    await appendAll(log, abandonedCall('c', t0 + 200_000));
    const idsOf = async (query: Parameters<CallLog['listCalls']>[0]): Promise<string[]> =>
      (await log.listCalls(query)).items.map((call) => call.callId);
    expect(await idsOf({ from: t0 + 100_000, until: t0 + 200_000 })).toEqual(['b']);
    expect(await idsOf({ direction: 'outbound' })).toEqual([]);
    expect(await idsOf({ queueId: 'sales' })).toEqual(['c', 'b']);
    expect(await idsOf({ agentId: 'bob' })).toEqual(['a']);
    expect(await idsOf({ number: '555' })).toEqual(['a']);
    expect(await idsOf({ number: "' OR 1=1 --" })).toEqual([]);
    expect(await idsOf({ abandoned: true })).toEqual(['c']);
    expect(await idsOf({ hasRecording: true, queueId: 'sales' })).toEqual(['b']);
    expect(await idsOf({ trunkId: 't1', abandoned: 'false' })).toEqual(['b', 'a']);
    await expect(log.listCalls({ cursor: 'no cursor' })).rejects.toMatchObject({ code: 'request.invalid' });
    expect(await log.findRecording('b-r1')).toMatchObject({
      call: { callId: 'b' },
      recording: { state: 'done' },
    });
    expect(await log.findRecording('x')).toBeUndefined();
  });

  it('pages what agents did, newest first', async () => {
    const log = await start();
    log.append({ at: t0, agentId: 'ann', name: 'AGENTLOGIN' });
    log.append({ at: t0 + 1, agentId: 'bob', name: 'AGENTLOGIN' });
    log.append({ at: t0 + 2, agentId: 'ann', name: 'PAUSE', reason: 'lunch' });
    log.append({ at: t0 + 3, agentId: 'ann', name: 'WRAPUPSTART', callId: 'c1' });
    await log.flush();
    const first = await log.agentEvents({ agentId: 'ann', limit: 2 });
    expect(first.items.map((event) => event.name)).toEqual(['WRAPUPSTART', 'PAUSE']);
    const second = await log.agentEvents({ agentId: 'ann', limit: 2, cursor: first.next ?? '' });
    expect(second).toEqual({ items: [{ at: t0, agentId: 'ann', name: 'AGENTLOGIN' }], next: null });
    expect(await log.eventsOf('c1')).toEqual([]);
  });

  it('ends the calls of a process that died, with the reason, and leaves ended ones alone', async () => {
    const first = await start();
    await appendAll(first, answeredCall('whole', t0));
    await appendAll(first, answeredCall('cut', t0 + 1000).slice(0, 9));
    await open.pop()?.stop();
    const again = await start();
    const recovered = await again.recover({ at: t0 + 50_000, reason: 'appliance-failed' });
    const termination = { class: 'server', reason: 'appliance-failed' };
    expect(recovered.map((call) => call.callId)).toEqual(['cut']);
    // Talked from 5,030 on; the last that is in the log is of 5,040.
    expect(recovered[0]).toMatchObject({ phase: 'ended', endedAt: t0 + 50_000, termination, talkMs: 10 });
    expect(recovered[0]?.legs.map((leg) => leg.termination)).toEqual([termination, termination]);
    expect(recovered[0]?.recordings[0]?.state).toBe('running');
    expect((await again.eventsOf('cut')).slice(-3).map((event) => event.name)).toEqual([
      'LEGEND',
      'LEGEND',
      'CALLEND',
    ]);
    expect(await again.recover({ at: t0 + 60_000, reason: 'appliance-failed' })).toEqual([]);
    await appendAll(again, [
      { at: t0 + 51_000, callId: 'cut', name: 'RECORDFAIL', recordingId: 'cut-r1', reason: 'x' },
    ]);
    expect((await again.getCall('cut'))?.recordings[0]?.state).toBe('failed');
  });

  it('keeps an event whose call has no beginning, without stumbling over it', async () => {
    const log = await start();
    await appendAll(log, [{ at: t0, callId: 'odd', name: 'ANSWER' }]);
    expect(await log.eventsOf('odd')).toHaveLength(1);
    expect(await log.getCall('odd')).toBeUndefined();
  });

  it('is not held up by an event that cannot be stored, and says that it is lost', async () => {
    const log = await start();
    const faults: string[] = [];
    log.events.on('problem', ({ code }) => faults.push(code));
    const bad = { at: Number.NaN, agentId: 'bob', name: 'AGENTLOGIN' } as const;
    await appendAll(log, [...answeredCall('c1', t0 + 0.25), ...abandonedCall('c2', t0)]);
    log.append(bad);
    for (const event of abandonedCall('c3', t0)) log.append(event);
    await log.flush();
    expect((await log.listCalls()).items.map((call) => call.callId)).toEqual(['c3', 'c2', 'c1']);
    expect([log.lost, log.pending, faults]).toEqual([1, 0, ['call-log.lost']]);
  });

  it('is opened so that a commit is on the disk before it is acknowledged', () => {
    const { database } = openDatabase(file(), callLogSchema);
    expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    database.close();
  });

  it('cannot be changed or shortened afterwards', async () => {
    await appendAll(await start(), answeredCall('c1', t0));
    await open.pop()?.stop();
    const database = new DatabaseSync(file());
    expect(() => database.exec("UPDATE events SET name = 'X'")).toThrow('append-only');
    expect(() => database.exec('DELETE FROM events')).toThrow('append-only');
    database.close();
  });

  it.each([
    ['garbage', (bytes: Buffer) => Buffer.alloc(bytes.length, 'garbage')],
    [
      'a torn page',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 7)]),
    ],
  ])('moves a file of %s aside, says so, and begins a new one', async (_, damage) => {
    await appendAll(await start(), answeredCall('c1', t0));
    await open.pop()?.stop();
    const damaged = damage(await readFile(file()));
    await writeFile(file(), damaged);
    const log = new CallLog({ file: file(), clock: systemClock, log: silentLogger });
    open.push(log);
    const faults: LiveFault[] = [];
    log.events.on('problem', (fault) => faults.push(fault));
    await log.start();
    await appendAll(log, answeredCall('c2', t0));
    expect(faults.map((fault) => fault.code)).toEqual(['call-log.damaged']);
    expect((await log.listCalls()).items.map((call) => call.callId)).toEqual(['c2']);
    const aside = (await readdir(directory)).find((name) => /\.damaged-\d{8}T\d{6}Z$/.test(name));
    expect(await readFile(join(directory, aside ?? ''))).toEqual(damaged);
  });

  it('moves a file of a newer program aside rather than spoiling it', async () => {
    await (await start()).stop();
    const database = new DatabaseSync(file());
    database.exec('PRAGMA user_version=99');
    database.close();
    const log = await start();
    await appendAll(log, answeredCall('c2', t0));
    expect((await readdir(directory)).filter((name) => name.includes('.damaged-'))).toHaveLength(1);
  });
});

describe('the history of a number', () => {
  it('holds calls from and to it however it is written, newest first, and none that goes on', async () => {
    const log = await start();
    await appendAll(log, answeredCall('a', t0, { from: '06301234567' }));
    await appendAll(log, answeredCall('b', t0 + 1000));
    await appendAll(log, answeredCall('other', t0 + 2000, { from: '+36301234568' }));
    await appendAll(log, answeredCall('running', t0 + 3000).slice(0, 8));
    const termination = { class: 'success', reason: 'bye' } as const;
    await appendAll(log, [
      {
        at: t0 + 4000,
        callId: 'out',
        name: 'CALLSTART',
        direction: 'outbound',
        from: '201',
        to: '0036301234567',
      },
      { at: t0 + 5000, callId: 'out', name: 'CALLEND', termination },
      { at: t0 + 6000, callId: 'out', name: 'NOTE', agentId: 'ann', text: 'busy' },
    ]);
    const idsOf = async (query: Parameters<CallLog['history']>[0]): Promise<string[]> =>
      (await log.history(query)).map((call) => call.callId);
    expect(await idsOf({ number: '36301234567', limit: 10 })).toEqual(['out', 'b', 'a']);
    expect(await idsOf({ number: '36301234567', limit: 2 })).toEqual(['out', 'b']);
    expect((await log.history({ number: '36301234567', limit: 1 }))[0]?.notes).toMatchObject([
      { text: 'busy' },
    ]);
    expect(await idsOf({ number: '100', limit: 10 })).toEqual(['other', 'b', 'a']);
    const only = { queueIds: [], agentId: 'nobody', extensionNumber: '201' };
    expect(await idsOf({ number: '36301234567', limit: 10, only })).toEqual(['out']);
    expect(await idsOf({ number: '36301234567', limit: 10, only: { ...only, queueIds: ['sales'] } })).toEqual(
      ['out', 'b', 'a'],
    );
  });

  it('walks an index, whatever the size of the log', async () => {
    await start();
    const { database } = openDatabase(file(), callLogSchema);
    const { sql, values } = historySql({ number: '36301234567', limit: 20 });
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
    const details = plan.map((row) => String(row.detail));
    expect(details.filter((detail) => /calls_(from|to)_tail/.test(detail))).toHaveLength(2);
    expect(details.filter((detail) => /^SCAN calls/.test(detail))).toEqual([]);
    database.close();
  });
});
