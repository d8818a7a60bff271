/**
 * The supervisor: starts sip-engine, media-engine and appliance, starts again what dies, and ends all three when
 * it ends. `--settings FILE` hands the appliance an office to start with.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from './base/clock.ts';
import { errorMessage } from './base/errors.ts';
import { createLogger } from './base/log.ts';
import { readConfig } from './config.ts';
import { Child } from './supervisor/child.ts';
import { lockInstance } from './supervisor/instance-lock.ts';
import { LogFile } from './supervisor/log-file.ts';
import { type StartNotice, welcome } from './supervisor/welcome.ts';

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { settings: { type: 'string' } } });
  const config = readConfig(process.env);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const unlock = lockInstance(config.dataDir);
  const logFile = new LogFile(join(config.dataDir, 'log', 'cordboard.log'));
  const log = createLogger('supervisor', { write: (line) => logFile.write(line) });

  const env = {
    ...process.env,
    // Stripped TypeScript is kept: a start takes half the time, and every thread a dozen megabytes less.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(config.dataDir, 'cache', 'code'),
    // glibc gives each of a process's threads an arena of its own, and what one has freed none of the others uses: in
    // the appliance, with its database threads, some hundred megabytes in an hour of calls.
    MALLOC_ARENA_MAX: process.env.MALLOC_ARENA_MAX ?? '2',
    CORDBOARD_DATA: config.dataDir,
    CORDBOARD_DRACHTIO_SECRET: config.drachtioSecret || randomBytes(24).toString('base64url'),
  };
  const children: Child[] = [];
  let stopping = false;
  let welcomed = false;

  const stop = async (status: number): Promise<void> => {
    if (stopping) return;
    stopping = true;
    // The appliance first: it says good-bye to the phones through the other two.
    for (const child of [...children].reverse()) await child.stop();
    unlock();
    logFile.close();
    process.exit(status);
  };

  const onLine = (line: string): void => {
    logFile.write(`${line}\n`);
    showToPerson(line);
  };
  const add = (
    name: string,
    program: string,
    options: { args?: string[]; env?: NodeJS.ProcessEnv } = {},
  ): void => {
    children.push(
      new Child({
        name,
        program: join(import.meta.dirname, program),
        args: options.args ?? [],
        env: { ...env, ...options.env },
        clock: systemClock,
        log,
        onLine,
        onReady: (notice) => {
          log.info('ready', { name });
          process.send?.({ ready: name, pids: Object.fromEntries(children.map((c) => [c.name, c.pid])) });
          if (name !== 'appliance' || welcomed) return;
          welcomed = true;
          process.stdout.write(welcome(config, notice as StartNotice));
        },
        onHopeless: () => void stop(1),
      }),
    );
  };
  add('sip-engine', 'sip-engine/main.ts');
  add('media-engine', 'media-engine/main.ts');
  add(
    'appliance',
    'appliance/main.ts',
    values.settings === undefined ? {} : { args: ['--settings', values.settings] },
  );

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
  process.on('disconnect', () => void stop(0));
  for (const child of children) child.start();
}

/** The log file has everything; a person at the terminal sees what went wrong. */
function showToPerson(line: string): void {
  let entry: { level?: string; ns?: string; message?: string; error?: { message?: string } };
  try {
    entry = JSON.parse(line);
  } catch {
    process.stderr.write(`${line}\n`); // not one of our loggers: a crash report, most likely
    return;
  }
  if (entry.level !== 'error' && entry.level !== 'warn') return;
  const cause = entry.error?.message ? ` (${entry.error.message})` : '';
  process.stderr.write(`${entry.level}: ${entry.ns}: ${entry.message}${cause}\n`);
}

try {
  await main();
} catch (error) {
  fail(errorMessage(error));
}
