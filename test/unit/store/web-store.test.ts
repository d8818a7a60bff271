import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { type AuditEntry, type SessionRecord, webSchema } from '../../../src/store/web-database.ts';
import { WebStore } from '../../../src/store/web-store.ts';

let file: string;
let clock: VirtualClock;
const open: WebStore[] = [];
beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'cordboard-web-')), 'web.db');
  clock = new VirtualClock();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((store) => store.stop()));
});

async function start(): Promise<WebStore> {
  const store = await WebStore.open({ file, clock, log: silentLogger });
  open.push(store);
  return store;
}

async function restart(): Promise<WebStore> {
  await open.pop()?.stop();
  return await start();
}

function session(tokenHash: string, userId: string, lifetimeMs = 1000): SessionRecord {
  const now = clock.now();
  return {
    tokenHash,
    userId,
    stamp: 's',
    createdAt: now,
    lastUsedAt: now,
    expiresAt: now + lifetimeMs,
    source: '192.168.1.7',
    userAgent: 'Firefox',
  };
}

describe('sessions', () => {
  it('outlive a restart until they expire', async () => {
    const store = await start();
    store.put(session('h1', 'u1'));
    store.put(session('h2', 'u1', 5000));
    expect((await restart()).get('h1')).toEqual(session('h1', 'u1'));
    clock.advance(1000);
    expect(open[0]?.get('h1')).toBeUndefined();
    const again = await restart();
    expect([again.get('h1'), again.get('h2')?.userId]).toEqual([undefined, 'u1']);
  });

  it('that were removed stay removed', async () => {
    const store = await start();
    for (const [hash, user] of [
      ['h1', 'u1'],
      ['h2', 'u1'],
      ['h3', 'u1'],
      ['h4', 'u2'],
    ] as const)
      store.put(session(hash, user));
    store.remove('h1');
    store.removeOfUser('u1', 'h3');
    const left = (from: WebStore): string[] => ['h1', 'h2', 'h3', 'h4'].filter((hash) => from.get(hash));
    expect(left(store)).toEqual(['h3', 'h4']);
    expect(left(await restart())).toEqual(['h3', 'h4']);
    open[0]?.removeOfUser('u2');
    expect(left(await restart())).toEqual(['h3']);
  });
});

describe('the audit', () => {
  const entry = (n: number): AuditEntry => ({
    at: n,
    who: n % 2 ? 'ann' : 'bob',
    source: '192.0.2.7',
    action: 'login.failed',
  });

  it('is listed newest first, in pages that do not move while entries come in', async () => {
    const store = await start();
    for (let n = 0; n < 10; n++) store.record(entry(n));
    const first = await store.audit({ limit: 3 });
    expect(first.items.map(({ at }) => at)).toEqual([9, 8, 7]);
    store.record(entry(10));
    const second = await store.audit({ limit: 3, cursor: first.next ?? '' });
    expect(second.items.map(({ at }) => at)).toEqual([6, 5, 4]);
    expect((await store.audit({ who: 'ann', from: 3, until: 8 })).items.map(({ at }) => at)).toEqual([
      7, 5, 3,
    ]);
    await expect(store.audit({ cursor: '!' })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('keeps target and details, over a restart', async () => {
    const full = { ...entry(1), target: 'e1', details: { paths: ['office.name'] } };
    (await start()).record(full);
    expect((await (await restart()).audit()).items).toEqual([{ id: 1, ...full }]);
  });

  it('is not held up by an entry that cannot be stored', async () => {
    const store = await start();
    const problems: string[] = [];
    store.events.on('problem', ({ code }) => problems.push(code));
    store.record(entry(1));
    store.record({ ...entry(2), who: undefined } as unknown as AuditEntry);
    store.record(entry(3));
    await store.flush();
    expect((await store.audit()).items.map(({ at }) => at)).toEqual([3, 1]);
    expect(problems).toEqual(['web-store.lost']);
  });

  it('in a damaged file is moved aside, with a fault', async () => {
    const store = await start();
    store.record(entry(1));
    await open.pop()?.stop();
    await writeFile(file, Buffer.alloc((await readFile(file)).length, 'x'));
    const again = new WebStore({ file, clock, log: silentLogger });
    open.push(again);
    const problems: string[] = [];
    again.events.on('problem', ({ code }) => problems.push(code));
    await again.start();
    again.record(entry(2));
    expect((await again.audit()).items.map(({ at }) => at)).toEqual([2]);
    expect(problems).toEqual(['web-store.damaged']);
  });
});

describe('used codes', () => {
  it('are taken once, none before the last one either, and after a restart as before', async () => {
    const store = await start();
    expect([store.useCode('ada', 100), store.useCode('ada', 100), store.useCode('ada', 99)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(store.useCode('anna', 100)).toBe(true);
    const again = await restart();
    expect([again.useCode('ada', 100), again.useCode('ada', 101)]).toEqual([false, true]);
  });
});

describe('the audit, looked into', () => {
  const entry = (action: string, target?: string): AuditEntry => ({
    at: clock.now(),
    who: 'Ada',
    source: '192.168.1.7',
    action,
    ...(target === undefined ? {} : { target }),
  });

  it('is looked through by kind and by what it was done to', async () => {
    const store = await start();
    for (const action of [
      'login',
      'login.failed',
      'queue.change',
      'agent.create',
      'agent.on-break',
      'export.x',
    ])
      store.record(entry(action));
    store.record(entry('recording.listened', 'r1'));
    store.record(entry('recording.listened', 'r2'));
    const actions = async (query: Parameters<WebStore['audit']>[0]): Promise<string[]> =>
      (await store.audit(query)).items.map((e) => e.action);
    expect(await actions({ kind: 'sign-in' })).toEqual(['login.failed', 'login']);
    expect(await actions({ kind: 'change' })).toEqual(['agent.create', 'queue.change']);
    expect(await actions({ kind: 'agent' })).toEqual(['agent.on-break']);
    expect(await actions({ kind: 'export' })).toEqual(['export.x']);
    expect((await store.audit({ target: 'r2' })).items.map((e) => e.target)).toEqual(['r2']);
  });

  it('only grows: its file refuses to change or to delete what is in it', async () => {
    const store = await start();
    store.record(entry('login.failed'));
    await store.flush();
    await open.pop()?.stop();
    const database = new DatabaseSync(file);
    try {
      expect(() => database.exec("UPDATE audit SET action = 'login'")).toThrow('the audit only grows');
      expect(() => database.exec('DELETE FROM audit')).toThrow('the audit only grows');
    } finally {
      database.close();
    }
    expect((await (await start()).audit()).items.map((e) => e.action)).toEqual(['login.failed']);
  });
});

it('a file of before keeps its audit; who was signed in signs in anew', async () => {
  const [first = ''] = webSchema;
  const database = new DatabaseSync(file);
  database.exec(first);
  database.exec("INSERT INTO audit (at, who, source, action) VALUES (1, 'Ada', '10.0.0.1', 'login')");
  database.exec("INSERT INTO sessions VALUES ('h1', 'u1', 1, 9999999999999)");
  database.exec('PRAGMA user_version = 1');
  database.close();
  const store = await start();
  expect(store.get('h1')).toBeUndefined();
  expect((await store.audit()).items).toMatchObject([{ who: 'Ada', action: 'login' }]);
  store.put(session('h2', 'u1'));
  expect((await restart()).get('h2')?.userAgent).toBe('Firefox');
});
