/** What lies between a TCP connection and the bytes of SIP on it: nothing (tcp-wire), or TLS (tls-wire). */
import { connect, type Socket } from 'node:net';

/** Where to connect to. */
export interface StreamTarget {
  address: string;
  port: number;
  /** What the far end is called: the host of the URI that led there, a name or an address. */
  name: string;
  /** undefined: what the routing table says. */
  localAddress: string | undefined;
}

export interface StreamWire {
  readonly protocol: 'tcp' | 'tls';
  /** The variable that chooses its port. */
  readonly portVariable: 'CORDBOARD_SIP_PORT' | 'CORDBOARD_SIPS_PORT';
  /** Takes a connection that came in; `ready` gets the stream that SIP is read from, once it can be. */
  accept(socket: Socket, ready: (stream: Socket) => void): void;
  /** Begins to connect. What is written before it is connected leaves afterwards, and only to whom it is meant for. */
  connect(target: StreamTarget): Socket;
  /** The event by which a stream of `connect` says that it is connected. */
  readonly connectedEvent: 'connect' | 'secureConnect';
  /** Connections to one place are shared by requests for which this is equal. */
  identityOf(name: string): string;
  /** Why a connection failed, in words for people. */
  explain(error: NodeJS.ErrnoException, name: string): string;
}

/** Why a connection could not be had or was lost; the message is for people. */
export class ConnectionFailure extends Error {}

const plainReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed',
  ETIMEDOUT: 'no answer to the connection attempt',
  EHOSTUNREACH: 'no route to it',
  ENETUNREACH: 'no route to it',
};

export function explainPlainly(error: NodeJS.ErrnoException): string {
  return plainReasons[error.code ?? ''] ?? error.message;
}

/** SIP on TCP as it is. */
export const tcpWire: StreamWire = {
  protocol: 'tcp',
  portVariable: 'CORDBOARD_SIP_PORT',
  connectedEvent: 'connect',
  accept: (socket, ready) => ready(socket),
  connect: ({ address, port, localAddress }) =>
    connect({ host: address, port, noDelay: true, ...(localAddress === undefined ? {} : { localAddress }) }),
  identityOf: () => '',
  explain: explainPlainly,
};
