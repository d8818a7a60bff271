/** The seam between SIP and the network: everything above it speaks of flows, everything below of sockets. */
import type { SipMessage } from '../codec/sip-message.ts';

export type TransportProtocol = 'udp' | 'tcp' | 'tls';

/** One path between an address of ours and one of a peer: a UDP address pair, or a connection. */
export interface Flow {
  readonly protocol: TransportProtocol;
  /** True where the transport itself retransmits, so that SIP must not. */
  readonly reliable: boolean;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** The address our side has here, as far as known: never a wildcard. */
  readonly localAddress: string;
  readonly localPort: number;
  /** False once a connection has ended. A UDP flow is always alive. */
  readonly isAlive: boolean;
  /**
   * Sends one message. `onFailure` is called at most once, later, when it is known not to have left.
   * @param callId for the tap
   * @param isRepeated nothing was heard of the copy before: over UDP, whether the peer's machine refuses it is worth a look
   */
  send(text: string, callId: string, onFailure?: (error: Error) => void, isRepeated?: boolean): void;
  /** Calls `listener` when the connection ends; never for UDP. Returns the function that stops listening. */
  onClose(listener: (error: Error | undefined) => void): () => void;
}

/** What transports hand up. */
export interface TransportEvents {
  message(message: SipMessage, flow: Flow): void;
  /** False: what this address sends is to be dropped unread. @param cost in messages, 1 by default */
  admits(address: string, cost?: number): boolean;
  /** True: this address has proven itself, or is of a local network. */
  isKnown(address: string): boolean;
  /** Bytes that are no SIP message at all. */
  malformed(problem: string): void;
  /** A message as it was on the wire; only asked for while `isTapped()`. */
  tap(direction: 'in' | 'out', flow: Flow, callId: string, text: string): void;
  isTapped(): boolean;
}

/** One way of carrying SIP. */
export interface Transport {
  readonly protocol: TransportProtocol;
  /** Where it listens, an address or a wildcard. */
  readonly bind: string;
  /** Listens. @throws CordboardError port-in-use, port-refused */
  start(): Promise<void>;
  /** Closes listener and connections. */
  stop(): Promise<void>;
  /**
   * The flow to a peer: an existing connection where there is one, else a new one.
   * @param name the host that led to this address; TLS asks the peer to prove that it is this one
   */
  flowTo(address: string, port: number, name: string): Flow;
  /** Connections open; 0 for UDP. */
  readonly connectionCount: number;
}
