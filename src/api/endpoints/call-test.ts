/** The dial-plan tester: what would happen to a call at a moment. */
import { z } from 'zod';
import { noteShape, timeSchema } from '../domain-schemas.ts';
import { itemId } from './configuration.ts';
import type { Endpoint } from './endpoint.ts';

const waySchema = z.object({
  way: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('begin') }),
    z.object({ kind: z.literal('digit'), digit: z.string() }),
    z.object({ kind: z.literal('no-choice') }),
    z.object({ kind: z.literal('waited'), afterS: z.number() }),
    z.object({ kind: z.literal('failed') }),
  ]),
  /** Why it leads there, as the trace of a real call says it. */
  notes: z.array(z.object(noteShape)),
  /** Index of the place in `nodes`. */
  to: z.number().int(),
});

/** Endpoints of the dial-plan tester, and of test calls over a trunk. */
export const callTestEndpoints = {
  testDialPlan: {
    method: 'post',
    path: '/dial-plan/test',
    access: 'admin',
    summary: 'What happens to a call, by the rules of real calls: every place it can get to, and why',
    body: z.object({
      door: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('trunk'), trunkId: itemId }),
        z.object({ kind: z.literal('extension'), extensionId: itemId }),
        z.object({ kind: z.literal('browser') }),
      ]),
      /** What is dialled, or what the trunk delivers. */
      to: z.string().trim().min(1).max(40),
      /** Left out: now. */
      at: timeSchema
        .min(Date.UTC(2000, 0, 1))
        .max(Date.UTC(2100, 0, 1))
        .optional(),
    }),
    response: z.object({
      at: timeSchema,
      start: waySchema,
      nodes: z.array(
        z.object({
          place: z.discriminatedUnion('kind', [
            z.object({ kind: z.enum(['ivr', 'queue', 'extension']), id: z.string(), name: z.string() }),
            z.object({ kind: z.literal('outside'), id: z.string(), name: z.string(), number: z.string() }),
            z.object({ kind: z.literal('announcement'), id: z.string() }),
            z.object({ kind: z.enum(['hang-up', 'gone', 'loop', 'rejected']) }),
          ]),
          warnings: z.array(
            z.enum([
              'queue-without-agents',
              'queue-nobody-free',
              'queue-endless',
              'menu-without-keys',
              'menu-circle',
              'extension-without-phone',
              'trunk-down',
              'trunk-disabled',
              'place-gone',
            ]),
          ),
          ways: z.array(waySchema),
        }),
      ),
    }),
  },
  testTrunk: {
    method: 'post',
    path: '/trunks/{id}/test-call',
    access: 'admin',
    summary: 'Calls a number over this trunk, plays a prompt to whoever answers, hangs up. Audited',
    body: z.object({
      number: z
        .string()
        .trim()
        .regex(/^\+?[0-9*#]{1,24}$/, 'digits, * and # only, at most 24'),
    }),
    response: z.object({ callId: z.string() }),
    status: 202,
  },
} as const satisfies Record<string, Endpoint>;
