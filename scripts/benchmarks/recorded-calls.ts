/**
 * N recorded two-party calls at once through the true media engine: every party sends 20 ms G.711 packets that
 * carry their sending time, so that the other party measures loss and what the edge adds. Encrypted calls are
 * encrypted on both legs.
 */
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { ControlClient } from '../../src/base/control-socket.ts';
import type { MediaNotices, MediaOperations, SrtpMedia } from '../../src/codec/media-control.ts';
import { type SrtpSuite, srtpKeySizes } from '../../src/codec/sdes.ts';
import { SecureTransport } from '../../src/media-engine/edge/secure-transport.ts';
import { eventually } from '../../test/support/eventually.ts';
import { freePorts } from '../../test/support/free-ports.ts';
import { type Figure, percentile } from './figure.ts';
import { processCpuMs } from './process-cpu.ts';

const packetMs = 20;
const payloadBytes = 160;

interface Party {
  legId: string;
  socket: Socket;
  packet: Buffer;
  port: number;
  sequence: number;
  secure: SecureTransport;
}

/** Keys that are the same in both directions, as nobody but a bench may have them. */
function keysOf(suite: SrtpSuite): SrtpMedia {
  const { key, salt } = srtpKeySizes[suite];
  const both = randomBytes(key + salt).toString('base64');
  return { suite, sendKey: both, receiveKey: both, receiveMkiBytes: 0 };
}

export async function measureRecordedCalls(
  calls: number,
  seconds: number,
  suite?: SrtpSuite,
): Promise<Figure[]> {
  const what = suite ? `${calls} recorded calls by ${suite}` : `${calls} recorded calls`;
  const dir = mkdtempSync(join(tmpdir(), 'cordboard-bench-'));
  mkdirSync(join(dir, 'run'), { recursive: true });
  const webrtcPort = await freePorts(2);
  const engine = fork(join(import.meta.dirname, '../../src/media-engine/main.ts'), [], {
    env: {
      ...process.env,
      CORDBOARD_DATA: dir,
      CORDBOARD_BIND: '127.0.0.1',
      CORDBOARD_RTP_PORTS: '20000-24999',
      CORDBOARD_WEBRTC_PORT: String(webrtcPort),
      CORDBOARD_LOG: 'warn',
    },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const media = new ControlClient<MediaOperations, MediaNotices>({
    path: join(dir, 'run', 'media.sock'),
    clock: systemClock,
  });
  const parties: Party[] = [];
  const latenciesMs: number[] = [];
  let sent = 0;
  let received = 0;
  try {
    await eventually('the media engine is up', () => once(engine, 'message').then(() => true), 20_000);
    media.start();
    await eventually('its control socket', () => media.isUp);
    await media.call('hello', { clientId: 'bench' });

    const measuring = { on: false };
    const addParty = async (legId: string): Promise<Party> => {
      const { port } = await media.call('leg.create', { legId, bindAddress: '127.0.0.1' });
      const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      const packet = Buffer.alloc(12 + payloadBytes, 0xff);
      packet[0] = 0x80;
      packet[1] = 0;
      packet.writeUInt32BE((Math.random() * 0xffffffff) >>> 0, 8);
      const secure = new SecureTransport({
        port,
        family: 4,
        sendRtp: (sealed, offset, length) =>
          socket.send(Buffer.from(sealed.subarray(offset, offset + length)), port, '127.0.0.1'),
        sendRtcp: () => {},
      });
      const srtp = suite ? { srtp: keysOf(suite) } : {};
      secure.configure(srtp);
      const party = { legId, socket, packet, port, sequence: 0, secure };
      socket.on('message', (wire: Buffer) => {
        const message = secure.openRtp(wire);
        if (!measuring.on || message?.length !== 12 + payloadBytes) return;
        const sentAt = message.readDoubleBE(12);
        if (!(sentAt > 0 && sentAt < 1e12) || message.readUInt32BE(20) !== 0xc04db0a2) return; // silence of the edge
        received++;
        latenciesMs.push(performance.now() - sentAt);
      });
      await media.call('leg.remote', {
        legId,
        remote: {
          address: '127.0.0.1',
          port: socket.address().port,
          codec: 'PCMU',
          payloadType: 0,
          ptimeMs: packetMs,
          direction: 'sendrecv',
          symmetric: false,
          ...srtp,
        },
      });
      parties.push(party);
      return party;
    };
    for (let i = 0; i < calls; i++) {
      const a = await addParty(`a${i}`);
      const b = await addParty(`b${i}`);
      await media.call('bridge.join', { bridgeId: `x${i}`, legIds: [a.legId, b.legId] });
      await media.call('record.start', {
        recordingId: `r${i}`,
        file: join(dir, `r${i}.wav`),
        leftLegId: a.legId,
        rightLegId: b.legId,
      });
    }

    // Parties are spread over the packet time, as phones are.
    const startedAt = performance.now() + 200;
    const warmUpPackets = 50;
    const packets = warmUpPackets + (seconds * 1000) / packetMs;
    let cpuBefore = 0;
    let index = 0;
    await new Promise<void>((resolve) => {
      const tick = (): void => {
        const now = performance.now();
        for (;;) {
          const round = Math.floor(index / parties.length);
          const slot = index % parties.length;
          if (now < startedAt + round * packetMs + (slot * packetMs) / parties.length) break;
          if (round >= packets) {
            resolve();
            return;
          }
          if (round === warmUpPackets && slot === 0) {
            cpuBefore = processCpuMs(engine.pid ?? 0);
            measuring.on = true;
          }
          const party = parties[slot];
          index++;
          if (!party) continue;
          party.packet.writeUInt16BE(party.sequence & 0xffff, 2);
          party.packet.writeUInt32BE((party.sequence * payloadBytes) >>> 0, 4);
          party.sequence++;
          party.packet.writeDoubleBE(performance.now(), 12);
          party.packet.writeUInt32BE(measuring.on ? 0xc04db0a2 : 0, 20);
          if (measuring.on) sent++;
          party.secure.sendRtp(party.packet, 0, party.packet.length, '127.0.0.1', party.port);
        }
        setTimeout(tick, 1);
      };
      tick();
    });
    const cpuMs = processCpuMs(engine.pid ?? 0) - cpuBefore;
    await eventually('the last packets', () => received >= sent, 1000).catch(() => {});
    measuring.on = false;

    for (let i = 0; i < calls; i++) await media.call('record.stop', { recordingId: `r${i}` });
    for (const party of parties) await media.call('leg.close', { legId: party.legId });
    const lost = sent - received;
    return [
      {
        what: `${what}: packets lost of ${sent}`,
        measured: lost,
        unit: 'packets',
        budget: 0,
        ambition: 0,
        bound: 'most',
      },
      {
        what: `${what}: latency added, p99`,
        measured: percentile(latenciesMs, 0.99),
        unit: 'ms',
        budget: 5,
        ambition: 1,
        bound: 'most',
        note: `p50 ${percentile(latenciesMs, 0.5).toFixed(3)} ms, both ends of the measurement in one busy process`,
      },
      {
        what: `${what}: CPU a call`,
        measured: (100 * cpuMs) / (seconds * 1000) / calls,
        unit: '% of a core',
        budget: 0.5,
        ambition: 0.3,
        bound: 'most',
      },
    ];
  } finally {
    for (const { socket } of parties) socket.close();
    media.stop();
    const ended = once(engine, 'exit');
    engine.kill('SIGTERM');
    await ended;
    rmSync(dir, { recursive: true, force: true });
  }
}
