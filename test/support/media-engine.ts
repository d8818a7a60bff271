/**
 * A real media engine process and its control client, for system tests.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { ControlClient } from '../../src/base/control-socket.ts';
import type { MediaNotices, MediaOperations, RemoteMedia } from '../../src/codec/media-control.ts';
import { eventually } from './eventually.ts';
import type { RtpPhone } from './rtp-phone.ts';
import { untilReady } from './until-ready.ts';

const entry = new URL('../../src/media-engine/main.ts', import.meta.url).pathname;

export type MediaClient = ControlClient<MediaOperations, MediaNotices>;

export interface MediaEngineProcess {
  readonly child: ChildProcess;
  readonly dataDir: string;
  readonly client: MediaClient;
  /** Another connection, as a second appliance would make it. */
  connect(): Promise<MediaClient>;
  /** Notices so far, in order. */
  readonly notices: [event: string, args: Record<string, unknown>][];
  /** Waits for the notice `event` whose arguments contain `like`. */
  notice(event: string, like?: Record<string, unknown>, timeoutMs?: number): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** Starts the engine on loopback with RTP ports `from`-`to`. */
export async function startMediaEngine(ports: {
  from: number;
  to: number;
  webrtc: number;
  threads?: number;
  env?: NodeJS.ProcessEnv;
}): Promise<MediaEngineProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cordboard-media-'));
  const child = fork(entry, {
    env: {
      ...process.env,
      CORDBOARD_DATA: dataDir,
      CORDBOARD_BIND: '127.0.0.1',
      CORDBOARD_RTP_PORTS: `${ports.from}-${ports.to}`,
      CORDBOARD_WEBRTC_PORT: String(ports.webrtc),
      CORDBOARD_MEDIA_THREADS: String(ports.threads ?? 1),
      CORDBOARD_LOG: process.env.CORDBOARD_LOG ?? 'warn',
      ...ports.env,
    },
  });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`the media engine ended with ${code}`);
  });
  await Promise.race([untilReady(child), died]);
  died.catch(() => {}); // from now on its end is expected
  const notices: [string, Record<string, unknown>][] = [];
  const clients: MediaClient[] = [];
  const connect = async (): Promise<MediaClient> => {
    const client: MediaClient = new ControlClient({
      path: join(dataDir, 'run', 'media.sock'),
      clock: systemClock,
    });
    clients.push(client);
    client.start();
    await eventually('the control connection', () => client.isUp);
    return client;
  };
  const client = await connect();
  client.events.on('notice', (event, args) => notices.push([String(event), args as Record<string, unknown>]));
  return {
    child,
    dataDir,
    client,
    connect,
    notices,
    notice: (event, like = {}, timeoutMs) =>
      eventually(
        `${event} ${JSON.stringify(like)}`,
        () =>
          notices.find(
            ([name, args]) =>
              name === event && Object.entries(like).every(([key, value]) => args[key] === value),
          )?.[1],
        timeoutMs,
      ),
    async stop() {
      for (const each of clients) each.stop();
      if (child.exitCode === null && child.signalCode === null) {
        const exit = once(child, 'exit');
        child.kill('SIGTERM');
        await exit;
      }
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** What signalling would have settled with this phone. */
export function remoteOf(phone: RtpPhone, changes: Partial<RemoteMedia> = {}): RemoteMedia {
  return {
    address: phone.address,
    port: phone.port,
    rtcpPort: phone.rtcpPort,
    codec: phone.codec,
    payloadType: phone.payloadType,
    telephoneEventPayloadType: phone.telephoneEventPayloadType,
    ptimeMs: 20,
    direction: 'sendrecv',
    symmetric: false,
    ...changes,
  };
}

/** Makes a leg and tells both ends of each other. */
export async function connectPhone(
  client: MediaClient,
  legId: string,
  phone: RtpPhone,
  changes: Partial<RemoteMedia> = {},
): Promise<number> {
  const { port } = await client.call('leg.create', { legId, bindAddress: '127.0.0.1' });
  phone.aim(port);
  await client.call('leg.remote', { legId, remote: remoteOf(phone, changes) });
  return port;
}
