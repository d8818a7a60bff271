/** Reads request bodies within limits, whatever their headers claim. */
import { CordboardError } from '../base/errors.ts';
import { invalidRequest } from './problem.ts';

/** JSON bodies are settings and small requests. */
export const maxJsonBytes = 256 * 1024;
/** Ten minutes of CD-quality sound compressed; far beyond any prompt. */
export const maxSoundBytes = 20 * 1024 * 1024;
/** No document of ours nests deeper. */
const maxDepth = 32;

/** @throws CordboardError request.too-large */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = (): CordboardError =>
    new CordboardError('request.too-large', `At most ${maxBytes} bytes are taken here.`);
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let total = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    total += value.byteLength;
    if (total > maxBytes) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
  return Buffer.concat(chunks);
}

/** @throws CordboardError request.too-large, request.invalid */
export async function readJson(request: Request): Promise<unknown> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    throw invalidRequest([{ path: '', message: 'the body must be application/json' }]);
  const bytes = await readBytes(request, maxJsonBytes);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (depthExceeds(text, maxDepth)) throw new RangeError(`the body nests deeper than ${maxDepth} levels`);
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const message = cause instanceof RangeError ? cause.message : 'the body is no JSON';
    throw invalidRequest([{ path: '', message }]);
  }
}

/** Counts brackets outside strings; cheaper and safer than parsing first. */
function depthExceeds(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{' || c === '[') {
      if (++depth > limit) return true;
    } else if (c === '}' || c === ']') depth--;
  }
  return false;
}
