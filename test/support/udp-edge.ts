/**
 * A stand-in peer for browser legs, written apart from the product's RTP edge: plays one tone to each leg and
 * keeps what each leg sent.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decodeG711, encodeG711, type G711Name } from '../../src/codec/g711.ts';
import type { RemoteMedia } from '../../src/codec/media-control.ts';
import { createRtpView, parseRtp, rtpHeaderBytes, writeRtpHeader } from '../../src/codec/rtp.ts';
import type { EdgeLegs } from '../../src/media-engine/web-legs.ts';
import { sine } from './sound.ts';

const packetSamples = 160;

export interface HeardPacket {
  sequence: number;
  timestamp: number;
  ssrc: number;
  payloadType: number;
  payload: Buffer;
}

/** Browsers have G.711 alone. */
function g711Of(remote: RemoteMedia | undefined): G711Name {
  return remote?.codec === 'PCMA' ? 'PCMA' : 'PCMU';
}

/** One RTP peer: it may also be a telephone's end. */
export class UdpEdgeLeg {
  readonly ssrc = Math.floor(Math.random() * 0x1_0000_0000);
  readonly heard: HeardPacket[] = [];
  rtcpReceived = 0;
  remote: RemoteMedia | undefined;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  #timer: NodeJS.Timeout | undefined;

  constructor(rtp: Socket, rtcp: Socket) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    rtcp.on('message', () => this.rtcpReceived++);
    rtp.on('message', (packet) => {
      const view = createRtpView();
      if (!parseRtp(packet, view)) return;
      const { sequence, timestamp, ssrc, payloadType, payloadOffset, payloadBytes } = view;
      const payload = Buffer.from(packet.subarray(payloadOffset, payloadOffset + payloadBytes));
      this.heard.push({ sequence, timestamp, ssrc, payloadType, payload });
    });
  }

  get port(): number {
    return this.#rtp.address().port;
  }

  /** The last `durationMs` that were heard. */
  samples(durationMs: number): Int16Array {
    const packets = this.heard.slice(-Math.ceil(durationMs / 20));
    return decodeG711(g711Of(this.remote), Buffer.concat(packets.map(({ payload }) => payload)));
  }

  /** Sends a tone in 20 ms packets, catching up with the clock when a timer was late. */
  play(remote: RemoteMedia, frequencyHz: number): void {
    this.remote = remote;
    clearInterval(this.#timer);
    const tone = encodeG711(g711Of(remote), sine(frequencyHz, 1000));
    const startedAt = performance.now();
    let sent = 0;
    this.#timer = setInterval(() => {
      while (sent * 20 <= performance.now() - startedAt) {
        const packet = Buffer.alloc(rtpHeaderBytes + packetSamples);
        writeRtpHeader(packet, 0, sent === 0, remote.payloadType, sent, sent * packetSamples, this.ssrc);
        const from = (sent * packetSamples) % tone.length;
        packet.set(tone.subarray(from, from + packetSamples), rtpHeaderBytes);
        this.#rtp.send(packet, remote.port, remote.address);
        sent++;
      }
    }, 10);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#rtp.close();
    this.#rtcp.close();
  }
}

export class UdpEdge implements EdgeLegs {
  readonly legs = new Map<string, UdpEdgeLeg>();
  readonly #frequencyHz: number;

  constructor(frequencyHz: number) {
    this.#frequencyHz = frequencyHz;
  }

  async createLeg(legId: string, bindAddress: string): Promise<{ port: number; ssrc: number }> {
    const leg = await createUdpLeg(bindAddress);
    this.legs.set(legId, leg);
    return { port: leg.port, ssrc: leg.ssrc };
  }

  async setRemote(legId: string, remote: RemoteMedia): Promise<void> {
    this.legs.get(legId)?.play(remote, this.#frequencyHz);
  }

  async closeLeg(legId: string): Promise<void> {
    this.legs.get(legId)?.close();
    this.legs.delete(legId);
  }
}

/** An RTP peer on two free ports of the address, the second for RTCP. */
export async function createUdpLeg(bindAddress: string): Promise<UdpEdgeLeg> {
  for (;;) {
    const rtp = await bound(bindAddress, 0);
    const port = rtp?.address().port ?? 0;
    const rtcp = port > 0 && port < 65_535 ? await bound(bindAddress, port + 1) : undefined;
    if (rtp && rtcp) return new UdpEdgeLeg(rtp, rtcp);
    rtp?.close();
  }
}

async function bound(address: string, port: number): Promise<Socket | undefined> {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, address);
    await once(socket, 'listening');
    return socket;
  } catch {
    socket.close();
    return undefined;
  }
}
