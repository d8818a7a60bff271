/** Answers with a file or a part of it: RFC 9110 section 14, single ranges. */
import type { SoundFile } from './ports.ts';

export interface ByteRange {
  start: number;
  /** Inclusive. */
  end: number;
}

/**
 * What a Range header asks of `bytes`. `whole` when there is none, or one to be ignored (other units, several
 * ranges, nonsense); `unsatisfiable` when it lies beyond the end.
 */
export function parseRange(header: string | null, bytes: number): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (!match) return 'whole';
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  if (first === '' && last === '') return 'whole';
  if (first === '') {
    const suffix = Number(last);
    if (suffix === 0 || bytes === 0) return 'unsatisfiable';
    return { start: Math.max(0, bytes - suffix), end: bytes - 1 };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return 'whole';
  if (start >= bytes) return 'unsatisfiable';
  return { start, end: last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1) };
}

/** The file, or what the request's Range asks of it. */
export function fileResponse(request: Request, file: SoundFile, type: string, fileName: string): Response {
  const lastModified = new Date(file.modifiedAt).toUTCString();
  const etag = `"${file.bytes.toString(36)}-${Math.floor(file.modifiedAt).toString(36)}"`;
  const headers = new Headers({
    'content-type': type,
    'accept-ranges': 'bytes',
    'last-modified': lastModified,
    etag,
    'content-disposition': `inline; filename="${fileName}"`,
  });
  // A part of what the file no longer is would be worse than the whole (RFC 9110 section 13.1.5).
  const condition = request.headers.get('if-range');
  const fresh = condition === null || condition === etag || condition === lastModified;
  const range = parseRange(fresh ? request.headers.get('range') : null, file.bytes);
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${file.bytes}`);
    return new Response(null, { status: 416, headers });
  }
  const { start, end } = range === 'whole' ? { start: 0, end: file.bytes - 1 } : range;
  const length = Math.max(0, end - start + 1);
  headers.set('content-length', String(length));
  if (range !== 'whole') headers.set('content-range', `bytes ${start}-${end}/${file.bytes}`);
  const body = request.method === 'HEAD' || length === 0 ? null : file.read(start, end);
  return new Response(body, { status: range === 'whole' ? 200 : 206, headers });
}
