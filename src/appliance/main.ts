/**
 * The appliance's process: call control, stores, API and panel, joined in appliance.ts. `--settings FILE` makes
 * the settings those of a file first. Tells its parent `{ready: true, notice}`.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { systemClock } from '../base/clock.ts';
import { CordboardError } from '../base/errors.ts';
import { hopelessExitCode } from '../base/exit-codes.ts';
import { startHeartbeat } from '../base/heartbeat.ts';
import { createLogger } from '../base/log.ts';
import { readConfig } from '../config.ts';
import { plainIssue } from '../domain/plain-issues.ts';
import { Appliance } from './appliance.ts';

z.config({ customError: plainIssue });
const log = createLogger('appliance');
startHeartbeat();
const { values } = parseArgs({ options: { settings: { type: 'string' } } });
const appliance = new Appliance({
  config: readConfig(process.env),
  clock: systemClock,
  log,
  restart: stop,
});

let stopping = false;
function stop(): void {
  if (stopping) return;
  stopping = true;
  void appliance.stop().then(() => process.exit(0));
}

// Nobody expected it: say it once and let the supervisor start anew, with everything closed by the kernel.
for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(name, (error: unknown) => {
    log.error('an unexpected failure ends this process', { error });
    process.exit(1);
  });
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
process.on('disconnect', stop);

try {
  const notice = await appliance.start(values.settings);
  process.send?.({ ready: true, notice });
} catch (error) {
  if (!(error instanceof CordboardError) || !isForAPerson(error.code)) throw error;
  const { problems } = error.details as { problems?: { path: string; message: string }[] };
  for (const { path, message } of problems ?? [])
    process.stderr.write(`  ${path || 'settings'}: ${message}\n`);
  log.error(error.message, { code: error.code });
  // A wrong file or a port in use is for a person to mend; starting again would not.
  process.exit(hopelessExitCode);
}

/** A full disk, say, passes by itself: then the supervisor's next try is the right answer. */
function isForAPerson(code: string): boolean {
  return /^(settings|port|secret|program)[.-]/.test(code) || code === 'not-found';
}
