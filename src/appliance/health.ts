import { readFile, statfs } from 'node:fs/promises';
import type { HealthPort } from '../api/ports.ts';
import type { ControlClient } from '../base/control-socket.ts';
import type { EngineNotices, EngineOperations } from '../codec/engine-control.ts';
import type { MediaNotices, MediaOperations } from '../codec/media-control.ts';
import type { LiveFault } from '../domain/live.ts';

export interface HealthDeps {
  dataDir: string;
  startedAt: number;
  versions: Record<string, string>;
  sip: { servers: () => string[]; port: number };
  faults: () => LiveFault[];
  recordingsBytes: () => Promise<number>;
  engine: ControlClient<EngineOperations, EngineNotices>;
  media: ControlClient<MediaOperations, MediaNotices>;
}

type Report = Awaited<ReturnType<HealthPort['report']>>;

/** What the System page shows: faults, versions, disk, processes and what they need. */
export function healthPort(deps: HealthDeps): HealthPort {
  return {
    async report() {
      const disk = await statfs(deps.dataDir);
      const engine = await deps.engine.call('stats', {}).catch(() => undefined);
      const media = await deps.media.call('stats', {}).catch(() => undefined);
      const processes: Report['processes'] = [await describe('appliance', process.pid)];
      processes.push(await describe('sip-engine', engine?.pid));
      processes.push(await describe('media-engine', media?.pid));
      for (const pid of media?.workerPids ?? []) processes.push(await describe('mediasoup-worker', pid));
      return {
        faults: deps.faults(),
        versions: deps.versions,
        startedAt: deps.startedAt,
        disk: {
          freeBytes: disk.bavail * disk.bsize,
          totalBytes: disk.blocks * disk.bsize,
          recordingsBytes: await deps.recordingsBytes(),
        },
        processes,
        sip: { servers: deps.sip.servers(), port: deps.sip.port },
      };
    },
  };
}

async function describe(name: string, pid: number | undefined): Promise<Report['processes'][number]> {
  if (pid === undefined) return { name, state: 'down', pid: null, memoryBytes: null };
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const residentKb = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return { name, state: 'up', pid, memoryBytes: residentKb === undefined ? null : Number(residentKb) * 1024 };
}
