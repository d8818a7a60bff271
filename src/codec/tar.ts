/**
 * Plain tar (POSIX ustar), as much of it as a backup needs: regular files, nothing compressed.
 *
 *     archive:  ( header 512 | content | zeros up to the next 512 ) … | 1024 zeros
 *     header:   name 100 | mode 8 | uid 8 | gid 8 | size 12 | mtime 12 | checksum 8 | type 1 | link 100
 *               | "ustar" 0 "00" | owner 32 | group 32 | device 16 | prefix 155 | 12
 *
 * Numbers are octal text; a size of 8 GiB and more is binary with the top bit set, as GNU tar writes it. Links,
 * directories and the extensions of other writers are refused: nothing of ours needs them.
 */
import { CordboardError } from '../base/errors.ts';

export const tarBlockBytes = 512;
const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder('utf-8', { fatal: true });
const octalSizeLimit = 8 ** 11;

/** @throws CordboardError internal for a name that does not fit a header */
export function tarHeader(file: { name: string; bytes: number; modifiedAtS: number }): Uint8Array {
  const { name, prefix } = splitName(file.name);
  const header = new Uint8Array(tarBlockBytes);
  const put = (at: number, text: string): void => header.set(textEncoder.encode(text), at);
  put(0, name);
  put(100, '0000600\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  if (file.bytes < octalSizeLimit) put(124, `${file.bytes.toString(8).padStart(11, '0')}\0`);
  else {
    new DataView(header.buffer).setBigUint64(128, BigInt(file.bytes));
    header[124] = 0x80;
  }
  put(136, `${Math.max(0, Math.floor(file.modifiedAtS)).toString(8).padStart(11, '0')}\0`);
  put(156, '0');
  put(257, 'ustar\x0000');
  put(345, prefix);
  put(148, `${checksumOf(header).toString(8).padStart(6, '0')}\0 `);
  return header;
}

/** Zeros between the end of a file and the next header. */
export function tarPadding(bytes: number): Uint8Array {
  return new Uint8Array((tarBlockBytes - (bytes % tarBlockBytes)) % tarBlockBytes);
}

/** What ends an archive. */
export function tarEnd(): Uint8Array {
  return new Uint8Array(2 * tarBlockBytes);
}

/** `file` begins one, `data` is the next part of it, `end` closes it. */
export type TarPart =
  | { kind: 'file'; name: string; bytes: number }
  | { kind: 'data'; data: Uint8Array }
  | { kind: 'end' };

/**
 * Reads an archive that comes in pieces of any size. Holds no more than a header of it.
 *
 *     header -> content -> padding -> header … -> (a block of zeros) -> ended
 */
export class TarReader {
  readonly #block = new Uint8Array(tarBlockBytes);
  #filled = 0;
  #left = 0;
  #padding = 0;
  #ended = false;

  /** Whether the archive came to its end: anything else was cut off. */
  get isEnded(): boolean {
    return this.#ended;
  }

  /** Data parts are views of `chunk`. @throws CordboardError backup.invalid */
  *read(chunk: Uint8Array): Generator<TarPart> {
    let at = 0;
    while (at < chunk.length) {
      if (this.#ended) return; // writers fill up the last record with zeros
      if (this.#left > 0) {
        const data = chunk.subarray(at, at + Math.min(this.#left, chunk.length - at));
        at += data.length;
        this.#left -= data.length;
        yield { kind: 'data', data };
        if (this.#left === 0) yield { kind: 'end' };
      } else if (this.#padding > 0) {
        const skipped = Math.min(this.#padding, chunk.length - at);
        at += skipped;
        this.#padding -= skipped;
      } else {
        const taken = chunk.subarray(at, at + tarBlockBytes - this.#filled);
        this.#block.set(taken, this.#filled);
        this.#filled += taken.length;
        at += taken.length;
        if (this.#filled === tarBlockBytes) yield* this.#header();
      }
    }
  }

  *#header(): Generator<TarPart> {
    this.#filled = 0;
    if (this.#block.every((byte) => byte === 0)) {
      this.#ended = true;
      return;
    }
    const { name, bytes } = readHeader(this.#block);
    this.#left = bytes;
    this.#padding = tarPadding(bytes).length;
    yield { kind: 'file', name, bytes };
    if (bytes === 0) yield { kind: 'end' };
  }
}

function readHeader(header: Uint8Array): { name: string; bytes: number } {
  if (octal(header.subarray(148, 156)) !== checksumOf(header))
    throw invalid('this is no tar archive, or it is damaged');
  const name = text(header.subarray(0, 100));
  const isUstar = text(header.subarray(257, 263)).startsWith('ustar');
  const prefix = isUstar ? text(header.subarray(345, 500)) : '';
  const path = prefix === '' ? name : `${prefix}/${name}`;
  const type = header[156];
  if (type !== 0x30 && type !== 0) throw invalid(`${path}: a link, directory or special file`);
  return { name: path, bytes: sizeOf(header.subarray(124, 136), path) };
}

function sizeOf(field: Uint8Array, path: string): number {
  let bytes: number | undefined;
  if (field[0] === 0x80) {
    const value = new DataView(field.buffer, field.byteOffset + 4, 8).getBigUint64(0);
    bytes = value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
  } else bytes = octal(field);
  if (bytes === undefined) throw invalid(`${path}: its size cannot be read`);
  return bytes;
}

function octal(field: Uint8Array): number | undefined {
  const digits = String.fromCharCode(...field)
    .replace(/\0.*$/s, '')
    .trim();
  return /^[0-7]{1,12}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  try {
    return textDecoder.decode(end < 0 ? field : field.subarray(0, end));
  } catch {
    throw invalid('a name in the archive is no text');
  }
}

/** The sum of all bytes, those of the checksum itself taken as spaces. */
function checksumOf(header: Uint8Array): number {
  let sum = 8 * 0x20;
  for (const [at, byte] of header.entries()) if (at < 148 || at >= 156) sum += byte;
  return sum;
}

function splitName(path: string): { name: string; prefix: string } {
  if (textEncoder.encode(path).length <= 100) return { name: path, prefix: '' };
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (textEncoder.encode(prefix).length <= 155 && textEncoder.encode(name).length <= 100)
      return { name, prefix };
  }
  throw new CordboardError('internal', `${path} is too long for a tar header`);
}

function invalid(message: string): CordboardError {
  return new CordboardError('backup.invalid', message);
}
