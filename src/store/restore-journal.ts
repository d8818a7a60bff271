/**
 * What a restore means to do, on disk before it does anything (`restore.json`), and what is kept of the state before
 * it (`before-restore-TIME/`). Carried out at the next start, by appliance/apply-restore.ts.
 */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { CordboardError } from '../base/errors.ts';
import { DurableFile } from './durable-file.ts';

/**
 * aside: what is there goes to `aside`; in: what comes goes to its place; undo: a step failed, all goes back.
 * Paths are relative to the data directory, and to `from` and `aside` beneath it.
 */
const journalSchema = z.object({
  phase: z.enum(['aside', 'in', 'undo']),
  from: z.string(),
  aside: z.string(),
  /** What is replaced, whether or not something comes in its place. */
  paths: z.array(z.string()),
  /** Those of `paths` that are in `from`. */
  incoming: z.array(z.string()),
  /** When it was asked for. */
  at: z.number(),
  /** The office that was there before. */
  officeName: z.string(),
});
export type RestoreJournal = z.infer<typeof journalSchema>;

/** Kept in `aside`: the way back. */
const recordSchema = journalSchema.pick({ paths: true, at: true, officeName: true });
export type RestoreRecord = z.infer<typeof recordSchema> & { directory: string };

const recordName = 'restored.json';
const keptName = /^before-restore-[\w-]+$/;
const databaseFiles = (name: string): string[] => [name, `${name}-wal`, `${name}-shm`];

/**
 * What a restore replaces. The figures are sums of the log and are counted anew; the history of the settings and the
 * journal of dialogs belong to what was there before.
 */
export function replacedPaths(has: { key: boolean; recordings: boolean }): string[] {
  return [
    'settings.json',
    'settings.json.last-good',
    'revisions',
    ...['call-log.db', 'leads.db', 'figures.db'].flatMap(databaseFiles),
    'dialogs.journal',
    'prompts/uploaded',
    ...(has.key ? ['secret.key'] : []),
    ...(has.recordings ? ['recordings'] : []),
  ];
}

function journalFile(dataDir: string): DurableFile {
  return new DurableFile(join(dataDir, 'restore.json'));
}

/** @throws CordboardError backup.invalid when it is there and cannot be read */
export async function readJournal(dataDir: string): Promise<RestoreJournal | null> {
  const file = journalFile(dataDir);
  const text = await file.read();
  if (text === null) return null;
  try {
    return journalSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CordboardError('backup.invalid', `${file.path} cannot be read`, { cause });
  }
}

export async function writeJournal(dataDir: string, journal: RestoreJournal): Promise<void> {
  await journalFile(dataDir).write(JSON.stringify(journal));
}

/** @param from where what comes in lies, below the data directory */
export async function planRestore(
  dataDir: string,
  plan: { from: string; paths: string[]; at: number; officeName: string },
): Promise<void> {
  const stamp = new Date(plan.at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  let aside = `before-restore-${stamp}`;
  for (let n = 2; existsSync(join(dataDir, aside)); n++) aside = `before-restore-${stamp}-${n}`;
  const incoming = plan.paths.filter((path) => existsSync(join(dataDir, plan.from, path)));
  await writeJournal(dataDir, { phase: 'aside', aside, incoming, ...plan });
}

export async function writeRecord(dataDir: string, journal: RestoreJournal): Promise<void> {
  const { paths, at, officeName } = journal;
  await new DurableFile(join(dataDir, journal.aside, recordName)).write(
    JSON.stringify({ paths, at, officeName }),
  );
}

/** What the latest restore put aside; null when nothing is kept. */
export async function readRecord(dataDir: string): Promise<RestoreRecord | null> {
  const names = (await readdir(dataDir)).filter((name) => keptName.test(name)).sort();
  for (const directory of names.reverse()) {
    const text = await new DurableFile(join(dataDir, directory, recordName)).read();
    const record = text === null ? undefined : recordSchema.safeParse(JSON.parse(text)).data;
    if (record) return { ...record, directory };
  }
  return null;
}

/** Lets go of what earlier restores put aside. */
export async function removeKept(dataDir: string, except?: string): Promise<void> {
  for (const name of await readdir(dataDir))
    if (keptName.test(name) && name !== except)
      await rm(join(dataDir, name), { recursive: true, force: true });
}
