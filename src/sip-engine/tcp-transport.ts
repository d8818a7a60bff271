/**
 * SIP over TCP. A connection serves both ways whoever opened it: answers go back on it, and requests to its far end
 * use it while it lives (RFC 3261 §18).
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { plainAddress } from '../codec/ip-network.ts';
import { formatHostPort } from '../codec/sip-uri.ts';
import type { Flow, Transport, TransportEvents } from './flow.ts';
import { guardLimits } from './guard-limits.ts';
import { listenError } from './listen-error.ts';
import { StreamConnection } from './stream-connection.ts';

/** More connections than this are refused: an office has a phone or two for each of its people. */
const maxConnections = 2048;

export interface TcpTransportOptions {
  bind: string;
  port: number;
  events: TransportEvents;
  clock: Clock;
  log: Logger;
}

export class TcpTransport implements Transport {
  readonly protocol = 'tcp';
  readonly #options: TcpTransportOptions;
  /** Live connections by far end. */
  readonly #connections = new Map<string, StreamConnection>();
  #server: Server | undefined;

  constructor(options: TcpTransportOptions) {
    this.#options = options;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  async start(): Promise<void> {
    const { bind, port, log } = this.#options;
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          listenError({ port: `TCP port ${port}`, variable: 'CORDBOARD_SIP_PORT', address: bind }, error),
        ),
      );
      server.listen({ host: bind, port, backlog: 511 }, resolve);
    });
    server.on('error', (error) => log.warn('TCP listener reported an error', { error }));
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const connection of this.#connections.values()) connection.close();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  flowTo(address: string, port: number): Flow {
    const existing = this.#connections.get(formatHostPort(address, port));
    if (existing?.isAlive) return existing;
    const { bind } = this.#options;
    const isWildcard = bind === '0.0.0.0' || bind === '::';
    const socket = connect({
      host: address,
      port,
      noDelay: true,
      ...(isWildcard ? {} : { localAddress: bind }),
    });
    return this.#adopt(socket, address, port);
  }

  #accept(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? '');
    if (
      this.#connections.size >= maxConnections ||
      address === '' ||
      socket.remotePort === undefined ||
      !this.#options.events.admits(address, guardLimits.connectionCost)
    ) {
      socket.destroy();
      return;
    }
    this.#adopt(socket, address, socket.remotePort);
  }

  #adopt(socket: Socket, address: string, port: number): StreamConnection {
    const key = formatHostPort(address, port);
    const { events, clock, port: listenerPort } = this.#options;
    const connection = new StreamConnection({
      protocol: 'tcp',
      socket,
      remoteAddress: address,
      remotePort: port,
      listenerPort,
      events,
      clock,
      ended: () => {
        if (this.#connections.get(key) === connection) this.#connections.delete(key);
      },
    });
    this.#connections.set(key, connection);
    connection.open();
    return connection;
  }
}
