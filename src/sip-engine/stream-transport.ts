/**
 * SIP over connections, TCP or TLS. A connection serves both ways whoever opened it: answers go back on it, and
 * requests to its far end use it while it lives (RFC 3261 §18). Nobody keeps one for nothing:
 *
 *     accepted --first message within 30 s--> in use --nothing for 10 min (known: 65 min), nobody needs it--> closed
 *         `--none--> closed
 */
import { createServer, type Server, type Socket } from 'node:net';
import { isWildcard } from '../base/bind-addresses.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { plainAddress } from '../codec/ip-network.ts';
import { formatHostPort } from '../codec/sip-uri.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import type { Flow, Transport, TransportEvents } from './flow.ts';
import { guardLimits } from './guard-limits.ts';
import { listenError } from './listen-error.ts';
import { StreamConnection } from './stream-connection.ts';
import type { StreamWire } from './stream-wire.ts';

/** How often connections are looked through. */
const sweepMs = 10_000;
/** One that was opened to us and says nothing for so long has nothing to say. */
const firstMessageMs = 30_000;
const idleStrangerMs = 600_000;
/** A little longer than any registration. */
const idleKnownMs = 3_900_000;

export interface StreamTransportOptions {
  wire: StreamWire;
  bind: string;
  port: number;
  events: TransportEvents;
  limits: ConnectionLimits;
  clock: Clock;
  /** Not counted: for what goes on as long as anybody is connected, and is no leak. */
  upkeepClock: Clock;
  log: Logger;
}

export class StreamTransport implements Transport {
  readonly protocol: 'tcp' | 'tls';
  readonly #options: StreamTransportOptions;
  /** Live connections by far end, and by what makes it sure who that is. */
  readonly #connections = new Map<string, StreamConnection>();
  /** All that are open, those still in their handshake too. */
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #sweep: Timer | undefined;

  constructor(options: StreamTransportOptions) {
    this.#options = options;
    this.protocol = options.wire.protocol;
  }

  get bind(): string {
    return this.#options.bind;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  async start(): Promise<void> {
    const { bind, port, log, wire } = this.#options;
    const name = wire.protocol.toUpperCase();
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          listenError({ port: `${name} port ${port}`, variable: wire.portVariable, address: bind }, error),
        ),
      );
      // IPv4 has a listener of its own.
      server.listen({ host: bind, port, backlog: 511, ipv6Only: true }, resolve);
    });
    server.on('error', (error) => log.warn(`${name} listener reported an error`, { error }));
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const connection of this.#connections.values()) connection.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#sweep?.cancel();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  flowTo(address: string, port: number, name: string): Flow {
    const { bind, wire } = this.#options;
    const key = keyOf(address, port, wire.identityOf(name));
    const existing = this.#connections.get(key);
    if (existing?.isAlive) return existing;
    const stream = wire.connect({ address, port, name, localAddress: isWildcard(bind) ? undefined : bind });
    return this.#adopt(stream, { address, port, name, key, isOurs: true });
  }

  #accept(socket: Socket): void {
    const { events, limits, wire } = this.#options;
    const address = plainAddress(socket.remoteAddress ?? '');
    const port = socket.remotePort;
    const leave =
      address !== '' && port !== undefined && events.admits(address, guardLimits.connectionCost)
        ? limits.take(address)
        : null;
    if (!leave || port === undefined) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      leave();
    });
    socket.on('error', () => {}); // 'close' follows
    const key = keyOf(address, port, '');
    wire.accept(socket, (stream) =>
      this.#adopt(stream, { address, port, name: address, key, isOurs: false }),
    );
  }

  #adopt(
    stream: Socket,
    end: { address: string; port: number; name: string; key: string; isOurs: boolean },
  ): StreamConnection {
    const { events, clock, upkeepClock, wire, port: listenerPort } = this.#options;
    const connection = new StreamConnection({
      protocol: this.protocol,
      socket: stream,
      connectedEvent: wire.connectedEvent,
      remoteAddress: end.address,
      remotePort: end.port,
      listenerPort,
      isOurs: end.isOurs,
      events,
      clock,
      explain: (error) => wire.explain(error, end.name),
      ended: () => {
        if (this.#connections.get(end.key) === connection) this.#connections.delete(end.key);
        if (this.#connections.size > 0) return;
        this.#sweep?.cancel();
        this.#sweep = undefined;
      },
    });
    this.#connections.set(end.key, connection);
    this.#sweep ??= upkeepClock.after(sweepMs, () => this.#closeUnused());
    connection.open();
    return connection;
  }

  #closeUnused(): void {
    const { clock, upkeepClock, events } = this.#options;
    this.#sweep = upkeepClock.after(sweepMs, () => this.#closeUnused());
    const nowMs = clock.monotonic();
    for (const connection of [...this.#connections.values()]) {
      if (connection.isNeeded) continue;
      const idleMs = nowMs - connection.heardAtMs;
      const limitMs = !connection.hasSpoken
        ? firstMessageMs
        : events.isKnown(connection.remoteAddress)
          ? idleKnownMs
          : idleStrangerMs;
      if (idleMs >= limitMs) connection.close();
    }
  }
}

function keyOf(address: string, port: number, identity: string): string {
  const place = formatHostPort(address, port);
  return identity === '' ? place : `${place} ${identity}`;
}
