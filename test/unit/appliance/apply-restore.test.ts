import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyRestore, type Move } from '../../../src/appliance/apply-restore.ts';
import { createLogger } from '../../../src/base/log.ts';
import {
  planRestore,
  readJournal,
  readRecord,
  replacedPaths,
  writeJournal,
} from '../../../src/store/restore-journal.ts';

/** In memory where there is such a place: hundreds of restores sync each step. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const log = createLogger('test', { write: () => undefined });
const before = {
  'settings.json': 'old settings',
  'settings.json.last-good': 'old settings',
  'revisions/000001.json': 'old revision',
  'secret.key': 'old key',
  'call-log.db': 'old log',
  'call-log.db-wal': 'old wal',
  'figures.db': 'old sums',
  'recordings/2025/11/25/a.wav': 'old sound',
};
const coming = {
  'settings.json': 'new settings',
  'secret.key': 'new key',
  'call-log.db': 'new log',
  'leads.db': 'new leads',
  'prompts/uploaded/en/greeting.wav': 'new greeting',
  'recordings/2025/11/20/b.wav': 'new sound',
};
const untouched = { 'web.db': 'the audit', 'prompts/rendered/en/a.wav': 'rendered' };

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(scratch, 'cordboard-apply-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

function put(root: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
}

/** What the office consists of now. */
function office(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(dataDir, { recursive: true, withFileTypes: true })) {
    const name = join(entry.parentPath, entry.name).slice(dataDir.length + 1);
    if (entry.isFile() && !/^(restore|before-restore-)/.test(name))
      found[name] = readFileSync(join(dataDir, name), 'utf8');
  }
  return found;
}

async function planned(): Promise<void> {
  rmSync(dataDir, { recursive: true });
  put(dataDir, { ...before, ...untouched });
  put(join(dataDir, 'restore/abc'), coming);
  const paths = replacedPaths({ key: true, recordings: true });
  await planRestore(dataDir, { from: 'restore/abc', paths, at: 1_764_000_000_000, officeName: 'Before' });
}

const rightMove: Move = async (from, to) => {
  mkdirSync(dirname(to), { recursive: true });
  await rename(from, to);
};

/** Moves and writes of the journal that go dead at the nth, before or after it was done; `alive`: only that one. */
function breaking(nth: number, how: { after: boolean; alive: boolean }) {
  let count = 0;
  const guarded = async (act: () => Promise<void>): Promise<void> => {
    const now = ++count;
    if (now > nth && !how.alive) throw new Error('the power is off');
    if (now === nth && !how.after) throw new Error('it broke');
    await act();
    if (now === nth) throw new Error('it broke');
  };
  return {
    parts: {
      move: ((from, to) => guarded(() => rightMove(from, to))) as Move,
      write: (async (dir, journal) => guarded(() => writeJournal(dir, journal))) as typeof writeJournal,
    },
    count: () => count,
  };
}

it('does nothing when nothing was asked for', async () => {
  put(dataDir, before);
  expect(await applyRestore(dataDir, log)).toBeNull();
  expect(office()).toEqual(before);
});

it('puts what is there aside, what was checked in its place, and goes back and forth', async () => {
  await planned();
  expect(await applyRestore(dataDir, log)).toEqual({ kind: 'restored' });
  expect(office()).toEqual({ ...coming, ...untouched });
  expect(existsSync(join(dataDir, 'restore/abc'))).toBe(false);

  for (const [wanted, at] of [
    [before, 1],
    [coming, 2],
    [before, 3],
  ] as const) {
    const kept = await readRecord(dataDir);
    expect(kept?.officeName).toBe('Before');
    await planRestore(dataDir, {
      from: kept?.directory ?? '',
      paths: kept?.paths ?? [],
      at: 1_764_000_000_000 + at * 60_000,
      officeName: 'Before',
    });
    expect(await applyRestore(dataDir, log)).toEqual({ kind: 'restored' });
    expect(office()).toEqual({ ...wanted, ...untouched });
    expect(readdirSync(dataDir).filter((name) => name.startsWith('before-restore-'))).toHaveLength(1);
  }
});

it('after a power cut at any step, the next start leaves the office before or the one restored, whole', async () => {
  await planned();
  const all = breaking(Number.POSITIVE_INFINITY, { after: false, alive: false });
  await applyRestore(dataDir, log, all.parts);
  expect(all.count()).toBeGreaterThan(10);
  const seen = new Set<string>();
  for (let nth = 1; nth <= all.count(); nth++) {
    for (const after of [false, true]) {
      await planned();
      const broken = breaking(nth, { after, alive: false });
      await expect(applyRestore(dataDir, log, broken.parts)).rejects.toThrow('the power is off');
      const outcome = await applyRestore(dataDir, log);
      seen.add(outcome?.kind ?? 'none');
      expect(outcome?.kind, `step ${nth}`).toBe('restored');
      expect(office(), `step ${nth}, ${after ? 'after' : 'before'} it was done`).toEqual({
        ...coming,
        ...untouched,
      });
      expect(await readJournal(dataDir)).toBeNull();
    }
  }
  expect([...seen]).toEqual(['restored']);
});

it('a step that fails undoes them all, and a power cut while undoing changes nothing of that', async () => {
  await planned();
  const all = breaking(Number.POSITIVE_INFINITY, { after: false, alive: false });
  await applyRestore(dataDir, log, all.parts);
  for (let nth = 1; nth <= all.count(); nth++) {
    for (const after of [false, true]) {
      await planned();
      const outcome = await applyRestore(dataDir, log, breaking(nth, { after, alive: true }).parts);
      expect(outcome, `step ${nth}`).toEqual({ kind: 'undone', why: 'it broke' });
      expect(office(), `step ${nth}`).toEqual({ ...before, ...untouched });
      expect(await readJournal(dataDir)).toBeNull();
      expect(await readRecord(dataDir)).toBeNull();

      for (let cut = after ? 1 : nth; cut < nth; cut += 7) {
        await planned();
        await breakTwice(nth, after, cut);
        expect((await applyRestore(dataDir, log))?.kind, `step ${nth}, cut ${cut}`).not.toBe('restored');
        expect(office(), `step ${nth}, cut ${cut} of the undoing`).toEqual({ ...before, ...untouched });
      }
    }
  }
}, 60_000);

/** A step fails; of the undoing, the journal and `cut` - 1 moves are done when the power goes off. */
async function breakTwice(nth: number, after: boolean, cut: number): Promise<void> {
  const first = breaking(nth, { after, alive: true });
  let undone = -1;
  const move: Move = async (from, to) => {
    if (undone >= 0 && ++undone >= cut) throw new Error('the power is off');
    await first.parts.move(from, to);
  };
  const write: typeof writeJournal = async (dir, journal) => {
    await first.parts.write(dir, journal);
    if (journal.phase === 'undo') undone = 0;
  };
  await applyRestore(dataDir, log, { move, write }).catch(() => undefined);
}
