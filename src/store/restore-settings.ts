/** The settings of a backup, checked as the store checks its own, with new secrets where the old cannot be read. */
import { randomBytes } from 'node:crypto';
import { CordboardError } from '../base/errors.ts';
import { type Settings, settingsSchema } from '../domain/settings.ts';
import { migrateSettings } from './migrations.ts';
import { mapConfidential } from './secret-fields.ts';
import type { SecretBox } from './secrets.ts';
import { parseStored } from './settings-file.ts';
import { checkSettings, formatPath } from './settings-problems.ts';

/**
 * Secrets in plain text. Those sealed with another key are replaced: phones and lines by new ones that a person hands
 * on, a second factor by none.
 * @throws CordboardError settings.invalid (details.problems), settings.unreadable
 */
export function readRestoredSettings(
  text: string,
  box: SecretBox,
): { settings: Settings; lostSecrets: string[] } {
  const { document, problems: refusals } = migrateSettings(parseStored(text).settings);
  const { settings: plain, unreadable } = box.tryRevealAll(document);
  const lostSecrets = unreadable.map(formatPath);
  const lost = new Set(lostSecrets);
  const renewed = mapConfidential(settingsSchema, plain, (secret, path) =>
    lost.has(formatPath(path)) ? randomBytes(18).toString('base64url') : secret,
  );
  const checked = checkSettings(renewed, { strict: false });
  const problems = [...refusals, ...checked.problems];
  if (checked.settings && !checked.settings.users.some(({ role }) => role === 'admin'))
    problems.push({ path: 'users', message: 'none of them is an admin: nobody could change anything' });
  if (!checked.settings || problems.length > 0)
    throw new CordboardError('settings.invalid', 'The settings in the backup cannot be used.', {
      details: { problems },
    });
  const users = checked.settings.users.map((user, at) => {
    const { secondFactor: _, ...rest } = user;
    return lost.has(`users.${at}.secondFactor.secret`) ? rest : user;
  });
  return { settings: { ...checked.settings, users }, lostSecrets };
}
