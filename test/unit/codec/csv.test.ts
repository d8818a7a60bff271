import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CsvDelimiter,
  CsvError,
  type CsvLimits,
  CsvReader,
  csvDelimiters,
  detectDelimiter,
  namedDelimiter,
} from '../../../src/codec/csv.ts';
import { csvDelimiterFor, csvLine, fromSpreadsheet, withoutFormula } from '../../../src/codec/csv-write.ts';

const roomy: CsvLimits = { rows: 1000, columns: 50, cellLength: 1000 };

function read(text: string, delimiter: CsvDelimiter = ',', limits: CsvLimits = roomy): string[][] {
  const reader = new CsvReader(delimiter, limits);
  return [...reader.push(text), ...reader.end()].map((row) => row.cells);
}

function faultOf(action: () => unknown): [string, number] | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof CsvError) return [error.fault, error.line];
    throw error;
  }
}

const vectors: [name: string, text: string, rows: string[][]][] = [
  [
    'rows ended by CRLF',
    'a,b\r\nc,d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'rows ended by LF, the last by nothing',
    'a,b\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'rows ended by CR',
    'a,b\rc,d\r',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['a delimiter in quotes', '"a,b",c', [['a,b', 'c']]],
  ['a quote in quotes', '"say ""hello""",b', [['say "hello"', 'b']]],
  [
    'line ends in quotes',
    '"a\r\nb\nc",d\r\ne,f',
    [
      ['a\r\nb\nc', 'd'],
      ['e', 'f'],
    ],
  ],
  ['empty cells', ',,\na,,b\n', [['a', '', 'b']]],
  ['an empty cell in quotes', '"",a', [['', 'a']]],
  ['a quote within plain text', 'a 5" pipe,b', [['a 5" pipe', 'b']]],
  ['text after a closing quote', '"a"b,c', [['ab', 'c']]],
  ['blank lines', 'a\n\n\nb\n   \n', [['a'], ['b']]],
  ['a last cell that is empty', 'a,', [['a', '']]],
  ['nothing', '', []],
  ['a quote only of quotes', '""""', [['"']]],
];

describe('CSV is read', () => {
  it.each(vectors)('with %s', (_, text, rows) => {
    expect(read(text)).toEqual(rows);
  });

  it.each(vectors)('the same when cut after every character: %s', (_, text, rows) => {
    const reader = new CsvReader(',', roomy);
    const found = [...text].flatMap((piece) => reader.push(piece));
    expect([...found, ...reader.end()].map((row) => row.cells)).toEqual(rows);
  });

  it('with the line of the file on which each row begins', () => {
    const reader = new CsvReader(',', roomy);
    const rows = [...reader.push('a\r\n\r\n"b\r\nb"\r\nc\rd\n'), ...reader.end()];
    expect(rows.map((row) => [row.line, row.cells[0]])).toEqual([
      [1, 'a'],
      [3, 'b\r\nb'],
      [5, 'c'],
      [6, 'd'],
    ]);
  });

  it('into what was written, whatever it was, in pieces of any length', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '"', ',', ';', '\t', '|', '\r', '\n', ' ', 'é', '=', '-'),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 8 }),
        fc.constantFrom(...csvDelimiters),
        fc.integer({ min: 1, max: 9 }),
        (rows, delimiter, length) => {
          const text = rows.map((cells) => csvLine(cells, delimiter)).join('');
          const reader = new CsvReader(delimiter, roomy);
          const found: string[][] = [];
          for (let at = 0; at < text.length; at += length)
            found.push(...reader.push(text.slice(at, at + length)).map((row) => row.cells));
          found.push(...reader.end().map((row) => row.cells));
          const kept = rows.filter((cells) => cells.some((each) => withoutFormula(each).trim() !== ''));
          expect(found.map((cells) => cells.map(fromSpreadsheet))).toEqual(kept);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('from any text without ever failing but by a fault it declares', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.constantFrom(...csvDelimiters),
        (text, delimiter) => {
          faultOf(() => read(text, delimiter, { rows: 5, columns: 5, cellLength: 20 }));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a file is refused, naming the line,', () => {
  const limits: CsvLimits = { rows: 3, columns: 3, cellLength: 10 };

  it.each<[string, string, [string, number]]>([
    ['with too many rows', 'a\nb\nc\nd\n', ['too-many-rows', 4]],
    ['with too many columns', 'a\n1,2,3,4\n', ['too-many-columns', 2]],
    ['with a cell too long', 'a\nb\n12345678901', ['cell-too-long', 3]],
    ['with a quote that nobody closes', 'a\n"b\n', ['open-quote', 2]],
    ['with a quote that eats the rest of the file', 'a\n"b\nc\nd\ne\nf\ng\nh\n', ['cell-too-long', 2]],
    ['with a NUL', 'a\nb\0c\n', ['binary', 2]],
  ])('%s', (_, text, fault) => {
    expect(faultOf(() => read(text, ',', limits))).toEqual(fault);
  });

  it('at once, however long the line is', () => {
    const reader = new CsvReader(',', { ...roomy, cellLength: 10_000 });
    let pushed = 0;
    const piece = 'x'.repeat(65_536);
    expect(
      faultOf(() => {
        for (; pushed < 10_000_000; pushed += piece.length) reader.push(piece);
      }),
    ).toEqual(['cell-too-long', 1]);
    expect(pushed).toBe(0);
  });
});

describe('the delimiter', () => {
  it.each<[string, CsvDelimiter]>([
    ['a,b,c\n1,2,3\n', ','],
    ['name;amount\nAnna;1,5\nBen;2,25\n', ';'],
    ['a\tb\nx, y\tz\n', '\t'],
    ['a|b\n1|2\n', '|'],
    ['"a;b;c",d\n"e;f;g",h\n', ','],
    ['number\n+36301234567\n', ','],
  ])('of %j is %j', (sample, delimiter) => {
    expect(detectDelimiter(sample)).toBe(delimiter);
  });

  it('is the one that a first line names', () => {
    expect(namedDelimiter('sep=;\r\na;b')).toEqual({ delimiter: ';', length: 7 });
    expect(namedDelimiter('sep=x\na')).toBeUndefined();
    expect(namedDelimiter('separate;b\n')).toBeUndefined();
  });

  it('that is written is the one that spreadsheets of the language expect', () => {
    expect(csvDelimiterFor('en')).toBe(',');
    expect(csvDelimiterFor('hu')).toBe(';');
  });
});

describe('what is written', () => {
  it.each([
    ['=HYPERLINK("http://x")'],
    ['+cmd|calc'],
    ['-2+3'],
    ['@SUM(A1)'],
    ['\t=1'],
    ['\r=1'],
    [' =1'],
    ['\uff1d1'],
    ['+36 30 123'],
  ])('is never a formula: %j', (text) => {
    expect(withoutFormula(text)).toBe(`'${text}`);
    expect(fromSpreadsheet(withoutFormula(text))).toBe(text);
  });

  it.each([['+36301234567'], ['-5'], ['-1.5'], ['Anna'], ["O'Brien"], ["'quoted'"], ['']])(
    'stays as it is when it computes nothing: %j',
    (text) => {
      expect(withoutFormula(text)).toBe(text);
      expect(fromSpreadsheet(text)).toBe(text);
    },
  );

  it('quotes what holds a delimiter, a quote, a line end or blanks at its ends, and drops NULs', () => {
    expect(csvLine(['a,b', 'c"d', 'e\nf', ' g', 'h\0i', 7, null, undefined])).toBe(
      '"a,b","c""d","e\nf"," g",hi,7,,\r\n',
    );
  });
});
