import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { createLogger } from '../../../src/base/log.ts';
import { TarReader } from '../../../src/codec/tar.ts';
import { type Manifest, manifestSchema } from '../../../src/domain/backup.ts';
import { Backups } from '../../../src/store/backup.ts';
import { unwrapKey, wrapKey } from '../../../src/store/backup-key.ts';
import { callLogSchema } from '../../../src/store/call-log-schema.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { leadsSchema } from '../../../src/store/leads-schema.ts';

let dataDir: string;
let backups: Backups;
let clock: VirtualClock;
const key = Buffer.alloc(32, 5);

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'cordboard-backup-'));
  clock = new VirtualClock();
  writeFileSync(join(dataDir, 'secret.key'), key);
  mkdirSync(join(dataDir, 'prompts/uploaded/en'), { recursive: true });
  writeFileSync(join(dataDir, 'prompts/uploaded/en/greeting.wav'), 'RIFF hello');
  mkdirSync(join(dataDir, 'recordings/2025/11/25'), { recursive: true });
  writeFileSync(join(dataDir, 'recordings/2025/11/25/call-1.wav'), Buffer.alloc(600_000, 3));
  writeFileSync(join(dataDir, 'recordings/2025/11/25/call-1.peaks'), 'drawn again when asked for');
  backups = new Backups({
    dataDir,
    version: '1.2.3',
    settings: () => ({ officeName: 'Kovács Kft.', document: '{"version":1}\n' }),
    clock,
    log: createLogger('test'),
  });
  await backups.start();
});

afterEach(async () => {
  await backups.stop();
  rmSync(dataDir, { recursive: true });
});

async function download(id: string): Promise<{ files: Record<string, Buffer>; manifest: Manifest }> {
  const reader = new TarReader();
  const files: Record<string, Buffer> = {};
  let name = '';
  for await (const chunk of backups.open(id).stream) {
    for (const part of reader.read(chunk)) {
      if (part.kind === 'file') {
        name = part.name;
        files[name] = Buffer.alloc(0);
      } else if (part.kind === 'data')
        files[name] = Buffer.concat([files[name] ?? Buffer.alloc(0), part.data]);
    }
  }
  expect(reader.isEnded).toBe(true);
  return { files, manifest: manifestSchema.parse(JSON.parse(String(files['manifest.json']))) };
}

it('holds the databases as they are while they are written, settings, prompts, and what the manifest says of them', async () => {
  const { database: log } = openDatabase(join(dataDir, 'call-log.db'), callLogSchema);
  const { database: leads } = openDatabase(join(dataDir, 'leads.db'), leadsSchema);
  log.exec(
    "INSERT INTO events (at, kind, agent_id, name, json) VALUES (1, 'agent', 'anna', 'available', '{}')",
  );
  log.exec('BEGIN IMMEDIATE'); // a writer that has not committed yet is not in the way, and not in the copy
  log.exec(
    "INSERT INTO events (at, kind, agent_id, name, json) VALUES (2, 'agent', 'ben', 'available', '{}')",
  );
  const { id } = await backups.prepare({ recordings: false });
  log.exec('COMMIT');
  log.close();
  leads.close();

  const { files, manifest } = await download(id);
  expect(manifest).toMatchObject({
    format: 1,
    version: '1.2.3',
    officeName: 'Kovács Kft.',
    hasKey: false,
    hasRecordings: false,
  });
  expect(Object.keys(files).sort()).toEqual(
    ['call-log.db', 'leads.db', 'manifest.json', 'prompts/uploaded/en/greeting.wav', 'settings.json'].sort(),
  );
  for (const { name, bytes, sha256 } of manifest.files) {
    const content = files[name] ?? Buffer.alloc(0);
    expect([name, content.length]).toEqual([name, bytes]);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  }
  writeFileSync(join(dataDir, 'copy.db'), files['call-log.db'] ?? '');
  const copy = new DatabaseSync(join(dataDir, 'copy.db'));
  expect(copy.prepare('PRAGMA quick_check').get()).toEqual({ quick_check: 'ok' });
  expect(copy.prepare('SELECT agent_id FROM events').all()).toEqual([{ agent_id: 'anna' }]);
  copy.close();
});

it('holds recordings when asked for, but not what is made of them', async () => {
  const { files } = await download((await backups.prepare({ recordings: true })).id);
  expect(files['recordings/2025/11/25/call-1.wav']?.equals(Buffer.alloc(600_000, 3))).toBe(true);
  expect(Object.keys(files).some((name) => name.endsWith('.peaks'))).toBe(false);
  expect(await backups.sizes()).toMatchObject({ promptBytes: 10, recordingBytes: 600_000 });
});

it('carries the key of the secrets behind a passphrase only, and opens it with no other', async () => {
  const passphrase = 'seven tall herons';
  const { files } = await download((await backups.prepare({ passphrase, recordings: false })).id);
  const wrapped = String(files['secret.key']);
  expect(Buffer.from(await unwrapKey(wrapped, passphrase)).equals(key)).toBe(true);
  await expect(unwrapKey(wrapped, 'seven tall storks')).rejects.toMatchObject({ code: 'backup.passphrase' });
  await expect(unwrapKey('{"kdf":"none"}', passphrase)).rejects.toMatchObject({ code: 'backup.invalid' });
  expect(await wrapKey(key, passphrase)).not.toBe(await wrapKey(key, passphrase));
});

it('leaves no copies when it was sent, when the client went away, or when nobody came for it', async () => {
  const scratch = join(dataDir, 'backup');
  const left = (): string[] => (existsSync(scratch) ? readdirSync(scratch) : []);
  await download((await backups.prepare({ recordings: false })).id);
  expect(left()).toEqual([]);

  const reader = backups.open((await backups.prepare({ recordings: true })).id).stream.getReader();
  await reader.read();
  await reader.cancel();
  expect(left()).toEqual([]);

  const first = await backups.prepare({ recordings: false });
  const making = backups.prepare({ recordings: false });
  await expect(backups.prepare({ recordings: false })).rejects.toMatchObject({ code: 'backup.busy' });
  const { id } = await making;
  expect(() => backups.open(first.id)).toThrow('no longer here');
  expect(left()).toEqual([id]);
  clock.advance(11 * 60_000);
  expect(() => backups.open(id)).toThrow('no longer here');
});
