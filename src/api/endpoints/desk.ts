/** What an agent works with: notes and dispositions of calls, and what there is to choose from. */
import { z } from 'zod';
import {
  deskSchema,
  dispositionSchema,
  noteMaxLength,
  pauseReasonSchema,
  queueDeskFields,
} from '../../domain/settings/desk.ts';
import { callSchema, liveAgentSchema, pastCallSchema } from '../domain-schemas.ts';
import { itemId } from './configuration.ts';
import type { Endpoint } from './endpoint.ts';

const note = z.string().max(noteMaxLength, `at most ${noteMaxLength} characters`);

export const deskSettingsSchema = deskSchema.unwrap();

/** The lists that matter to this agent; to somebody who is none, those of all queues. */
export const deskViewSchema = z.object({
  pauseReasons: z.array(pauseReasonSchema),
  /** For calls of no queue, and of queues without a list of their own. */
  dispositions: z.array(dispositionSchema),
  queues: z.array(
    z.object({
      queueId: itemId,
      dispositions: z.array(dispositionSchema),
      dispositionRequired: queueDeskFields.dispositionRequired.unwrap(),
      moreWrapUpMs: queueDeskFields.moreWrapUpMs.unwrap(),
    }),
  ),
  noteMaxLength: z.number().int(),
  /** Of the office: a day that a filter names begins and ends by it, as in reports. */
  timeZone: z.string(),
  /** The phone that rings for this agent. */
  phone: z.object({ extensionId: itemId, number: z.string(), name: z.string() }).nullable(),
});

/** Endpoints of the agent's desk. */
export const deskEndpoints = {
  desk: {
    method: 'get',
    path: '/desk',
    access: 'agent',
    summary: 'Dispositions and pause reasons to choose from, and whose phone rings',
    response: deskViewSchema,
  },
  getDeskSettings: {
    method: 'get',
    path: '/desk/settings',
    access: 'admin',
    summary: 'Dispositions and pause reasons of the office',
    response: deskSettingsSchema,
  },
  replaceDeskSettings: {
    method: 'put',
    path: '/desk/settings',
    access: 'admin',
    summary: 'Changes dispositions and pause reasons of the office',
    body: deskSettingsSchema,
    response: deskSettingsSchema,
  },
  setDisposition: {
    method: 'put',
    path: '/calls/{id}/disposition',
    access: 'agent',
    summary: 'How the call ended for the office; an agent says so of their own calls, within a day',
    body: z.object({
      code: dispositionSchema.shape.code,
      /** Saved together with it. */
      note: note.optional(),
    }),
    response: callSchema,
  },
  callerHistory: {
    method: 'get',
    path: '/callers/{number}/history',
    access: 'agent',
    summary:
      'The last calls from and to a number (its digits), newest first; an agent sees those of their queues and their own',
    query: z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) }),
    response: z.object({ items: z.array(pastCallSchema) }),
  },
  moreWrapUp: {
    method: 'post',
    path: '/agents/{id}/more-wrap-up',
    access: 'agent',
    summary: 'More time for the work after the call, once for each call',
    response: liveAgentSchema,
  },
  setNote: {
    method: 'put',
    path: '/calls/{id}/note',
    access: 'agent',
    summary:
      'The note of a call, all of it; empty removes it. An agent writes at their own calls, within a day',
    body: z.object({ text: note }),
    response: callSchema,
  },
} as const satisfies Record<string, Endpoint>;
