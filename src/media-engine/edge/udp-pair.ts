/**
 * The two sockets of a leg: RTP on an even port, RTCP on the next (RFC 3550 section 11). Ports are drawn at random
 * from the range, so that the next call's cannot be guessed from the last.
 */
import { randomInt } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { CordboardError } from '../../base/errors.ts';

export interface PortRange {
  from: number;
  /** Inclusive. */
  to: number;
}

export interface PacketHandlers {
  rtp(packet: Buffer, address: string, port: number): void;
  rtcp(packet: Buffer, address: string, port: number): void;
}

export class UdpPair {
  readonly port: number;
  readonly family: 4 | 6;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  #closed = false;
  /** Packets the kernel refused to send: no route, a firewall. */
  sendErrors = 0;

  constructor(port: number, family: 4 | 6, rtp: Socket, rtcp: Socket) {
    this.port = port;
    this.family = family;
    this.#rtp = rtp;
    this.#rtcp = rtcp;
  }

  /** Begins to deliver packets. */
  listen(handlers: PacketHandlers): void {
    this.#rtp.on('message', (packet: Buffer, from: RemoteInfo) =>
      handlers.rtp(packet, from.address, from.port),
    );
    this.#rtcp.on('message', (packet: Buffer, from: RemoteInfo) =>
      handlers.rtcp(packet, from.address, from.port),
    );
    for (const socket of [this.#rtp, this.#rtcp]) socket.on('error', () => this.sendErrors++);
  }

  sendRtp(packet: Buffer, offset: number, length: number, address: string, port: number): void {
    if (!this.#closed) this.#rtp.send(packet, offset, length, port, address);
  }

  sendRtcp(packet: Buffer, address: string, port: number): void {
    if (!this.#closed) this.#rtcp.send(packet, port, address);
  }

  /** Frees the ports; resolves when the kernel has them back. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.all([close(this.#rtp), close(this.#rtcp)]);
  }
}

/** @throws CordboardError `ports-exhausted`, or `media.bad-state` when the address is none of this machine's */
export async function bindUdpPair(bindAddress: string, range: PortRange): Promise<UdpPair> {
  const family = isIP(bindAddress) === 6 ? 6 : 4;
  const first = range.from + (range.from & 1);
  const pairs = pairsIn(range);
  // A random start and a random step coprime with the number of pairs visit each pair once.
  let at = pairs > 0 ? randomInt(pairs) : 0;
  const step = coprimeStep(pairs);
  for (let tried = 0; tried < pairs; tried++, at = (at + step) % pairs) {
    const port = first + at * 2;
    const rtp = await bind(family, bindAddress, port);
    if (!rtp) continue;
    const rtcp = await bind(family, bindAddress, port + 1);
    if (rtcp) return new UdpPair(port, family, rtp, rtcp);
    await close(rtp);
  }
  throw new CordboardError('ports-exhausted', `no free pair of RTP ports in ${range.from}-${range.to}`);
}

/** Pairs of an even port and the next in the range. */
export function pairsIn({ from, to }: PortRange): number {
  return Math.floor((to - from - (from & 1) + 1) / 2);
}

function coprimeStep(count: number): number {
  if (count < 3) return 1;
  for (;;) {
    const step = 1 + randomInt(count - 1);
    if (greatestCommonDivisor(step, count) === 1) return step;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Undefined when the port is taken. */
function bind(family: 4 | 6, address: string, port: number): Promise<Socket | undefined> {
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    // Peers are always numeric: answering at once spares each packet a turn through the resolver's queue.
    lookup: (host, _options, callback) => callback(null, host, family),
  });
  return new Promise((resolve, reject) => {
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close();
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else {
        reject(
          new CordboardError('media.bad-state', `cannot bind RTP to ${address}: ${error.message}`, {
            cause: error,
          }),
        );
      }
    });
    socket.bind({ port, address, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

function close(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.close(() => resolve()));
}
