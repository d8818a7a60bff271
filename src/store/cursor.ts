/** Pages by the sort key of the last row, so that what comes in meanwhile moves nothing. */
import { CordboardError } from '../base/errors.ts';

/** Rows of a page: 1 to 500, 50 when not said. */
export function clampLimit(limit: number | undefined): number {
  return Math.min(500, Math.max(1, Math.floor(limit ?? 50)));
}

/** @param key what rows are sorted by (a whole number >= 0) @param id what tells rows with the same key apart */
export function writeCursor(key: number, id: number): string {
  return `${key.toString(36)}-${id.toString(36)}`;
}

/** Undefined for none: the first page. @throws CordboardError request.invalid for what `writeCursor` never wrote */
export function readCursor(text: string | undefined): [key: number, id: number] | undefined {
  if (text === undefined) return undefined;
  const found = /^([0-9a-z]{1,10})-([0-9a-z]{1,10})$/.exec(text);
  if (!found) throw new CordboardError('request.invalid', 'the cursor is not one of a page before');
  return [Number.parseInt(found[1] ?? '', 36), Number.parseInt(found[2] ?? '', 36)];
}
