/** One application connected to the admin port. */
import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../base/clock.ts';
import { errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import {
  type ApplicationFrame,
  encodeFrame,
  FrameReader,
  maxFrameBytes,
  parseApplicationFrame,
  verdictPayload,
} from '../codec/drachtio-wire.ts';

/** What a stranger may send before it has authenticated, in bytes. */
const maxStrangerBytes = 4096;
/** How long a stranger has for that. */
const authenticateWithinMs = 5_000;
/** An application that reads nothing while this much waits is gone. */
const maxUnsentBytes = 64 << 20;

/** What the admin port says of itself on success: HOSTPORTS, VERSION, LOCAL_HOSTPORTS. */
export type Greeting = () => string[];

export interface WireClientOptions {
  socket: Socket;
  secret: string;
  clock: Clock;
  log: Logger;
  greeting: Greeting;
  sip(client: WireClient, frame: ApplicationFrame): void;
  proxy(client: WireClient, frame: ApplicationFrame): void;
  authenticated(client: WireClient): void;
  ended(client: WireClient): void;
}

export class WireClient {
  readonly #options: WireClientOptions;
  readonly #reader: FrameReader;
  /** Verbs this application takes, lower case. */
  readonly #verbs = new Set<string>();
  #isAuthenticated = false;
  #isOpen = true;
  #isGone = false;
  #isCorked = false;
  #guard: Timer | undefined;

  constructor(options: WireClientOptions) {
    this.#options = options;
    this.#reader = new FrameReader(() => (this.#isAuthenticated ? maxFrameBytes : maxStrangerBytes));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  takes(verb: string): boolean {
    return this.#verbs.has(verb);
  }

  /** Starts reading. */
  open(): void {
    const { socket, clock, log } = this.#options;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 45_000);
    this.#guard = clock.after(authenticateWithinMs, () => socket.destroy());
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => log.debug('application connection failed', { error }));
    socket.on('close', () => this.#closed());
  }

  /** Ends the connection. Idempotent. */
  close(): void {
    this.#options.socket.destroy();
    this.#closed();
  }

  /** Writes one frame, unless the application has still to authenticate. */
  send(payload: string): void {
    if (this.#isAuthenticated) this.#write(payload);
  }

  /** Frames of one turn of the event loop leave together. */
  #write(payload: string): void {
    const { socket, log } = this.#options;
    if (!this.#isOpen) return;
    if (!this.#isCorked) {
      this.#isCorked = true;
      socket.cork();
      process.nextTick(() => {
        this.#isCorked = false;
        socket.uncork();
      });
    }
    socket.write(encodeFrame(payload));
    if (socket.writableLength > maxUnsentBytes) {
      log.error('application does not read what it is sent; disconnected');
      socket.destroy();
    }
  }

  /** Answers a frame without a SIP message. */
  verdict(frame: ApplicationFrame, verdict: 'OK' | 'NOK' | 'NO', ...details: string[]): void {
    this.#write(verdictPayload(randomUUID(), frame.id, verdict, details));
  }

  #read(chunk: Buffer): void {
    const { log, socket } = this.#options;
    try {
      for (const payload of this.#reader.push(chunk)) {
        if (!this.#isOpen) return;
        this.#receive(parseApplicationFrame(payload));
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      log.warn('application connection broke the protocol; closed', { problem: errorMessage(error) });
      socket.destroy();
    }
  }

  #receive(frame: ApplicationFrame): void {
    if (!this.#isAuthenticated) {
      this.#authenticate(frame);
      return;
    }
    switch (frame.type) {
      case 'sip':
        this.#options.sip(this, frame);
        break;
      case 'ping':
        this.verdict(frame, 'OK', 'pong');
        break;
      case 'route':
        this.#verbs.add((frame.tokens[0] ?? '').toLowerCase());
        this.verdict(frame, 'OK');
        break;
      case 'remove_route':
        this.#verbs.delete((frame.tokens[0] ?? '').toLowerCase());
        this.verdict(frame, 'OK');
        break;
      case 'authenticate':
        this.verdict(frame, 'OK', ...this.#options.greeting());
        break;
      case 'proxy':
        this.#options.proxy(this, frame);
        break;
      default:
        this.#refuse(frame, 'Unknown message type');
    }
  }

  #authenticate(frame: ApplicationFrame): void {
    const { secret, greeting, authenticated, log } = this.#options;
    if (frame.type !== 'authenticate') {
      log.warn('a stranger on the admin port sent something before authenticating', { type: frame.type });
      this.#refuse(frame, 'not authenticated');
      return;
    }
    if (!sameSecret(frame.tokens[0] ?? '', secret)) {
      log.warn('an application presented a wrong secret');
      this.#refuse(frame, 'incorrect secret');
      return;
    }
    this.#isAuthenticated = true;
    this.#guard?.cancel();
    this.verdict(frame, 'OK', ...greeting());
    authenticated(this);
  }

  #refuse(frame: ApplicationFrame, reason: string): void {
    this.verdict(frame, 'NO', reason);
    this.#isOpen = false;
    this.#options.socket.end();
  }

  #closed(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#isOpen = false;
    this.#guard?.cancel();
    this.#options.ended(this);
  }
}

function sameSecret(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
