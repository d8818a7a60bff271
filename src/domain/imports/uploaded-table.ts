/** An uploaded CSV file as it is shown before anything is done with it. */
import type { CsvDelimiter, CsvFault } from '../../codec/csv.ts';
import type { CsvEncoding, NoCsv } from '../../codec/csv-encoding.ts';

/** How the file is to be read; what is left out is told from the file. */
export interface TableChoices {
  encoding?: CsvEncoding | undefined;
  delimiter?: CsvDelimiter | undefined;
  /** Whether the first row names the columns. */
  header?: boolean | undefined;
}

export interface TableRow {
  /** Line of the file, from 1. */
  line: number;
  cells: string[];
}

export interface UploadedTable {
  fileId: string;
  /** As its sender called it, for people; never a path. */
  name: string;
  bytes: number;
  encoding: CsvEncoding;
  delimiter: CsvDelimiter;
  header: boolean;
  /** Names of the columns; without a header empty texts. */
  columns: string[];
  /** Rows of data in all, up to the fault if there is one. */
  rows: number;
  /** The first of them. */
  sample: TableRow[];
  /** Why it cannot be read to its end. */
  fault?: { code: CsvFault | NoCsv; line: number };
}

/** What is taken of one file. */
export const tableLimits = {
  bytes: 32 * 1024 * 1024,
  rows: 200_000,
  columns: 300,
  cellLength: 10_000,
} as const;

/** Extensions are looked at all at once. */
export const maxExtensionRows = 1000;
