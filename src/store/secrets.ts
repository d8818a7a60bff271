/**
 * Secrets at rest: sealed with a key that lives outside the settings document (`secret.key` in the data directory),
 * so that a settings file, a revision or a backup gives none away.
 *
 *     sealed:v1:BASE64URL( nonce 12 bytes | tag 16 bytes | AES-256-GCM ciphertext )
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CordboardError } from '../base/errors.ts';
import { settingsSchema } from '../domain/settings.ts';
import { DurableFile, makeDirectory } from './durable-file.ts';
import { type FieldPath, isRecord, mapConfidential } from './secret-fields.ts';

/** What the API shows in place of a secret; sent back, it means "unchanged". */
export const secretMask = '••••••••';

const prefix = 'sealed:v1:';
const associatedData = Buffer.from('cordboard sealed v1');
const nonceBytes = 12;
const tagBytes = 16;

export class SecretBox {
  readonly #key: Uint8Array;

  /** @param key 32 bytes */
  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /**
   * The box of this data directory; its key is made at the first start (32 random bytes, mode 0600).
   * @throws CordboardError secret.unreadable when the key file is not 32 bytes: a new one would lose every secret
   */
  static async open(dataDir: string): Promise<SecretBox> {
    const path = join(dataDir, 'secret.key');
    try {
      const key = await readFile(path);
      if (key.length !== 32)
        throw new CordboardError('secret.unreadable', `${path} must hold 32 bytes, not ${key.length}`);
      await chmod(path, 0o600);
      return new SecretBox(key);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    const key = randomBytes(32);
    await makeDirectory(dataDir);
    await new DurableFile(path).write(key);
    return new SecretBox(key);
  }

  isSealed(text: string): boolean {
    return text.startsWith(prefix);
  }

  /** Text that is sealed already stays as it is. */
  seal(plain: string): string {
    if (this.isSealed(plain)) return plain;
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(associatedData);
    const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    return prefix + Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
  }

  /** Plain text passes through. @throws CordboardError secret.unreadable when another key sealed it, or it is damaged */
  reveal(text: string): string {
    if (!this.isSealed(text)) return text;
    const bytes = Buffer.from(text.slice(prefix.length), 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, nonceBytes))
        .setAAD(associatedData)
        .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      const plain = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
      return plain.toString('utf8');
    } catch (cause) {
      throw new CordboardError('secret.unreadable', 'this secret was sealed with another key or is damaged', {
        cause,
      });
    }
  }

  /** A copy with every field declared secret sealed. One that a `previous` document has sealed keeps that sealed text. */
  sealAll<T>(settings: T, ...previous: unknown[]): T {
    return mapConfidential(settingsSchema, settings, (text, path, kind) => {
      if (kind !== 'secret' || this.isSealed(text)) return text;
      for (const document of previous) {
        const before = sameFieldIn(document, settings, path);
        if (typeof before === 'string' && this.isSealed(before) && this.#opens(before) === text)
          return before;
      }
      return this.seal(text);
    });
  }

  /** A copy with every secret in plain text: for the parts that speak to phones and trunks, never for the API. */
  revealAll<T>(settings: T): T {
    return mapConfidential(settingsSchema, settings, (text, _path, kind) =>
      kind === 'secret' ? this.reveal(text) : text,
    );
  }

  /** Like `revealAll`, but collects the paths of what cannot be revealed instead of throwing. */
  tryRevealAll<T>(settings: T): { settings: T; unreadable: FieldPath[] } {
    const unreadable: FieldPath[] = [];
    const revealed = mapConfidential(settingsSchema, settings, (text, path, kind) => {
      if (kind !== 'secret') return text;
      const plain = this.#opens(text);
      if (plain === undefined) unreadable.push(path);
      return plain ?? text;
    });
    return { settings: revealed, unreadable };
  }

  #opens(text: string): string | undefined {
    try {
      return this.reveal(text);
    } catch {
      return undefined;
    }
  }
}

/** A copy for the API: secrets and password hashes replaced by the mask. */
export function maskAll<T>(settings: T): T {
  return mapConfidential(settingsSchema, settings, () => secretMask);
}

/**
 * The other way: each mask replaced by what `previous` has there. Items of lists are found by their id, so moving
 * one does not give it another's secret. A mask with nothing behind it stays, and is in `unmatched`.
 */
export function unmaskAll<T>(settings: T, previous: unknown): { settings: T; unmatched: FieldPath[] } {
  const unmatched: FieldPath[] = [];
  const merged = mapConfidential(settingsSchema, settings, (text, path) => {
    if (text !== secretMask) return text;
    const before = sameFieldIn(previous, settings, path);
    if (typeof before === 'string') return before;
    unmatched.push(path);
    return text;
  });
  return { settings: merged, unmatched };
}

/** What `other` has at the place of `path` in `document`, list items matched by id. */
function sameFieldIn(other: unknown, document: unknown, path: FieldPath): unknown {
  let here: unknown = document;
  let there: unknown = other;
  for (const step of path) {
    if (Array.isArray(here)) {
      here = here[step as number];
      const wanted = isRecord(here) ? here.id : undefined;
      there =
        Array.isArray(there) && wanted !== undefined
          ? there.find((item: unknown) => isRecord(item) && item.id === wanted)
          : undefined;
    } else {
      here = isRecord(here) ? here[step] : undefined;
      there = isRecord(there) ? there[step] : undefined;
    }
  }
  return there;
}
