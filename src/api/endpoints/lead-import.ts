/** Leads and numbers not to be called from CSV files: looked at, then stored all at once. */
import { z } from 'zod';
import { leadRoles } from '../../domain/imports/lead-columns.ts';
import { tableLimits } from '../../domain/imports/uploaded-table.ts';
import type { Endpoint } from './endpoint.ts';
import { cellFaultSchema, fileId, tableChoicesSchema } from './imports.ts';

const source = {
  fileId,
  choices: tableChoicesSchema.default({}),
  /** What each column holds, in their order; null: not used. */
  roles: z.array(z.enum(leadRoles).nullable()).max(tableLimits.columns),
  /** Of numbers written without one; two letters. */
  country: z.string().regex(/^[A-Z]{2}$/, 'two letters'),
};

export const leadImportSchema = z
  .object({
    importId: z.string(),
    /** Empty: the do-not-call list. */
    listId: z.string(),
    fileName: z.string(),
    state: z.enum(['checking', 'ready', 'importing', 'done', 'failed']),
    rowsDone: z.number().int(),
    rows: z.number().int(),
    /** Leads that will be added, or were. */
    leads: z.number().int(),
    /** Of these on the do-not-call list: added, and not called while they are on it. */
    doNotCall: z.number().int(),
    /** Rows left out. */
    badRows: z.number().int(),
    problems: z.array(z.object({ code: z.string(), count: z.number().int(), warning: z.boolean() })),
    sample: z.array(
      z.object({
        line: z.number().int(),
        number: z.string(),
        name: z.string(),
        note: z.string(),
        fields: z.record(z.string(), z.string()),
        zone: z.string().nullable(),
        doNotCall: z.boolean(),
      }),
    ),
    badSample: z.array(
      z.object({ line: z.number().int(), cells: z.array(z.string()), faults: z.array(cellFaultSchema) }),
    ),
    failure: z
      .object({ code: z.string(), message: z.string(), line: z.number().int().optional() })
      .optional(),
  })
  .meta({ id: 'LeadImport' });

/** Endpoints of imports into lists. */
export const leadImportEndpoints = {
  beginLeadImport: {
    method: 'post',
    path: '/lists/{id}/imports',
    access: 'supervisor',
    summary: 'Looks at every row of an uploaded file; nothing is in the list before it is committed',
    body: z.object({
      ...source,
      /** Leaves out numbers of other lists. */ notInOtherLists: z.boolean().default(false),
    }),
    response: leadImportSchema,
    status: 202,
  },
  beginDoNotCallImport: {
    method: 'post',
    path: '/do-not-call/imports',
    access: 'supervisor',
    summary: 'The same for numbers that are not to be called',
    body: z.object({
      ...source,
      /** Kept with each number. */ reason: z.string().trim().max(200).default(''),
    }),
    response: leadImportSchema,
    status: 202,
  },
  getLeadImport: {
    method: 'get',
    path: '/imports/{id}',
    access: 'supervisor',
    summary: 'How far an import is, and what was found',
    response: leadImportSchema,
  },
  commitLeadImport: {
    method: 'post',
    path: '/imports/{id}/commit',
    access: 'supervisor',
    summary: 'Stores all good rows of an import at once',
    response: leadImportSchema,
  },
  discardLeadImport: {
    method: 'delete',
    path: '/imports/{id}',
    access: 'supervisor',
    summary: 'Forgets an import; nothing of it is stored',
  },
  leadImportBadRows: {
    method: 'get',
    path: '/imports/{id}/bad-rows',
    access: 'supervisor',
    summary: 'Rows left out with their reasons, one JSON object on each line',
    download: 'application/x-ndjson',
  },
  exportDoNotCall: {
    method: 'get',
    path: '/do-not-call.csv',
    access: 'supervisor',
    summary: 'All numbers that are not to be called, as CSV',
    download: 'text/csv',
  },
} as const satisfies Record<string, Endpoint>;
