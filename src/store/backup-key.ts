/**
 * The key of the secrets as a backup carries it: AES-256-GCM under a key that argon2id makes of a passphrase.
 * JSON, with the parameters beside it, so that they can grow.
 */
import { argon2, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { CordboardError } from '../base/errors.ts';

/** Slower than a sign-in's: a file can be guessed at for years. Half a second on a small board. */
const cost = { memoryKib: 65_536, passes: 3 };
const base64 = (bytes: number): z.ZodType<string> =>
  z.string().refine((text) => Buffer.from(text, 'base64').length === bytes, `${bytes} bytes in base 64`);
const wrappedKeySchema = z.object({
  kdf: z.literal('argon2id'),
  memoryKib: z.number().int().min(8).max(262_144),
  passes: z.number().int().min(1).max(10),
  salt: base64(16),
  nonce: base64(12),
  tag: base64(16),
  key: base64(32),
});
const associatedData = Buffer.from('cordboard backup key v1');

/** @param key 32 bytes */
export async function wrapKey(key: Uint8Array, passphrase: string): Promise<string> {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', await derive(passphrase, salt, cost), nonce).setAAD(
    associatedData,
  );
  const sealed = Buffer.concat([cipher.update(key), cipher.final()]);
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const wrapped = {
    kdf: 'argon2id',
    ...cost,
    salt: text(salt),
    nonce: text(nonce),
    tag: text(cipher.getAuthTag()),
    key: text(sealed),
  };
  return JSON.stringify(wrapped);
}

/** @throws CordboardError backup.passphrase when it is the wrong one, backup.invalid */
export async function unwrapKey(json: string, passphrase: string): Promise<Uint8Array> {
  const wrapped = readWrapped(json);
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  const key = await derive(passphrase, bytes(wrapped.salt), wrapped);
  const decipher = createDecipheriv('aes-256-gcm', key, bytes(wrapped.nonce))
    .setAAD(associatedData)
    .setAuthTag(bytes(wrapped.tag));
  try {
    return Buffer.concat([decipher.update(bytes(wrapped.key)), decipher.final()]);
  } catch (cause) {
    throw new CordboardError('backup.passphrase', 'This is not the passphrase of this backup.', { cause });
  }
}

function readWrapped(json: string): z.infer<typeof wrappedKeySchema> {
  try {
    return wrappedKeySchema.parse(JSON.parse(json));
  } catch (cause) {
    throw new CordboardError('backup.invalid', 'secret.key: not a key of a backup', { cause });
  }
}

function derive(
  passphrase: string,
  salt: Uint8Array,
  { memoryKib, passes }: { memoryKib: number; passes: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2(
      'argon2id',
      {
        message: passphrase.normalize('NFKC'),
        nonce: salt,
        parallelism: 1,
        tagLength: 32,
        memory: memoryKib,
        passes,
      },
      (error, key) => (error ? reject(error) : resolve(key)),
    );
  });
}
