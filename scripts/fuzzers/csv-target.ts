/** CSV files that people upload. */
import {
  CsvError,
  CsvReader,
  type csvDelimiters,
  detectDelimiter,
  namedDelimiter,
} from '../../src/codec/csv.ts';
import { decode, detectEncoding, noCsv } from '../../src/codec/csv-encoding.ts';
import { csvLine, fromSpreadsheet } from '../../src/codec/csv-write.ts';
import { type FuzzTarget, must, words } from './target.ts';

const limits = { rows: 20, columns: 10, cellLength: 200 };

function cellsOf(pieces: readonly string[], delimiter: (typeof csvDelimiters)[number]): string[][] | string {
  const reader = new CsvReader(delimiter, limits);
  try {
    const rows = pieces.flatMap((piece) => reader.push(piece));
    return [...rows, ...reader.end()].map((row) => row.cells);
  } catch (error) {
    if (error instanceof CsvError) return error.fault;
    throw error;
  }
}

/** The first byte says how the text is cut. */
export const csvTarget: FuzzTarget = {
  name: 'csv',
  isText: true,
  seeds: words(
    '!name,number\r\nAnna,+36301234567\r\n"Ben ""B"", jr",=1+1\r\n',
    '"sep=;\r\na;b\r\n"x\r\ny";2\r\n',
    '#\xff\xfea\0,\0b\0\n\0',
    '$\xef\xbb\xbfn\xc3\xa9v\tsz\xc3\xa1m\n1\t2\n',
  ),
  words: words(
    '"',
    '""',
    ',',
    ';',
    '\t',
    '|',
    '\r',
    '\n',
    '\r\n',
    'sep=,',
    '=',
    '@',
    "'",
    '\0',
    '\xef\xbb\xbf',
    'PK\x03\x04',
  ),
  run(input) {
    const bytes = input.subarray(1);
    const kind = noCsv(bytes);
    const encoding = detectEncoding(bytes);
    const text = decode(bytes, encoding);
    const delimiter = namedDelimiter(text)?.delimiter ?? detectDelimiter(text);
    const whole = cellsOf([text], delimiter);
    const step = 1 + ((input[0] ?? 0) % 16);
    const pieces = text.match(new RegExp(`[^]{1,${step}}`, 'g')) ?? [];
    const cut = cellsOf(pieces, delimiter);
    // Which of several faults is met first depends on the cut.
    const sameFate = typeof cut === 'string' && typeof whole === 'string';
    must(sameFate || JSON.stringify(cut) === JSON.stringify(whole), 'it is the same however it is cut');
    if (typeof whole === 'string') return `${kind} ${encoding} ${whole}`;
    const written = whole.map((cells) => csvLine(cells, delimiter)).join('');
    const again = cellsOf([written], delimiter);
    must(
      typeof again === 'string' ||
        JSON.stringify(again.map((row) => row.map(fromSpreadsheet))) ===
          JSON.stringify(whole.map((row) => row.map(fromSpreadsheet))),
      'what is written is read the same',
    );
    must(!/^"?[=@]/.test(csvLine([whole[0]?.[0] ?? ''], delimiter)), 'no first cell is a formula');
    return `${kind} ${encoding} ${delimiter} ${whole.length} ${whole[0]?.length}`;
  },
};
