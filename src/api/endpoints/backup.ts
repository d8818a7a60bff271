/** Backups of the office: made and downloaded, sent back, looked at and restored. */
import { z } from 'zod';
import { passphraseMinLength } from '../../domain/backup.ts';
import { roleSchema } from '../../domain/settings/roles.ts';
import { timeSchema } from '../domain-schemas.ts';
import type { Endpoint } from './endpoint.ts';

export const passphraseSchema = z.string().min(passphraseMinLength).max(400);

export const backupStateSchema = z.object({
  databaseBytes: z.number(),
  promptBytes: z.number(),
  recordingBytes: z.number(),
  recordings: z.number().int(),
  /** The state before the latest restore, as long as it is kept. */
  undo: z.object({ at: timeSchema, officeName: z.string() }).nullable(),
  /** What became of a restore at this start of the box. */
  outcome: z.enum(['restored', 'undone']).nullable(),
});

const countsSchema = z.object({
  extensions: z.number().int(),
  agents: z.number().int(),
  queues: z.number().int(),
  trunks: z.number().int(),
  users: z.number().int(),
  calls: z.number().int(),
  recordings: z.number().int(),
});

export const restorePreviewSchema = z
  .object({
    id: z.string(),
    /** When the backup was made, by which version, of which office. */
    at: timeSchema,
    version: z.string(),
    officeName: z.string(),
    /** The one that is here now. */
    officeNow: z.string(),
    hasKey: z.boolean(),
    /** Whether its passphrase was told, so that its secrets can be read. */
    unlocked: z.boolean(),
    /** Without them the recordings that are here stay. */
    hasRecordings: z.boolean(),
    /** Passwords that cannot be read here and are replaced by new ones, by path. */
    lostSecrets: z.array(z.string()),
    /** Who can sign in afterwards. */
    users: z.array(z.object({ name: z.string(), role: roleSchema })),
    now: countsSchema,
    after: countsSchema,
  })
  .meta({ id: 'RestorePreview' });

/** Largest piece of a backup sent at once. */
export const maxPieceBytes = 8 * 1024 * 1024;
/** Also while calls are up, which end then. */
const force = z.boolean().default(false);

export const backupEndpoints = {
  backupState: {
    method: 'get',
    path: '/system/backup',
    access: 'admin',
    summary: 'What a backup would hold',
    response: backupStateSchema,
  },
  prepareBackup: {
    method: 'post',
    path: '/system/backup',
    access: 'admin',
    summary: 'Copies what a backup holds, for ten minutes, so that it can be downloaded once',
    body: z.object({
      /** Protects the key of the secrets. Without it they can be read on this box only. */
      passphrase: passphraseSchema.optional(),
      recordings: z.boolean().default(false),
    }),
    response: z.object({ id: z.string() }),
    status: 201,
  },
  downloadBackup: {
    method: 'get',
    path: '/system/backup/{id}',
    access: 'admin',
    summary: 'The backup, a tar archive',
    download: 'application/x-tar',
  },
  beginRestore: {
    method: 'post',
    path: '/system/restore',
    access: 'admin',
    summary: 'Begins to take a backup of so many bytes back; an earlier one that was not restored is dropped',
    body: z.object({ bytes: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
    response: z.object({ id: z.string(), maxPieceBytes: z.number().int() }),
    status: 201,
  },
  sendRestore: {
    method: 'put',
    path: '/system/restore/{id}',
    access: 'admin',
    summary: 'The next piece of the file, in order; one that does not fit ends the whole',
    upload: 'tar',
    query: z.object({ offset: z.coerce.number().int().min(0) }),
  },
  checkRestore: {
    method: 'post',
    path: '/system/restore/{id}/check',
    access: 'admin',
    summary: 'Checks the whole and tells what restoring it would change. Changes nothing',
    body: z.object({ passphrase: z.string().max(400).optional() }),
    response: restorePreviewSchema,
  },
  applyRestore: {
    method: 'post',
    path: '/system/restore/{id}/apply',
    access: 'admin',
    summary: 'Restores it: the box starts anew, and everybody signs in again',
    body: z.object({ force }),
    status: 202,
    response: z.object({}),
  },
  dropRestore: {
    method: 'delete',
    path: '/system/restore/{id}',
    access: 'admin',
    summary: 'Forgets a backup that was sent',
  },
  undoRestore: {
    method: 'post',
    path: '/system/restore/undo',
    access: 'admin',
    summary: 'Brings the state before the latest restore back; the box starts anew',
    body: z.object({ force }),
    status: 202,
    response: z.object({}),
  },
} as const satisfies Record<string, Endpoint>;
