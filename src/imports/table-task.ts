/** What the thread that reads tables is asked for, and what it says. */
import type { LeadRole } from '../domain/imports/lead-columns.ts';
import type { ImportedLead } from '../domain/imports/lead-import.ts';
import type { CellFault } from '../domain/imports/table.ts';
import type { TableChoices, TableRow, UploadedTable } from '../domain/imports/uploaded-table.ts';

interface TaskBase {
  path: string;
  choices: TableChoices;
  /** Of the office: decides between code pages. */
  language: string;
}

export interface InspectTask extends TaskBase {
  kind: 'inspect';
}
/** The first rows, whole. */
export interface RowsTask extends TaskBase {
  kind: 'rows';
  maxRows: number;
}
/** Every row judged, in batches; the next batch comes when the one before is answered by a {@link BatchVerdict}. */
export interface LeadsTask extends TaskBase {
  kind: 'leads';
  roles: (LeadRole | null)[];
  country: string;
  batchRows: number;
  /** Where rows left out are kept, one JSON object on each line. */
  badRowsPath: string;
}
export type TableTask = InspectTask | RowsTask | LeadsTask;

export interface JudgedRow {
  row: TableRow;
  lead?: ImportedLead;
  faults: CellFault[];
  warnings: CellFault[];
}

/** Faults of leads that only the store knows, by position in the batch. */
export interface BatchVerdict {
  faults: [position: number, fault: CellFault][];
}

export type TableSaid =
  | { said: 'table'; table: Omit<UploadedTable, 'fileId' | 'name' | 'bytes'> }
  | { said: 'rows'; columns: string[]; rows: TableRow[]; more: boolean }
  | { said: 'batch'; rows: JudgedRow[] }
  | { said: 'end' }
  | { said: 'fault'; code: string; line: number };
