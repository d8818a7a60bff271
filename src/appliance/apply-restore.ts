/**
 * Carries out a restore that was asked for before the restart, before any store opens.
 *
 *     aside: present files -> before-restore-TIME/    in: checked files -> their places    (journal gone) done
 *        \______________________ a step fails _____________________/
 *                                     v
 *                    undo: what came in goes back, then what was put aside
 *
 * Each step is a rename, and each looks first whether it is done already: a crash at any moment goes on from there at
 * the next start. So the office is the one before or the one restored, never half of each.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CordboardError, errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { diskFileSystem } from '../store/durable-file.ts';
import {
  type RestoreJournal,
  readJournal,
  removeKept,
  writeJournal,
  writeRecord,
} from '../store/restore-journal.ts';

/** The moves; a test breaks off at each. */
export type Move = (from: string, to: string) => Promise<void>;

const moveOnDisk: Move = async (from, to) => {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await rename(from, to);
  for (const directory of new Set([dirname(from), dirname(to)]))
    await diskFileSystem.syncDirectory(directory);
};

/** What became of it; null: none was asked for. */
export type RestoreOutcome = { kind: 'restored' } | { kind: 'undone'; why: string } | null;

/** @throws what the disk says when neither the restore nor its undoing can be finished; the next start tries again */
export async function applyRestore(
  dataDir: string,
  log: Logger,
  { move = moveOnDisk, write = writeJournal }: { move?: Move; write?: typeof writeJournal } = {},
): Promise<RestoreOutcome> {
  const journal = await readJournal(dataDir);
  if (!journal) return null;
  const parts: Parts = { dataDir, move, write };
  let why = 'it was being undone when the box went off';
  if (journal.phase !== 'undo') {
    try {
      if (journal.phase === 'aside') await putAside(parts, journal);
      await bringIn(parts, journal);
      log.info('a restore is done', { aside: journal.aside });
      return { kind: 'restored' };
    } catch (error) {
      why = errorMessage(error);
      log.error('a restore failed and is undone', { error });
      await write(dataDir, { ...journal, phase: 'undo' });
    }
  }
  await undo(parts, journal);
  return { kind: 'undone', why };
}

interface Parts {
  dataDir: string;
  move: Move;
  write: typeof writeJournal;
}

async function putAside({ dataDir, move, write }: Parts, journal: RestoreJournal): Promise<void> {
  await mkdir(join(dataDir, journal.aside), { recursive: true, mode: 0o700 });
  for (const path of journal.paths) {
    const here = join(dataDir, path);
    if (existsSync(here)) await move(here, join(dataDir, journal.aside, path));
  }
  await writeRecord(dataDir, journal);
  await write(dataDir, { ...journal, phase: 'in' });
}

async function bringIn({ dataDir, move }: Parts, journal: RestoreJournal): Promise<void> {
  for (const path of journal.incoming) {
    const [there, here] = [join(dataDir, journal.from, path), join(dataDir, path)];
    if (existsSync(there)) await move(there, here);
    else if (!existsSync(here)) throw new CordboardError('backup.invalid', `${path} of the restore is gone`);
  }
  await finish(dataDir);
  await rm(join(dataDir, journal.from), { recursive: true, force: true });
  await removeKept(dataDir, journal.aside);
}

async function undo({ dataDir, move }: Parts, journal: RestoreJournal): Promise<void> {
  for (const path of journal.paths) {
    const here = join(dataDir, path);
    const there = join(dataDir, journal.from, path);
    const aside = join(dataDir, journal.aside, path);
    if (journal.incoming.includes(path) && !existsSync(there) && existsSync(here)) await move(here, there);
    if (existsSync(aside)) await move(aside, here);
  }
  await finish(dataDir);
  await rm(join(dataDir, journal.aside), { recursive: true, force: true });
}

async function finish(dataDir: string): Promise<void> {
  await rm(join(dataDir, 'restore.json'));
  await diskFileSystem.syncDirectory(dataDir);
}
