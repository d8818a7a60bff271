/** Uploaded CSV files, and what is made of them: extensions, leads, numbers not to be called. */
import { z } from 'zod';
import { csvDelimiters } from '../../codec/csv.ts';
import { csvEncodings } from '../../codec/csv-encoding.ts';
import { extensionRoles } from '../../domain/imports/extension-import.ts';
import { tableLimits } from '../../domain/imports/uploaded-table.ts';
import type { Endpoint } from './endpoint.ts';

const encoding = z.enum(csvEncodings);
const delimiter = z.enum(csvDelimiters);
export const fileId = z.string().regex(/^[a-z0-9]{16}$/);
/** What is left out is told from the file. */
export const tableChoicesSchema = z.object({
  encoding: encoding.optional(),
  delimiter: delimiter.optional(),
  /** Whether the first row names the columns. */
  header: z.boolean().optional(),
});
const rowSchema = z.object({
  /** Of the file, from 1. */ line: z.number().int(),
  cells: z.array(z.string()),
});

/** One thing wrong with, or to be said of, a row; the page has the words of each code. */
export const cellFaultSchema = z
  .object({
    /** From 0; absent: the row as a whole. */
    column: z.number().int().optional(),
    code: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  })
  .meta({ id: 'CellFault' });

export const uploadedTableSchema = z
  .object({
    fileId: z.string(),
    name: z.string(),
    bytes: z.number().int(),
    encoding,
    delimiter,
    header: z.boolean(),
    columns: z.array(z.string()),
    rows: z.number().int(),
    sample: z.array(rowSchema),
    /** Why it cannot be read to its end. */
    fault: z.object({ code: z.string(), line: z.number().int() }).optional(),
  })
  .meta({ id: 'UploadedTable' });

export const extensionImportSchema = z.object({
  fileId,
  choices: tableChoicesSchema.default({}),
  /** What each column holds, in their order; null: not used. */
  roles: z.array(z.enum(extensionRoles).nullable()).max(tableLimits.columns),
  existing: z.enum(['update', 'skip']).default('update'),
  createAgents: z.boolean().default(false),
});

const plannedExtensionSchema = z.object({
  line: z.number().int(),
  number: z.string(),
  name: z.string(),
  outcome: z.enum(['create', 'update', 'same', 'skip', 'fault']),
  agent: z.boolean(),
  faults: z.array(cellFaultSchema),
  notes: z.array(cellFaultSchema),
  cells: z.array(z.string()),
});

export const extensionPlanSchema = z
  .object({
    columns: z.array(z.string()),
    rows: z.array(plannedExtensionSchema),
    counts: z.object({
      create: z.number().int(),
      update: z.number().int(),
      same: z.number().int(),
      skip: z.number().int(),
      fault: z.number().int(),
      agents: z.number().int(),
    }),
    /** Of the settings: with the plan the one it was made on, after the import the one it made. */
    revision: z.number().int(),
  })
  .meta({ id: 'ExtensionPlan' });

/** Endpoints of uploads and of the import of extensions. */
export const importEndpoints = {
  uploadTable: {
    method: 'post',
    path: '/uploads',
    access: 'supervisor',
    summary: 'Keeps a CSV file for an hour, so that it can be looked at and imported; at most 32 MB',
    upload: 'csv',
    query: z.object({ name: z.string().max(300).default('') }),
    response: uploadedTableSchema,
    status: 201,
  },
  readUpload: {
    method: 'post',
    path: '/uploads/{id}',
    access: 'supervisor',
    summary: 'The same file read another way',
    body: tableChoicesSchema,
    response: uploadedTableSchema,
  },
  dropUpload: {
    method: 'delete',
    path: '/uploads/{id}',
    access: 'supervisor',
    summary: 'Forgets a file',
  },
  planExtensionImport: {
    method: 'post',
    path: '/extension-imports/plan',
    access: 'admin',
    summary: 'What an import of extensions would do, row by row. Changes nothing',
    body: extensionImportSchema,
    response: extensionPlanSchema,
  },
  importExtensions: {
    method: 'post',
    path: '/extension-imports',
    access: 'admin',
    summary: 'Imports extensions in one change of the settings; rows with faults are left out',
    body: extensionImportSchema,
    response: extensionPlanSchema,
  },
} as const satisfies Record<string, Endpoint>;
