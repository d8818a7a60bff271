/**
 * The capacity test: measures what this very machine carries by loop calls through its own signalling, media and
 * recording, rising in steps until something gives way, and sets the number of calls admitted. It runs while no call
 * is up only, and gives way at once when one comes.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { CordboardError } from '../base/errors.ts';
import { randomId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import { LoopCalls } from '../call-control/loop-calls.ts';
import {
  type CapacityResult,
  type CapacityStep,
  type CapacityStop,
  capacitySteps,
  capacityStops,
  faultOf,
  isMeasured,
  limitOf,
  parseLoopNumber,
} from '../domain/capacity.ts';
import { DurableFile } from '../store/durable-file.ts';
import type { Leg, Telephony } from '../telephony/contract.ts';
import { answerOf, order, startLoad } from './capacity-load.ts';

const measureMs = 2500;
/** How long the machine is watched before anything is asked of it. */
const baselineMs = 1000;
/** Calls just set up settle: files are made, code is compiled. */
const settleMs = 500;
/** Longest that the calls of a step may take to be set up. */
const setUpMs = 15_000;
/** What the load says to an order comes within this. */
const answerMs = 5000;
const keptResults = 10;

const fileSchema = z.object({
  results: z.array(
    z.object({
      at: z.number(),
      durationMs: z.number(),
      machine: z.object({ processors: z.number(), model: z.string(), memoryBytes: z.number() }),
      versions: z.record(z.string(), z.string()),
      steps: z.array(
        z.object({
          calls: z.number(),
          lossShare: z.number(),
          latencyP99Ms: z.number(),
          processorShare: z.number(),
          failed: z.number(),
        }),
      ),
      stop: z.enum(capacityStops),
      carried: z.number(),
      limit: z.number(),
    }),
  ),
});

export interface CapacityTestDeps {
  dataDir: string;
  /** Where the load runs, and the SIP server as seen from there. */
  address: string;
  sipPort: number;
  /** False: another SIP server is in use, which cannot be measured from here. */
  isPossible: () => boolean;
  /** Calls in progress. */
  calls: () => number;
  freePortPairs: () => Promise<number>;
  versions: Record<string, string>;
  clock: Clock;
  log: Logger;
}

export interface CapacityRun {
  startedAt: number;
  /** Calls up, or being set up. */
  calls: number;
  /** How many steps there are at most. */
  stepsInAll: number;
  steps: CapacityStep[];
}

/** `busy`: the machine had too much else to do for its outcome to count. */
export type CapacityAbort = 'call' | 'person' | 'busy' | 'failed';

interface Run extends CapacityRun {
  token: string;
  loops: LoopCalls;
  abort: AbortController;
}

export class CapacityTest {
  readonly events = new Emitter<{ changed: [] }>();
  readonly #deps: CapacityTestDeps;
  readonly #file: DurableFile;
  readonly #loopDir: string;
  #telephony: Telephony | undefined;
  #results: CapacityResult[] = [];
  #run: Run | undefined;
  /** Why the latest run gave no result; null when it did. */
  #aborted: CapacityAbort | null = null;

  constructor(deps: CapacityTestDeps) {
    this.#deps = deps;
    this.#file = new DurableFile(join(deps.dataDir, 'capacity.json'));
    this.#loopDir = join(deps.dataDir, 'capacity-test');
  }

  /** Reads earlier results; a broken file is told and left out, since it can be measured anew. */
  async start(telephony: Telephony): Promise<void> {
    this.#telephony = telephony;
    await rm(this.#loopDir, { recursive: true, force: true });
    const text = await this.#file.read();
    if (text === null) return;
    try {
      this.#results = fileSchema.parse(JSON.parse(text)).results;
    } catch (error) {
      this.#deps.log.warn('the results of capacity tests cannot be read', { error });
    }
  }

  async stop(): Promise<void> {
    this.abort('person');
    while (this.#run) await new Promise((resolve) => this.#deps.clock.after(20, () => resolve(undefined)));
  }

  /** The latest first. */
  get results(): readonly CapacityResult[] {
    return this.#results;
  }

  get running(): CapacityRun | null {
    if (!this.#run) return null;
    const { startedAt, calls, stepsInAll, steps } = this.#run;
    return { startedAt, calls, stepsInAll, steps };
  }

  get aborted(): CapacityAbort | null {
    return this.#aborted;
  }

  /** Calls to admit as measured; undefined when nobody has measured it. */
  get limit(): number | undefined {
    return this.#results[0]?.limit;
  }

  /** @throws CordboardError capacity.busy while calls are up or a test runs, capacity.impossible */
  begin(): void {
    const { calls, isPossible, clock } = this.#deps;
    if (!isPossible() || !this.#telephony)
      throw new CordboardError(
        'capacity.impossible',
        'another SIP server is in use, it cannot be measured from here',
      );
    if (this.#run) throw new CordboardError('capacity.busy', 'the test runs already');
    if (calls() > 0)
      throw new CordboardError('capacity.busy', 'calls are up: the test waits for a quiet moment');
    const run = {
      startedAt: clock.now(),
      calls: 0,
      stepsInAll: 1,
      steps: [],
      token: randomId(16),
      loops: new LoopCalls({ telephony: this.#telephony, dir: this.#loopDir }),
      abort: new AbortController(),
    };
    this.#run = run;
    this.#aborted = null;
    this.events.emit('changed');
    void this.#measure(run)
      .catch((error: unknown) => {
        if (!run.abort.signal.aborted) {
          this.#aborted = 'failed';
          this.#deps.log.error('the capacity test failed', { error });
        }
      })
      .finally(() => {
        this.#run = undefined;
        this.events.emit('changed');
      });
  }

  /** Ends it without a result. @returns false when none runs */
  abort(why: 'call' | 'person'): boolean {
    if (!this.#run || this.#run.abort.signal.aborted) return false;
    this.#aborted = why;
    this.#deps.log.info('the capacity test is broken off', { why });
    this.#run.abort.abort();
    return true;
  }

  /** Whether a call from there to that number is one of the test's. */
  isLoop(number: string, address: string): boolean {
    return this.#run !== undefined && this.#loopOf(number) !== undefined && address === this.#deps.address;
  }

  /** A leg of the test has come in. */
  take(leg: Leg, number: string): void {
    const loop = this.#loopOf(number);
    if (loop && this.#run) this.#run.loops.take(leg, loop.call, loop.side);
    else void leg.hangUp({ class: 'server', reason: 'shutting-down' }); // it has ended meanwhile
  }

  #loopOf(number: string): { call: string; side: 'a' | 'b' } | undefined {
    return this.#run && parseLoopNumber(number, this.#run.token);
  }

  async #measure(run: Run): Promise<void> {
    const { freePortPairs, clock, log, versions } = this.#deps;
    const begunMs = clock.monotonic();
    await mkdir(this.#loopDir, { recursive: true, mode: 0o700 });
    const quiet = processorTimes();
    await this.#pause(baselineMs, run.abort.signal);
    const shareBefore = shareOf(quiet, processorTimes());
    const { address, sipPort } = this.#deps;
    const load = startLoad({ address, sipPort, token: run.token });
    run.abort.signal.addEventListener('abort', () => load.kill(), { once: true });
    try {
      const { steps, end } = capacitySteps(await freePortPairs());
      run.stepsInAll = steps.length;
      let stop: CapacityStop = end;
      let carried = 0;
      for (const calls of steps) {
        run.calls = calls;
        this.events.emit('changed');
        const step = await this.#step(run, load, calls);
        run.abort.signal.throwIfAborted();
        run.steps = [...run.steps, step];
        const fault = faultOf(step);
        if (fault) {
          stop = fault;
          break;
        }
        carried = calls;
      }
      if (!isMeasured(shareBefore, carried)) {
        this.#aborted = 'busy';
        log.warn('the capacity test found the machine too busy with something else', { shareBefore });
        return;
      }
      const processors = cpus();
      const result: CapacityResult = {
        at: run.startedAt,
        durationMs: Math.round(clock.monotonic() - begunMs),
        machine: {
          processors: processors.length,
          model: processors[0]?.model.trim() ?? '',
          memoryBytes: totalmem(),
        },
        versions,
        steps: run.steps,
        stop,
        carried,
        limit: limitOf(carried),
      };
      this.#results = [result, ...this.#results].slice(0, keptResults);
      await this.#file.write(JSON.stringify({ results: this.#results }));
      log.info('the capacity test is done', { carried, limit: result.limit, stop });
    } finally {
      await run.loops.stop();
      load.kill();
      await rm(this.#loopDir, { recursive: true, force: true });
    }
  }

  async #step(run: Run, load: ChildProcess, calls: number): Promise<CapacityStep> {
    const { signal } = run.abort;
    const whole = { calls, lossShare: 1, latencyP99Ms: 0, processorShare: 0 };
    const up = answerOf(load, 'up', setUpMs, signal, (each) => each.calls >= calls);
    order(load, { order: 'calls', calls });
    const isUp = await up.catch((error: unknown) => {
      if (signal.aborted) throw error;
      return undefined;
    });
    if (!isUp) return { ...whole, failed: Math.max(1, run.loops.failed) };
    await this.#pause(settleMs, signal);
    const before = processorTimes();
    order(load, { order: 'measure' });
    await this.#pause(measureMs, signal);
    const after = processorTimes();
    const answer = answerOf(load, 'report', answerMs, signal, () => true);
    order(load, { order: 'report' });
    const { sent, received, latencyP99Ms, failed } = await answer;
    return {
      calls,
      lossShare: sent === 0 ? 1 : Math.max(0, (sent - received) / sent),
      latencyP99Ms,
      processorShare: shareOf(before, after),
      failed: failed + run.loops.failed,
    };
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.#deps.clock.after(ms, () => {
        signal.removeEventListener('abort', aborted);
        resolve();
      });
      const aborted = (): void => {
        timer.cancel();
        reject(signal.reason);
      };
      signal.addEventListener('abort', aborted, { once: true });
    });
  }
}

interface ProcessorTimes {
  busy: number;
  all: number;
}

/** Share of all processors that was used between two looks, 0..1. */
function shareOf(before: ProcessorTimes, after: ProcessorTimes): number {
  return (after.busy - before.busy) / Math.max(1, after.all - before.all);
}

/** Time that all processors have spent so far, milliseconds. */
function processorTimes(): ProcessorTimes {
  let busy = 0;
  let all = 0;
  for (const { times } of cpus()) {
    const { user, nice, sys, irq, idle } = times;
    busy += user + nice + sys + irq;
    all += user + nice + sys + irq + idle;
  }
  return { busy, all };
}
