/**
 * `settings.json` as lowdb sees it. lowdb's own adapters do not sync, keep no good copy, and take an empty file or a
 * test environment for a reason to forget; so `Low` gets this one.
 */
import type { Adapter } from 'lowdb';
import { CordboardError, errorMessage } from '../base/errors.ts';
import type { Settings } from '../domain/settings.ts';
import type { DurableFile } from './durable-file.ts';
import { isRecord } from './secret-fields.ts';

/** The settings, secrets sealed, and which revision they are: one file, so that both change at once. */
export interface StoredSettings {
  revision: number;
  at: number;
  who: string;
  settings: Settings;
}

export class SettingsFileAdapter implements Adapter<StoredSettings> {
  readonly #file: DurableFile;

  constructor(file: DurableFile) {
    this.#file = file;
  }

  /** What the file says, not yet checked. @throws CordboardError settings.unreadable */
  async read(): Promise<StoredSettings | null> {
    const text = await this.#file.read();
    return text === null ? null : parseStored(text);
  }

  /** @throws CordboardError disk.full, disk.failed */
  async write(data: StoredSettings): Promise<void> {
    await this.#file.write(formatStored(data));
  }
}

export function formatStored(data: StoredSettings): string {
  return `${JSON.stringify(data, null, 2)}\n`;
}

/** A bare settings document, put there by hand, counts as revision 0. @throws CordboardError settings.unreadable */
export function parseStored(text: string): StoredSettings {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CordboardError('settings.unreadable', `the settings file is no JSON: ${errorMessage(cause)}`, {
      cause,
    });
  }
  if (!isRecord(value)) throw new CordboardError('settings.unreadable', 'the settings file holds no object');
  const wrapped = isRecord(value.settings);
  return {
    revision: wrapped && Number.isInteger(value.revision) ? Number(value.revision) : 0,
    at: wrapped && typeof value.at === 'number' ? value.at : 0,
    who: wrapped && typeof value.who === 'string' ? value.who : 'edited by hand',
    settings: (wrapped ? value.settings : value) as Settings,
  };
}
