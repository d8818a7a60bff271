/** Rows with something wrong: said by line and column, and given back as a file to be mended. */
import type { VNode } from 'preact';
import type { CsvDelimiter } from '../../../src/codec/csv.ts';
import { csvByteOrderMark, csvDelimiterFor, csvLine } from '../../../src/codec/csv-write.ts';
import type { CellFault } from '../../../src/domain/imports/table.ts';
import { language, t, translateCode } from '../../i18n/translate.ts';
import { columnName } from './table-reading.tsx';

export interface BadRow {
  line: number;
  cells: string[];
  faults: readonly CellFaultView[];
}

/** As the API has it: what is absent may be undefined. */
export type CellFaultView = { [Key in keyof CellFault]: CellFault[Key] | undefined } & { code: string };

/** "Phone: too short". */
export function faultText(fault: CellFaultView, columns: readonly string[]): string {
  const text = translateCode(`cellFault.${fault.code}`, fault.params ?? {});
  return fault.column === undefined || fault.column < 0
    ? text
    : `${columnName(columns, fault.column)}: ${text}`;
}

export function FaultList(props: {
  faults: readonly CellFaultView[];
  columns: readonly string[];
}): VNode | null {
  if (props.faults.length === 0) return null;
  return (
    <ul class="fault-list">
      {props.faults.map((fault, index) => (
        <li key={index}>{faultText(fault, props.columns)}</li>
      ))}
    </ul>
  );
}

/** The rows as CSV, with the reason behind the last column. */
export function badRowsCsv(columns: readonly string[], rows: readonly BadRow[]): string {
  const delimiter: CsvDelimiter = csvDelimiterFor(language.value);
  const width = Math.max(columns.length, ...rows.map((row) => row.cells.length));
  const head = Array.from({ length: width }, (_, column) => columnName(columns, column));
  const lines = rows.map(({ cells, faults, line }) => [
    ...Array.from({ length: width }, (_, column) => cells[column] ?? ''),
    line,
    faults.map((fault) => faultText(fault, columns)).join('; '),
  ]);
  const all = [[...head, t('import.line'), t('import.reason')], ...lines];
  return csvByteOrderMark + all.map((cells) => csvLine(cells, delimiter)).join('');
}

/** Hands a text to the browser as a file. */
export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
