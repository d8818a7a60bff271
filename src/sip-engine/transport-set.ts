/** All transports of this engine together. */
import { isIPv6 } from 'node:net';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import type { Flow, Transport, TransportEvents, TransportProtocol } from './flow.ts';
import { TcpTransport } from './tcp-transport.ts';
import { UdpTransport } from './udp-transport.ts';

/** A connection that is replaced by a new one when it has ended before the answer. */
class ReplyFlow implements Flow {
  readonly protocol: TransportProtocol;
  readonly reliable = true;
  readonly isAlive = true;
  readonly #transports: TransportSet;
  readonly #listenPort: number;
  #flow: Flow;

  constructor(transports: TransportSet, flow: Flow, listenPort: number) {
    this.#transports = transports;
    this.#flow = flow;
    this.#listenPort = listenPort;
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
      this.#flow = this.#transports.flowTo(this.protocol, this.remoteAddress, this.#listenPort);
    this.#flow.send(text, callId, onFailure);
  }

  onClose(): () => void {
    return () => {};
  }
}

export interface TransportSetOptions {
  bind: string;
  port: number;
  clock: Clock;
  log: Logger;
  events: TransportEvents;
  localAddressFor(remoteAddress: string): string;
}

export class TransportSet {
  readonly isIPv6: boolean;
  readonly port: number;
  readonly #transports: ReadonlyMap<TransportProtocol, Transport>;

  constructor(options: TransportSetOptions) {
    this.isIPv6 = isIPv6(options.bind);
    this.port = options.port;
    this.#transports = new Map<TransportProtocol, Transport>([
      ['udp', new UdpTransport(options)],
      ['tcp', new TcpTransport(options)],
    ]);
  }

  get protocols(): TransportProtocol[] {
    return [...this.#transports.keys()];
  }

  get connectionCount(): number {
    let count = 0;
    for (const transport of this.#transports.values()) count += transport.connectionCount;
    return count;
  }

  has(protocol: TransportProtocol): boolean {
    return this.#transports.has(protocol);
  }

  /** The flow to a peer. @throws RangeError for a protocol that `has` denies */
  flowTo(protocol: TransportProtocol, address: string, port: number): Flow {
    const transport = this.#transports.get(protocol);
    if (!transport) throw new RangeError(`no ${protocol} transport`);
    return transport.flowTo(address, port);
  }

  /**
   * Where answers to a request go: the way it came, or over a new connection to its sender when the connection has
   * gone meanwhile (RFC 3261 §18.2.2).
   */
  replyFlow(request: SipMessage, flow: Flow): Flow {
    return flow.reliable ? new ReplyFlow(this, flow, request.topVia?.port ?? 5060) : flow;
  }

  /** Listens on all; when one fails the others are closed again. */
  async start(): Promise<void> {
    try {
      // UDP last: its port can be shared, so that only the others find out that it is another's.
      for (const transport of [...this.#transports.values()].reverse()) await transport.start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#transports.values()].map((transport) => transport.stop()));
  }
}
