import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { CordboardError } from '../base/errors.ts';

export interface RunOptions {
  /** Written to standard input, which is then closed. */
  input?: string | Uint8Array;
  /** The program is killed after this time. */
  timeoutMs: number;
  /** The program is killed when it writes more than this to standard output. */
  maxOutputBytes: number;
}

/**
 * Runs a program without a shell, at low priority (audio of calls goes first), and gives its standard output.
 * @throws CordboardError `program.missing`; `program.failed` with what it wrote to standard error
 */
export function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    let outputBytes = 0;
    let complaint = '';
    let killedBecause: string | undefined;
    const kill = (reason: string): void => {
      killedBecause ??= reason;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => kill(`no result within ${options.timeoutMs} ms`), options.timeoutMs);
    child.on('spawn', () => {
      try {
        if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
      } catch {
        // It has ended already.
      }
    });
    child.stdout.on('data', (chunk: Buffer) => {
      outputBytes += chunk.length;
      if (outputBytes > options.maxOutputBytes) kill(`more than ${options.maxOutputBytes} bytes of output`);
      else output.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    child.stdin.on('error', () => {
      // It ended without reading everything; its exit code tells whether that was right.
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(
        error.code === 'ENOENT'
          ? new CordboardError('program.missing', `${program} is not installed`, { cause: error })
          : new CordboardError('program.failed', `${program}: ${error.message}`, { cause: error }),
      );
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0 && killedBecause === undefined) return resolve(Buffer.concat(output));
      const why = killedBecause ?? (complaint.trim() || `ended with ${code ?? signal}`);
      reject(new CordboardError('program.failed', `${program}: ${why}`, { details: { code, signal } }));
    });
    child.stdin.end(options.input ?? '');
  });
}
