import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../../src/domain/settings.ts';
import { maskAll, SecretBox, secretMask, unmaskAll } from '../../../src/store/secrets.ts';

const newDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'cordboard-secrets-'));

const office = settingsSchema.parse({
  version: 1,
  network: { drachtio: { host: 'sip.example', secret: 'drachtio-secret' } },
  extensions: [
    { id: 'e1', number: '101', name: 'Ann', secret: 'ann-secret-1' },
    { id: 'e2', number: '102', name: 'Bob', secret: 'bob-secret-2' },
  ],
  trunks: [
    {
      id: 't1',
      name: 'Carrier',
      kind: 'register',
      host: 'sip.example',
      username: 'u',
      secret: 'trunk-secret',
    },
  ],
  users: [{ id: 'u1', name: 'admin', role: 'admin', passwordHash: '$argon2id$v=19$m=8,t=1,p=1$aaaa$bbbb' }],
});
const plainSecrets = ['drachtio-secret', 'ann-secret-1', 'bob-secret-2', 'trunk-secret'];

describe('the secret box', () => {
  it('makes a key of 32 bytes for its owner alone at the first start and keeps it', async () => {
    const directory = await newDirectory();
    const sealed = (await SecretBox.open(directory)).seal('hello');
    const path = join(directory, 'secret.key');
    expect(await readFile(path)).toHaveLength(32);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await SecretBox.open(directory)).reveal(sealed)).toBe('hello');
  });

  it('refuses a key file of another size rather than losing every secret', async () => {
    const directory = await newDirectory();
    await writeFile(join(directory, 'secret.key'), 'short');
    await expect(SecretBox.open(directory)).rejects.toMatchObject({ code: 'secret.unreadable' });
  });

  it('seals with a fresh nonce, reveals, and lets plain text through', async () => {
    const box = await SecretBox.open(await newDirectory());
    const [one, two] = [box.seal('pä$$wörd'), box.seal('pä$$wörd')];
    expect(one).toMatch(/^sealed:v1:[A-Za-z0-9_-]+$/);
    expect(one).not.toBe(two);
    expect(box.reveal(one)).toBe('pä$$wörd');
    expect(box.reveal('plain')).toBe('plain');
    expect(box.seal(one)).toBe(one);
    expect([box.isSealed(one), box.isSealed('plain')]).toEqual([true, false]);
  });

  it('does not reveal what was changed, cut short, or sealed with another key', async () => {
    const box = await SecretBox.open(await newDirectory());
    const other = await SecretBox.open(await newDirectory());
    const sealed = box.seal('secret text');
    const flipped = sealed.slice(0, -1) + (sealed.endsWith('A') ? 'B' : 'A');
    for (const bad of [flipped, sealed.slice(0, 20), 'sealed:v1:', other.seal('secret text')])
      expect(() => box.reveal(bad)).toThrow(expect.objectContaining({ code: 'secret.unreadable' }));
  });

  it('seals every field declared secret, and nothing else', async () => {
    const box = await SecretBox.open(await newDirectory());
    const sealed = box.sealAll(office);
    for (const secret of plainSecrets) expect(JSON.stringify(sealed)).not.toContain(secret);
    expect(sealed.users).toEqual(office.users);
    expect(sealed.extensions[0]?.name).toBe('Ann');
    expect(box.revealAll(sealed)).toEqual(office);
  });

  it('keeps the sealed text of a secret that did not change, by the id of its item', async () => {
    const box = await SecretBox.open(await newDirectory());
    const sealed = box.sealAll(office);
    const moved = { ...office, extensions: office.extensions.toReversed() };
    expect(box.sealAll(moved, sealed).extensions).toEqual(sealed.extensions.toReversed());
  });
});

describe('the mask', () => {
  it('hides every secret and password hash, in a document that need not be valid', () => {
    const masked = maskAll({ ...office, agents: 'no list' });
    const text = JSON.stringify(masked);
    for (const secret of [...plainSecrets, '$argon2id$']) expect(text).not.toContain(secret);
    expect(masked.extensions[0]).toMatchObject({ name: 'Ann', secret: secretMask });
    expect(masked.users[0]?.passwordHash).toBe(secretMask);
  });

  it('sent back means unchanged, also when items were moved or others removed', () => {
    const masked = maskAll(office);
    masked.extensions.reverse();
    const merged = unmaskAll(masked, office);
    expect(merged.unmatched).toEqual([]);
    expect(merged.settings).toEqual({ ...office, extensions: office.extensions.toReversed() });
    masked.extensions.splice(0, 1);
    expect(unmaskAll(masked, office).settings.extensions).toEqual([office.extensions[0]]);
  });

  it('of a new item has no secret behind it and is named', () => {
    const masked = maskAll(office);
    const document = {
      ...masked,
      extensions: [{ id: 'e9', number: '109', name: 'New', secret: secretMask }],
    };
    expect(unmaskAll(document, office).unmatched).toEqual([['extensions', 0, 'secret']]);
  });
});
