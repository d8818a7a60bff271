/**
 * A SIP message as text <-> value (RFC 3261 §7). Header lines are cut apart once; what is inside a value is read
 * only when somebody asks for it.
 */
import { parseVia, tagOf, type Via } from './sip-address.ts';
import { headerKey, headerLabel, isToken, splitHeaderList } from './sip-headers.ts';

/** Largest message taken, in bytes. */
export const maxMessageBytes = 65_536;
/** Most header lines taken. */
export const maxHeaderLines = 256;
/** The `problem` of a message with more. */
export const tooManyHeaders = 'too many headers';

export interface CSeq {
  /** 0 … 2^31 - 1 */
  number: number;
  method: string;
}

export class SipMessage {
  /** '' in a response. */
  method = '';
  uri = '';
  /** 0 in a request. */
  status = 0;
  reason = '';
  body = '';
  /** What is wrong with its syntax although a start line was found; null: nothing seen so far. */
  problem: string | null = null;
  /** The text it was parsed from when that is exactly what serialise() would mean; cleared by every change. */
  #text: string | null = null;
  readonly #keys: string[] = [];
  readonly #labels: string[] = [];
  readonly #values: string[] = [];
  #topVia: Via | null | undefined;
  #cseq: CSeq | null | undefined;
  #fromTag: string | undefined;
  #toTag: string | undefined;

  static request(method: string, uri: string): SipMessage {
    const message = new SipMessage();
    message.method = method;
    message.uri = uri;
    return message;
  }

  static response(status: number, reason: string): SipMessage {
    const message = new SipMessage();
    message.status = status;
    message.reason = reason;
    return message;
  }

  get isRequest(): boolean {
    return this.method !== '';
  }

  get callId(): string {
    return this.get('call-id') ?? '';
  }

  get fromTag(): string {
    this.#fromTag ??= tagOf(this.get('from') ?? '');
    return this.#fromTag;
  }

  get toTag(): string {
    this.#toTag ??= tagOf(this.get('to') ?? '');
    return this.#toTag;
  }

  /** null when absent or broken. */
  get cseq(): CSeq | null {
    if (this.#cseq === undefined) this.#cseq = parseCSeq(this.get('cseq') ?? '');
    return this.#cseq;
  }

  /** The first Via; null when absent or broken. */
  get topVia(): Via | null {
    if (this.#topVia === undefined) {
      const first = this.get('via');
      this.#topVia = first === undefined ? null : parseVia(splitHeaderList(first)[0] ?? '');
    }
    return this.#topVia;
  }

  /** First value of a header, by key (long name, lower case). */
  get(key: string): string | undefined {
    const i = this.#keys.indexOf(key);
    return i < 0 ? undefined : this.#values[i];
  }

  has(key: string): boolean {
    return this.#keys.includes(key);
  }

  /** How many lines carry this header. */
  count(key: string): number {
    let count = 0;
    for (const each of this.#keys) if (each === key) count++;
    return count;
  }

  /** All values of a list header over all its lines, cut at the commas. */
  list(key: string): string[] {
    const all: string[] = [];
    for (let i = 0; i < this.#keys.length; i++) {
      if (this.#keys[i] === key) all.push(...splitHeaderList(this.#values[i]!));
    }
    return all;
  }

  /** True when a list of tokens (Supported, Require …) names `token`. */
  lists(key: string, token: string): boolean {
    return this.list(key).some((each) => each.toLowerCase() === token);
  }

  /** Every header in order: key, label as written, value. */
  *entries(): Generator<[key: string, label: string, value: string]> {
    for (let i = 0; i < this.#keys.length; i++) yield [this.#keys[i]!, this.#labels[i]!, this.#values[i]!];
  }

  /** Adds a line at the end. `name` in any spelling. */
  add(name: string, value: string): this {
    this.#changed();
    this.#keys.push(headerKey(name));
    this.#labels.push(headerLabel(name));
    this.#values.push(value);
    return this;
  }

  /** Adds a line at the front (a Via of ours). */
  prepend(name: string, value: string): this {
    this.#changed();
    this.#keys.unshift(headerKey(name));
    this.#labels.unshift(headerLabel(name));
    this.#values.unshift(value);
    return this;
  }

  /** Replaces the first line of this name, drops the others, or adds one. */
  set(name: string, value: string): this {
    const key = headerKey(name);
    const first = this.#keys.indexOf(key);
    if (first < 0) return this.add(name, value);
    this.#changed();
    this.#values[first] = value;
    this.#removeFrom(key, first + 1);
    return this;
  }

  /** Replaces only the first line; the others stay (the topmost Via). */
  setFirst(key: string, value: string): void {
    const first = this.#keys.indexOf(key);
    if (first < 0) return;
    this.#changed();
    this.#values[first] = value;
  }

  remove(key: string): void {
    this.#changed();
    this.#removeFrom(key, 0);
  }

  /** The message as text; Content-Length is computed, whatever the headers say. */
  serialise(): string {
    if (this.#text !== null) return this.#text;
    let text = this.isRequest
      ? `${this.method} ${this.uri} SIP/2.0\r\n`
      : `SIP/2.0 ${this.status} ${this.reason}\r\n`;
    for (let i = 0; i < this.#keys.length; i++) {
      if (this.#keys[i] !== 'content-length') text += `${this.#labels[i]}: ${this.#values[i]}\r\n`;
    }
    const bytes = this.body === '' ? 0 : Buffer.byteLength(this.body);
    this.#text = `${text}Content-Length: ${bytes}\r\n\r\n${this.body}`;
    return this.#text;
  }

  /** For the parser: a line as it was written. */
  takeLine(key: string, label: string, value: string): void {
    this.#keys.push(key);
    this.#labels.push(label);
    this.#values.push(value);
  }

  /** For the parser: joins a folded line to the one before it. @returns false when there is none */
  fold(more: string): boolean {
    const last = this.#values.length - 1;
    if (last < 0) return false;
    this.#values[last] = `${this.#values[last]} ${more}`.trim();
    return true;
  }

  #removeFrom(key: string, start: number): void {
    for (let i = this.#keys.length - 1; i >= start; i--) {
      if (this.#keys[i] !== key) continue;
      this.#keys.splice(i, 1);
      this.#labels.splice(i, 1);
      this.#values.splice(i, 1);
    }
  }

  #changed(): void {
    this.#text = null;
    this.#topVia = undefined;
    this.#cseq = undefined;
    this.#fromTag = undefined;
    this.#toTag = undefined;
  }
}

/** `4711 INVITE`; null when it is not that or the number exceeds 2^31 - 1 (§8.1.1.5). */
export function parseCSeq(value: string): CSeq | null {
  const match = /^\s*(\d{1,10})\s+(\S+)\s*$/.exec(value);
  if (!match) return null;
  const number = Number(match[1]);
  return number <= 0x7fffffff ? { number, method: match[2]! } : null;
}

/**
 * Reads a message from the network. Content-Length is obeyed: bytes beyond it are dropped, fewer are a problem
 * (§18.3).
 * @returns null when there is not even a start line; a message with `problem` set when the rest is broken
 */
export function parseSipMessage(data: Buffer): SipMessage | null {
  const headEnd = data.indexOf('\r\n\r\n');
  const head = data.toString('utf8', 0, headEnd < 0 ? data.length : headEnd);
  const message = parseHead(head);
  if (!message) return null;
  if (headEnd < 0) {
    message.problem ??= 'no end of headers';
    return message;
  }
  const bodyStart = headEnd + 4;
  const declared = message.get('content-length');
  let bodyEnd = data.length;
  if (declared !== undefined) {
    const length = /^\d{1,9}$/.test(declared) ? Number(declared) : -1;
    if (length < 0 || message.count('content-length') > 1) message.problem ??= 'bad Content-Length';
    else if (bodyStart + length > data.length) message.problem ??= 'body shorter than Content-Length';
    else bodyEnd = bodyStart + length;
  }
  if (bodyEnd > bodyStart) message.body = data.toString('utf8', bodyStart, bodyEnd);
  return message;
}

/**
 * Reads a message an application wrote: everything after the first blank line is body, Content-Length is ignored,
 * and lines with a malformed name are dropped without a word.
 * @returns null when there is no start line
 */
export function parseApplicationMessage(text: string): SipMessage | null {
  const headEnd = text.indexOf('\r\n\r\n');
  const message = parseHead(headEnd < 0 ? text : text.slice(0, headEnd));
  if (!message) return null;
  if (headEnd >= 0) message.body = text.slice(headEnd + 4);
  message.problem = null;
  return message;
}

// A lone CR or LF, or a NUL, would let one header smuggle in another at a less strict reader. Only a quoted pair may
// hold a NUL (RFC 3261 §25.1).
const strayControls = /\r(?!\n)|(?<!\r)\n|(?<!(?<!\\)(?:\\\\)*\\)\0/g;

function parseHead(given: string): SipMessage | null {
  // They become blanks even so, because an error response repeats what it was sent.
  const head = given.replace(strayControls, ' ');
  let lineEnd = head.indexOf('\r\n');
  const message = parseStartLine(lineEnd < 0 ? head : head.slice(0, lineEnd));
  if (!message) return null;
  if (head !== given) message.problem ??= 'stray control character';
  let lines = 0;
  while (lineEnd >= 0) {
    const start = lineEnd + 2;
    lineEnd = head.indexOf('\r\n', start);
    const line = lineEnd < 0 ? head.slice(start) : head.slice(start, lineEnd);
    if (++lines > maxHeaderLines) {
      message.problem = tooManyHeaders; // whatever else is wrong: it decides whether there is an answer
      break;
    }
    const first = line.charCodeAt(0);
    if (first === 0x20 || first === 0x09) {
      if (!message.fold(line.trim())) message.problem ??= 'folded line without a header';
      continue;
    }
    const colon = line.indexOf(':');
    const name = colon < 0 ? '' : line.slice(0, colon).trimEnd();
    if (!isToken(name)) {
      message.problem ??= 'bad header line';
      continue;
    }
    message.takeLine(headerKey(name), name, line.slice(colon + 1).trim());
  }
  return message;
}

function parseStartLine(written: string): SipMessage | null {
  if (written.startsWith('SIP/')) {
    const match = /^SIP\/(\S+) (\d{3})(?: (.*))?$/.exec(written);
    if (!match) return null;
    const status = Number(match[2]);
    if (status < 100 || status > 699) return null;
    const message = SipMessage.response(status, match[3] ?? '');
    if (match[1] !== '2.0') message.problem = 'bad version';
    return message;
  }
  const line = written.trimEnd();
  const firstSpace = line.indexOf(' ');
  const lastSpace = line.lastIndexOf(' ');
  if (firstSpace <= 0 || lastSpace <= firstSpace) return null;
  const method = line.slice(0, firstSpace);
  const uri = line.slice(firstSpace + 1, lastSpace);
  const version = line.slice(lastSpace + 1);
  if (!isToken(method) || !/^SIP\/\d+\.\d+$/i.test(version)) return null;
  const message = SipMessage.request(method, uri);
  if (version.toUpperCase() !== 'SIP/2.0') message.problem = 'bad version';
  else if (line !== written) message.problem = 'blanks after the request line';
  else if (uri.includes(' ') || uri.includes('\t') || uri.includes('<')) message.problem = 'bad Request-URI';
  return message;
}
