/**
 * Cuts a SIP byte stream (TCP, TLS) into messages (RFC 3261 §18.3): Content-Length says where each one ends, and
 * between messages CRLFs are keepalives (RFC 5626 §3.5.1: a double one asks for a single one back).
 */
import { maxMessageBytes } from './sip-message.ts';

export interface FramerOutput {
  /** One whole message. */
  message(data: Buffer): void;
  /** A double CRLF between messages. */
  ping(): void;
  /** The stream cannot be followed any further; `data` is what there is of the message. Nothing comes after it. */
  broken(problem: string, data: Buffer): void;
}

const empty = Buffer.alloc(0);
const contentLengthPattern = /\r\n(?:content-length|l)[ \t]*:[ \t]*(\d{1,9})[ \t]*(?=\r\n)/gi;

export class SipStreamFramer {
  readonly #output: FramerOutput;
  #rest: Buffer = empty;
  /** Bytes of #rest known to hold no end of headers. */
  #scanned = 0;
  /** Length of the message in front, once its headers have been read. */
  #needed = 0;
  /** CR and LF bytes seen in a row between messages. */
  #newlines = 0;
  #broken = false;

  constructor(output: FramerOutput) {
    this.#output = output;
  }

  /** True while part of a message has come and the rest has not. */
  get isInsideMessage(): boolean {
    return this.#rest.length > 0;
  }

  /** Takes the next bytes, cut anywhere. */
  push(chunk: Buffer): void {
    if (this.#broken) return;
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (!this.#broken && this.#next());
  }

  #next(): boolean {
    if (this.#needed === 0) {
      this.#skipNewlines();
      if (this.#rest.length === 0) return false;
      const headEnd = this.#rest.indexOf('\r\n\r\n', this.#scanned);
      if (headEnd < 0) {
        if (this.#rest.length > maxMessageBytes) return this.#fail('headers too large');
        this.#scanned = Math.max(0, this.#rest.length - 3);
        return false;
      }
      const bodyBytes = contentLength(this.#rest.toString('latin1', 0, headEnd + 4));
      if (bodyBytes === null) return this.#fail('missing or contradictory Content-Length');
      this.#needed = headEnd + 4 + bodyBytes;
      if (this.#needed > maxMessageBytes) return this.#fail('message too large');
    }
    if (this.#rest.length < this.#needed) return false;
    const message = this.#rest.subarray(0, this.#needed);
    this.#rest = this.#rest.length === this.#needed ? empty : this.#rest.subarray(this.#needed);
    this.#needed = 0;
    this.#scanned = 0;
    this.#output.message(message);
    return true;
  }

  #skipNewlines(): void {
    let i = 0;
    for (; i < this.#rest.length; i++) {
      const byte = this.#rest[i];
      if (byte !== 0x0d && byte !== 0x0a) break;
      if (++this.#newlines === 4) {
        this.#newlines = 0;
        this.#output.ping();
      }
    }
    if (i < this.#rest.length) this.#newlines = 0;
    if (i > 0) this.#rest = i === this.#rest.length ? empty : this.#rest.subarray(i);
  }

  #fail(problem: string): false {
    this.#broken = true;
    const data = this.#rest;
    this.#rest = empty;
    this.#output.broken(problem, data);
    return false;
  }
}

/** null: none, or several that differ. */
function contentLength(head: string): number | null {
  let length: number | null = null;
  for (const match of head.matchAll(contentLengthPattern)) {
    const value = Number(match[1]);
    if (length !== null && length !== value) return null;
    length = value;
  }
  return length;
}
