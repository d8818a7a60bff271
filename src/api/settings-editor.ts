/** Changes to the settings on behalf of a signed-in user: with who, from where and what, and audited. */
import type { Clock } from '../base/clock.ts';
import type { AuditAction } from '../domain/audit.ts';
import type { Settings } from '../domain/settings.ts';
import type { SessionUser } from './contract.ts';
import type { AuditPort, SettingChange, SettingsPort } from './ports.ts';

/** What a change needs to know of its request. */
export interface Author {
  user: SessionUser | null;
  source: string;
  expectedRevision: number | undefined;
}

export interface Edit {
  /** Audit's word for it. */
  action: AuditAction;
  /** Id of what is changed; asked for when it is done. */
  target?: () => string;
  apply(settings: Settings): Settings;
}

/** A change of more than this is told as far as it goes: the history of the settings has the rest. */
const maxChanges = 40;
const maxValueLength = 400;

export class SettingsEditor {
  readonly #settings: SettingsPort;
  readonly #audit: AuditPort;
  readonly #clock: Clock;

  constructor(parts: { settings: SettingsPort; audit: AuditPort; clock: Clock }) {
    this.#settings = parts.settings;
    this.#audit = parts.audit;
    this.#clock = parts.clock;
  }

  get current(): Settings {
    return this.#settings.current;
  }

  get revision(): number {
    return this.#settings.revision;
  }

  /** @throws CordboardError settings.conflict, and whatever `apply` throws */
  async edit(author: Author, edit: Edit): Promise<{ revision: number; settings: Settings }> {
    const state = await this.#settings.update((settings) => edit.apply(settings), {
      who: author.user?.name ?? '',
      ...(author.expectedRevision === undefined ? {} : { baseRevision: author.expectedRevision }),
    });
    this.record(author, edit.action, edit.target?.(), changeDetails(state.changes));
    return state;
  }

  record(author: Author, action: AuditAction, target?: string, details?: Record<string, unknown>): void {
    this.#audit.record({
      at: this.#clock.now(),
      who: author.user?.name ?? '',
      source: author.source,
      action,
      ...(target === undefined ? {} : { target }),
      ...(details ? { details } : {}),
    });
  }
}

/** What of a change goes into the audit; undefined when nothing changed. */
export function changeDetails(changes: readonly SettingChange[]): Record<string, unknown> | undefined {
  if (changes.length === 0) return undefined;
  const told = changes.slice(0, maxChanges).map(({ path, ...values }) => ({
    path,
    ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, shortened(value)])),
  }));
  const more = changes.length - told.length;
  return { changes: told, ...(more > 0 ? { more } : {}) };
}

function shortened(value: unknown): unknown {
  const text = JSON.stringify(value) ?? '';
  return text.length <= maxValueLength ? value : `${text.slice(0, maxValueLength)}…`;
}
