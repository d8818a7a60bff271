/**
 * What a backup is: a tar archive of the files below, and last a manifest that says whose it is, when it was made,
 * and of each file its size and SHA-256. Names are those within the data directory.
 */
import { z } from 'zod';
import { languages } from './settings.ts';

/** Grows when a box of today could not read what a later one writes. */
export const backupFormat = 1;
export const manifestName = 'manifest.json';

export const manifestSchema = z.object({
  format: z.number().int().min(1),
  /** Of the program that made it. */
  version: z.string().max(60),
  officeName: z.string().max(200),
  /** Wall clock, ms since the epoch. */
  at: z.number().int().min(0),
  /** Whether the key of the secrets is in it, behind a passphrase. */
  hasKey: z.boolean(),
  hasRecordings: z.boolean(),
  files: z
    .array(
      z.object({
        name: z.string().max(256),
        bytes: z.number().int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .max(1_000_000),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Longest content of each kind that is read into memory; databases and sounds are not. */
const mebibyte = 1024 * 1024;
const kinds: readonly { name: RegExp; maxBytes: number }[] = [
  { name: /^manifest\.json$/, maxBytes: 256 * mebibyte },
  { name: /^settings\.json$/, maxBytes: 32 * mebibyte },
  { name: /^secret\.key$/, maxBytes: 4096 },
  { name: /^(?:call-log|leads)\.db$/, maxBytes: Number.MAX_SAFE_INTEGER },
  {
    name: new RegExp(`^prompts/uploaded/(?:${languages.join('|')})/[a-z0-9-]{1,40}\\.wav$`),
    maxBytes: 64 * mebibyte,
  },
  { name: /^recordings\/\d{4}\/\d{2}\/\d{2}\/[A-Za-z0-9_-]{1,120}\.wav$/, maxBytes: 4096 * mebibyte },
];

/** Why a file of this name and size has no place in a backup; undefined when it has. */
export function backupFileFault(name: string, bytes: number): string | undefined {
  const kind = kinds.find((each) => each.name.test(name));
  if (!kind) return `${name.slice(0, 200)}: no file of a backup`;
  return bytes > kind.maxBytes ? `${name}: larger than such a file can be` : undefined;
}

/** Shortest passphrase taken: it stands between a lost file and every telephone password of the office. */
export const passphraseMinLength = 12;
