/** The true media engine on its own, for figures of the audio alone. */
import { fork } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { ControlClient } from '../../src/base/control-socket.ts';
import type { MediaNotices, MediaOperations, RemoteMedia } from '../../src/codec/media-control.ts';
import { eventually } from '../../test/support/eventually.ts';
import { freePorts } from '../../test/support/free-ports.ts';

export const packetMs = 20;

export interface MediaBench {
  media: ControlClient<MediaOperations, MediaNotices>;
  pid: number;
  /** Removed at the end. */
  dir: string;
}

/** Starts it, lets `measure` use it, and ends it. */
export async function withMediaEngine<T>(measure: (bench: MediaBench) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'cordboard-bench-'));
  mkdirSync(join(dir, 'run'), { recursive: true });
  const engine = fork(join(import.meta.dirname, '../../src/media-engine/main.ts'), [], {
    env: {
      ...process.env,
      CORDBOARD_DATA: dir,
      CORDBOARD_BIND: '127.0.0.1',
      CORDBOARD_RTP_PORTS: '20000-24999',
      CORDBOARD_WEBRTC_PORT: String(await freePorts(2)),
      CORDBOARD_LOG: 'warn',
    },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const path = join(dir, 'run', 'media.sock');
  const media = new ControlClient<MediaOperations, MediaNotices>({ path, clock: systemClock });
  try {
    await eventually('the media engine is up', () => once(engine, 'message').then(() => true), 20_000);
    media.start();
    await eventually('its control socket', () => media.isUp);
    await media.call('hello', { clientId: 'bench' });
    return await measure({ media, pid: engine.pid ?? 0, dir });
  } finally {
    media.stop();
    const ended = once(engine, 'exit');
    engine.kill('SIGTERM');
    await ended;
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A leg of the engine, and the socket of its peer. @returns the leg's RTP port */
export async function openLeg(
  { media }: MediaBench,
  legId: string,
  encryption: Pick<RemoteMedia, 'srtp'> = {},
): Promise<{ socket: Socket; port: number }> {
  const { port } = await media.call('leg.create', { legId, bindAddress: '127.0.0.1' });
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const remote = {
    address: '127.0.0.1',
    port: socket.address().port,
    codec: 'PCMU',
    payloadType: 0,
    ptimeMs: packetMs,
    direction: 'sendrecv',
    symmetric: false,
    ...encryption,
  } as const;
  await media.call('leg.remote', { legId, remote });
  return { socket, port };
}
