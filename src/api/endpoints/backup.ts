/** Backups of the office: made and downloaded. */
import { z } from 'zod';
import { passphraseMinLength } from '../../domain/backup.ts';
import type { Endpoint } from './endpoint.ts';

export const passphraseSchema = z.string().min(passphraseMinLength).max(400);

export const backupStateSchema = z.object({
  databaseBytes: z.number(),
  promptBytes: z.number(),
  recordingBytes: z.number(),
});

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
} as const satisfies Record<string, Endpoint>;
