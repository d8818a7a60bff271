import { randomBytes } from 'node:crypto';

/** Numbers streams for the outbound side; unique in a process because each thread begins at its own random place. */
let nextSource = 1 + (randomBytes(4).readUInt32BE() >>> 2);

/** A name for a stream that begins. */
export function newSource(): number {
  return nextSource++;
}
