/** One measured figure beside its budget (DESIGN: first what must hold, then what we would like). */
export interface Figure {
  what: string;
  measured: number;
  unit: string;
  /** Infinite: none, the figure is an ambition only. */
  budget: number;
  ambition: number;
  /** `most`: the figure must not exceed the budget; `least`: it must reach it. */
  bound: 'most' | 'least';
  note?: string;
}

export function holds(figure: Figure, limit = figure.budget): boolean {
  return figure.bound === 'most' ? figure.measured <= limit : figure.measured >= limit;
}

/** The value below which `share` (0..1) of the sorted samples lie; NaN of none. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) return Number.NaN;
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Figures as a table: what, measured, budget, and whether it holds. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map((f) => [
    holds(f) ? (holds(f, f.ambition) ? 'ok+' : 'ok') : 'OVER',
    f.what,
    `${round(f.measured)} ${f.unit}`,
    Number.isFinite(f.budget) ? `${f.bound === 'most' ? '≤' : '≥'} ${f.budget} ${f.unit}` : 'none',
    `${f.ambition} ${f.unit}`,
    f.note ?? '',
  ]);
  const head = ['', 'what', 'measured', 'budget', 'ambition', ''];
  const widths = head.map((h, i) => Math.max(h.length, ...rows.map((r) => r[i]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function round(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
