import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { createLogger } from '../../../src/base/log.ts';
import { tarHeader } from '../../../src/codec/tar.ts';
import { settingsSchema } from '../../../src/domain/settings.ts';
import { wrapKey } from '../../../src/store/backup-key.ts';
import { callLogSchema } from '../../../src/store/call-log-schema.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { type CheckedRestore, Restores } from '../../../src/store/restore.ts';
import { readJournal } from '../../../src/store/restore-journal.ts';
import { SecretBox } from '../../../src/store/secrets.ts';
import { type ArchiveFile, archiveOf, backupOf } from '../../support/backup-archive.ts';

let dataDir: string;
let elsewhere: string;
let restores: Restores;
const otherKey = Buffer.alloc(32, 9);
const passphrase = 'seven tall herons';
const office = settingsSchema.parse({
  version: 1,
  extensions: [{ id: 'desk', number: '201', name: 'Desk', secret: 'desk-one-secret' }],
  users: [
    {
      id: 'ada',
      name: 'Ada',
      role: 'admin',
      passwordHash: '$argon2id$x',
      secondFactor: { secret: 'JBSWY3DPEHPK3PXP', since: 1, recoveryHashes: [] },
    },
  ],
});

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'cordboard-restore-'));
  elsewhere = mkdtempSync(join(tmpdir(), 'cordboard-other-'));
  writeFileSync(join(dataDir, 'settings.json'), 'the office of today');
  await SecretBox.open(dataDir);
  restores = new Restores({ dataDir, clock: systemClock, log: createLogger('test') });
  await restores.start();
});

afterEach(async () => {
  await restores.stop();
  for (const dir of [dataDir, elsewhere]) rmSync(dir, { recursive: true });
});

function settingsFile(document: unknown = new SecretBox(otherKey).sealAll(office)): ArchiveFile {
  const stored = { revision: 41, at: 1, who: 'backup', settings: document };
  return ['settings.json', Buffer.from(JSON.stringify(stored))];
}

function callLogFile(change?: (database: DatabaseSync) => void): ArchiveFile {
  const file = join(elsewhere, 'call-log.db');
  const { database } = openDatabase(file, callLogSchema);
  change?.(database);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  const content = readFileSync(file);
  rmSync(file);
  return ['call-log.db', content];
}

/** Sends it in pieces that fit nothing. */
async function send(archive: Uint8Array, totalBytes = archive.length): Promise<string> {
  const { id } = await restores.begin(totalBytes);
  for (let at = 0; at < archive.length; at += 10_007)
    await restores.receive(id, at, archive.subarray(at, at + 10_007));
  return id;
}

async function check(archive: Uint8Array, word?: string): Promise<CheckedRestore> {
  return await restores.check(await send(archive), word);
}

describe('a backup sent back', () => {
  it('is checked, opened by its passphrase, and planned for the next start', async () => {
    const key: ArchiveFile = ['secret.key', Buffer.from(await wrapKey(otherKey, passphrase))];
    const id = await send(backupOf([settingsFile(), key, callLogFile()]));
    await expect(restores.check(id, 'seven tall storks')).rejects.toMatchObject({
      code: 'backup.passphrase',
    });
    expect(await restores.check(id, passphrase)).toMatchObject({
      manifest: { officeName: 'Elsewhere' },
      calls: 0,
      unlocked: true,
      lostSecrets: [],
    });
    expect(await readJournal(dataDir)).toBeNull();
    await restores.commit(id, 'Here');
    const journal = await readJournal(dataDir);
    expect(journal).toMatchObject({ phase: 'aside', from: `restore/${id}`, officeName: 'Here' });
    expect(journal?.incoming.sort()).toEqual(['call-log.db', 'secret.key', 'settings.json']);
    const from = join(dataDir, 'restore', id);
    expect(readFileSync(join(from, 'secret.key')).equals(otherKey)).toBe(true);
    const { settings } = JSON.parse(readFileSync(join(from, 'settings.json'), 'utf8'));
    expect(new SecretBox(otherKey).reveal(settings.extensions[0].secret)).toBe('desk-one-secret');
    expect(readFileSync(join(dataDir, 'settings.json'), 'utf8')).toBe('the office of today');
  });

  it('without its passphrase gives phones new passwords, takes second factors off, and says which', async () => {
    const key: ArchiveFile = ['secret.key', Buffer.from(await wrapKey(otherKey, passphrase))];
    const id = await send(backupOf([settingsFile(), key]));
    const found = await restores.check(id);
    expect(found.unlocked).toBe(false);
    expect(found.lostSecrets).toEqual(['extensions.0.secret', 'users.0.secondFactor.secret']);
    expect(found.settings.users[0]?.secondFactor).toBeUndefined();
    await restores.commit(id, 'Here');
    expect((await readJournal(dataDir))?.paths).not.toContain('secret.key');
    expect(existsSync(join(dataDir, 'restore', id, 'secret.key'))).toBe(false);
  });
});

describe('what is no backup of ours is refused, and nothing is changed', () => {
  const text = Buffer.from('text');
  const header = (name: string, bytes: number, type = '0'): Buffer => {
    const block = Buffer.from(tarHeader({ name, bytes, modifiedAtS: 0 }));
    block.write(type, 156);
    block.fill(' ', 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return block;
  };
  const whole = (): Buffer => backupOf([settingsFile()]);
  const cases: [string, () => Uint8Array, string | RegExp][] = [
    ['a path that climbs', () => archiveOf([['../../etc/passwd', text]]), 'no file of a backup'],
    ['one that climbs from within', () => archiveOf([['prompts/uploaded/en/../../x.wav', text]]), 'no file'],
    ['an absolute path', () => archiveOf([['/etc/passwd', text]]), 'no file of a backup'],
    ['a file of another kind', () => archiveOf([['web.db', text]]), 'no file of a backup'],
    ['a companion of a database', () => archiveOf([['call-log.db-wal', text]]), 'no file of a backup'],
    ['a link', () => header('settings.json', 0, '2'), 'link'],
    [
      'a file that is in it twice',
      () =>
        archiveOf([
          ['settings.json', text],
          ['settings.json', text],
        ]),
      'twice',
    ],
    ['a huge size', () => Buffer.concat([header('call-log.db', 2 ** 40), text]), 'longer than the whole'],
    ['a key of a megabyte', () => archiveOf([['secret.key', Buffer.alloc(1_000_000)]]), 'larger than'],
    [
      'random bytes',
      () => Uint8Array.from({ length: 4096 }, (_, i) => (i * 197 + 13) % 251),
      'no tar archive',
    ],
    ['nothing but zeros', () => Buffer.alloc(4096), 'no manifest'],
    ['a cut-off file', () => whole().subarray(0, -1024), 'ends too early'],
    [
      'another office’s settings under this manifest',
      () => {
        const bytes = whole();
        bytes[600] = (bytes[600] ?? 0) ^ 1;
        return bytes;
      },
      'settings.json: not as the manifest has it',
    ],
    ['a manifest of too much', () => backupOf([settingsFile()], { files: [] }), 'not as the manifest'],
    ['a manifest of no meaning', () => backupOf([settingsFile()], { at: 'yesterday' }), 'manifest'],
    ['a later format', () => backupOf([settingsFile()], { format: 2 }), /format 2/],
    ['settings alone', () => archiveOf([settingsFile()]), 'no manifest'],
    [
      'a database that is none',
      () => backupOf([settingsFile(), ['call-log.db', Buffer.alloc(9000, 65)]]),
      'no database',
    ],
    [
      'a database with a trigger of its own',
      () =>
        backupOf([
          settingsFile(),
          callLogFile((database) =>
            database.exec('CREATE TRIGGER more AFTER INSERT ON events BEGIN SELECT 1; END'),
          ),
        ]),
      'tables are not those',
    ],
    [
      'a database of a later version',
      () => backupOf([settingsFile(), callLogFile((database) => database.exec('PRAGMA user_version=99'))]),
      'newer version',
    ],
  ];

  it.each(cases)('%s', async (_, archive, why) => {
    await expect(check(archive())).rejects.toThrow(why);
    expect(readFileSync(join(dataDir, 'settings.json'), 'utf8')).toBe('the office of today');
    expect(await readJournal(dataDir)).toBeNull();
    await restores.stop();
    expect(readdirSync(join(dataDir, 'restore'))).toEqual([]);
  });

  it('settings that cannot be used, with every fault and its path', async () => {
    const broken = {
      ...office,
      extensions: [{ id: 'desk', number: 'abc', name: '', secret: 'desk-one-secret' }],
      users: [],
    };
    await expect(check(backupOf([settingsFile(broken)]))).rejects.toMatchObject({
      code: 'settings.invalid',
      details: {
        problems: expect.arrayContaining([
          expect.objectContaining({ path: 'extensions.0.number' }),
          expect.objectContaining({ path: 'extensions.0.name' }),
        ]),
      },
    });
    await expect(check(backupOf([settingsFile({ ...office, users: [] })]))).rejects.toMatchObject({
      details: { problems: [expect.objectContaining({ path: 'users' })] },
    });
  });

  it('pieces out of order, or more than was announced', async () => {
    const archive = backupOf([settingsFile()]);
    const { id } = await restores.begin(archive.length);
    await restores.receive(id, 0, archive.subarray(0, 100));
    await expect(restores.receive(id, 200, archive.subarray(200, 300))).rejects.toThrow('follow');
    await expect(restores.receive(id, 100, Buffer.alloc(archive.length))).rejects.toThrow('follow');
    await restores.receive(id, 100, archive.subarray(100));
    expect((await restores.check(id)).manifest.officeName).toBe('Elsewhere');
    await expect(restores.begin(Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({ code: 'disk.full' });
  });
});
