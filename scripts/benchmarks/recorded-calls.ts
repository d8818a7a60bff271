/**
 * N recorded two-party calls at once through the true media engine: every party sends 20 ms G.711 packets that
 * carry their sending time, so that the other party measures loss and what the edge adds. Encrypted calls are
 * encrypted on both legs.
 */
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:dgram';
import { join } from 'node:path';
import type { SrtpMedia } from '../../src/codec/media-control.ts';
import { type SrtpSuite, srtpKeySizes } from '../../src/codec/sdes.ts';
import { SecureTransport } from '../../src/media-engine/edge/secure-transport.ts';
import { eventually } from '../../test/support/eventually.ts';
import { type Figure, percentile } from './figure.ts';
import { type MediaBench, openLeg, packetMs, withMediaEngine } from './media-bench.ts';
import { processCpuMs } from './process-cpu.ts';

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

export function measureRecordedCalls(calls: number, seconds: number, suite?: SrtpSuite): Promise<Figure[]> {
  return withMediaEngine((bench) => measure(bench, calls, seconds, suite));
}

async function measure(
  bench: MediaBench,
  calls: number,
  seconds: number,
  suite: SrtpSuite | undefined,
): Promise<Figure[]> {
  const what = suite ? `${calls} recorded calls by ${suite}` : `${calls} recorded calls`;
  const { media, pid, dir } = bench;
  const parties: Party[] = [];
  const latenciesMs: number[] = [];
  let sent = 0;
  let received = 0;
  // Beyond 50 calls the figures are ambitions: no budget is broken by them.
  const budget = (value: number): number => (calls <= 50 ? value : Number.POSITIVE_INFINITY);
  try {
    const measuring = { on: false };
    const addParty = async (legId: string): Promise<Party> => {
      const srtp = suite ? { srtp: keysOf(suite) } : {};
      const { socket, port } = await openLeg(bench, legId, srtp);
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
            cpuBefore = processCpuMs(pid);
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
    const cpuMs = processCpuMs(pid) - cpuBefore;
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
        budget: budget(0),
        ambition: 0,
        bound: 'most',
      },
      {
        what: `${what}: latency added, p99`,
        measured: percentile(latenciesMs, 0.99),
        unit: 'ms',
        budget: budget(5),
        ambition: 1,
        bound: 'most',
        note: `p50 ${percentile(latenciesMs, 0.5).toFixed(3)} ms, both ends of the measurement in one busy process`,
      },
      {
        what: `${what}: CPU a call`,
        measured: (100 * cpuMs) / (seconds * 1000) / calls,
        unit: '% of a core',
        // Encrypted on both legs, each packet is opened once and sealed once more.
        budget: budget(suite ? 0.8 : 0.5),
        ambition: suite ? 0.4 : 0.3,
        bound: 'most',
      },
    ];
  } finally {
    for (const { socket } of parties) socket.close();
  }
}
