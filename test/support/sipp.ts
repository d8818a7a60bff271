/** Runs one SIPp scenario to its end. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';

export interface SippRun {
  /** 0: every call went as the scenario says. */
  status: number;
  output: string;
  /** Messages as SIPp saw them. */
  messages: string;
  statistics: { successful: number; failed: number; retransmissions: number };
}

export interface SippOptions {
  scenario: string;
  /** `127.0.0.1:5060`; not for a scenario that waits. */
  remote?: string;
  /** Value of [service]. */
  service?: string;
  calls?: number;
  ratePerS?: number;
  transport?: 'u1' | 't1';
  timeoutS?: number;
  localPort?: number;
  /** 127.0.0.1 unless said otherwise. */
  localAddress?: string;
  /** `-key name value` pairs, `-au`, `-ap`, … */
  extra?: string[];
  onStarted?: () => void;
  /** Ends it before its calls are done. */
  signal?: AbortSignal;
}

export async function sipp(options: SippOptions): Promise<SippRun> {
  const dir = mkdtempSync(join(tmpdir(), 'cordboard-sipp-'));
  const file = join(dir, 'scenario.xml');
  writeFileSync(file, options.scenario);
  const port = options.localPort ?? (await freePorts(2));
  const args = [
    ...(options.remote === undefined ? [] : [options.remote]),
    ...[
      '-sf',
      file,
      '-i',
      options.localAddress ?? '127.0.0.1',
      '-p',
      String(port),
      '-m',
      String(options.calls ?? 1),
    ],
    ...['-r', String(options.ratePerS ?? 10), '-t', options.transport ?? 'u1'],
    ...['-timeout', `${options.timeoutS ?? 20}s`, '-timeout_error', '-nostdin'],
    ...['-trace_msg', '-message_file', join(dir, 'messages.log')],
    ...['-trace_stat', '-stf', join(dir, 'stat.csv'), '-fd', '1'],
    ...(options.service === undefined ? [] : ['-s', options.service]),
    ...(options.extra ?? []),
  ];
  const child = spawn('sipp', args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString('latin1')).slice(-20_000);
    });
  options.onStarted?.();
  options.signal?.addEventListener('abort', () => child.kill('SIGKILL'));
  const status = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? -1));
  });
  const read = (name: string): string =>
    readdirSync(dir).includes(name) ? readFileSync(join(dir, name), 'latin1') : '';
  const run = { status, output, messages: read('messages.log'), statistics: statistics(read('stat.csv')) };
  rmSync(dir, { recursive: true, force: true });
  return run;
}

function statistics(csv: string): SippRun['statistics'] {
  const lines = csv.trim().split('\n');
  const names = lines[0]?.split(';') ?? [];
  const values = lines.at(-1)?.split(';') ?? [];
  const value = (name: string): number => Number(values[names.indexOf(name)] ?? 0);
  return {
    successful: value('SuccessfulCall(C)'),
    failed: value('FailedCall(C)'),
    retransmissions: value('Retransmissions(C)'),
  };
}
