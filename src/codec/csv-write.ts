/** CSV for people who open it in a spreadsheet: no cell of it is ever run there as a formula. */
import type { CsvDelimiter } from './csv.ts';

/** Spreadsheets tell UTF-8 from a code page of theirs by it. */
export const csvByteOrderMark = '\ufeff';

/** Characters that begin a formula, also when a spreadsheet drops blanks or widths before them. */
const formula = /^[\s\u00a0]*[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/;
/** A number with its sign computes nothing; left alone, a phone number stays one. */
const signedNumber = /^[+-]\d{1,20}(?:[.,]\d{1,20})?$/;

/** Spreadsheets of these languages write a comma within numbers, and so `;` between cells. */
export function csvDelimiterFor(language: string): CsvDelimiter {
  return language === 'en' ? ',' : ';';
}

/** Text that a spreadsheet shows instead of running it: an apostrophe goes before what would be a formula. */
export function withoutFormula(text: string): string {
  return formula.test(text) && !signedNumber.test(text) ? `'${text}` : text;
}

/** The text that {@link withoutFormula} was given: what we wrote is read back as it was. */
export function fromSpreadsheet(text: string): string {
  return text.startsWith("'") && formula.test(text.slice(1)) ? text.slice(1) : text;
}

/** One line of a CSV file, its end included. Numbers are written as they are; null and undefined are empty. */
export function csvLine(
  cells: readonly (string | number | null | undefined)[],
  delimiter: CsvDelimiter = ',',
): string {
  return `${cells.map((cell) => csvCell(cell, delimiter)).join(delimiter)}\r\n`;
}

function csvCell(value: string | number | null | undefined, delimiter: CsvDelimiter): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  // A NUL ends the cell in some readers and the file in others.
  const text = withoutFormula(value.replaceAll('\0', ''));
  return /["\r\n]/.test(text) || text.includes(delimiter) || text !== text.trim()
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
