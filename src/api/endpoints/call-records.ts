/** What is kept of a call besides its facts: its course, its sound, and lists for a spreadsheet. */
import { z } from 'zod';
import type { Stretch } from '../../domain/call-course.ts';
import { timeSchema } from '../domain-schemas.ts';
import { callsQuerySchema } from './calls.ts';
import type { Endpoint } from './endpoint.ts';

const stretchSchema = z
  .object({
    kind: z.enum(['ringing', 'ivr', 'waiting', 'talking', 'hold', 'wrap-up']),
    from: timeSchema,
    /** Absent while it lasts. */
    to: timeSchema.optional(),
    /** The menu, queue or agent it was spent with. */
    id: z.string().optional(),
  })
  .meta({ id: 'Stretch' }) as unknown as z.ZodType<Stretch>;

export const peaksSchema = z.object({
  durationMs: z.number(),
  /** Time that one peak stands for. */
  stepMs: z.number(),
  /** Caller and agent: one byte a step, base64; 0 is silence, 255 as loud as the line carries (a square-root scale). */
  left: z.string(),
  right: z.string(),
  /** Where nobody speaks, [from, to] in milliseconds. */
  silences: z.array(z.tuple([z.number(), z.number()])),
});

export const callRecordEndpoints = {
  exportCalls: {
    method: 'get',
    path: '/calls.csv',
    access: 'supervisor',
    summary: 'The filtered list as CSV, newest first, at most 100,000 calls',
    query: callsQuerySchema.omit({ cursor: true, limit: true }),
    download: 'text/csv',
  },
  callCourse: {
    method: 'get',
    path: '/calls/{id}/course',
    access: 'agent',
    summary: 'What the call went through, one stretch after the other',
    response: z.object({ stretches: z.array(stretchSchema) }),
  },
  recordingPeaks: {
    method: 'get',
    path: '/recordings/{id}/peaks',
    access: 'agent',
    summary: 'How loud both parties were, and where nobody speaks; for drawing',
    response: peaksSchema,
  },
  deleteRecording: {
    method: 'post',
    path: '/recordings/{id}/delete',
    access: 'admin',
    summary: 'Removes the sound for good; why is kept in the call log. Audited',
    body: z.object({ reason: z.string().trim().min(3).max(200) }),
  },
} as const satisfies Record<string, Endpoint>;
