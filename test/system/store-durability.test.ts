import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { CallLog } from '../../src/store/call-log.ts';
import { DialogJournalFile } from '../../src/store/journal.ts';
import { SecretBox } from '../../src/store/secrets.ts';
import { SettingsStore } from '../../src/store/settings-store.ts';

const run = promisify(execFile);
const child = new URL('./store-writer-child.ts', import.meta.url).pathname;
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cordboard-durability-'));
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

/** Lets the child write until it has acknowledged `count` times, kills it, and returns the last acknowledged number. */
async function writeUntilKilled(what: string, count: number): Promise<number> {
  const writer = spawn(process.execPath, [child, dataDir, what], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => writer.once('exit', () => resolve()));
  let acknowledged = 0;
  let lines = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged = Number(line);
    if (++lines === count) writer.kill('SIGKILL');
  }
  await ended;
  expect(writer.signalCode).toBe('SIGKILL');
  return acknowledged;
}

async function openSettings(directory: string): Promise<SettingsStore> {
  const secrets = await SecretBox.open(directory);
  const store = new SettingsStore({ dataDir: directory, secrets, clock: systemClock, log: silentLogger });
  await store.load();
  return store;
}

describe('after kill -9 in the middle of writing', () => {
  it('the call log has every acknowledged event, and its open calls are ended with the reason', async () => {
    for (const count of [3, 40]) {
      const acknowledged = await writeUntilKilled('events', count);
      const log = new CallLog({ file: join(dataDir, 'call-log.db'), clock: systemClock, log: silentLogger });
      const faults: string[] = [];
      log.events.on('problem', (fault) => faults.push(fault.code));
      await log.start();
      for (let n = 1; n <= acknowledged; n++) expect(await log.eventsOf(`c${n}`)).not.toHaveLength(0);
      const recovered = await log.recover({ at: 1_000_000, reason: 'appliance-failed' });
      expect(recovered.length).toBeGreaterThanOrEqual(acknowledged);
      expect(recovered.every((call) => call.termination?.reason === 'appliance-failed')).toBe(true);
      await log.stop();
      expect(faults).toEqual([]);
      await rm(join(dataDir, 'call-log.db'));
    }
  });

  it('the settings are the last acknowledged ones or those being written, never a mixture', async () => {
    let acknowledged = 0;
    for (const count of [1, 2, 5, 9]) {
      acknowledged = await writeUntilKilled('settings', count);
      const store = await openSettings(dataDir);
      expect(store.problem).toBeNull();
      const written = Number(store.current.office.name.replace('office ', ''));
      expect([acknowledged, acknowledged + 1]).toContain(written);
      expect((await store.revisions())[0]).toMatchObject({ revision: store.revision, who: 'child' });
    }
  });

  it('the journal names exactly the dialogs that were live', async () => {
    const acknowledged = await writeUntilKilled('journal', 2500);
    const journal = new DialogJournalFile({ file: join(dataDir, 'dialogs.journal'), log: silentLogger });
    await journal.start();
    const legs = journal.orphans().map((dialog) => Number(dialog.legId.slice(1)));
    // It died with the next one added, and the oldest perhaps removed for it, before it could say so.
    expect(legs).toEqual(expect.arrayContaining([acknowledged - 1, acknowledged]));
    expect([3, 4]).toContain(legs.length);
    expect(legs.every((leg) => leg >= acknowledged - 2 && leg <= acknowledged + 1)).toBe(true);
    await journal.stop();
  });
});

const asRoot = process.getuid?.() === 0;

describe.skipIf(!asRoot)('on a full disk', () => {
  let disk: string;

  beforeEach(async () => {
    disk = await mkdtemp(join(tmpdir(), 'cordboard-small-'));
    await run('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', disk]);
  });
  afterEach(async () => {
    await run('umount', ['-l', disk]);
    await rm(disk, { recursive: true, force: true });
  });

  async function fill(): Promise<void> {
    for (const bytes of [65_536, 4096, 512]) {
      for (let n = 0; ; n++) {
        const written = await writeFile(join(disk, `filler-${bytes}-${n}`), Buffer.alloc(bytes, 1)).then(
          () => true,
          () => false,
        );
        if (!written) break;
      }
    }
  }

  async function makeRoom(): Promise<void> {
    await run('find', [disk, '-name', 'filler-*', '-delete']);
  }

  it('the call log keeps taking events, says so, and writes them all when there is room again', async () => {
    const file = join(disk, 'call-log.db');
    const log = new CallLog({ file, clock: systemClock, log: silentLogger, retryMs: 20 });
    const told: string[] = [];
    log.events.on('problem', (fault) => told.push(`problem ${fault.code}`));
    log.events.on('recovered', (code) => told.push(`recovered ${code}`));
    await log.start();
    log.append({ at: 1, agentId: 'ann', name: 'AGENTLOGIN' });
    await log.flush();
    await fill();
    const long = 'x'.repeat(2000);
    for (let n = 0; n < 500; n++)
      log.append({ at: 2 + n, agentId: 'ann', name: 'PAUSE', reason: `${n} ${long}` });
    await expect(log.flush()).rejects.toMatchObject({ code: 'disk.full' });
    expect(told).toEqual(['problem disk.full']);
    expect((await log.agentEvents()).items).toHaveLength(1);
    const recovered = new Promise((resolve) => log.events.once('recovered', resolve));
    await makeRoom();
    await recovered;
    await log.flush();
    expect(told).toEqual(['problem disk.full', 'recovered disk.full']);
    const { items: events } = await log.agentEvents({ limit: 500 });
    const numbers = events.map((event) => (event.name === 'PAUSE' ? Number.parseInt(event.reason, 10) : -1));
    expect(numbers).toEqual(Array.from({ length: 500 }, (_, i) => 499 - i));
    expect(log.lost).toBe(0);
    await log.stop();
  });

  it('from the start the call log waits for room', async () => {
    await fill();
    const file = join(disk, 'call-log.db');
    const log = new CallLog({ file, clock: systemClock, log: silentLogger, retryMs: 20 });
    const problem = new Promise<string>((resolve) => log.events.once('problem', ({ code }) => resolve(code)));
    await log.start();
    expect(await problem).toBe('disk.full');
    log.append({ at: 1, agentId: 'ann', name: 'AGENTLOGIN' });
    expect(await log.listCalls().catch((error: { code: string }) => error.code)).toBeDefined();
    const recovered = new Promise((resolve) => log.events.once('recovered', resolve));
    await makeRoom();
    await recovered;
    await log.flush();
    expect((await log.agentEvents()).items).toHaveLength(1);
    await log.stop();
  });

  it('events beyond the cap are lost loudly, traces first', async () => {
    const file = join(disk, 'call-log.db');
    const log = new CallLog({
      file,
      clock: systemClock,
      log: silentLogger,
      retryMs: 20,
      queueCap: 10,
      maxBatch: 4,
    });
    const told: string[] = [];
    log.events.on('problem', (fault) => told.push(fault.code));
    await fill();
    await log.start();
    for (let n = 0; n < 8; n++) log.append({ at: n, callId: 'c', name: 'TRACE', code: 'x', params: {} });
    expect(log.lost).toBe(3);
    for (let n = 0; n < 8; n++) log.append({ at: n, agentId: 'a', name: 'UNPAUSE' });
    expect(log.lost).toBe(6);
    expect(told).toEqual(['disk.full', 'call-log.lost']);
    await log.stop();
    expect(log.lost).toBe(16);
  });

  it('a change of the settings is refused, and the old ones stay whole', async () => {
    const store = await openSettings(disk);
    await store.update({ office: { name: 'Before' } }, { who: 'test' });
    await fill();
    const file = join(disk, 'settings.json');
    const before = await readFile(file, 'utf8');
    await expect(store.update({ office: { name: 'After' } }, { who: 'test' })).rejects.toMatchObject({
      code: 'disk.full',
    });
    expect(await readFile(file, 'utf8')).toBe(before);
    expect(store.current.office.name).toBe('Before');
    await makeRoom();
    await store.update({ office: { name: 'After' } }, { who: 'test' });
    expect((await openSettings(disk)).current.office.name).toBe('After');
  });
});
