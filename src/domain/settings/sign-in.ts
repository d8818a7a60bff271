/** Signing in: how long it lasts, who needs a second factor, and how far agents may look back. */
import { z } from 'zod';
import { roleSchema } from './roles.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

export const signInSchema = z.object({
  /** A session nobody uses ends after this long. */
  idleMs: z
    .number()
    .int()
    .min(5 * minuteMs)
    .max(30 * dayMs)
    .default(dayMs / 2),
  /** Every session ends this long after signing in. */
  maxAgeMs: z
    .number()
    .int()
    .min(60 * minuteMs)
    .max(90 * dayMs)
    .default(7 * dayMs),
  /** Who has one of these roles must set up a second factor before anything else. */
  secondFactorFor: z.array(roleSchema).max(3).default([]),
  /** Agents may look at their own past calls. */
  agentsSeeCalls: z.boolean().default(true),
  /** Agents may hear the recordings of their own calls. */
  agentsHearRecordings: z.boolean().default(true),
});
export type SignInSettings = z.infer<typeof signInSchema>;

/** One-time codes of an authenticator (TOTP, RFC 6238). */
export const secondFactorSchema = z.object({
  /** Base 32, 160 bits. */
  secret: z.string().min(16).max(400).meta({ secret: true }),
  /** When it was set up. */
  since: z.number().int().min(0),
  /** Recovery codes that are left; each signs in once, without the phone. */
  recoveryHashes: z
    .array(
      z
        .string()
        .regex(/^\$sha256\$[0-9a-f]{64}$/, 'not a hash of a code')
        .meta({ hashed: true }),
    )
    .max(10)
    .default([]),
});
export type SecondFactor = z.infer<typeof secondFactorSchema>;
