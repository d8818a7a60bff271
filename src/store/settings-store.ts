/**
 * The settings of the office: one validated document in `settings.json`, its history, and the way back.
 *
 * In memory and on disk the secrets are sealed (`current`); the parts that speak to phones and trunks take
 * `revealed`. A change is checked as a whole document, written durably, and only then in force.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Low } from 'lowdb';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { CordboardError, errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { withPeopleOf } from '../domain/settings/rollback.ts';
import { emptySettings, type Settings } from '../domain/settings.ts';
import { DurableFile, type DurableFileSystem, diskFileSystem, makeDirectory } from './durable-file.ts';
import { type Migration, migrateSettings, migrations } from './migrations.ts';
import { type SecretBox, unmaskAll } from './secrets.ts';
import { type Change, diffDocuments, maskChange, mergePatch } from './settings-diff.ts';
import { formatStored, parseStored, SettingsFileAdapter, type StoredSettings } from './settings-file.ts';
import { hashPasswords, parseSettingsText, problemsOf, takePasswords } from './settings-import.ts';
import { checkSettings, formatPath, type Problem } from './settings-problems.ts';
import { RevisionFiles, type RevisionSummary } from './settings-revisions.ts';

export interface SettingsChanged {
  revision: number;
  who: string;
  changes: Change[];
  /** Secrets sealed. */
  settings: Settings;
  /** Secrets in plain text. */
  revealed: Settings;
}

export type SettingsEvents = { changed: [SettingsChanged]; problem: [SettingsProblem | null] };

/** Why the file on disk is not what runs. */
export interface SettingsProblem {
  message: string;
  problems: Problem[];
}

/** A function that changes the draft or returns another, or a JSON merge patch (RFC 7396: lists whole, null removes). */
export type SettingsChange = ((draft: Settings) => unknown) | Readonly<Record<string, unknown>>;

export interface UpdateOptions {
  who: string;
  /** Revision the change was made from; when it is no longer the current one, nothing is changed. */
  baseRevision?: number;
}

interface Prepared {
  sealed: Settings;
  revealed: Settings;
  migrated: string[];
}

export class SettingsStore {
  readonly events = new Emitter<SettingsEvents>();
  readonly #secrets: SecretBox;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #dataDir: string;
  readonly #migrations: readonly Migration[];
  readonly #file: DurableFile;
  readonly #revisions: RevisionFiles;
  readonly #low: Low<StoredSettings>;
  #revealed: Settings = emptySettings();
  #problem: SettingsProblem | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: {
    dataDir: string;
    secrets: SecretBox;
    clock: Clock;
    log: Logger;
    fileSystem?: DurableFileSystem;
    migrations?: readonly Migration[];
    /** Revisions kept, 200 unless said otherwise. */
    revisionCap?: number;
  }) {
    this.#dataDir = options.dataDir;
    this.#secrets = options.secrets;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#migrations = options.migrations ?? migrations;
    this.#file = new DurableFile(
      join(options.dataDir, 'settings.json'),
      options.fileSystem ?? diskFileSystem,
    );
    this.#revisions = new RevisionFiles(join(options.dataDir, 'revisions'), options.revisionCap);
    this.#low = new Low(new SettingsFileAdapter(this.#file), {
      revision: 0,
      at: 0,
      who: '',
      settings: emptySettings(),
    });
  }

  /** The document in force, secrets sealed. Not to be changed in place. */
  get current(): Settings {
    return this.#low.data.settings;
  }

  /** The document in force with secrets in plain text; never for the API or a log. */
  get revealed(): Settings {
    return this.#revealed;
  }

  /** 0: nothing was ever saved. */
  get revision(): number {
    return this.#low.data.revision;
  }

  /** Not null while the last good document runs in place of the file on disk. */
  get problem(): SettingsProblem | null {
    return this.#problem;
  }

  /**
   * Reads the settings. No file: an empty office. A broken one: the last good one runs and `problem` says all that is
   * wrong. A file changed by hand becomes a revision of its own.
   * @throws CordboardError settings.invalid, settings.unreadable when there is no good one either
   */
  load(): Promise<void> {
    return this.#serialise(() => this.#load());
  }

  /**
   * Changes the settings; changes asked for at once are made one after the other. Resolves when the new document is
   * on disk; one that changes nothing makes no revision.
   * @throws CordboardError settings.invalid (details.problems: every problem with its path), settings.conflict,
   * disk.full, disk.failed
   */
  update(
    change: SettingsChange,
    options: UpdateOptions,
  ): Promise<{ revision: number; settings: Settings; changes: Change[] }> {
    return this.#serialise(async () => {
      if (options.baseRevision !== undefined && options.baseRevision !== this.revision) {
        throw new CordboardError('settings.conflict', 'somebody else changed the settings meanwhile', {
          details: { revision: this.revision },
        });
      }
      const draft = structuredClone(this.current);
      const next = typeof change === 'function' ? (change(draft) ?? draft) : mergePatch(draft, change);
      const { sealed, revealed } = this.#prepare(next, { strict: true });
      return await this.#commit(sealed, revealed, options.who);
    });
  }

  /**
   * Makes the settings those of a file (see settings-import.ts).
   * @throws CordboardError settings.unreadable, settings.invalid (details.problems), not-found, disk.full, disk.failed
   */
  importFile(path: string, who = 'settings file'): Promise<{ revision: number }> {
    return this.#serialise(async () => {
      const text = await readFile(path, 'utf8').catch((cause: unknown) => {
        throw new CordboardError('not-found', `cannot read ${path}: ${errorMessage(cause)}`, { cause });
      });
      const { document, passwords, problems } = takePasswords(parseSettingsText(text));
      const { sealed, revealed } = this.#prepare(document, { strict: true, problems });
      const hashedSealed = await hashPasswords(sealed, passwords, this.current.users);
      const { revision } = await this.#commit(hashedSealed, { ...revealed, users: hashedSealed.users }, who);
      return { revision };
    });
  }

  /** The history, newest first. */
  revisions(): Promise<RevisionSummary[]> {
    return this.#revisions.list();
  }

  /**
   * Makes the settings those of an earlier revision, but for people and links; this is a new revision itself.
   * @throws CordboardError not-found, settings.invalid, disk.full, disk.failed
   */
  async rollback(
    revision: number,
    options: { who: string },
  ): Promise<{ revision: number; changes: Change[] }> {
    const { settings } = await this.#revisions.read(revision);
    return await this.update((now) => withPeopleOf(settings, now), options);
  }

  /**
   * What `rollback` would change as things are now; secrets are masked.
   * @throws CordboardError not-found, settings.invalid
   */
  async rollbackChanges(revision: number): Promise<Change[]> {
    const { settings } = await this.#revisions.read(revision);
    const { sealed } = this.#prepare(withPeopleOf(settings, this.current), { strict: true });
    return diffDocuments(this.current, sealed).map(maskChange);
  }

  async #load(): Promise<void> {
    await makeDirectory(this.#dataDir);
    const good = await this.#readLastGood();
    let prepared: Prepared;
    try {
      const stored = await this.#low.adapter.read();
      if (!stored) {
        if (!good) return;
        throw new CordboardError('settings.unreadable', 'settings.json is gone');
      }
      prepared = this.#prepare(stored.settings, { strict: false });
      this.#low.data = { ...stored, settings: prepared.sealed };
    } catch (error) {
      if (!good) throw error;
      this.#runLastGood(good, error);
      return;
    }
    this.#revealed = prepared.revealed;
    await this.#settle(good, prepared);
  }

  /** After a good load: history, seals and the last good copy in step with the file. */
  async #settle(good: StoredSettings | null, prepared: Prepared): Promise<void> {
    const stored = this.#low.data;
    const known = await this.#revisions.numbers();
    // A revision above the file's was written just before a crash and never acknowledged.
    const unacknowledged = stored.revision > 0 ? known.filter((number) => number > stored.revision) : [];
    for (const number of unacknowledged) await this.#revisions.remove(number);
    const byHand =
      good?.revision === stored.revision && JSON.stringify(good.settings) !== JSON.stringify(stored.settings);
    const who =
      prepared.migrated.length > 0 ? `migration: ${prepared.migrated.join('; ')}` : 'edited by hand';
    if (byHand || stored.revision === 0 || prepared.migrated.length > 0) {
      const before = good && good.revision === stored.revision ? good.settings : emptySettings();
      const revision = stored.revision > 0 ? stored.revision : Math.max(0, ...known);
      this.#low.data = { ...stored, revision, settings: before };
      try {
        await this.#commit(prepared.sealed, prepared.revealed, who, { always: true });
      } catch (error) {
        this.#low.data = stored;
        this.#log.error('settings: the file is in force but its revision could not be written', { error });
      }
    } else if (!good || formatStored(good) !== formatStored(stored)) {
      await this.#low.write();
      await this.#file.keepAsLastGood(formatStored(stored));
    }
  }

  async #readLastGood(): Promise<StoredSettings | null> {
    const text = await this.#file.readLastGood();
    if (text === null) return null;
    try {
      return parseStored(text);
    } catch (error) {
      this.#log.error('the last good settings cannot be read', { error });
      return null;
    }
  }

  #runLastGood(good: StoredSettings, error: unknown): void {
    try {
      const { sealed, revealed } = this.#prepare(good.settings, { strict: false });
      this.#low.data = { ...good, settings: sealed };
      this.#revealed = revealed;
    } catch {
      throw error; // what is wrong with the file people edit says more than what is wrong with its copy
    }
    this.#report({
      message: `the settings file is not in force, the last good one is: ${errorMessage(error)}`,
      problems: problemsOf(error),
    });
    this.#log.error('settings: the last good document runs', { problems: this.#problem?.problems });
  }

  /** Checks a document that may hold masks, plain and sealed secrets. @throws CordboardError settings.invalid */
  #prepare(input: unknown, options: { strict: boolean; problems?: Problem[] }): Prepared {
    const { document, done, problems: refusals } = migrateSettings(input, this.#migrations);
    const { settings: merged, unmatched } = unmaskAll(document, this.current);
    const { settings: plain, unreadable } = this.#secrets.tryRevealAll(merged);
    const own: Problem[] = [
      ...refusals,
      ...(options.problems ?? []),
      ...unmatched.map((path) => ({ path: formatPath(path), message: 'there is no earlier secret to keep' })),
      ...unreadable.map((path) => ({
        path: formatPath(path),
        message: 'this secret was sealed on another box; enter it anew',
      })),
    ];
    const checked = checkSettings(plain, { strict: options.strict });
    const taken = new Set(own.map((problem) => problem.path));
    const problems = [...own, ...checked.problems.filter((problem) => !taken.has(problem.path))];
    if (!checked.settings || problems.length > 0) {
      const first = problems[0];
      const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
      throw new CordboardError('settings.invalid', `${first?.path || 'settings'}: ${first?.message}${more}`, {
        details: { problems },
      });
    }
    const sealed = this.#secrets.sealAll(checked.settings, merged, this.current);
    return { sealed, revealed: checked.settings, migrated: done };
  }

  async #commit(
    sealed: Settings,
    revealed: Settings,
    who: string,
    options: { always?: boolean } = {},
  ): Promise<{ revision: number; settings: Settings; changes: Change[] }> {
    const changes = diffDocuments(this.current, sealed).map(maskChange);
    if (changes.length === 0 && this.revision > 0 && options.always !== true && this.#problem === null)
      return { revision: this.revision, settings: this.current, changes };
    const previous = this.#low.data;
    const next: StoredSettings = {
      revision: this.revision + 1,
      at: this.#clock.now(),
      who,
      settings: sealed,
    };
    if (this.#problem) await this.#keepRejectedFile();
    await this.#revisions.append({ ...next, changes });
    try {
      this.#low.data = next;
      await this.#low.write();
    } catch (error) {
      this.#low.data = previous;
      await this.#revisions.remove(next.revision);
      throw error;
    }
    this.#revealed = revealed;
    await this.#file.keepAsLastGood(formatStored(next)).catch((error: unknown) => {
      this.#log.warn('the last good copy of the settings was not written', { error });
    });
    if (this.#problem) this.#report(null);
    this.events.emit('changed', { revision: next.revision, who, changes, settings: sealed, revealed });
    return { revision: next.revision, settings: sealed, changes };
  }

  /** What somebody edited into a broken file is theirs: a copy stays when it is replaced. */
  async #keepRejectedFile(): Promise<void> {
    const text = await this.#file.read();
    if (text !== null) await new DurableFile(`${this.#file.path}.rejected-${this.#clock.now()}`).write(text);
  }

  #report(problem: SettingsProblem | null): void {
    this.#problem = problem;
    this.events.emit('problem', problem);
  }

  #serialise<T>(action: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(action);
    this.#queue = run.catch(() => undefined);
    return run;
  }
}
