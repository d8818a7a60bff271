/** What is fuzzed: a reader of outside bytes, with good input to begin from and what must hold for any. */
export interface FuzzTarget {
  name: string;
  /** Whether lines and numbers mean something in it. */
  isText: boolean;
  seeds: Buffer[];
  /** Pieces of the format, put in anywhere. */
  words: Buffer[];
  /**
   * Reads one input. Throws when a promise is broken: whatever comes out but the result that the reader declares.
   * @returns a short word for the way it went; an input that goes a new way is kept to begin from
   */
  run(input: Buffer): string;
}

/** @throws Error naming the promise that is broken */
export function must(holds: boolean, promise: string): void {
  if (!holds) throw new Error(`broken promise: ${promise}`);
}

export function words(...texts: string[]): Buffer[] {
  return texts.map((text) => Buffer.from(text, 'latin1'));
}

/** What is no larger than `limit` and not negative. */
export function within(value: number, limit: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= limit;
}
