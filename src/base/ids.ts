import { randomFillSync } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford base 32: no i, l, o, u

/** Random bytes drawn ahead: a draw costs as much for a page as for one. */
const pool = new Uint8Array(4096);
let drawn = pool.length;

/** A random id, `length` characters of Crockford base 32 (5 bits each), safe in URLs, file names and SIP tags. */
export function randomId(length = 16): string {
  let id = '';
  while (id.length < length) {
    if (drawn === pool.length) {
      randomFillSync(pool);
      drawn = 0;
    }
    id += alphabet[(pool[drawn++] as number) & 31];
  }
  return id;
}

/** An id that sorts by the time it was made: 10 characters of milliseconds, then 10 random ones. */
export function timeOrderedId(nowMs: number): string {
  let time = '';
  for (let rest = Math.floor(nowMs), i = 0; i < 10; i++) {
    time = alphabet[rest % 32] + time;
    rest = Math.floor(rest / 32);
  }
  return time + randomId(10);
}
