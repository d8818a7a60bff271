/** Lists of leads, the leads in them, and the numbers that are not to be called. */
import { z } from 'zod';
import {
  attemptSchema,
  doNotCallEntrySchema,
  e164Schema,
  leadListSchema,
  leadSchema,
  leadStateSchema,
} from '../campaign-schemas.ts';
import { timeSchema } from '../domain-schemas.ts';
import { itemId } from './configuration.ts';
import type { Endpoint } from './endpoint.ts';

const listName = z.string().trim().min(1).max(80);
const pageQuery = {
  /** `next` of the page before. */
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};
const leadFields = z
  .record(z.string().min(1).max(80), z.string().max(2000))
  .refine((fields) => Object.keys(fields).length <= 60, 'at most 60 columns');
const note = z.string().max(4000);
const leadName = z.string().trim().max(200);
/** IANA time zone; whether there is one of that name is asked by the server. */
const zone = z.string().min(1).max(60).nullable();

export const newLeadSchema = z.object({
  number: e164Schema,
  name: leadName.default(''),
  note: note.default(''),
  fields: leadFields.default({}),
  zone: zone.default(null),
});

export const leadChangeSchema = z
  .object({
    name: leadName.optional(),
    note: note.optional(),
    fields: leadFields.optional(),
    zone: zone.optional(),
    /** Close it, open it again, or agree a call. */
    state: z.enum(['given-up', 'new', 'callback']).optional(),
    dueAt: timeSchema.optional(),
    agentId: itemId.nullable().optional(),
  })
  .refine((change) => change.state !== 'callback' || change.dueAt !== undefined, {
    message: 'say when to call back',
    path: ['dueAt'],
  });

/** Endpoints of lists, leads and the do-not-call list; imports are in lead-import.ts. */
export const listEndpoints = {
  listLeadLists: {
    method: 'get',
    path: '/lists',
    access: 'supervisor',
    summary: 'All lists of leads, with how many are in which state',
    response: z.object({ items: z.array(leadListSchema) }),
  },
  createLeadList: {
    method: 'post',
    path: '/lists',
    access: 'supervisor',
    summary: 'A new, empty list',
    body: z.object({ name: listName }),
    response: leadListSchema,
    status: 201,
  },
  renameLeadList: {
    method: 'put',
    path: '/lists/{id}',
    access: 'supervisor',
    summary: 'Rename a list',
    body: z.object({ name: listName }),
    response: leadListSchema,
  },
  deleteLeadList: {
    method: 'delete',
    path: '/lists/{id}',
    access: 'supervisor',
    summary: 'Delete a list with its leads; 409 while a campaign uses it. The attempt log stays',
  },
  listLeads: {
    method: 'get',
    path: '/lists/{id}/leads',
    access: 'supervisor',
    summary: 'Leads of a list, in their order',
    query: z.object({
      ...pageQuery,
      state: leadStateSchema.optional(),
      /** Part of the number or the name. */
      text: z.string().trim().max(80).optional(),
      doNotCall: z.enum(['true']).optional(),
    }),
    response: z.object({ items: z.array(leadSchema), next: z.string().nullable() }),
  },
  addLead: {
    method: 'post',
    path: '/lists/{id}/leads',
    access: 'supervisor',
    summary: 'One lead by hand; 409 when its number is in the list already',
    body: newLeadSchema,
    response: leadSchema,
    status: 201,
  },
  getLead: {
    method: 'get',
    path: '/leads/{id}',
    access: 'supervisor',
    summary: 'One lead with all its attempts',
    response: z.object({ lead: leadSchema, attempts: z.array(attemptSchema) }),
  },
  changeLead: {
    method: 'put',
    path: '/leads/{id}',
    access: 'supervisor',
    summary: 'Change what is given of a lead; 409 while it is being called',
    body: leadChangeSchema,
    response: leadSchema,
  },
  deleteLead: {
    method: 'delete',
    path: '/leads/{id}',
    access: 'supervisor',
    summary: 'Delete a lead; its attempts stay in the log',
  },
  listDoNotCall: {
    method: 'get',
    path: '/do-not-call',
    access: 'supervisor',
    summary: 'Numbers that are not to be called, newest first',
    query: z.object({ ...pageQuery, text: z.string().trim().max(24).optional() }),
    response: z.object({
      items: z.array(doNotCallEntrySchema),
      next: z.string().nullable(),
      total: z.number().int(),
    }),
  },
  addDoNotCall: {
    method: 'post',
    path: '/do-not-call',
    access: 'supervisor',
    summary: 'Numbers not to be called from now on, by any campaign',
    body: z.object({
      numbers: z.array(e164Schema).min(1).max(1000),
      reason: z.string().trim().max(200).default(''),
    }),
    response: z.object({ added: z.number().int(), known: z.number().int() }),
    status: 201,
  },
  removeDoNotCall: {
    method: 'delete',
    path: '/do-not-call/{id}',
    access: 'admin',
    summary: 'Lets a number be called again; kept in the log. `id` is the number without +',
  },
} as const satisfies Record<string, Endpoint>;
