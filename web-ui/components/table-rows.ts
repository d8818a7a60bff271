/** What a table shows of its rows: those that fit the words typed, in the order asked for. Pure. */

export type SortValue = string | number | boolean | undefined;
export interface Order {
  key: string;
  down: boolean;
}

/** Letters without marks and case, so that "kovacs" finds "Kovács". */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Rows in which every word typed occurs. */
export function matching<Row>(
  rows: readonly Row[],
  words: string,
  textOf: (row: Row) => string,
): readonly Row[] {
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return rows;
  return rows.filter((row) => {
    const text = plain(textOf(row));
    return wanted.every((word) => text.includes(word));
  });
}

/** Sorted by a value; rows without one come last either way, and equal ones keep their order. */
export function sorted<Row>(
  rows: readonly Row[],
  sortValueOf: (row: Row) => SortValue,
  down: boolean,
  language: string,
): Row[] {
  const { compare } = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const sign = down ? -1 : 1;
  return rows
    .map((row) => ({ row, value: sortValueOf(row) }))
    .sort((a, b) => {
      if (a.value === undefined || a.value === '') return b.value === undefined || b.value === '' ? 0 : 1;
      if (b.value === undefined || b.value === '') return -1;
      if (typeof a.value === 'string' || typeof b.value === 'string')
        return sign * compare(String(a.value), String(b.value));
      return sign * (Number(a.value) - Number(b.value));
    })
    .map(({ row }) => row);
}

/** The rows in the order they were last seen in; new ones at the end. For lists that must not move under a hand. */
export function held<Row>(
  rows: readonly Row[],
  order: readonly string[],
  keyOf: (row: Row) => string,
): Row[] {
  const places = new Map(order.map((key, index) => [key, index]));
  const last = order.length;
  return rows
    .map((row) => ({ row, place: places.get(keyOf(row)) ?? last }))
    .sort((a, b) => a.place - b.place)
    .map(({ row }) => row);
}
