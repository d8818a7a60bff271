/**
 * The real API with its real rules over an office in memory, serving the built pages by HTTPS: what pages are looked
 * at and tested against without phones. `node test/support/ui-fixture-server.ts [port]` runs it until it is ended.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiServer } from '../../src/api/server.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createLogger } from '../../src/base/log.ts';
import { emptySettings } from '../../src/domain/settings.ts';
import { peaksOf } from '../../src/store/peaks.ts';
import { type MemoryPorts, memoryPorts } from './api-ports.ts';
import { freePorts } from './free-ports.ts';
import { talkRecording } from './talk-recording.ts';
import { fixtureLog } from './ui-fixture-log.ts';
import {
  eventsOfCall,
  fixtureLamps,
  fixturePassword,
  fixtureSettings,
  liveOffice,
  pastCalls,
  sipMessages,
} from './ui-fixture-office.ts';

export interface UiFixture {
  url: string;
  ports: MemoryPorts;
  /** Null once claimed. */
  claimCode: () => string | null;
  stop: () => Promise<void>;
  /** Ends the server and starts another on the same port and office, as an update of the box does. */
  restart: () => Promise<void>;
}

function fill(ports: MemoryPorts, dataDir: string): void {
  const now = Date.now();
  ports.calls.log.push(...pastCalls(now));
  ports.figures.log.push(...fixtureLog(now));
  ports.live.set({ ...liveOffice(now), hours: ports.hours.live() });
  ports.settings.events.on('changed', () => ports.live.set({ hours: ports.hours.live() }));
  ports.lamps.set(fixtureLamps);
  const sound = talkRecording(123_000);
  const soundFile = join(dataDir, 'talk.wav');
  writeFileSync(soundFile, sound);
  ports.recordings.peaks = async (file) => (ports.files.has(file) ? peaksOf(soundFile) : undefined);
  ports.events.push(...eventsOfCall('past-0', now - 600_000));
  for (const call of ports.calls.log) {
    ports.messages.set(call.callId, sipMessages(call.startedAt));
    for (const recording of call.recordings) ports.files.set(recording.file, sound);
  }
  ports.health.report = async () => ({
    faults: ports.live.snapshot().faults,
    versions: { cordboard: '0.1.0', node: '24.0.0', mediasoup: '3.19.3' },
    startedAt: now - 86_400_000,
    disk: { freeBytes: 21_400_000_000, totalBytes: 64_000_000_000, recordingsBytes: 3_120_000_000 },
    processes: [
      { name: 'appliance', state: 'up', pid: 412, memoryBytes: 92_000_000 },
      { name: 'sip-engine', state: 'up', pid: 413, memoryBytes: 61_000_000 },
      { name: 'media-engine', state: 'down', pid: null, memoryBytes: null },
    ],
    sip: { servers: ['192.168.1.5'], port: 5060 },
  });
  // The memory agent knows no calls: what was chosen is shown in the live picture.
  const chooseStatus = ports.calls.setAgentStatus.bind(ports.calls);
  ports.calls.setAgentStatus = async (agentId, status, reason) => {
    const agent = await chooseStatus(agentId, status, reason);
    const agents = ports.live
      .snapshot()
      .agents.map((each) => (each.agentId === agentId ? { ...each, status, since: Date.now() } : each));
    ports.live.set({ agents });
    return agents.find((each) => each.agentId === agentId) ?? agent;
  };
}

/** @param options.office `busy`: claimed and full; `unclaimed`: as on the first start */
export async function startUiFixture(
  options: { office?: 'busy' | 'unclaimed'; port?: number; uiDirectory?: string } = {},
): Promise<UiFixture> {
  const office = options.office ?? 'busy';
  const dataDir = mkdtempSync(join(tmpdir(), 'cordboard-ui-'));
  const ports = memoryPorts(office === 'busy' ? fixtureSettings() : emptySettings());
  if (office === 'busy') fill(ports, dataDir);
  const httpPort = options.port ?? (await freePorts());
  const start = async (): Promise<ApiServer> => {
    const server = new ApiServer({
      config: { dataDir, bind: ['127.0.0.1'], httpPort, sipPort: 5060, sipsPort: 5061 },
      ports,
      clock: systemClock,
      log: createLogger('ui-fixture', { write: () => undefined }),
      uiDirectory: options.uiDirectory ?? join(import.meta.dirname, '../../web-ui/dist'),
      version: '0.1.0',
    });
    await server.start();
    return server;
  };
  let server = await start();
  return {
    url: `https://127.0.0.1:${httpPort}`,
    ports,
    claimCode: () => server.claimCode(),
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
    async restart() {
      await server.stop();
      server = await start();
    },
  };
}

if (import.meta.main) {
  const port = Number(process.argv[2] ?? 25_000);
  const fixture = await startUiFixture({
    port,
    office: process.argv[3] === 'unclaimed' ? 'unclaimed' : 'busy',
  });
  console.log(`${fixture.url}  admin / ${fixturePassword}  claim code ${fixture.claimCode()}`);
}
