/** Backups of this box's data directory and their way back, joined to the settings and to the box's restart. */
import { join } from 'node:path';
import type { BackupPort } from '../api/ports.ts';
import type { Clock } from '../base/clock.ts';
import { CordboardError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { Settings } from '../domain/settings.ts';
import { Backups } from '../store/backup.ts';
import { inBackupThread } from '../store/backup-task.ts';
import { Restores } from '../store/restore.ts';
import { planRestore, readRecord } from '../store/restore-journal.ts';
import { formatStored } from '../store/settings-file.ts';
import type { SettingsStore } from '../store/settings-store.ts';
import type { RestoreOutcome } from './apply-restore.ts';

/** Long enough for the answer to reach the page. */
const restartDelayMs = 500;

export async function openBackups(parts: {
  dataDir: string;
  version: string;
  settings: SettingsStore;
  calls: () => number;
  /** Of a restore at this start. */
  restored: RestoreOutcome;
  restart: () => void;
  clock: Clock;
  log: Logger;
}): Promise<{ port: BackupPort; stop: () => Promise<void> }> {
  const { dataDir, version, settings, calls, clock, log } = parts;
  const backups = new Backups({
    ...{ dataDir, version, clock, log },
    settings: () => ({
      officeName: settings.current.office.name,
      document: formatStored({
        revision: settings.revision,
        at: clock.now(),
        who: 'backup',
        settings: settings.current,
      }),
    }),
  });
  const restores = new Restores({ dataDir, clock, log });
  await backups.start();
  await restores.start();
  let restarting = false;

  const refuseUnlessQuiet = (force: boolean): void => {
    if (restarting) throw new CordboardError('backup.busy', 'The box is about to start anew.');
    if (calls() > 0 && !force)
      throw new CordboardError('backup.busy', 'Calls are up, and would end. Wait until they are over.');
  };
  const restart = (): void => {
    restarting = true;
    clock.after(restartDelayMs, parts.restart);
  };

  const port: BackupPort = {
    async state() {
      const kept = await readRecord(dataDir);
      return {
        ...(await backups.sizes()),
        undo: kept && { at: kept.at, officeName: kept.officeName },
        outcome: parts.restored?.kind ?? null,
      };
    },
    prepare: (options) => backups.prepare(options),
    open: (id) => backups.open(id),
    begin: (bytes) => restores.begin(bytes),
    receive: (id, offset, piece) => restores.receive(id, offset, piece),
    drop: (id) => restores.drop(id),
    async check(id, passphrase) {
      const found = await restores.check(id, passphrase);
      const { manifest, unlocked, lostSecrets } = found;
      const callsNow = await inBackupThread({ kind: 'count', file: join(dataDir, 'call-log.db') });
      const recordingsNow = (await backups.sizes()).recordings;
      const recordingsThen = manifest.files.filter(({ name }) => name.startsWith('recordings/')).length;
      return {
        id,
        at: manifest.at,
        version: manifest.version,
        officeName: manifest.officeName,
        officeNow: settings.current.office.name,
        hasKey: manifest.hasKey,
        unlocked,
        hasRecordings: manifest.hasRecordings,
        lostSecrets,
        users: found.settings.users.map(({ name, role }) => ({ name, role })),
        now: { ...countsOf(settings.current), calls: callsNow, recordings: recordingsNow },
        after: {
          ...countsOf(found.settings),
          calls: found.calls,
          recordings: manifest.hasRecordings ? recordingsThen : recordingsNow,
        },
      };
    },
    async apply(id, force) {
      refuseUnlessQuiet(force);
      const { manifest } = await restores.check(id);
      await restores.commit(id, settings.current.office.name);
      restart();
      return { officeName: manifest.officeName, at: manifest.at };
    },
    async undo(force) {
      refuseUnlessQuiet(force);
      const kept = await readRecord(dataDir);
      if (!kept) throw new CordboardError('not-found', 'Nothing is kept of an earlier state.');
      await planRestore(dataDir, {
        from: kept.directory,
        paths: kept.paths,
        at: clock.now(),
        officeName: settings.current.office.name,
      });
      restart();
    },
  };
  return {
    port,
    async stop() {
      await backups.stop();
      await restores.stop();
    },
  };
}

type Counts = Record<'extensions' | 'agents' | 'queues' | 'trunks' | 'users', number>;

function countsOf({ extensions, agents, queues, trunks, users }: Settings): Counts {
  return {
    extensions: extensions.length,
    agents: agents.length,
    queues: queues.length,
    trunks: trunks.length,
    users: users.length,
  };
}
