/** An engine with quick timers, drachtio-srf as its application, and SIP peers on real sockets. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import type { EventEmitter } from 'node:events';
import { connect, isIPv6, type Socket as TcpSocket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import Srf from 'drachtio-srf';
import { expect } from 'vitest';
import { type Clock, systemClock, VirtualClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { SipStreamFramer } from '../../src/codec/sip-framer.ts';
import { parseSipMessage, SipMessage } from '../../src/codec/sip-message.ts';
import { formatHostPort } from '../../src/codec/sip-uri.ts';
import { responseTo } from '../../src/sip-engine/message-builder.ts';
import { SipEngine } from '../../src/sip-engine/sip-engine.ts';
import { type SipTiming, timingWithT1 } from '../../src/sip-engine/timing.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';

export const secret = 'shared with the application';
export const offer = sdp('sendrecv', 4000);

export function sdp(direction: string, port: number): string {
  return [
    'v=0',
    `o=- 1 ${port} IN IP4 127.0.0.1`,
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP 0`,
    `a=${direction}`,
    '',
  ].join('\r\n');
}

// What drachtio-srf really offers; its own typings leave most of it out.
export interface AppRequest extends EventEmitter {
  method: string;
  uri: string;
  body: string;
  source_address: string;
  source_port: number;
  protocol: string;
  stackTxnId: string;
  stackDialogId: string;
  get(name: string): string;
  has(name: string): boolean;
  cancel(options: object, done?: (error: unknown) => void): void;
}
export interface AppResponse {
  status: number;
  reason: string;
  body: string;
  stackDialogId: string;
  get(name: string): string;
  has(name: string): boolean;
  send(status: number, options?: object, done?: (error: unknown, sent?: AppResponse) => void): void;
}
export interface AppDialog extends EventEmitter {
  id: string;
  remote: { uri: string; sdp: string };
  local: { sdp: string };
  sip: { callId: string; localTag: string; remoteTag: string };
  destroy(options?: object): Promise<AppRequest>;
  modify(sdp: string): Promise<string>;
  request(options: object): Promise<AppResponse>;
}
export type AppHandler = (request: AppRequest, response: AppResponse) => void;
export interface App extends EventEmitter {
  use(handler: AppHandler): void;
  invite(handler: AppHandler): void;
  register(handler: AppHandler): void;
  options(handler: AppHandler): void;
  subscribe(handler: AppHandler): void;
  connect(options: object): void;
  disconnect(): void;
  request(options: object, done: (error: Error | null, request: AppRequest) => void): void;
  createUAS(request: AppRequest, response: AppResponse, options: object): Promise<AppDialog>;
  createUAC(uri: string, options: object, progress?: object): Promise<AppDialog>;
}

export interface TestEngine {
  engine: SipEngine;
  sipPort: number;
  sipsPort: number;
  drachtioPort: number;
  /** Connects an application; `prepare` says what it listens to. */
  connect(prepare?: (app: App) => void): Promise<App>;
  /** Asserts that nothing is left once the timers have run, and closes all. */
  finish(): Promise<void>;
}

/** `clock`: a virtual one makes hours pass at once, while sockets stay real; `hasTls`: listens for SIP over TLS too. */
export async function startEngine(
  timing: Partial<SipTiming> = {},
  options: { dnsServers?: string[]; clock?: Clock; hasTls?: boolean; bind?: string[] } = {},
): Promise<TestEngine> {
  const sipPort = await freePorts(3);
  const drachtioPort = sipPort + 1;
  const sipsPort = sipPort + 2;
  const engine = new SipEngine({
    bind: options.bind ?? ['127.0.0.1'],
    sipPort,
    sipsPort: options.hasTls ? sipsPort : null,
    drachtioPort,
    drachtioSecret: secret,
    clock: systemClock,
    log: silentLogger,
    timing: { ...timingWithT1(15), ...timing },
    ...options,
  });
  await engine.start();
  const apps: App[] = [];
  return {
    engine,
    sipPort,
    sipsPort,
    drachtioPort,
    async connect(prepare = () => {}) {
      const app = new Srf() as unknown as App;
      apps.push(app);
      prepare(app);
      app.on('error', () => {});
      const connected = new Promise<void>((resolve, reject) =>
        app.on('connect', (error: Error | null) => (error ? reject(error) : resolve())),
      );
      app.connect({ host: '127.0.0.1', port: drachtioPort, secret });
      await connected;
      // Routes are sent right after the connect event; an answered ping would prove it, an accepted call does.
      await eventually('routes are known', () => engine.stats().wireClients >= apps.length);
      return app;
    },
    async finish(): Promise<void> {
      await eventually('no transaction, dialog or timer is left', () => {
        if (options.clock instanceof VirtualClock) options.clock.advance(64_000);
        const { transactions, dialogs, timers } = engine.stats();
        return transactions === 0 && dialogs === 0 && timers === 0;
      });
      for (const app of apps) {
        try {
          app.disconnect();
        } catch {
          // it has gone before
        }
      }
      await engine.stop();
      expect(engine.stats()).toMatchObject({ transactions: 0, dialogs: 0, timers: 0, connections: 0 });
    },
  };
}

/** A phone or trunk of the test: sends what it is told and remembers what it hears. */
export class SipPeer {
  readonly heard: SipMessage[] = [];
  /** Sees each request first; true: it has been dealt with, and counts as never heard. */
  onRequest: (request: SipMessage) => boolean = () => false;
  pongs = 0;
  readonly protocol: 'udp' | 'tcp' | 'tls';
  port = 0;
  readonly enginePort: number;
  readonly #hosts: { engine: string; own: string };
  #udp: UdpSocket | undefined;
  #tcp: TcpSocket | undefined;
  #taken = new Set<SipMessage>();
  #branch = 0;

  private constructor(
    protocol: 'udp' | 'tcp' | 'tls',
    enginePort: number,
    hosts: { engine: string; own: string },
  ) {
    this.protocol = protocol;
    this.enginePort = enginePort;
    this.#hosts = hosts;
  }

  /**
   * @param hosts where the engine is, and under which address it reaches us
   * @param ca whom a TLS peer trusts, PEM
   */
  static async open(
    enginePort: number,
    protocol: 'udp' | 'tcp' | 'tls' = 'udp',
    hosts = { engine: '127.0.0.1', own: '127.0.0.1' },
    ca = '',
  ): Promise<SipPeer> {
    const peer = new SipPeer(protocol, enginePort, hosts);
    if (protocol === 'udp') {
      const socket = createSocket(isIPv6(hosts.own) ? 'udp6' : 'udp4');
      await new Promise<void>((resolve) => socket.bind(0, hosts.own, resolve));
      socket.on('message', (data) => peer.#hear(data));
      peer.port = socket.address().port;
      peer.#udp = socket;
      return peer;
    }
    const isTls = protocol === 'tls';
    const socket: TcpSocket = isTls
      ? connectTls({ port: enginePort, host: hosts.engine, ca })
      : connect(enginePort, hosts.engine);
    await new Promise<void>((resolve, reject) =>
      socket.once(isTls ? 'secureConnect' : 'connect', resolve).once('error', reject),
    );
    const framer = new SipStreamFramer({
      message: (data) => peer.#hear(data),
      ping: () => {},
      broken: () => {},
    });
    socket.on('data', (chunk: Buffer) => {
      if (chunk.toString() === '\r\n') peer.pongs++;
      else framer.push(chunk);
    });
    socket.on('error', () => {});
    peer.port = socket.localPort ?? 0;
    peer.#tcp = socket;
    return peer;
  }

  get isClosed(): boolean {
    return this.#tcp?.closed ?? false;
  }

  close(): void {
    this.#udp?.close();
    this.#udp = undefined;
    this.#tcp?.destroy();
  }

  /** Sends text as it stands. */
  sendText(text: string | Buffer): void {
    if (this.#udp) this.#udp.send(text, this.enginePort, this.#hosts.engine);
    else this.#tcp?.write(text);
  }

  send(message: SipMessage): SipMessage {
    this.sendText(message.serialise());
    return message;
  }

  get contact(): string {
    const transport = this.protocol === 'udp' ? '' : `;transport=${this.protocol}`;
    return `<sip:bob@${formatHostPort(this.#hosts.own, this.port)}${transport}>`;
  }

  /** A request outside any dialog. */
  request(method: string, options: { callId?: string; cseq?: number; body?: string } = {}): SipMessage {
    const callId = options.callId ?? `${method}-${this.port}-${++this.#branch}`;
    const request = SipMessage.request(
      method,
      `sip:100@${formatHostPort(this.#hosts.engine, this.enginePort)}`,
    )
      .add('Via', this.via())
      .add('Max-Forwards', '70')
      .add('From', `<sip:bob@${formatHostPort(this.#hosts.own, undefined)}>;tag=bob`)
      .add('To', `<sip:100@${formatHostPort(this.#hosts.engine, undefined)}>`)
      .add('Call-ID', callId)
      .add('CSeq', `${options.cseq ?? 1} ${method}`)
      .add('Contact', this.contact);
    if (options.body !== undefined) {
      request.add('Content-Type', 'application/sdp');
      request.body = options.body;
    }
    return request;
  }

  via(): string {
    const branch = `z9hG4bK-${this.port}-${++this.#branch}`;
    return `SIP/2.0/${this.protocol.toUpperCase()} ${formatHostPort(this.#hosts.own, this.port)};branch=${branch};rport`;
  }

  /** A request within the dialog that `response` (to a request of ours) made. */
  inDialog(method: string, response: SipMessage, cseq: number): SipMessage {
    return this.request(method, { callId: response.callId, cseq }).set('To', response.get('to') ?? '');
  }

  /** A request within the dialog that `request` (of the engine) made and we answered with tag `peer`. */
  inDialogOf(method: string, request: SipMessage, cseq: number): SipMessage {
    return this.request(method, { callId: request.callId, cseq })
      .set('From', `${request.get('to')};tag=peer`)
      .set('To', request.get('from') ?? '');
  }

  /** Answers a request of the engine. */
  answer(request: SipMessage, status: number, body = '', headers: [string, string][] = []): SipMessage {
    const response = responseTo(request, status, 'peer');
    if (status > 100 && !headers.some(([name]) => name === 'Contact')) response.add('Contact', this.contact);
    for (const [name, value] of headers) response.add(name, value);
    if (body !== '') response.add('Content-Type', 'application/sdp').body = body;
    return this.send(response);
  }

  /** ACK of a 2xx to a request of ours. */
  acknowledge(response: SipMessage): SipMessage {
    return this.send(this.inDialog('ACK', response, response.cseq?.number ?? 1).set('Via', this.via()));
  }

  /** The next message, not taken before, that fits. */
  hears(what: string, fits: (message: SipMessage) => boolean): Promise<SipMessage> {
    return eventually(`peer hears ${what}`, () => {
      const found = this.heard.find((each) => !this.#isTaken(each) && fits(each));
      if (found) this.#taken.add(found);
      return found;
    });
  }

  hearsRequest(method: string): Promise<SipMessage> {
    return this.hears(method, (message) => message.method === method);
  }

  hearsStatus(status: number, method: string): Promise<SipMessage> {
    return this.hears(
      `${status} to ${method}`,
      (message) => message.status === status && message.cseq?.method === method,
    );
  }

  countOf(fits: (message: SipMessage) => boolean): number {
    return this.heard.filter(fits).length;
  }

  /** A request repeated because this peer was slow is no news; an ACK repeated is an answer to something. */
  #isTaken(message: SipMessage): boolean {
    if (this.#taken.has(message)) return true;
    if (!message.isRequest || message.method === 'ACK') return false;
    const text = message.serialise();
    for (const taken of this.#taken) if (taken.serialise() === text) return true;
    return false;
  }

  #hear(data: Buffer): void {
    const message = parseSipMessage(data);
    if (!message) return;
    expect(message.problem).toBeNull();
    if (message.isRequest && this.onRequest(message)) return;
    this.heard.push(message);
  }
}
