/** Backups of a small data directory, for the API's tests: the real ones, over files of a moment. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackupPort } from '../../src/api/ports.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createLogger } from '../../src/base/log.ts';
import { Backups } from '../../src/store/backup.ts';

const made: string[] = [];
process.once('exit', () => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

export function memoryBackup(officeName: () => string): BackupPort {
  let backups: Backups | undefined;
  /** Made when first asked for: few tests ask. */
  const ready = (): Backups => {
    if (backups) return backups;
    const dataDir = mkdtempSync(join(tmpdir(), 'cordboard-backup-'));
    made.push(dataDir);
    writeFileSync(join(dataDir, 'secret.key'), new Uint8Array(32).fill(7));
    backups = new Backups({
      dataDir,
      version: '0.1.0',
      settings: () => ({ officeName: officeName(), document: '{}\n' }),
      clock: systemClock,
      log: createLogger('test'),
    });
    return backups;
  };
  return {
    state: () => ready().sizes(),
    prepare: (options) => ready().prepare(options),
    open: (id) => ready().open(id),
  };
}
