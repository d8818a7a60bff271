/**
 * Numbered changes of the settings document from one version to the next. A migration is pure: it takes a document
 * of version `to - 1` and returns one of version `to`; the mechanism copies first and sets `version` afterwards.
 */
import { settingsVersion } from '../domain/settings.ts';
import { isRecord } from './secret-fields.ts';
import type { Problem } from './settings-problems.ts';

export type SettingsDocument = Record<string, unknown>;

export interface Migration {
  /** The version it leads to; the list has no gap. */
  to: number;
  /** What changes and why, for the revision history. */
  summary: string;
  migrate(document: SettingsDocument): SettingsDocument;
}

/** Version 1 is the first: nothing leads to it. */
export const migrations: readonly Migration[] = [];

/**
 * The document in the version this program speaks, the summaries of what was done to it, and what hindered it (then
 * `document` is as good as it can be made, so that the rest can still be checked). The input is not touched.
 */
export function migrateSettings(
  input: unknown,
  steps: readonly Migration[] = migrations,
  target: number = settingsVersion,
): { document: SettingsDocument; done: string[]; problems: Problem[] } {
  const refuse = (document: SettingsDocument, path: string, message: string) => ({
    document: { ...document, version: target },
    done: [],
    problems: [{ path, message }],
  });
  if (!isRecord(input)) return refuse({}, '', 'the settings must be a JSON object');
  const from = input.version;
  if (typeof from !== 'number' || !Number.isInteger(from) || from < 0)
    return refuse(input, 'version', `must be a whole number, at most ${target}`);
  if (from > target)
    return refuse({}, 'version', `${from} comes from a newer program; this one speaks up to ${target}`);
  let document: SettingsDocument = structuredClone(input);
  const done: string[] = [];
  for (let version = from + 1; version <= target; version++) {
    const step = steps.find((migration) => migration.to === version);
    if (!step) return refuse({}, 'version', `no migration leads from ${version - 1} to ${version}`);
    document = { ...step.migrate(document), version };
    done.push(step.summary);
  }
  return { document, done, problems: [] };
}
