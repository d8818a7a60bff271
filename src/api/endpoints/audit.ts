/** The audit: who did what, when and from where. It only grows. */
import { z } from 'zod';
import { auditKinds } from '../../domain/audit.ts';
import { timeSchema } from '../domain-schemas.ts';
import type { Endpoint } from './endpoint.ts';

const filters = {
  who: z.string().trim().min(1).max(80).optional(),
  kind: z.enum(auditKinds).optional(),
  action: z
    .string()
    .regex(/^[a-z0-9.-]{1,60}$/)
    .optional(),
  target: z.string().min(1).max(200).optional(),
  from: z.coerce.number().int().min(0).optional(),
  until: z.coerce.number().int().min(0).optional(),
};
export const auditQuerySchema = z.object({
  ...filters,
  /** `next` of the page before. */
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export const auditEntrySchema = z
  .object({
    id: z.number().int(),
    at: timeSchema,
    /** User name, or what a visitor called themselves. */
    who: z.string(),
    /** Network address. */
    source: z.string(),
    /** Stable word, e.g. `extension.create`, `login.failed`, `recording.listened`. */
    action: z.string(),
    /** Id of what it was done to. */
    target: z.string().optional(),
    /** `changes` of the settings, secrets masked; the filters of an export. */
    details: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'AuditEntry' });

export const auditEndpoints = {
  audit: {
    method: 'get',
    path: '/audit',
    access: 'admin',
    summary: 'Who did what, newest first',
    query: auditQuerySchema,
    response: z.object({ items: z.array(auditEntrySchema), next: z.string().nullable() }),
  },
  exportAudit: {
    method: 'get',
    path: '/audit/export',
    access: 'admin',
    summary: 'The same as CSV, all of it that fits the filters',
    query: z.object(filters),
    download: 'text/csv',
  },
} as const satisfies Record<string, Endpoint>;
