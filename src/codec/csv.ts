/**
 * CSV as RFC 4180 has it and as spreadsheets make it: `,` `;` tab or `|` between cells, rows ended by CRLF, LF or CR,
 * cells in quotes that may hold all of these, and a first line `sep=;`. Text comes in pieces cut anywhere.
 *
 * ```
 *            quote                  quote
 *   start ──────────► quoted ◄──────────────► quote seen
 *     │ any                                      │ any: taken as it stands, as spreadsheets do
 *     ▼                                          ▼
 *   plain ──── delimiter or end of line ───► start of the next cell
 * ```
 */

/** Most that is taken of one file. A file beyond them is refused, not cut. */
export interface CsvLimits {
  rows: number;
  columns: number;
  /** UTF-16 units of one cell. */
  cellLength: number;
}

export const csvDelimiters = [',', ';', '\t', '|'] as const;
export type CsvDelimiter = (typeof csvDelimiters)[number];

export interface CsvRow {
  /** Line of the file on which the row begins, from 1: what an editor shows. */
  line: number;
  cells: string[];
}

export type CsvFault =
  | 'too-many-rows'
  | 'too-many-columns'
  | 'cell-too-long'
  /** A quote opened and the file ended. */
  | 'open-quote'
  /** A NUL: no text. */
  | 'binary';

/** Why a file cannot be read on from `line`. */
export class CsvError extends Error {
  readonly fault: CsvFault;
  readonly line: number;

  constructor(fault: CsvFault, line: number) {
    super(`${fault} at line ${line}`);
    this.name = 'CsvError';
    this.fault = fault;
    this.line = line;
  }
}

const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

type State = 'start' | 'plain' | 'quoted' | 'quote-seen';

/** Cuts text into rows. Rows without any text are left out, but their lines are counted. */
export class CsvReader {
  readonly #delimiter: number;
  readonly #limits: CsvLimits;
  #state: State = 'start';
  #cell = '';
  #cells: string[] = [];
  #line = 1;
  #rowLine = 1;
  #rows = 0;
  /** The last character was a CR: an LF after it belongs to it. */
  #afterReturn = false;

  constructor(delimiter: CsvDelimiter, limits: CsvLimits) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#limits = limits;
  }

  /** @throws CsvError */
  push(text: string): CsvRow[] {
    const rows: CsvRow[] = [];
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 0) throw new CsvError('binary', this.#line);
      const pairedFeed = code === lineFeed && this.#afterReturn;
      this.#afterReturn = code === carriageReturn;
      if ((code === lineFeed && !pairedFeed) || code === carriageReturn) this.#line++;
      if (this.#state === 'quoted') {
        if (code !== quote) {
          // Told while it grows: a quote that nobody closes would eat the whole file.
          if (at - from > this.#limits.cellLength) this.#take(text, from, at);
          continue;
        }
        this.#take(text, from, at);
        this.#state = 'quote-seen';
      } else if (code === quote && this.#state !== 'plain') {
        // Twice within quotes it stands for itself.
        if (this.#state === 'quote-seen') this.#cell += '"';
        this.#state = 'quoted';
        from = at + 1;
        continue;
      } else if (code === this.#delimiter) {
        this.#take(text, from, at);
        this.#endCell();
      } else if (code === carriageReturn || code === lineFeed) {
        if (!pairedFeed) {
          this.#take(text, from, at);
          this.#endRow(rows);
        }
        this.#rowLine = this.#line;
      } else {
        this.#state = 'plain';
        continue;
      }
      from = at + 1;
    }
    this.#take(text, from, text.length);
    return rows;
  }

  /** What is left after the last piece. @throws CsvError open-quote */
  end(): CsvRow[] {
    if (this.#state === 'quoted') throw new CsvError('open-quote', this.#rowLine);
    const rows: CsvRow[] = [];
    if (this.#cells.length > 0 || this.#cell !== '') this.#endRow(rows);
    return rows;
  }

  #take(text: string, from: number, to: number): void {
    if (this.#cell.length + (to - from) > this.#limits.cellLength)
      throw new CsvError('cell-too-long', this.#rowLine);
    if (to > from) this.#cell += text.slice(from, to);
  }

  #endCell(): void {
    if (this.#cells.length >= this.#limits.columns) throw new CsvError('too-many-columns', this.#rowLine);
    this.#cells.push(this.#cell);
    this.#cell = '';
    this.#state = 'start';
  }

  #endRow(rows: CsvRow[]): void {
    this.#endCell();
    if (this.#cells.some((cell) => cell.trim() !== '')) {
      if (++this.#rows > this.#limits.rows) throw new CsvError('too-many-rows', this.#rowLine);
      rows.push({ line: this.#rowLine, cells: this.#cells });
    }
    this.#cells = [];
  }
}

/** The delimiter that a first line `sep=;` names, as Excel writes and reads it; undefined when there is none. */
export function namedDelimiter(text: string): { delimiter: CsvDelimiter; length: number } | undefined {
  const match = /^sep=(.)(?:\r\n|\r|\n)/i.exec(text);
  const delimiter = csvDelimiters.find((each) => each === match?.[1]);
  return match && delimiter ? { delimiter, length: match[0].length } : undefined;
}

/** The delimiter by which most lines of `sample` fall into the same number of cells, the more cells the better. */
export function detectDelimiter(sample: string): CsvDelimiter {
  let best: { delimiter: CsvDelimiter; score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of csvDelimiters) {
    const widths = widthsOf(sample, delimiter);
    const counts = new Map<number, number>();
    for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
    for (const [width, count] of counts) {
      if (width < 2) continue;
      const score = (count / widths.length) * 100 + Math.min(width, 50);
      if (score > best.score) best = { delimiter, score };
    }
  }
  return best.delimiter;
}

function widthsOf(sample: string, delimiter: CsvDelimiter): number[] {
  const reader = new CsvReader(delimiter, { rows: 50, columns: 1000, cellLength: sample.length + 1 });
  const widths: number[] = [];
  try {
    // Line by line, so that what fits before the limit of rows counts.
    for (const piece of sample.split(/(?<=\n)/))
      widths.push(...reader.push(piece).map((row) => row.cells.length));
  } catch {
    // A sample ends anywhere; what was read till then decides.
  }
  return widths;
}
