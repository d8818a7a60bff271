/** How the bytes of a CSV file are written: told by its mark, by what is valid, else by the letters that come out. */

export const csvEncodings = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1254',
  'windows-1257',
] as const;
export type CsvEncoding = (typeof csvEncodings)[number];

/** Files that are no CSV whatever they are called, by their first bytes. */
export type NoCsv = 'spreadsheet' | 'web-page' | 'binary' | 'empty';

const marks: [bytes: number[], encoding: CsvEncoding][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

function beginsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte);
}

/** What a file is that cannot be CSV; undefined: it may be. */
export function noCsv(bytes: Uint8Array): NoCsv | undefined {
  if (bytes.length === 0) return 'empty';
  // zip (xlsx, ods), and the old binary xls
  if (beginsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || beginsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0]))
    return 'spreadsheet';
  const encoding = marked(bytes) ?? unmarkedUtf16(bytes) ?? 'utf-8';
  const text = decode(bytes.subarray(0, 2048), encoding);
  if (/^\s*<(?:!doctype|html|\?xml|table|head|script)\b/i.test(text)) return 'web-page';
  if (text.includes('\0') || beginsWith(bytes, [0x25, 0x50, 0x44, 0x46])) return 'binary';
  return undefined;
}

/**
 * The encoding of a whole file.
 * @param language of the office, which decides between code pages when the letters leave it open
 */
export function detectEncoding(bytes: Uint8Array, language = 'en'): CsvEncoding {
  const known = marked(bytes) ?? unmarkedUtf16(bytes);
  if (known) return known;
  if (isUtf8(bytes)) return 'utf-8';
  return likeliestCodePage(bytes, language);
}

/** Text of a file or its beginning, its mark removed. Bytes that mean nothing become U+FFFD. */
export function decode(bytes: Uint8Array, encoding: CsvEncoding): string {
  return new TextDecoder(encoding).decode(bytes);
}

function marked(bytes: Uint8Array): CsvEncoding | undefined {
  return marks.find(([mark]) => beginsWith(bytes, mark))?.[1];
}

/** UTF-16 without its mark: every other byte of plain text is zero. */
function unmarkedUtf16(bytes: Uint8Array): CsvEncoding | undefined {
  const length = Math.min(bytes.length, 1024) & ~1;
  if (length < 4) return undefined;
  let evenZeros = 0;
  let oddZeros = 0;
  for (let at = 0; at < length; at += 2) {
    if (bytes[at] === 0) evenZeros++;
    if (bytes[at + 1] === 0) oddZeros++;
  }
  const half = length / 2;
  // Cyrillic has no zeros but between its words and cells.
  if (oddZeros > half * 0.15 && evenZeros === 0) return 'utf-16le';
  if (evenZeros > half * 0.15 && oddZeros === 0) return 'utf-16be';
  return undefined;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * Code pages in the order of doubt, and the letters beyond ASCII of the languages written in them. Õ and û are left
 * out of the first: Hungarian ő and ű have their bytes, and are far more frequent.
 */
const codePages: { encoding: CsvEncoding; languages: string[]; letters: string; cyrillic?: true }[] = [
  { encoding: 'windows-1252', languages: ['en'], letters: 'àáâãäåæçèéêëìíîïñòóôöøùúüýÿœßšž' },
  { encoding: 'windows-1250', languages: ['hu', 'sk'], letters: 'áéíóöőúüűäčďĺľňôŕšťýžąćęłńśźżěřů' },
  {
    encoding: 'windows-1251',
    languages: ['ru'],
    letters: 'абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў',
    cyrillic: true,
  },
  { encoding: 'windows-1254', languages: ['tr'], letters: 'çğıöşüâîû' },
  { encoding: 'windows-1257', languages: ['lt'], letters: 'ąčęėįšųūžāēģīķļņõöüä' },
];
const sampleBytes = 200_000;

function likeliestCodePage(bytes: Uint8Array, language: string): CsvEncoding {
  const sample = bytes.subarray(0, sampleBytes);
  let best: { encoding: CsvEncoding; score: number } = { encoding: 'windows-1252', score: -1 };
  for (const page of codePages) {
    const words = decode(sample, page.encoding).match(/[\p{L}\p{M}\ufffd\u0080-\u00bf]+/gu) ?? [];
    const foreign = words.filter((word) => /[^a-zA-Z]/.test(word));
    const plausible = foreign.filter((word) => isPlausible(word.toLowerCase(), page)).length;
    const share = foreign.length === 0 ? 0 : plausible / foreign.length;
    const score = share + (page.languages.includes(language) ? 0.1 : 0);
    if (score > best.score) best = { encoding: page.encoding, score };
  }
  return best.encoding;
}

function isPlausible(word: string, page: (typeof codePages)[number]): boolean {
  const beyond = [...word].filter((letter) => letter > '\u007f');
  if (!beyond.every((letter) => page.letters.includes(letter))) return false;
  // Nobody writes one word in two alphabets; and Latin words are mostly plain letters.
  if (page.cyrillic) return beyond.length === word.length;
  return beyond.length < 4 || beyond.length < word.length * 0.75;
}
