/**
 * Settings as text: what `./scripts/start --settings FILE` takes. The schema is that of the document, and besides
 * it secrets may be in plain text and a user may carry `password` in place of `passwordHash`.
 */
import { CordboardError, errorMessage } from '../base/errors.ts';
import { settingsSchema } from '../domain/settings.ts';
import { type Migration, migrateSettings } from './migrations.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { isRecord, mapConfidential } from './secret-fields.ts';
import { checkSettings, formatPath, type Problem } from './settings-problems.ts';

const minPasswordLength = 8;
const maxPasswordLength = 200;
/** Stands in for the hash of a password while the document is checked. */
const hashToCome = '$argon2id$';

export interface PlainPassword {
  /** Position in `users`. */
  index: number;
  password: string;
}

/** @throws CordboardError settings.unreadable, with the place where JSON ends to be JSON */
export function parseSettingsText(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const message = `this is no JSON: ${errorMessage(cause)}`;
    throw new CordboardError('settings.unreadable', message, {
      cause,
      details: { problems: [{ path: '', message }] },
    });
  }
  return isRecord(value) && 'revision' in value && 'settings' in value ? value.settings : value;
}

/** Takes the plain passwords out of the users of a document, and says what is wrong with them. */
export function takePasswords(document: unknown): {
  document: unknown;
  passwords: PlainPassword[];
  problems: Problem[];
} {
  const copy = structuredClone(document);
  const passwords: PlainPassword[] = [];
  const problems: Problem[] = [];
  const users: unknown = isRecord(copy) ? copy.users : undefined;
  for (const [index, user] of Array.isArray(users) ? users.entries() : []) {
    if (!isRecord(user) || !('password' in user)) continue;
    const { password } = user;
    delete user.password;
    const complain = (message: string): void => {
      problems.push({ path: formatPath(['users', index, 'password']), message });
    };
    if (user.passwordHash !== undefined) complain('give either password or passwordHash, not both');
    else user.passwordHash = hashToCome;
    if (
      typeof password !== 'string' ||
      password.length < minPasswordLength ||
      password.length > maxPasswordLength
    )
      complain(`must be text of ${minPasswordLength} to ${maxPasswordLength} characters`);
    else passwords.push({ index, password });
  }
  return { document: copy, passwords, problems };
}

/**
 * Replaces the stand-ins by hashes. A password that is the present one keeps its present hash, so that importing the
 * same file again changes nothing.
 */
export async function hashPasswords<T extends { users: { id: string; passwordHash: string }[] }>(
  settings: T,
  passwords: readonly PlainPassword[],
  current: readonly { id: string; passwordHash: string }[],
): Promise<T> {
  const users = settings.users.map((user) => ({ ...user }));
  for (const { index, password } of passwords) {
    const user = users[index];
    if (!user) continue;
    const present = current.find((other) => other.id === user.id)?.passwordHash;
    const same = present !== undefined && (await verifyPassword(password, present));
    user.passwordHash = same ? present : await hashPassword(password);
  }
  return { ...settings, users };
}

/** All that is wrong with a settings file; empty when it can be imported. Sealed secrets are not opened here. */
export function checkSettingsFile(text: string, steps?: readonly Migration[]): Problem[] {
  try {
    const migrated = migrateSettings(parseSettingsText(text), steps);
    const { document, problems } = takePasswords(migrated.document);
    const opened = mapConfidential(settingsSchema, document, (field, _path, kind) =>
      kind === 'secret' && field.startsWith('sealed:v1:') ? 'sealed elsewhere' : field,
    );
    return [...migrated.problems, ...problems, ...checkSettings(opened, { strict: true }).problems];
  } catch (error) {
    return problemsOf(error);
  }
}

/** The list of problems an error carries. */
export function problemsOf(error: unknown): Problem[] {
  const listed = error instanceof CordboardError ? error.details.problems : undefined;
  return Array.isArray(listed) ? (listed as Problem[]) : [{ path: '', message: errorMessage(error) }];
}
