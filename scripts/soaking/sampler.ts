/** What each process of the instance holds: memory, descriptors, processor time, and its own counts. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineStats } from '../../src/codec/engine-control.ts';
import type { MediaStats } from '../../src/codec/media-control.ts';
import { eventually } from '../../test/support/eventually.ts';
import type { Instance } from '../../test/support/instance.ts';
import { processCpuMs } from '../benchmarks/process-cpu.ts';

export interface HeapReport {
  heapUsed: number;
  external: number;
  arrayBuffers: number;
  /** Open timers and handles by kind, as Node counts them. */
  resources: Record<string, number>;
}

export interface ProcessSample {
  pid: number;
  rssBytes: number;
  descriptors: number;
  cpuMs: number;
  threads: number;
  /** After a garbage collection; only now and then, and of Node processes alone. */
  heap?: HeapReport;
}

export interface Sample {
  /** Since the load began, seconds. */
  atS: number;
  processes: Record<string, ProcessSample>;
  sip: EngineStats;
  media: MediaStats;
}

export class Sampler {
  readonly #box: Instance;
  readonly #dir: string;
  readonly #startedAt = performance.now();

  /** @param dir where heap-probe.ts writes */
  constructor(box: Instance, dir: string) {
    this.#box = box;
    this.#dir = dir;
  }

  /** @param withHeap collects garbage in each process first: it pauses them for some ten milliseconds */
  async sample(withHeap: boolean): Promise<Sample> {
    const { sip, media } = await this.#box.stats();
    const processes: Record<string, ProcessSample> = {};
    for (const [name, pid] of Object.entries(this.#box.pids)) {
      const heap = withHeap ? await this.#heap(pid) : undefined;
      processes[name] = { ...describe(pid), ...(heap ? { heap } : {}) };
    }
    for (const pid of media.workerPids) processes['mediasoup-worker'] = describe(pid);
    const atS = Math.round((performance.now() - this.#startedAt) / 100) / 10;
    return { atS, processes, sip, media };
  }

  async #heap(pid: number): Promise<HeapReport> {
    const file = join(this.#dir, `${pid}.json`);
    rmSync(file, { force: true });
    process.kill(pid, 'SIGUSR2');
    return eventually(`process ${pid} tells of its heap`, () => {
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as HeapReport;
      } catch {
        return undefined; // not written yet
      }
    });
  }
}

function describe(pid: number): ProcessSample {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const value = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return {
    pid,
    rssBytes: value('VmRSS') * 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    cpuMs: processCpuMs(pid),
    threads: value('Threads'),
  };
}
