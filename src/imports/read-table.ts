/** Reads an uploaded CSV file row by row, as chosen or as it looks. */
import {
  type CsvDelimiter,
  CsvError,
  CsvReader,
  type CsvRow,
  detectDelimiter,
  namedDelimiter,
} from '../codec/csv.ts';
import { type CsvEncoding, decode, detectEncoding, noCsv } from '../codec/csv-encoding.ts';
import { looksLikeHeader } from '../domain/imports/table.ts';
import { type TableChoices, tableLimits, type UploadedTable } from '../domain/imports/uploaded-table.ts';

export interface OpenedTable {
  encoding: CsvEncoding;
  delimiter: CsvDelimiter;
  header: boolean;
  columns: string[];
  /** Rows of data; throws CsvError where the file cannot be read on. */
  rows: () => Generator<CsvRow>;
}

/** Text decoded and handed on at once; a table of the largest size never stands in memory twice. */
const pieceBytes = 64 * 1024;
const sampleBytes = 64 * 1024;
const sampleRows = 20;

/** @throws CsvError when not even the first row can be read */
export function openTable(bytes: Uint8Array, choices: TableChoices, language: string): OpenedTable {
  const encoding = choices.encoding ?? detectEncoding(bytes, language);
  const beginning = decode(bytes.subarray(0, sampleBytes), encoding);
  const named = namedDelimiter(beginning);
  const delimiter = choices.delimiter ?? named?.delimiter ?? detectDelimiter(beginning);
  const all = (): Generator<CsvRow> => rowsOf(bytes, encoding, delimiter, named?.length ?? 0);
  const first = all().next().value as CsvRow | undefined;
  const header = choices.header ?? (first !== undefined && looksLikeHeader(first.cells));
  // A header may end in delimiters that no row fills.
  const columns = (first?.cells ?? []).map((cell) => (header ? cell.trim() : ''));
  return {
    encoding,
    delimiter,
    header,
    columns,
    *rows() {
      const rows = all();
      if (header) rows.next();
      yield* rows;
    },
  };
}

function* rowsOf(
  bytes: Uint8Array,
  encoding: CsvEncoding,
  delimiter: CsvDelimiter,
  skip: number,
): Generator<CsvRow> {
  const decoder = new TextDecoder(encoding);
  const reader = new CsvReader(delimiter, tableLimits);
  let toSkip = skip;
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const text = decoder.decode(bytes.subarray(at, at + pieceBytes), { stream: true });
    yield* reader.push(toSkip > 0 ? text.slice(toSkip) : text);
    toSkip = 0;
  }
  yield* reader.push(decoder.decode());
  yield* reader.end();
}

/** What is shown of a file before its columns are named. */
export function inspectTable(
  bytes: Uint8Array,
  choices: TableChoices,
  language: string,
): Omit<UploadedTable, 'fileId' | 'name' | 'bytes'> {
  const nothing = {
    encoding: 'utf-8',
    delimiter: ',',
    header: false,
    columns: [],
    rows: 0,
    sample: [],
  } as const;
  const kind = noCsv(bytes);
  // An encoding chosen by hand may make text of what looked like none.
  if (kind && (kind !== 'binary' || choices.encoding === undefined))
    return { ...nothing, columns: [], sample: [], fault: { code: kind, line: 1 } };
  let rows = 0;
  const sample: CsvRow[] = [];
  let table: OpenedTable | undefined;
  const view = () => ({
    encoding: table?.encoding ?? nothing.encoding,
    delimiter: table?.delimiter ?? nothing.delimiter,
    header: table?.header ?? false,
    columns: table?.columns ?? [],
    rows,
    sample,
  });
  try {
    table = openTable(bytes, choices, language);
    for (const row of table.rows()) {
      rows++;
      if (sample.length < sampleRows) sample.push(row);
    }
    return rows === 0 ? { ...view(), fault: { code: 'empty', line: 1 } } : view();
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { ...view(), fault: { code: error.fault, line: error.line } };
  }
}
