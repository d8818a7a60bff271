/**
 * Sees that a peer's machine refuses what is sent to it (ICMP port unreachable, RFC 3261 §18.4). The kernel tells that
 * to connected UDP sockets only, and one for each peer is more than most peers are worth: so a message that has to be
 * repeated goes out on a socket of its own, bound to the same port and connected to that one peer, for a second. What
 * the peer sends meanwhile arrives there. About 0.1 ms of work each.
 *
 * A machine that is switched off refuses nothing; it is silent.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock, Timer } from '../base/clock.ts';
import { formatHostPort } from '../codec/sip-uri.ts';

/** Refusals come within a round trip. */
const openForMs = 1000;
/** More at once are not worth their descriptors: the rest go out as ever. */
const maxOpen = 64;

export interface UdpRefusalsOptions {
  bind: string;
  port: number;
  clock: Clock;
  received(data: Buffer, remote: RemoteInfo): void;
  /** Sends the usual way, for what cannot be sent from here. */
  sendPlain(text: string, address: string, port: number): void;
}

interface Watched {
  socket: Socket;
  isConnected: boolean;
  send(text: string): void;
  waiting: string[];
  refused: Set<(error: Error) => void>;
  limit: Timer;
}

export class UdpRefusals {
  readonly #options: UdpRefusalsOptions;
  readonly #watched = new Map<string, Watched>();

  constructor(options: UdpRefusalsOptions) {
    this.#options = options;
  }

  /**
   * Sends `text` so that a refusal is told to `refused`.
   * @returns false when it cannot be sent this way now
   */
  send(text: string, address: string, port: number, refused: (error: Error) => void): boolean {
    const key = formatHostPort(address, port);
    const watched = this.#watched.get(key) ?? this.#open(key, address, port);
    if (!watched) return false;
    watched.refused.add(refused);
    watched.limit.cancel();
    watched.limit = this.#options.clock.after(openForMs, () => this.#close(key, watched));
    if (watched.isConnected) watched.send(text);
    else watched.waiting.push(text);
    return true;
  }

  /** Closes all sockets. */
  stop(): void {
    for (const [key, watched] of this.#watched) this.#close(key, watched);
  }

  #open(key: string, address: string, port: number): Watched | undefined {
    if (this.#watched.size >= maxOpen) return undefined;
    const { bind, port: ownPort, received, clock } = this.#options;
    const socket = createSocket({
      type: isIPv6(bind) ? 'udp6' : 'udp4',
      ipv6Only: isIPv6(bind),
      reuseAddr: true,
    });
    const failed = (error: NodeJS.ErrnoException): void => {
      if (this.#watched.get(key) !== watched) return;
      this.#close(key, watched);
      if (error.code === 'ECONNREFUSED') for (const refused of watched.refused) refused(error);
      // A fault of this machine says nothing of the peer.
      else for (const text of watched.waiting.splice(0)) this.#options.sendPlain(text, address, port);
    };
    const watched: Watched = {
      socket,
      isConnected: false,
      // The kernel tells the refusal of one datagram to whoever sends or reads next.
      send: (text) => socket.send(text, (error) => error && failed(error)),
      waiting: [],
      refused: new Set(),
      limit: clock.after(openForMs, () => {}),
    };
    this.#watched.set(key, watched);
    socket.on('message', received);
    socket.on('error', failed);
    socket.bind({ address: bind, port: ownPort, exclusive: true }, () => {
      if (this.#watched.get(key) !== watched) return;
      socket.connect(port, address, (error?: Error) => {
        if (error) return failed(error);
        watched.isConnected = true;
        for (const text of watched.waiting.splice(0)) watched.send(text);
      });
    });
    return watched;
  }

  #close(key: string, watched: Watched): void {
    if (this.#watched.get(key) !== watched) return;
    this.#watched.delete(key);
    watched.limit.cancel();
    watched.socket.close();
  }
}
