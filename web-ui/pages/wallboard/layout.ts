/** How tiles fill a screen without scrolling: the number of columns that leaves the least empty and the best shapes. */

export interface Span {
  columns: number;
  rows: number;
}

/** Tables and lists need more room than a figure. */
const spans: Record<string, Span> = {
  agents: { columns: 2, rows: 2 },
  queues: { columns: 2, rows: 2 },
  'agents-by-state': { columns: 2, rows: 2 },
};

export function spanOf(tile: { shows: string; size: 'normal' | 'large' }): Span {
  const { columns, rows } = spans[tile.shows] ?? { columns: 1, rows: 1 };
  return tile.size === 'large' ? { columns: columns * 2, rows: rows * 2 } : { columns, rows };
}

/** Rows that `spans` take in so many columns, placed in order into the first gap that fits (CSS: dense). */
export function rowsFor(spans: readonly Span[], columns: number): number {
  const taken: boolean[][] = [];
  const isFree = (row: number, column: number, span: Span): boolean => {
    for (let r = row; r < row + span.rows; r++)
      for (let c = column; c < column + span.columns; c++) if (taken[r]?.[c]) return false;
    return true;
  };
  const place = (span: Span): void => {
    for (let row = 0; ; row++)
      for (let column = 0; column + span.columns <= columns; column++) {
        if (!isFree(row, column, span)) continue;
        for (let r = row; r < row + span.rows; r++) {
          taken[r] ??= [];
          for (let c = column; c < column + span.columns; c++) (taken[r] as boolean[])[c] = true;
        }
        return;
      }
  };
  for (const span of spans) place(span);
  return taken.length;
}

/** @param aspect width of the screen by its height */
export function layoutOf(spans: readonly Span[], aspect: number): { columns: number; rows: number } {
  if (spans.length === 0) return { columns: 1, rows: 1 };
  const widest = Math.max(...spans.map((span) => span.columns));
  const cells = spans.reduce((sum, span) => sum + span.columns * span.rows, 0);
  let best = { columns: widest, rows: 1, cost: Number.POSITIVE_INFINITY };
  for (let columns = widest; columns <= Math.max(widest, 12); columns++) {
    const rows = rowsFor(spans, columns);
    // A cell half as wide again as high suits a figure with its name; empty cells are lost size.
    const shape = Math.abs(Math.log((aspect * rows) / columns / 1.5));
    const empty = (columns * rows - cells) / (columns * rows);
    const cost = shape + empty * 1.5;
    if (cost < best.cost) best = { columns, rows, cost };
  }
  return { columns: best.columns, rows: best.rows };
}
