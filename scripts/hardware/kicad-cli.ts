/** KiCad's command line, where it is installed (version 8 or later has what is needed). */
import { spawnSync } from 'node:child_process';

export const kicadCli = process.env.KICAD_CLI || 'kicad-cli';

/** Version; undefined: it is not there. */
export function kicadVersion(): string | undefined {
  const run = spawnSync(kicadCli, ['version'], { encoding: 'utf8' });
  return run.status === 0 ? run.stdout.trim() : undefined;
}

/** Ends loudly when the program does. */
export function runProgram(program: string, args: readonly string[]): void {
  const run = spawnSync(program, args, { encoding: 'utf8' });
  if (run.error) throw new Error(`${program} cannot be run: is it installed?`, { cause: run.error });
  if (run.status !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${run.status}\n${run.stderr}${run.stdout}`);
}
