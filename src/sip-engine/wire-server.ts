/** The admin port: applications connect here, authenticate, and say which methods they take. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { ApplicationFrame } from '../codec/drachtio-wire.ts';
import { listenError } from './listen-error.ts';
import { type Greeting, WireClient } from './wire-client.ts';

/** Connections at once, strangers included. */
const maxConnections = 64;
/** Connections we have made ourselves, at once: one for each request in progress. */
const maxDialled = 2_000;

export interface WireServerOptions {
  port: number;
  secret: string;
  clock: Clock;
  log: Logger;
  greeting: Greeting;
  sip(client: WireClient, frame: ApplicationFrame): void;
  proxy(client: WireClient, frame: ApplicationFrame): void;
  /** An authenticated application went away. */
  gone(client: WireClient): void;
}

export class WireServer {
  readonly #options: WireServerOptions;
  readonly #connections = new Set<WireClient>();
  readonly #dialled = new Set<WireClient>();
  /** Authenticated ones, in the order of their turn. */
  readonly #clients = new Set<WireClient>();
  #server: Server | undefined;

  constructor(options: WireServerOptions) {
    this.#options = options;
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /** Listens on loopback only. @throws CordboardError port-in-use, port-refused */
  async start(): Promise<void> {
    const { port } = this.#options;
    const server = createServer((socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          listenError(
            { port: `TCP port ${port}`, variable: 'CORDBOARD_DRACHTIO_PORT', address: '127.0.0.1' },
            error,
          ),
        ),
      );
      server.listen(port, '127.0.0.1', resolve);
    });
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const connection of [...this.#connections, ...this.#dialled]) connection.close();
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  /** The application whose turn it is for a method; each in turn. */
  pick(method: string): WireClient | undefined {
    const verb = method.toLowerCase();
    for (const client of this.#clients) {
      if (!client.isOpen || !client.takes(verb)) continue;
      this.#clients.delete(client);
      this.#clients.add(client);
      return client;
    }
    return undefined;
  }

  /** True when some application takes the method. */
  isTaken(method: string): boolean {
    return this.takerOf(method.toLowerCase()) !== undefined;
  }

  /** An application that takes the verb (lower case), whose turn it stays. */
  takerOf(verb: string): WireClient | undefined {
    for (const client of this.#clients) if (client.isOpen && client.takes(verb)) return client;
    return undefined;
  }

  /**
   * Connects to an application that listens (drachtio's outbound mode). It must authenticate all the same.
   * @returns undefined when there are too many such connections
   */
  dial(
    place: { host: string; port: number },
    events: { ready(client: WireClient): void; failed(): void },
  ): WireClient | undefined {
    if (this.#dialled.size >= maxDialled) return undefined;
    return this.#open(connect(place.port, place.host), this.#dialled, events);
  }

  #accept(socket: Socket): void {
    if (this.#connections.size >= maxConnections) socket.destroy();
    else this.#open(socket, this.#connections, { ready: () => {}, failed: () => {} });
  }

  #open(
    socket: Socket,
    among: Set<WireClient>,
    events: { ready(client: WireClient): void; failed(): void },
  ): WireClient {
    const { secret, clock, log, greeting, sip, proxy, gone } = this.#options;
    const connection = new WireClient({
      socket,
      secret,
      clock,
      log,
      greeting,
      sip,
      proxy,
      authenticated: (client) => {
        this.#clients.add(client);
        events.ready(client);
      },
      ended: (client) => {
        among.delete(client);
        if (this.#clients.delete(client)) gone(client);
        else events.failed();
      },
    });
    among.add(connection);
    connection.open();
    return connection;
  }
}
