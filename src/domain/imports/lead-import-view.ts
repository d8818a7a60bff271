/** An import of leads while it is looked at and done. */
import type { ImportedLead } from './lead-import.ts';
import type { CellFault } from './table.ts';

/**
 *     checking ──► ready ──► importing ──► done
 *         `──────────┴───────────┴──────► failed
 *
 * Nothing is in the list before `done`; then all of it is.
 */
export type LeadImportState = 'checking' | 'ready' | 'importing' | 'done' | 'failed';

export interface BadRow {
  line: number;
  cells: string[];
  faults: CellFault[];
}

export interface LeadImportView {
  importId: string;
  listId: string;
  fileName: string;
  state: LeadImportState;
  /** Rows looked at, of all. */
  rowsDone: number;
  rows: number;
  /** Leads that will be added, or were. */
  leads: number;
  /** Of these on the do-not-call list: added, and not called while they are on it. */
  doNotCall: number;
  /** Rows left out. */
  badRows: number;
  /** How often each reason, the most frequent first; warnings are of rows that are taken. */
  problems: { code: string; count: number; warning: boolean }[];
  /** The first leads and the first rows left out. */
  sample: (ImportedLead & { line: number; doNotCall: boolean })[];
  badSample: BadRow[];
  /** Why it failed: an error code, or a fault of the file with its line. */
  failure?: { code: string; message: string; line?: number };
}
