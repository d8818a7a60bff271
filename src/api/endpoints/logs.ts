/** The box's log. */
import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

const level = z.enum(['debug', 'info', 'warn', 'error']);

/** Endpoints of the log. */
export const logEndpoints = {
  readLog: {
    method: 'get',
    path: '/system/log',
    access: 'admin',
    summary: 'The last lines of the log, newest last; secrets are crossed out',
    query: z.object({
      /** This level and those above it. */
      level: level.default('info'),
      part: z.string().max(60).optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
    response: z.object({
      lines: z.array(
        z.object({
          at: z.number(),
          level,
          ns: z.string(),
          part: z.string(),
          message: z.string(),
          fields: z.record(z.string(), z.unknown()),
        }),
      ),
      parts: z.array(z.string()),
    }),
  },
  downloadLog: {
    method: 'get',
    path: '/system/log.jsonl',
    access: 'admin',
    summary: 'The end of the log as a file, one JSON object a line; secrets are crossed out. Audited',
    download: 'application/jsonl',
  },
} as const satisfies Record<string, Endpoint>;
