/**
 * What the drachtio conformance cases work with: the server under test, applications spoken by hand and by
 * drachtio-srf, and SIP peers.
 *
 * The server is ours unless the environment names another: CORDBOARD_CONFORMANCE_HOST, _ADMIN_PORT, _SECRET,
 * _SIP_PORT, and _OWN for the address under which it reaches this machine (127.0.0.1).
 */
import { connect, type Socket } from 'node:net';
import Srf from 'drachtio-srf';
import { encodeFrame, FrameReader } from '../../src/codec/drachtio-wire.ts';
import { parseApplicationMessage, type SipMessage } from '../../src/codec/sip-message.ts';
import { type App, SipPeer, secret, startEngine, type TestEngine } from '../system/sip-engine-support.ts';
import { eventually } from './eventually.ts';

export interface Target {
  host: string;
  /** Our address as the server sees it. */
  own: string;
  adminPort: number;
  secret: string;
  sipPort: number;
  /** Set when it is our engine, started by the suite. */
  ours: TestEngine | undefined;
  /** How long to wait for what should come, milliseconds; a foreign server has the RFC's timers. */
  patienceMs: number;
}

/** One rule of the protocol and how it is proven. */
export interface ConformanceCase {
  /** Of the protocol's description. */
  section: number;
  /** A sentence that states the rule. */
  name: string;
  /** Why our server does otherwise on purpose; such a case states our rule and is run against ours only. */
  departs?: string;
  run(bench: Bench): Promise<void>;
}

/** The server named by the environment, else ours with quick timers. */
export async function openTarget(): Promise<Target> {
  const env = process.env;
  const host = env.CORDBOARD_CONFORMANCE_HOST;
  if (host !== undefined && host !== '') {
    return {
      host,
      own: env.CORDBOARD_CONFORMANCE_OWN ?? '127.0.0.1',
      adminPort: Number(env.CORDBOARD_CONFORMANCE_ADMIN_PORT ?? 9022),
      secret: env.CORDBOARD_CONFORMANCE_SECRET ?? 'cymru',
      sipPort: Number(env.CORDBOARD_CONFORMANCE_SIP_PORT ?? 5060),
      ours: undefined,
      patienceMs: 45_000,
    };
  }
  const ours = await startEngine({ applicationTimeoutMs: 1_500 });
  const { drachtioPort, sipPort } = ours;
  return {
    host: '127.0.0.1',
    own: '127.0.0.1',
    adminPort: drachtioPort,
    secret,
    sipPort,
    ours,
    patienceMs: 5_000,
  };
}

/** A frame of the server: its tokens and the SIP message behind them. */
export interface ServerFrame {
  tokens: string[];
  message: SipMessage | null;
}

/** An application spoken by hand. */
export class WireApplication {
  readonly heard: ServerFrame[] = [];
  isClosed = false;
  readonly #patienceMs: number;
  readonly #socket: Socket;
  readonly #taken = new Set<ServerFrame>();
  #id = 0;

  private constructor(target: Target) {
    this.#patienceMs = target.patienceMs;
    const reader = new FrameReader(() => 10_000_000);
    this.#socket = connect(target.adminPort, target.host);
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk: Buffer) => {
      for (const payload of reader.push(chunk)) {
        const end = payload.indexOf('\r\n');
        const tokens = (end < 0 ? payload : payload.slice(0, end)).split('|');
        this.heard.push({
          tokens,
          message: end < 0 ? null : parseApplicationMessage(payload.slice(end + 2)),
        });
      }
    });
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      this.isClosed = true;
    });
  }

  /** Connects; says nothing yet. */
  static async open(target: Target): Promise<WireApplication> {
    const application = new WireApplication(target);
    await eventually('connected to the admin port', () => !application.#socket.connecting);
    return application;
  }

  close(): void {
    this.#socket.destroy();
  }

  writeRaw(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** Sends one frame. @returns its id */
  tell(header: string, message?: string): string {
    const { id, frame } = this.frame(header, message);
    this.#socket.write(frame);
    return id;
  }

  /** A frame ready to be written. */
  frame(header: string, message?: string): { id: string; frame: string } {
    const id = `request-${++this.#id}`;
    return { id, frame: encodeFrame(`${id}|${header}${message === undefined ? '' : `\r\n${message}`}`) };
  }

  /** The next verdict on frame `id`. */
  verdict(id: string): Promise<ServerFrame> {
    return this.hears(`verdict on ${id}`, ({ tokens }) => tokens[1] === 'response' && tokens[2] === id);
  }

  ask(header: string, message?: string): Promise<ServerFrame> {
    return this.verdict(this.tell(header, message));
  }

  /** The next frame, not taken before, that fits. */
  hears(what: string, fits: (frame: ServerFrame) => boolean): Promise<ServerFrame> {
    return eventually(
      what,
      () => {
        const found = this.heard.find((each) => !this.#taken.has(each) && fits(each));
        if (found) this.#taken.add(found);
        return found;
      },
      this.#patienceMs,
    );
  }

  hearsRequest(method: string): Promise<ServerFrame> {
    return this.hears(
      `a ${method} frame`,
      ({ tokens, message }) => tokens[1] === 'sip' && message?.method === method,
    );
  }

  hearsStatus(status: number, transactionId: string): Promise<ServerFrame> {
    return this.hears(
      `a ${status} frame`,
      ({ tokens, message }) => message?.status === status && tokens[8] === transactionId,
    );
  }

  countOf(fits: (frame: ServerFrame) => boolean): number {
    return this.heard.filter(fits).length;
  }

  isClosedSoon(): Promise<true> {
    return eventually('the server closes', () => this.isClosed || undefined, this.#patienceMs);
  }
}

/** What one case opens; closed when it ends. */
export class Bench {
  readonly target: Target;
  readonly #closers: (() => void)[] = [];

  constructor(target: Target) {
    this.target = target;
  }

  /** A connection to the admin port that has not authenticated. */
  async stranger(): Promise<WireApplication> {
    const application = await WireApplication.open(this.target);
    this.#closers.push(() => application.close());
    return application;
  }

  /** An authenticated application that takes `verbs`. */
  async wire(...verbs: string[]): Promise<WireApplication> {
    const application = await this.stranger();
    await application.ask(`authenticate|${this.target.secret}|`);
    for (const verb of verbs) await application.ask(`route|${verb}`);
    return application;
  }

  async peer(protocol: 'udp' | 'tcp' = 'udp'): Promise<SipPeer> {
    const { sipPort, host, own } = this.target;
    const peer = await SipPeer.open(sipPort, protocol, { engine: host, own });
    this.#closers.push(() => peer.close());
    return peer;
  }

  /** drachtio-srf, connected, with its routes known to the server. */
  async srf(prepare: (app: App) => void, options: object = {}): Promise<App> {
    const app = new Srf() as unknown as App;
    prepare(app);
    app.on('error', () => {});
    const connected = new Promise<void>((resolve, reject) =>
      app.on('connect', (error: Error | null) => (error ? reject(error) : resolve())),
    );
    const { host, adminPort } = this.target;
    app.connect({ host, port: adminPort, secret: this.target.secret, ...options });
    this.#closers.push(() => {
      try {
        app.disconnect();
      } catch {
        // it has gone before
      }
    });
    await connected;
    // Its routes went out in the same turn as the connect event; one round trip later they are known.
    const probe = await this.wire();
    await probe.ask('ping');
    probe.close();
    return app;
  }

  /** The server's `host:port` for SIP. */
  get sipAddress(): string {
    return `${this.target.host}:${this.target.sipPort}`;
  }

  close(): void {
    for (const close of this.#closers.reverse()) close();
  }
}

/** A SIP message as an application writes it: start line, headers, body. */
export function text(startLine: string, headers: string[] = [], body = ''): string {
  return [startLine, ...headers, '', body].join('\r\n');
}

/** Waits `ms`, to show that something does not come; the condition is checked after it. */
export function quietFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
