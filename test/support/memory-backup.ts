/** Backups of a small data directory, for the API's tests: the real ones, over files of a moment; no box restarts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackupPort } from '../../src/api/ports.ts';
import { openBackups } from '../../src/appliance/backup.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createLogger } from '../../src/base/log.ts';
import type { Settings } from '../../src/domain/settings.ts';
import { SecretBox } from '../../src/store/secrets.ts';
import { SettingsStore } from '../../src/store/settings-store.ts';

const made: string[] = [];
process.once('exit', () => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

/** @param calls how many are up */
export function memoryBackup(office: () => Settings, calls: () => number): BackupPort {
  let opened: Promise<BackupPort> | undefined;
  /** Made when first asked for: few tests ask. */
  const ready = (): Promise<BackupPort> => {
    opened ??= open();
    return opened;
  };
  const open = async (): Promise<BackupPort> => {
    const dataDir = mkdtempSync(join(tmpdir(), 'cordboard-backup-'));
    made.push(dataDir);
    const log = createLogger('test');
    const secrets = await SecretBox.open(dataDir);
    const settings = new SettingsStore({ dataDir, secrets, clock: systemClock, log });
    await settings.load();
    await settings.update(() => office(), { who: 'test' });
    port = (
      await openBackups({
        ...{ dataDir, settings, calls, log, clock: systemClock },
        version: '0.1.0',
        restored: null,
        restart: () => undefined,
      })
    ).port;
    return port;
  };
  let port: BackupPort | undefined;
  return {
    state: async () => (await ready()).state(),
    prepare: async (options) => (await ready()).prepare(options),
    open(id) {
      if (!port) throw new Error('prepare one first');
      return port.open(id);
    },
    begin: async (bytes) => (await ready()).begin(bytes),
    receive: async (id, offset, piece) => (await ready()).receive(id, offset, piece),
    check: async (id, passphrase) => (await ready()).check(id, passphrase),
    apply: async (id, force) => (await ready()).apply(id, force),
    drop: async (id) => (await ready()).drop(id),
    undo: async (force) => (await ready()).undo(force),
  };
}
