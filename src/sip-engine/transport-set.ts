/** All transports of this engine together. */
import { isIP } from 'node:net';
import { familiesOf } from '../base/bind-addresses.ts';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { TlsCertificate, TlsPeer } from '../codec/engine-control.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import { ConnectionLimits } from './connection-limits.ts';
import type { Flow, Transport, TransportEvents, TransportProtocol } from './flow.ts';
import { defaultPort } from './server-location.ts';
import { StreamTransport } from './stream-transport.ts';
import { tcpWire } from './stream-wire.ts';
import { TlsWire } from './tls-wire.ts';
import { UdpTransport } from './udp-transport.ts';

/** A connection that is replaced by a new one when it has ended before the answer. */
class ReplyFlow implements Flow {
  readonly protocol: TransportProtocol;
  readonly reliable = true;
  readonly isAlive = true;
  readonly #transports: TransportSet;
  readonly #listenPort: number;
  readonly #name: string;
  #flow: Flow;

  constructor(transports: TransportSet, flow: Flow, request: SipMessage) {
    const via = request.topVia;
    this.#transports = transports;
    this.#flow = flow;
    this.#listenPort = via?.port ?? defaultPort(flow.protocol);
    this.#name = via?.host ?? flow.remoteAddress;
    this.protocol = flow.protocol;
  }

  get remoteAddress(): string {
    return this.#flow.remoteAddress;
  }

  get remotePort(): number {
    return this.#flow.remotePort;
  }

  get localAddress(): string {
    return this.#flow.localAddress;
  }

  get localPort(): number {
    return this.#flow.localPort;
  }

  send(text: string, callId: string, onFailure?: (error: Error) => void): void {
    if (!this.#flow.isAlive)
      this.#flow = this.#transports.flowTo(this.protocol, this.remoteAddress, this.#listenPort, this.#name);
    this.#flow.send(text, callId, onFailure);
  }

  onClose(): () => void {
    return () => {};
  }
}

export interface TransportSetOptions {
  /** Each gets a listener of each protocol. */
  bind: readonly string[];
  /** UDP and TCP. */
  port: number;
  /** TLS; null: none. */
  tlsPort: number | null;
  clock: Clock;
  /** See StreamTransport. */
  upkeepClock: Clock;
  log: Logger;
  events: TransportEvents;
  localAddressFor(remoteAddress: string): string;
}

export class TransportSet {
  /** Address families that can be sent to, the preferred one first. */
  readonly families: readonly (4 | 6)[];
  readonly #ports: Readonly<Record<TransportProtocol, number>>;
  readonly #transports: ReadonlyMap<TransportProtocol, readonly Transport[]>;
  readonly #localAddressFor: (remoteAddress: string) => string;
  readonly #tls: TlsWire;

  constructor(options: TransportSetOptions) {
    this.families = familiesOf(options.bind);
    this.#localAddressFor = (remoteAddress) => options.localAddressFor(remoteAddress);
    const { port, tlsPort, events } = options;
    this.#ports = { udp: port, tcp: port, tls: tlsPort ?? 0 };
    this.#tls = new TlsWire({ log: options.log });
    const stream = {
      ...options,
      limits: new ConnectionLimits({ isKnown: (address) => events.isKnown(address) }),
    };
    const each = (make: (bind: string) => Transport): Transport[] => options.bind.map(make);
    const transports = new Map<TransportProtocol, readonly Transport[]>([
      ['udp', each((bind) => new UdpTransport({ ...options, bind }))],
      ['tcp', each((bind) => new StreamTransport({ ...stream, bind, wire: tcpWire }))],
    ]);
    if (tlsPort !== null)
      transports.set(
        'tls',
        each((bind) => new StreamTransport({ ...stream, bind, wire: this.#tls, port: tlsPort })),
      );
    this.#transports = transports;
  }

  get protocols(): TransportProtocol[] {
    return [...this.#transports.keys()];
  }

  get connectionCount(): number {
    let count = 0;
    for (const transport of this.#all()) count += transport.connectionCount;
    return count;
  }

  /** True for an address of a family we listen on. */
  reaches(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.families.includes(family === 6 ? 6 : 4);
  }

  has(protocol: TransportProtocol): boolean {
    return this.#transports.has(protocol);
  }

  /** Where we listen by this protocol. */
  portOf(protocol: TransportProtocol): number {
    return this.#ports[protocol];
  }

  /** True for a port we listen on. */
  isOwnPort(port: number): boolean {
    return port === this.#ports.udp || port === this.#ports.tls;
  }

  /** The certificate that TLS connections are answered with from now on. @throws Error when it cannot be read */
  present(certificate: TlsCertificate): void {
    this.#tls.present(certificate);
  }

  /** Hosts whose TLS certificates are judged by settings of their own. */
  trust(peers: readonly TlsPeer[]): void {
    this.#tls.trust(peers);
  }

  /**
   * The flow to a peer.
   * @param name the host that led to this address
   * @throws RangeError for a protocol that `has` denies, or an address that `reaches` does
   */
  flowTo(protocol: TransportProtocol, address: string, port: number, name = address): Flow {
    const family = isIP(address);
    const able = (this.#transports.get(protocol) ?? []).filter(({ bind }) => isIP(bind) === family);
    const local = able.length > 1 ? this.#localAddressFor(address) : '';
    const transport = able.find(({ bind }) => bind === local) ?? able[0];
    if (!transport) throw new RangeError(`no ${protocol} transport to ${address}`);
    return transport.flowTo(address, port, name);
  }

  /**
   * Where answers to a request go: the way it came, or over a new connection to its sender when the connection has
   * gone meanwhile (RFC 3261 §18.2.2).
   */
  replyFlow(request: SipMessage, flow: Flow): Flow {
    return flow.reliable ? new ReplyFlow(this, flow, request) : flow;
  }

  /** Listens on all; when one fails the others are closed again. */
  async start(): Promise<void> {
    try {
      // UDP last: its port can be shared, so that only the others find out that it is another's.
      for (const transport of this.#all().reverse()) await transport.start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#all().map((transport) => transport.stop()));
  }

  #all(): Transport[] {
    return [...this.#transports.values()].flat();
  }
}
