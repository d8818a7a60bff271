/** One connection carrying SIP messages, framed by Content-Length. */
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../base/clock.ts';
import { plainAddress } from '../codec/ip-network.ts';
import { SipStreamFramer } from '../codec/sip-framer.ts';
import { parseSipMessage } from '../codec/sip-message.ts';
import type { Flow, TransportEvents, TransportProtocol } from './flow.ts';
import { ConnectionFailure } from './stream-wire.ts';

/** A message whose rest does not come within this ends its connection. */
const partialMessageTimeoutMs = 30_000;
/** A connect that takes longer has failed. */
const connectTimeoutMs = 10_000;
/** A peer that reads nothing while this many bytes wait is gone. */
const maxUnsentBytes = 1 << 20;

export interface StreamConnectionOptions {
  protocol: 'tcp' | 'tls';
  socket: Socket;
  /** What the socket emits when one that we opened is connected. */
  connectedEvent: 'connect' | 'secureConnect';
  remoteAddress: string;
  remotePort: number;
  /** Port our listener of this protocol has: what goes into Via and Contact. */
  listenerPort: number;
  /** We opened it. */
  isOurs: boolean;
  events: TransportEvents;
  clock: Clock;
  /** Why it failed, in words for people. */
  explain(error: Error): string;
  ended(): void;
}

export class StreamConnection implements Flow {
  readonly protocol: TransportProtocol;
  readonly reliable = true;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly localPort: number;
  readonly #options: StreamConnectionOptions;
  readonly #closeListeners = new Set<(error: Error | undefined) => void>();
  readonly #framer: SipStreamFramer;
  #guard: Timer | undefined;
  #error: Error | undefined;
  #alive = true;
  #hasSpoken: boolean;
  #heardAtMs: number;

  constructor(options: StreamConnectionOptions) {
    this.#options = options;
    this.protocol = options.protocol;
    this.remoteAddress = options.remoteAddress;
    this.remotePort = options.remotePort;
    this.localPort = options.listenerPort;
    this.#hasSpoken = options.isOurs;
    this.#heardAtMs = options.clock.monotonic();
    this.#framer = new SipStreamFramer({
      message: (data) => this.#receive(data),
      ping: () => void options.socket.write('\r\n'),
      broken: (problem, data) => this.#refuse(problem, data),
    });
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  /** Somebody listens for its end: a registered phone, a request under way. */
  get isNeeded(): boolean {
    return this.#closeListeners.size > 0;
  }

  /** A whole message has come; true from the start for a connection of ours. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  /** When bytes last came, or it was opened; monotonic. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  get localAddress(): string {
    return plainAddress(this.#options.socket.localAddress ?? '');
  }

  /** Starts reading. */
  open(): void {
    const { socket, clock, connectedEvent, explain } = this.#options;
    socket.setKeepAlive(true, 45_000);
    if (socket.connecting) {
      const tooLate = new ConnectionFailure('no answer to the connection attempt');
      this.#guard = clock.after(connectTimeoutMs, () => socket.destroy(tooLate));
      socket.once(connectedEvent, () => this.#disarm());
    }
    socket.on('data', (chunk: Buffer) => {
      // Before a first message only the message counts: a drip of keepalives keeps no connection.
      if (this.#hasSpoken) this.#heardAtMs = clock.monotonic();
      this.#framer.push(chunk);
      if (!this.#framer.isInsideMessage) this.#disarm();
      else this.#guard ??= clock.after(partialMessageTimeoutMs, () => socket.destroy());
    });
    socket.on('error', (error) => {
      this.#error ??= failureOf(error, explain);
    });
    socket.on('end', () => socket.end());
    socket.on('close', () => this.#closed());
  }

  /** Ends the connection. Idempotent. */
  close(): void {
    this.#options.socket.destroy();
    this.#closed();
  }

  send(text: string, callId: string, onFailure?: (error: Error) => void): void {
    const { socket, events, explain } = this.#options;
    if (!this.#alive || socket.destroyed) {
      onFailure?.(this.#error ?? new Error('connection closed'));
      return;
    }
    if (events.isTapped()) events.tap('out', this, callId, text);
    socket.write(text, (error) => {
      if (error) onFailure?.(this.#error ?? failureOf(error, explain));
    });
    if (socket.writableLength > maxUnsentBytes) socket.destroy(new Error('peer does not read'));
  }

  onClose(listener: (error: Error | undefined) => void): () => void {
    this.#closeListeners.add(listener);
    return () => void this.#closeListeners.delete(listener);
  }

  #receive(data: Buffer): void {
    const { events } = this.#options;
    if (!events.admits(this.remoteAddress)) {
      this.#options.socket.destroy(); // a message lost on a connection is never sent again: its end says so
      return;
    }
    this.#disarm(); // there is progress; what has come of the next message gets its own time
    this.#hasSpoken = true;
    this.#heardAtMs = this.#options.clock.monotonic();
    const message = parseSipMessage(data);
    if (!message) {
      // The stream's framing may be off from here on; nothing after this can be trusted.
      this.#refuse('no SIP message', data);
      return;
    }
    if (events.isTapped()) events.tap('in', this, message.callId, data.toString('utf8'));
    events.message(message, this);
  }

  #refuse(problem: string, data: Buffer): void {
    const { events, socket } = this.#options;
    const message = parseSipMessage(data);
    if (message) {
      message.problem = problem;
      if (events.isTapped()) events.tap('in', this, message.callId, data.toString('utf8'));
      events.message(message, this);
    } else events.malformed(problem);
    socket.end();
    this.#guard ??= this.#options.clock.after(1000, () => socket.destroy());
  }

  #disarm(): void {
    this.#guard?.cancel();
    this.#guard = undefined;
  }

  #closed(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#disarm();
    this.#options.ended();
    for (const listener of [...this.#closeListeners]) listener(this.#error);
    this.#closeListeners.clear();
  }
}

function failureOf(error: Error, explain: (error: Error) => string): Error {
  return error instanceof ConnectionFailure ? error : new ConnectionFailure(explain(error), { cause: error });
}
