import { describe, expect, it } from 'vitest';
import { userSchema } from '../../../src/domain/settings.ts';
import { hashPassword, needsRehash, verifyPassword } from '../../../src/store/passwords.ts';

describe('passwords', () => {
  it('are hashed with argon2id into a PHC string that the user schema takes', async () => {
    const hash = await hashPassword('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(userSchema.shape.passwordHash.safeParse(hash).success).toBe(true);
    expect(await hashPassword('correct horse')).not.toBe(hash);
    expect(needsRehash(hash)).toBe(false);
  });

  it('are verified; another, an unknown user or a damaged hash is refused', async () => {
    const hash = await hashPassword('correct horse');
    expect(await verifyPassword('correct horse', hash)).toBe(true);
    expect(await verifyPassword('correct hors', hash)).toBe(false);
    expect(await verifyPassword('correct horse', undefined)).toBe(false);
    expect(await verifyPassword('correct horse', hash.slice(0, -30))).toBe(false);
  });

  it('agree with a hash made by the reference implementation', async () => {
    // phc-winner-argon2, test.c: argon2id, t=2, m=2^8, p=1, "password", "somesalt"
    const reference = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
    expect(await verifyPassword('password', reference)).toBe(true);
    expect(needsRehash(reference)).toBe(true);
  });

  it('match however the letters were composed', async () => {
    expect(await verifyPassword('a\u0301rvi\u0301z', await hashPassword('\u00e1rv\u00edz'))).toBe(true);
  });

  it('with a hash that asks for gigabytes are refused without using them', async () => {
    const greedy = '$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
    expect(await verifyPassword('password', greedy)).toBe(false);
  });
});
