/** What the SIP server's guard blocks, and how an admin lets it in again. */
import { z } from 'zod';
import { timeSchema } from '../domain-schemas.ts';
import type { Endpoint } from './endpoint.ts';

export const guardBanSchema = z
  .object({
    /** What to release it by: the address with dashes for colons. */
    id: z.string(),
    /** An IPv4 address, or the first half of an IPv6 address. */
    source: z.string(),
    reason: z.enum(['passwords', 'probing', 'scanner', 'flood']),
    since: timeSchema,
    until: timeSchema,
    /** Messages refused since. */
    count: z.number().int(),
  })
  .meta({ id: 'GuardBan' });

export const guardSchema = z.object({
  /** False: the SIP server is down or another one is in use, and nothing is known. */
  active: z.boolean(),
  /** The latest first. */
  bans: z.array(guardBanSchema),
  /** Since the SIP server started. */
  counters: z.object({
    banned: z.number().int(),
    limited: z.number().int(),
    scanners: z.number().int(),
    failures: z.number().int(),
    bans: z.number().int(),
  }),
});

export const guardEndpoints = {
  guard: {
    method: 'get',
    path: '/system/guard',
    access: 'admin',
    summary: 'Sources that the SIP server does not listen to, and what it dropped',
    response: guardSchema,
  },
  releaseSource: {
    method: 'delete',
    path: '/system/guard/{source}',
    access: 'admin',
    summary: 'Ends a ban',
  },
} as const satisfies Record<string, Endpoint>;
