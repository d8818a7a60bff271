import { randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford base 32: no i, l, o, u

/** A random id, `length` characters of Crockford base 32 (5 bits each), safe in URLs, file names and SIP tags. */
export function randomId(length = 16): string {
  const bytes = randomBytes(length);
  let id = '';
  for (const byte of bytes) id += alphabet[byte & 31];
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
