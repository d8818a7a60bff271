/** SIP over UDP: one socket for everything, so that answers to a NAT come from where it sent to. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import { plainAddress } from '../codec/ip-network.ts';
import { parseSipMessage } from '../codec/sip-message.ts';
import type { Flow, Transport, TransportEvents } from './flow.ts';
import { listenError } from './listen-error.ts';
import { UdpRefusals } from './udp-refusals.ts';

/** Kernel buffers: a burst of calls must not be dropped while one turn of the event loop runs. */
const socketBufferBytes = 4 << 20;

export interface UdpTransportOptions {
  bind: string;
  port: number;
  events: TransportEvents;
  clock: Clock;
  log: Logger;
  /** Which address of ours a peer reaches. */
  localAddressFor(remoteAddress: string): string;
}

export class UdpTransport implements Transport {
  readonly protocol = 'udp';
  readonly connectionCount = 0;
  readonly #options: UdpTransportOptions;
  readonly #refusals: UdpRefusals;
  #socket: Socket | undefined;

  constructor(options: UdpTransportOptions) {
    this.#options = options;
    const { bind, port, clock } = options;
    this.#refusals = new UdpRefusals({
      bind,
      port,
      clock,
      received: (data, remote) => this.#receive(data, remote),
      sendPlain: (text, address, to) => this.#socket?.send(text, to, address, () => {}),
    });
  }

  async start(): Promise<void> {
    const { bind, port, log } = this.#options;
    const socket = createSocket({
      type: isIPv6(bind) ? 'udp6' : 'udp4',
      ipv6Only: isIPv6(bind), // IPv4 has a socket of its own
      reuseAddr: true, // for UdpRefusals; that nobody else has the port, the TCP listener beside it proves
      recvBufferSize: socketBufferBytes,
      sendBufferSize: socketBufferBytes,
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (error: NodeJS.ErrnoException) => {
        socket.close();
        reject(
          listenError({ port: `UDP port ${port}`, variable: 'CORDBOARD_SIP_PORT', address: bind }, error),
        );
      });
      socket.bind({ address: bind, port, exclusive: true }, resolve);
    });
    socket.removeAllListeners('error');
    socket.on('error', (error) => log.warn('UDP socket reported an error', { error }));
    socket.on('message', (data, remote) => this.#receive(data, remote));
    this.#socket = socket;
  }

  async stop(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#refusals.stop();
    if (socket) await new Promise<void>((resolve) => socket.close(() => resolve()));
  }

  flowTo(address: string, port: number): Flow {
    return new UdpFlow(this, address, port);
  }

  localAddressFor(remoteAddress: string): string {
    return this.#options.localAddressFor(remoteAddress);
  }

  get bind(): string {
    return this.#options.bind;
  }

  get port(): number {
    return this.#options.port;
  }

  send(
    flow: Flow,
    text: string,
    callId: string,
    onFailure?: (error: Error) => void,
    isRepeated?: boolean,
  ): void {
    const socket = this.#socket;
    if (!socket) return;
    const { events } = this.#options;
    if (events.isTapped()) events.tap('out', flow, callId, text);
    if (isRepeated && onFailure && this.#refusals.send(text, flow.remoteAddress, flow.remotePort, onFailure))
      return;
    socket.send(text, flow.remotePort, flow.remoteAddress, (error) => {
      if (error) onFailure?.(error);
    });
  }

  #receive(data: Buffer, remote: RemoteInfo): void {
    const { events } = this.#options;
    const address = plainAddress(remote.address);
    if (!events.admits(address)) return;
    // A lone CRLF keeps a NAT open and says nothing; a double one asks for an answer (RFC 5626 §3.5.1).
    if (data.length <= 4 && isBlank(data)) {
      if (data.length === 4) this.#socket?.send('\r\n', remote.port, remote.address, () => {});
      return;
    }
    const message = parseSipMessage(data);
    if (!message || remote.port === 0) {
      events.malformed('no SIP message');
      return;
    }
    const flow = new UdpFlow(this, address, remote.port);
    if (events.isTapped()) events.tap('in', flow, message.callId, data.toString('utf8'));
    events.message(message, flow);
  }
}

function isBlank(data: Buffer): boolean {
  for (const byte of data) if (byte !== 0x0d && byte !== 0x0a && byte !== 0) return false;
  return true;
}

class UdpFlow implements Flow {
  readonly protocol = 'udp';
  readonly reliable = false;
  readonly isAlive = true;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #transport: UdpTransport;

  constructor(transport: UdpTransport, remoteAddress: string, remotePort: number) {
    this.#transport = transport;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
  }

  get localAddress(): string {
    return this.#transport.localAddressFor(this.remoteAddress);
  }

  get localPort(): number {
    return this.#transport.port;
  }

  send(text: string, callId: string, onFailure?: (error: Error) => void, isRepeated?: boolean): void {
    this.#transport.send(this, text, callId, onFailure, isRepeated);
  }

  onClose(): () => void {
    return () => {};
  }
}
