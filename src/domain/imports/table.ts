/** An uploaded table: how its columns are named by those who make such files, and what is wrong with its rows. */
import { fromSpreadsheet } from '../../codec/csv-write.ts';

export type FaultParams = Record<string, string | number>;

/** Something wrong with, or worth saying of, one cell of a row. `code` has a text in each language. */
export interface CellFault {
  /** Column of the file, from 0; absent where the row as a whole is meant. */
  column?: number;
  code: string;
  params?: FaultParams;
}

/** A header as it is compared: letters and digits only, accents off. */
export function plainHeader(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/ı/g, 'i')
    .replace(/\p{M}/gu, '');
}

/** What people and other systems call a column, the most telling name first. */
export type HeaderNames<Role extends string> = Readonly<Record<Role, readonly string[]>>;

/**
 * The role of each column by its header; each role goes to one column at most: to that with its most telling name.
 * @returns one entry for each header; undefined: nothing known by that name
 */
export function guessRoles<Role extends string>(
  headers: readonly string[],
  names: Partial<HeaderNames<Role>>,
): (Role | undefined)[] {
  const plain = headers.map(plainHeader);
  const roles: (Role | undefined)[] = headers.map(() => undefined);
  for (const role of Object.keys(names) as Role[]) {
    const known = (names[role] ?? []).map(plainHeader);
    const rank = (header: string): number => known.indexOf(header);
    const candidates = plain
      .map((header, column) => ({ column, rank: rank(header) }))
      .filter(({ column, rank }) => rank >= 0 && roles[column] === undefined)
      .sort((a, b) => a.rank - b.rank);
    const best = candidates[0];
    if (best) roles[best.column] = role;
  }
  return roles;
}

/** Whether a first row names columns instead of holding data: nothing in it is mostly digits. */
export function looksLikeHeader(cells: readonly string[]): boolean {
  return (
    cells.some((cell) => cell.trim() !== '') &&
    cells.every((cell) => !/^[+'(]*\d[\d\s()./-]{2,}$/.test(cell.trim()))
  );
}

/** A cell as text: blanks around it off, an apostrophe that only kept a spreadsheet from computing too. */
export function cellText(cells: readonly string[], column: number): string {
  return fromSpreadsheet((cells[column] ?? '').trim()).trim();
}

/** Cells behind the last column: a delimiter too many, so the cells before it may stand in the wrong column. */
export function extraCells(cells: readonly string[], columns: number): CellFault[] {
  return cells.slice(columns).some((cell) => cell.trim() !== '')
    ? [{ code: 'extra-cells', params: { count: cells.length, columns } }]
    : [];
}
