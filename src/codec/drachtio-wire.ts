/**
 * drachtio-server's admin protocol: frames `<bytes>#<payload>`, the payload one line of `|`-separated tokens and
 * optionally CRLF and a SIP message. Lengths count bytes of UTF-8.
 */

/** Largest payload taken from an application, in bytes. */
export const maxFrameBytes = 1 << 20;

/** Puts the length before a payload. */
export function encodeFrame(payload: string): string {
  return `${Buffer.byteLength(payload)}#${payload}`;
}

/** Cuts the byte stream of one connection into payloads. */
export class FrameReader {
  readonly #maxBytes: () => number;
  #parts: Buffer[] = [];
  #bytes = 0;
  /** Bytes of the payload under way; -1 while its length is being read. */
  #needed = -1;

  /** @param maxBytes limit at this moment (a stranger's is lower than a client's) */
  constructor(maxBytes: () => number) {
    this.#maxBytes = maxBytes;
  }

  /** Takes the next bytes, cut anywhere. @throws RangeError when the stream is not in frames or one is too large */
  *push(chunk: Buffer): Generator<string> {
    this.#parts.push(chunk);
    this.#bytes += chunk.length;
    for (;;) {
      if (this.#needed < 0 && !this.#readLength()) return;
      if (this.#bytes < this.#needed) return;
      const all = this.#join();
      const payload = all.toString('utf8', 0, this.#needed);
      this.#keep(all.subarray(this.#needed));
      this.#needed = -1;
      yield payload;
    }
  }

  #readLength(): boolean {
    if (this.#bytes === 0) return false;
    const all = this.#join();
    const mark = all.indexOf(0x23);
    const digits = all.toString('latin1', 0, mark < 0 ? Math.min(all.length, 10) : mark);
    if (!/^\d{1,9}$/.test(digits)) throw new RangeError('a frame must begin with its length');
    if (mark < 0) return false;
    const length = Number(digits);
    if (length === 0 || length > this.#maxBytes()) throw new RangeError(`frame of ${length} bytes refused`);
    this.#needed = length;
    this.#keep(all.subarray(mark + 1));
    return true;
  }

  #join(): Buffer {
    const all = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    this.#parts = [all];
    return all;
  }

  #keep(rest: Buffer): void {
    this.#parts = rest.length > 0 ? [rest] : [];
    this.#bytes = rest.length;
  }
}

/** A payload an application sent, taken apart. */
export interface ApplicationFrame {
  id: string;
  /** authenticate, route, remove_route, ping, sip, proxy … */
  type: string;
  /** Tokens after the type. */
  tokens: string[];
  /** SIP text after the first CRLF, '' when there is none. */
  text: string;
}

export function parseApplicationFrame(payload: string): ApplicationFrame {
  const lineEnd = payload.indexOf('\r\n');
  const tokens = (lineEnd < 0 ? payload : payload.slice(0, lineEnd)).split('|');
  return {
    id: tokens[0] ?? '',
    type: tokens[1] ?? '',
    tokens: tokens.slice(2),
    text: lineEnd < 0 ? '' : payload.slice(lineEnd + 2),
  };
}

/** How a SIP message travelled; in a synthetic message all is empty and zero. */
export interface WireMeta {
  /** Bytes of the message on the wire. */
  bytes: number;
  protocol: string;
  address: string;
  port: number;
  /** Wall clock, milliseconds since the epoch. */
  atMs: number;
}

/** `HH:MM:SS.uuuuuu`, UTC. */
export function wireTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(11, 23)}000`;
}

function metaTokens(meta: WireMeta): string {
  return `${meta.bytes}|${meta.protocol}|${meta.address}|${meta.port}|${wireTime(meta.atMs)}`;
}

/** A request outside any dialog: `uuid|sip|network|…|TXN||RECV_IP|RECV_PORT|`. */
export function newRequestPayload(
  id: string,
  meta: WireMeta,
  transactionId: string,
  receivedOn: { address: string; port: number },
  text: string,
): string {
  return `${id}|sip|network|${metaTokens(meta)}|${transactionId}||${receivedOn.address}|${receivedOn.port}|\r\n${text}`;
}

/** A request within a dialog, or a response. */
export function messagePayload(
  id: string,
  meta: WireMeta,
  transactionId: string,
  dialogId: string,
  text: string,
): string {
  return `${id}|sip|network|${metaTokens(meta)}|${transactionId}|${dialogId}|\r\n${text}`;
}

/** A request the engine itself made (its BYE); the application never answers it. */
export function unsolicitedPayload(id: string, meta: WireMeta, dialogId: string, text: string): string {
  return `${id}|sip|application|${metaTokens(meta)}|unsolicited|${dialogId}|\r\n${text}`;
}

/** Verdict: the request was sent; its text is the echo the application builds its Request from. */
export function requestSentPayload(
  id: string,
  requestId: string,
  meta: WireMeta,
  transactionId: string,
  text: string,
): string {
  return `${id}|response|${requestId}|OK|application|${metaTokens(meta)}|${transactionId}|Msg sent:|\r\n${text}`;
}

/** Verdict: the response was sent. */
export function responseSentPayload(
  id: string,
  requestId: string,
  meta: WireMeta,
  transactionId: string,
  dialogId: string,
  text: string,
): string {
  return `${id}|response|${requestId}|OK|application|${metaTokens(meta)}|${transactionId}|${dialogId}||Msg sent:|\r\n${text}`;
}

/** What a target of a proxied request answered; `continue` keeps the application listening for more. */
export function proxiedResponsePayload(id: string, requestId: string, meta: WireMeta, text: string): string {
  return `${id}|response|${requestId}|OK|network|${metaTokens(meta)}|||continue\r\n${text}`;
}

/** A verdict without a message: `OK` with `details`, `NOK` (refused) or `NO` (refused, and the connection ends). */
export function verdictPayload(
  id: string,
  requestId: string,
  verdict: 'OK' | 'NOK' | 'NO',
  details: string[] = [],
): string {
  return [id, 'response', requestId, verdict, ...details].join('|');
}
