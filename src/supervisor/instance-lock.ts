import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Takes the data directory for this process, so that two instances never write one office.
 * @returns how to give it back
 * @throws Error naming the process that has it
 */
export function lockInstance(dataDir: string): () => void {
  const path = join(dataDir, 'run', 'lock');
  mkdirSync(join(dataDir, 'run'), { recursive: true, mode: 0o700 });
  for (let attempt = 0; ; attempt++) {
    try {
      const fd = openSync(path, 'wx', 0o600);
      writeSync(fd, String(process.pid));
      closeSync(fd);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const pid = Number(readFileSync(path, 'utf8'));
      if (attempt > 0 || isRunning(pid)) {
        throw new Error(
          `Cordboard already runs with the data in ${dataDir} (process ${pid}). Stop it, or set CORDBOARD_DATA.`,
        );
      }
      rmSync(path, { force: true }); // left behind by a power cut or kill -9
    }
  }
}

/** Alive, and one of ours: after a reboot the same number may be somebody else. */
function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('main.ts');
  } catch {
    return false;
  }
}
