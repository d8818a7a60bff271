/**
 * What goes over a control socket, as text: one JSON value a line.
 *
 *     {"id":7,"op":"leg.create","args":{...}}                                   a request
 *     {"id":7,"ok":true,"result":{...}}                                         its reply
 *     {"id":7,"ok":false,"code":"...","message":"..."}                          or refusal
 *     {"event":"dtmf","args":{...}}                                             a notice, at any time
 */

/** A longer line is none of ours. */
const maxLineBytes = 4 << 20;

export interface ControlRequest {
  id: number;
  op: string;
  args: unknown;
}

export type ControlAnswer =
  | { kind: 'notice'; event: string; args: unknown }
  | { kind: 'result'; id: number; result: unknown }
  | { kind: 'refusal'; id: number; code: string; message: string };

/** Cuts a stream of bytes into lines. */
export class LineCutter {
  #rest: Buffer[] = [];
  #restBytes = 0;

  /** @throws RangeError when a line has no end; nothing after that makes sense */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.#rest.push(chunk.subarray(start, end));
      lines.push(Buffer.concat(this.#rest).toString('utf8'));
      this.#rest = [];
      this.#restBytes = 0;
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#rest.push(chunk.subarray(start));
      this.#restBytes += chunk.length - start;
      if (this.#restBytes > maxLineBytes) throw new RangeError('a control line without an end');
    }
    return lines;
  }
}

/** Undefined for what is no request. */
export function parseControlRequest(line: string): ControlRequest | undefined {
  const { id, op, args } = objectOf(line);
  return typeof id === 'number' && typeof op === 'string' ? { id, op, args } : undefined;
}

/** What an engine says; undefined for what no engine says. */
export function parseControlAnswer(line: string): ControlAnswer | undefined {
  const { id, ok, result, code, message, event, args } = objectOf(line);
  if (typeof event === 'string') return { kind: 'notice', event, args };
  if (typeof id !== 'number') return undefined;
  if (ok === true) return { kind: 'result', id, result };
  if (ok !== false) return undefined;
  return {
    kind: 'refusal',
    id,
    code: String(code),
    message: typeof message === 'string' ? message : 'refused',
  };
}

function objectOf(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
