/** New inputs from old ones: changes of bytes, of words of the format, of whole lines, and joints of two inputs. */
import type { Random } from './random.ts';

/** Larger than anything that comes in one datagram. */
export const maxInputBytes = 70_000;

const runs = [' ', '\t', '\n', '\r\n', ',', ';', ' 0', '"', '\\', 'a ', '%', '<'];
const edgeBytes = [0, 1, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x3a, 0x3b, 0x3c, 0x3e, 0x5c, 0x7f, 0x80, 0xc0, 0xff];

type Mutation = (
  input: Buffer,
  random: Random,
  corpus: readonly Buffer[],
  words: readonly Buffer[],
) => Buffer;

function splice(input: Buffer, at: number, removed: number, inserted: Buffer): Buffer {
  return Buffer.concat([
    input.subarray(0, at),
    inserted,
    input.subarray(Math.min(input.length, at + removed)),
  ]);
}

const changeBytes: Mutation = (input, random) => {
  const bytes = Buffer.from(input);
  if (bytes.length === 0) return Buffer.of(random.below(256));
  for (let i = 1 + random.below(4); i > 0; i--) {
    const at = random.below(bytes.length);
    const how = random.below(3);
    if (how === 0) bytes[at] = random.below(256);
    else if (how === 1) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    else bytes[at] = random.pick(edgeBytes);
  }
  return bytes;
};

const cut: Mutation = (input, random) => {
  const at = random.below(input.length + 1);
  return random.oneIn(2) ? input.subarray(0, at) : splice(input, at, 1 + random.below(20), Buffer.alloc(0));
};

const insertWord: Mutation = (input, random, _corpus, words) => {
  const at = random.below(input.length + 1);
  return splice(input, at, random.oneIn(2) ? random.below(12) : 0, random.pick(words));
};

const repeat: Mutation = (input, random) => {
  const at = random.below(input.length + 1);
  const piece = input.subarray(at, at + 1 + random.below(random.oneIn(4) ? 200 : 12));
  const times = random.oneIn(10) ? 2000 : 1 + random.below(30);
  return splice(input, at, 0, Buffer.concat(Array<Buffer>(times).fill(piece)));
};

/** One character very often: what a pattern that tries every way of cutting a run cannot bear. */
const run: Mutation = (input, random) => {
  const at = random.below(input.length + 1);
  const long = Buffer.alloc(random.oneIn(3) ? 60_000 : 2_000, random.pick(runs));
  return splice(input, at, 0, long);
};

const join: Mutation = (input, random, corpus) => {
  const other = random.pick(corpus);
  return Buffer.concat([
    input.subarray(0, random.below(input.length + 1)),
    other.subarray(random.below(other.length + 1)),
  ]);
};

/** Lines out of order, twice, or from another input: what a grammar of lines is about. */
const mixLines: Mutation = (input, random, corpus) => {
  const lines = input.toString('latin1').split('\r\n');
  const others = random.pick(corpus).toString('latin1').split('\r\n');
  const at = random.below(lines.length);
  const how = random.below(4);
  if (how === 0) lines.splice(at, 1);
  else if (how === 1) lines.splice(at, 0, random.pick(others));
  else if (how === 2) lines.splice(at, 1, random.pick(others));
  else {
    const [moved = ''] = lines.splice(at, 1);
    lines.splice(random.below(lines.length + 1), 0, moved);
  }
  return Buffer.from(lines.join('\r\n'), 'latin1');
};

/** A number in the text becomes another one, of the kind that breaks arithmetic. */
const changeNumber: Mutation = (input, random) => {
  const numbers = [
    '0',
    '-1',
    '1',
    '255',
    '256',
    '65535',
    '65536',
    '2147483648',
    '99999999999999999999',
    '1e9',
    '',
  ];
  const text = input.toString('latin1');
  const all = [...text.slice(0, 4000).matchAll(/\d+/g)];
  if (all.length === 0) return changeBytes(input, random, [], []);
  const match = random.pick(all);
  return splice(input, match.index, match[0].length, Buffer.from(random.pick(numbers)));
};

const textMutations = [
  changeBytes,
  cut,
  insertWord,
  insertWord,
  repeat,
  join,
  mixLines,
  mixLines,
  changeNumber,
];
const byteMutations = [changeBytes, changeBytes, cut, insertWord, repeat, join];

/** One to four changes of an input of the corpus. */
export function mutate(
  random: Random,
  corpus: readonly Buffer[],
  words: readonly Buffer[],
  isText: boolean,
): Buffer {
  let input = random.pick(corpus);
  for (let i = 1 + random.below(4); i > 0; i--)
    input = random.pick(isText ? textMutations : byteMutations)(input, random, corpus, words);
  if (isText && random.oneIn(200)) input = run(input, random, corpus, words);
  return input.length > maxInputBytes ? input.subarray(0, maxInputBytes) : input;
}
