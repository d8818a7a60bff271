import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Clock, Timer } from '../base/clock.ts';
import { hopelessExitCode } from '../base/exit-codes.ts';
import type { Heartbeat } from '../base/heartbeat.ts';
import type { Logger } from '../base/log.ts';
import { Pulse } from './pulse.ts';

/** What a child tells its supervisor over IPC. */
export type ChildMessage = { ready: true; notice?: unknown } | Heartbeat;

export interface ChildOptions {
  name: string;
  /** Program, a TypeScript file. */
  program: string;
  /** Given until it was ready once; after a crash it goes on from its own data, not from what it began with. */
  args?: string[];
  env: NodeJS.ProcessEnv;
  clock: Clock;
  log: Logger;
  onLine: (line: string) => void;
  onReady: (notice: unknown) => void;
  /** It ended with `hopelessExitCode` before it was ever ready; it is not started again. */
  onHopeless: () => void;
}

/** Young objects get 3 × 4 MB at most, not 3 × 16: at rest the three processes are some forty megabytes smaller. */
const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'];

/**
 * One process of the appliance, started again when it dies. One that hangs is killed, and so dies.
 *
 *     stopped -> starting -> ready -> (dies) -> waiting -> starting …
 *
 * One that says at its first start that it is hopeless stays ended; once it has run, the cause may be a passing one,
 * and it is tried again like after any other death. The first restart is immediate; a child that keeps dying young
 * waits 0.5 s, 1 s, 2 s … up to 10 s.
 */
export class Child {
  readonly #options: ChildOptions;
  #process: ChildProcess | undefined;
  #retry: Timer | undefined;
  #stopping = false;
  #startedAtMs = 0;
  #youngDeaths = 0;
  #wasReady = false;
  readonly #pulse: Pulse;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#pulse = new Pulse({
      clock: options.clock,
      lost: (silentMs) => {
        options.log.error('a process hangs and is ended', { name: options.name, silentMs });
        this.#process?.kill('SIGKILL');
      },
    });
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get name(): string {
    return this.#options.name;
  }

  start(): void {
    const { name, program, args, env, clock, log, onLine, onReady } = this.#options;
    this.#stopping = false;
    this.#startedAtMs = clock.monotonic();
    const child = fork(program, this.#wasReady ? [] : (args ?? []), {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: nodeFlags,
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', onLine);
    child.on('message', (message: ChildMessage) => {
      if ('beat' in message) {
        this.#pulse.beat();
        return;
      }
      this.#pulse.ready();
      this.#wasReady = true;
      onReady(message.notice);
    });
    child.on('error', (error) => log.error('cannot start a process', { name, error }));
    child.on('exit', (code, signal) => this.#ended(code, signal));
    this.#pulse.start();
  }

  /** SIGTERM, and SIGKILL after `patienceMs`. Resolves when it has ended. */
  stop(patienceMs = 8000): Promise<void> {
    this.#stopping = true;
    this.#retry?.cancel();
    this.#pulse.stop();
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      const kill = this.#options.clock.after(patienceMs, () => child.kill('SIGKILL'));
      child.once('exit', () => {
        kill.cancel();
        resolve();
      });
      child.kill('SIGTERM');
    });
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    const { name, clock, log, onHopeless } = this.#options;
    this.#pulse.stop();
    if (this.#stopping) return;
    if (code === hopelessExitCode && !this.#wasReady) {
      onHopeless();
      return;
    }
    const young = clock.monotonic() - this.#startedAtMs < 10_000;
    this.#youngDeaths = young ? this.#youngDeaths + 1 : 0;
    const delayMs = this.#youngDeaths < 2 ? 0 : Math.min(10_000, 250 * 2 ** (this.#youngDeaths - 1));
    log.error('a process died and is started again', { name, code, signal, delayMs });
    this.#retry = clock.after(delayMs, () => this.start());
  }
}
