/** What happened so far, counted; and what went wrong, with the first few of each kind in words. */

export class Outcomes {
  readonly #counts = new Map<string, number>();
  readonly #failures = new Map<string, { count: number; examples: string[] }>();

  count(what: string, by = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + by);
  }

  fail(what: string, example: string): void {
    const failure = this.#failures.get(what) ?? { count: 0, examples: [] };
    failure.count++;
    if (failure.examples.length < 5) failure.examples.push(`${new Date().toISOString()} ${example}`);
    this.#failures.set(what, failure);
  }

  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  get failed(): number {
    return [...this.#failures.values()].reduce((sum, { count }) => sum + count, 0);
  }

  get counts(): Record<string, number> {
    return Object.fromEntries([...this.#counts].sort(([a], [b]) => a.localeCompare(b)));
  }

  get failures(): Record<string, { count: number; examples: string[] }> {
    return Object.fromEntries(this.#failures);
  }
}
