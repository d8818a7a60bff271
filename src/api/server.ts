/** The HTTPS server: certificate, claim code, application and socket, begun and ended together. */
import { createServer, type Server } from 'node:https';
import {
  type AddressInfo,
  createServer as createListener,
  type Server as Listener,
  type Socket,
} from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { isBound, isWildcard } from '../base/bind-addresses.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { CordboardError, errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { InstanceConfig } from '../config.ts';
import { type ApiApp, createApp } from './app.ts';
import { ClaimCode } from './claim.ts';
import { type KeyAndCertificate, LocalCa } from './local-ca.ts';
import { type OwnNames, ownNames } from './own-names.ts';
import type { ApiPorts, Stop } from './ports.ts';
import { StaticUi } from './static-ui.ts';
import { redirectPlainHttp } from './tls-port.ts';

/** How often names and certificate are looked at: a laptop or a board without a clock learns the time late. */
const certificateCheckMs = 3_600_000;
/** Requests still running when the server stops get this long. */
const stopGraceMs = 2_000;
const maxConnections = 512;

export interface ApiServerParts {
  config: Pick<InstanceConfig, 'dataDir' | 'bind' | 'httpPort' | 'sipPort' | 'sipsPort'> &
    Partial<Pick<InstanceConfig, 'isDemo'>>;
  ports: ApiPorts;
  clock: Clock;
  log: Logger;
  /** The built pages, `web-ui/dist`. */
  uiDirectory: string;
  version: string;
}

export class ApiServer {
  /** `certificate`: the box shows another one from now on. */
  readonly events = new Emitter<{ certificate: [certificate: KeyAndCertificate] }>();
  readonly #parts: ApiServerParts;
  readonly #ca: LocalCa;
  readonly #claim: ClaimCode;
  readonly #sockets = new Set<Socket>();
  readonly #more: Listener[] = [];
  #server: Server | null = null;
  #api: ApiApp | null = null;
  #certificate: KeyAndCertificate | null = null;
  #names: OwnNames = { dns: [], ips: [] };
  #hostNames: ReadonlySet<string> = new Set();
  #timer: Timer | null = null;
  #stopListening: Stop | null = null;

  constructor(parts: ApiServerParts) {
    this.#parts = parts;
    this.#ca = new LocalCa({ dataDir: parts.config.dataDir, clock: parts.clock, log: parts.log });
    this.#claim = new ClaimCode(parts.config.dataDir);
  }

  /** @throws CordboardError port-in-use naming the variable that chooses another */
  async start(): Promise<void> {
    const { config, ports, clock, log } = this.#parts;
    await this.#claim.start(this.#isClaimed());
    await this.#ca.open();
    this.#lookAtNames();
    const { key, certificate } = await this.#ca.server(this.#names);
    this.#certificate = { key, certificate };
    const ui = new StaticUi(this.#parts.uiDirectory);
    await ui.load();
    this.#api = createApp({
      ports,
      claim: this.#claim,
      ui,
      clock,
      log,
      hostNames: () => this.#hostNames,
      caCertificate: () => this.#ca.caCertificate,
      sip: { servers: () => this.#reachableIps(), port: config.sipPort, tlsPort: config.sipsPort },
      port: config.httpPort,
      version: this.#parts.version,
      isDemo: config.isDemo ?? false,
    });
    this.#server = this.#createServer(key, certificate, this.#api);
    await this.#listen(this.#server);
    this.#stopListening = ports.settings.events.on('changed', () => this.#settingsChanged());
    this.#scheduleCertificateCheck();
  }

  /** Ends event streams at once, lets running requests finish for a moment, closes the rest. Idempotent. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = null;
    this.#stopListening?.();
    this.#stopListening = null;
    this.#api?.feed.stop();
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    const closed = Promise.all(
      [server, ...this.#more.splice(0)].map(
        (each) => new Promise<void>((resolve) => void each.close(() => resolve())),
      ),
    );
    server.closeIdleConnections();
    const grace = this.#parts.clock.after(stopGraceMs, () => {
      for (const socket of this.#sockets) socket.destroy();
    });
    await closed;
    grace.cancel();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** The code for the first visitor; null once the office is claimed. */
  claimCode(): string | null {
    return this.#claim.claimCode();
  }

  /** Port listened on. */
  get port(): number {
    return (this.#server?.address() as AddressInfo | null)?.port ?? this.#parts.config.httpPort;
  }

  /** Where a browser finds the pages, best first. */
  urls(): string[] {
    return this.#reachableIps().map((ip) => `https://${ip.includes(':') ? `[${ip}]` : ip}:${this.port}/`);
  }

  /** PEM of the local authority; null before `start`. */
  get caCertificate(): string | null {
    return this.#ca.caCertificate;
  }

  /** What the box shows of itself by TLS, for its own names and addresses; null before `start`. */
  get certificate(): KeyAndCertificate | null {
    return this.#certificate;
  }

  /** The first address is the server's own; listeners on the others hand it what comes to them. */
  async #listen(server: Server): Promise<void> {
    const { httpPort, bind } = this.#parts.config;
    const [first = '0.0.0.0', ...others] = bind;
    await listen(server, httpPort, first);
    for (const address of others) {
      const more = createListener((socket) => {
        if (this.#sockets.size < maxConnections) server.emit('connection', socket);
        else socket.destroy();
      });
      this.#more.push(more);
      await listen(more, this.port, address);
    }
  }

  #createServer(key: string, cert: string, api: ApiApp): Server {
    const server = createServer(
      {
        key,
        cert,
        minVersion: 'TLSv1.2',
        handshakeTimeout: 10_000,
        headersTimeout: 20_000,
        requestTimeout: 120_000,
        keepAliveTimeout: 65_000,
      },
      getRequestListener(api.app.fetch, { overrideGlobalObjects: false }),
    );
    redirectPlainHttp(server, () => this.#hostNames);
    server.maxConnections = maxConnections;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    // Browsers that do not trust the authority yet end the handshake: nothing is wrong here.
    server.on('tlsClientError', (error) =>
      this.#parts.log.debug('api: a TLS handshake failed', { error: errorMessage(error) }),
    );
    return server;
  }

  #isClaimed(): boolean {
    return this.#parts.ports.settings.current.users.some((user) => user.role === 'admin');
  }

  #settingsChanged(): void {
    const failed = (error: unknown): void =>
      this.#parts.log.error('api: the settings could not be followed', { error });
    if (this.#isClaimed() && this.#claim.claimCode() !== null) this.#claim.close().catch(failed);
    this.#renewCertificate().catch(failed);
  }

  #lookAtNames(): void {
    const { publicAddress } = this.#parts.ports.settings.current.network;
    this.#names = ownNames(publicAddress === null ? [] : [publicAddress]);
    this.#hostNames = new Set(this.#names.dns);
  }

  async #renewCertificate(): Promise<void> {
    this.#lookAtNames();
    const { key, certificate, renewed } = await this.#ca.server(this.#names);
    if (!renewed) return;
    this.#certificate = { key, certificate };
    this.#server?.setSecureContext({ key, cert: certificate, minVersion: 'TLSv1.2' });
    this.events.emit('certificate', this.#certificate);
  }

  #scheduleCertificateCheck(): void {
    this.#timer = this.#parts.clock.after(certificateCheckMs, () => {
      this.#scheduleCertificateCheck();
      this.#renewCertificate().catch((error: unknown) =>
        this.#parts.log.error('api: the server certificate could not be renewed', { error }),
      );
    });
  }

  /** Addresses under which others reach what listens on `bind`. */
  #reachableIps(): string[] {
    const { bind } = this.#parts.config;
    const named = bind.filter((address) => !isWildcard(address));
    if (named.length === bind.length) return named;
    const all = this.#names.ips.filter((ip) => isBound(bind, ip));
    const others = all.filter((ip) => !ip.startsWith('127.') && ip !== '::1');
    const { publicAddress } = this.#parts.ports.settings.current.network;
    const local = others.filter((ip) => ip !== publicAddress);
    return local.length > 0 ? local : all;
  }
}

function listen(server: Listener, port: number, bind: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const inUse = cause.code === 'EADDRINUSE';
      const message = inUse
        ? `Another program listens on ${bind} port ${port}. Stop it, or choose another port with CORDBOARD_HTTP_PORT.`
        : `Cannot listen on ${bind} port ${port}: ${cause.message}. Look at CORDBOARD_BIND and CORDBOARD_HTTP_PORT.`;
      reject(new CordboardError(inUse ? 'port-in-use' : 'port-refused', message, { cause }));
    });
    server.listen({ port, host: bind, ipv6Only: true }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}
