/** Backups of this box's data directory, joined to the settings. */
import type { BackupPort } from '../api/ports.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { Backups } from '../store/backup.ts';
import { formatStored } from '../store/settings-file.ts';
import type { SettingsStore } from '../store/settings-store.ts';

export async function openBackups(parts: {
  dataDir: string;
  version: string;
  settings: SettingsStore;
  clock: Clock;
  log: Logger;
}): Promise<{ port: BackupPort; stop: () => Promise<void> }> {
  const { settings, ...rest } = parts;
  const backups = new Backups({
    ...rest,
    settings: () => ({
      officeName: settings.current.office.name,
      document: formatStored({
        revision: settings.revision,
        at: parts.clock.now(),
        who: 'backup',
        settings: settings.current,
      }),
    }),
  });
  await backups.start();
  return {
    port: {
      state: () => backups.sizes(),
      prepare: (options) => backups.prepare(options),
      open: (id) => backups.open(id),
    },
    stop: () => backups.stop(),
  };
}
