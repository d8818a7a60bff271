/**
 * Passwords of people: argon2id as a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH` (RFC 9106). The
 * parameters are OWASP's smallest, so that a small board signs somebody in within half a second.
 */
import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';

const memoryKib = 19_456;
const passes = 2;
const parallelism = 1;
const hashBytes = 32;
/** A stored hash that asks for more is refused instead of exhausting the board's memory. */
const maxMemoryKib = 262_144;
const maxPasses = 10;

interface ParsedHash {
  memoryKib: number;
  passes: number;
  parallelism: number;
  salt: Buffer;
  hash: Buffer;
}

function derive(parameters: Argon2Parameters): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** Base 64 as PHC strings have it: standard alphabet, no padding. */
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}

function parse(text: string): ParsedHash | undefined {
  const found = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(text);
  if (!found) return undefined;
  const [memory, time, lanes] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const salt = Buffer.from(found[4] ?? '', 'base64');
  const hash = Buffer.from(found[5] ?? '', 'base64');
  const sane =
    memory >= 8 * lanes &&
    memory <= maxMemoryKib &&
    time >= 1 &&
    time <= maxPasses &&
    lanes >= 1 &&
    lanes <= 8;
  if (!sane || salt.length < 8 || hash.length < 16 || hash.length > 64) return undefined;
  return { memoryKib: memory, passes: time, parallelism: lanes, salt, hash };
}

/** Hashes off the main thread, about 40 ms on a desk computer. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive({
    message: password.normalize('NFKC'),
    nonce: salt,
    parallelism,
    tagLength: hashBytes,
    memory: memoryKib,
    passes,
  });
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${base64(salt)}$${base64(hash)}`;
}

const nobody: ParsedHash = {
  memoryKib,
  passes,
  parallelism,
  salt: Buffer.alloc(16),
  hash: Buffer.alloc(hashBytes),
};

/**
 * Whether `password` is the one behind `stored`, compared in constant time. With `stored` undefined (no such user)
 * or unreadable the same work is done and the answer is false: the time does not tell whether a user exists.
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const parsed = stored === undefined ? undefined : parse(stored);
  const expected = parsed ?? nobody;
  const hash = await derive({
    message: password.normalize('NFKC'),
    nonce: expected.salt,
    parallelism: expected.parallelism,
    tagLength: expected.hash.length,
    memory: expected.memoryKib,
    passes: expected.passes,
  });
  return timingSafeEqual(hash, expected.hash) && parsed !== undefined;
}

/** Whether a hash should be made anew at the next sign-in because the parameters have changed since. */
export function needsRehash(stored: string): boolean {
  const parsed = parse(stored);
  return !parsed || parsed.memoryKib !== memoryKib || parsed.passes !== passes;
}
