/**
 * One simulated SIP endpoint: a UDP socket with client and server transactions of its own (RFC 3261 §17), so that
 * it behaves like the phones and gateways it stands for: it asks again when nobody answers, repeats its answers, and
 * acknowledges a repeated 200.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { randomId } from '../../src/base/ids.ts';
import { answerChallenge, bestChallenge } from '../../src/codec/digest.ts';
import { withTag } from '../../src/codec/sip-address.ts';
import { parseSipMessage, SipMessage } from '../../src/codec/sip-message.ts';

const t1Ms = 500;
const t2Ms = 4000;
/** An unanswered request is given up after this (timers B and F). */
const giveUpMs = 32_000;

export interface EndpointOptions {
  /** Local address; strangers differ by it. */
  address: string;
  /** 0 or absent: any. */
  port?: number;
  /** User part of Contact and From. */
  user: string;
  /** Digest password; absent: a challenge is a final answer. */
  secret?: string;
  server: { address: string; port: number };
}

export interface Request {
  method: string;
  uri: string;
  to: string;
  from?: string;
  callId?: string;
  cseq?: number;
  headers?: readonly string[];
  body?: string;
  onProvisional?: (response: SipMessage) => void;
}

interface Open {
  text: string;
  isInvite: boolean;
  waitMs: number;
  timer: NodeJS.Timeout;
  giveUp: NodeJS.Timeout;
  onProvisional: ((response: SipMessage) => void) | undefined;
  resolve: (response: SipMessage | undefined) => void;
}

export class Endpoint {
  readonly user: string;
  readonly #options: EndpointOptions;
  readonly #socket: Socket;
  readonly #open = new Map<string, Open>();
  /** Answers given, by branch and method, for as long as the question may be repeated. */
  readonly #answers = new Map<string, string>();
  /** The ACK of each INVITE of ours that was answered, by Call-ID. */
  readonly #acks = new Map<string, string>();
  #cseq = 1;
  /** Requests asked again because no answer came in time. */
  retransmitted = 0;
  onRequest: (request: SipMessage) => void = (request) =>
    this.respond(request, request.method === 'ACK' ? 0 : 200);

  private constructor(options: EndpointOptions, socket: Socket) {
    this.#options = options;
    this.user = options.user;
    this.#socket = socket;
    socket.on('message', (bytes) => this.#receive(bytes));
  }

  static async open(options: EndpointOptions): Promise<Endpoint> {
    const socket = createSocket('udp4');
    socket.bind(options.port ?? 0, options.address);
    await once(socket, 'listening');
    return new Endpoint(options, socket);
  }

  get address(): string {
    return this.#options.address;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get contact(): string {
    return `<sip:${this.user}@${this.address}:${this.port}>`;
  }

  /** `address:port` of the box. */
  get server(): string {
    const { address, port } = this.#options.server;
    return `${address}:${port}`;
  }

  /** Sends raw bytes, with nothing remembered of them. */
  sendRaw(bytes: Uint8Array | string): void {
    const { address, port } = this.#options.server;
    this.#socket.send(bytes, port, address);
  }

  /**
   * Asks, and asks once more with credentials when challenged.
   * @returns the final response; undefined when none came
   */
  async request(request: Request): Promise<SipMessage | undefined> {
    const callId = request.callId ?? randomId();
    const from = request.from ?? `<sip:${this.user}@${this.#options.server.address}>;tag=${randomId(8)}`;
    const whole = { ...request, callId, from };
    const first = await this.#ask(whole, request.cseq ?? this.#cseq++);
    const { secret } = this.#options;
    if (secret === undefined || !first || (first.status !== 401 && first.status !== 407)) return first;
    const header = first.status === 401 ? 'www-authenticate' : 'proxy-authenticate';
    const challenge = bestChallenge(first.get(header) ?? '');
    if (!challenge) return first;
    const credentials = answerChallenge({
      challenge,
      username: this.user,
      password: secret,
      method: request.method,
      uri: request.uri,
      cnonce: randomId(8),
      nonceCount: 1,
    });
    const name = first.status === 401 ? 'Authorization' : 'Proxy-Authorization';
    const headers = [...(request.headers ?? []), `${name}: ${credentials}`];
    return this.#ask({ ...whole, headers }, this.#cseq++);
  }

  /** Answers; `status` 0 answers nothing. `tag` makes the dialog of an INVITE. */
  respond(request: SipMessage, status: number, options: { tag?: string; body?: string } = {}): void {
    if (status === 0) return;
    const response = SipMessage.response(status, `Status ${status}`);
    for (const [key, , value] of request.entries()) {
      if (key === 'via' || key === 'from' || key === 'call-id' || key === 'cseq') response.add(key, value);
      if (key === 'to')
        response.add(
          key,
          request.toTag === '' && status > 100 ? withTag(value, options.tag ?? 'peer') : value,
        );
    }
    response.add('contact', this.contact);
    if (options.body !== undefined) {
      response.add('content-type', 'application/sdp');
      response.body = options.body;
    }
    const text = response.serialise();
    const key = `${request.topVia?.branch} ${request.method}`;
    this.#answers.set(key, text);
    setTimeout(() => this.#answers.delete(key), giveUpMs).unref();
    this.sendRaw(text);
  }

  /** Acknowledges a 200 to an INVITE now and whenever it is repeated, until `forget`. */
  acknowledge(callId: string, text: string): void {
    this.#acks.set(callId, text);
    this.sendRaw(text);
  }

  forget(callId: string): void {
    this.#acks.delete(callId);
  }

  /** A request as text, with headers every request has. */
  compose(request: Request & { callId: string; from: string; cseq: number; branch: string }): string {
    const { method, uri, from, to, callId, cseq, branch, headers = [], body = '' } = request;
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.address}:${this.port};branch=${branch};rport`,
      `From: ${from}`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: ${this.contact}`,
      'Max-Forwards: 70',
      ...headers,
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  }

  /** Cancels an INVITE under way, found by its Call-ID. */
  cancel(callId: string): void {
    for (const { text } of this.#open.values()) {
      const invite = parseSipMessage(Buffer.from(text));
      if (invite?.method !== 'INVITE' || invite.callId !== callId || !invite.topVia) continue;
      const { branch } = invite.topVia;
      const cancel = this.compose({
        method: 'CANCEL',
        uri: invite.uri,
        from: invite.get('from') ?? '',
        to: invite.get('to') ?? '',
        callId,
        cseq: invite.cseq?.number ?? 1,
        branch,
      });
      this.#begin({ text: cancel, branch, method: 'CANCEL' }).catch(() => {});
    }
  }

  close(): void {
    for (const open of this.#open.values()) {
      clearTimeout(open.timer);
      clearTimeout(open.giveUp);
      open.resolve(undefined);
    }
    this.#open.clear();
    this.#socket.close();
  }

  #ask(request: Request & { callId: string; from: string }, cseq: number): Promise<SipMessage | undefined> {
    const branch = `z9hG4bK${randomId(12)}`;
    const text = this.compose({ ...request, cseq, branch });
    return this.#begin({ text, branch, method: request.method, onProvisional: request.onProvisional });
  }

  #begin(asked: {
    text: string;
    branch: string;
    method: string;
    onProvisional?: ((response: SipMessage) => void) | undefined;
  }): Promise<SipMessage | undefined> {
    const key = `${asked.branch} ${asked.method}`;
    return new Promise((resolve) => {
      const open: Open = {
        text: asked.text,
        isInvite: asked.method === 'INVITE',
        waitMs: t1Ms,
        timer: setTimeout(() => this.#askAgain(open), t1Ms),
        giveUp: setTimeout(() => this.#settle(key, undefined), giveUpMs),
        onProvisional: asked.onProvisional,
        resolve,
      };
      this.#open.set(key, open);
      this.sendRaw(asked.text);
    });
  }

  #askAgain(open: Open): void {
    this.retransmitted++;
    open.waitMs = open.isInvite ? open.waitMs * 2 : Math.min(t2Ms, open.waitMs * 2);
    open.timer = setTimeout(() => this.#askAgain(open), open.waitMs);
    this.sendRaw(open.text);
  }

  #settle(key: string, response: SipMessage | undefined): void {
    const open = this.#open.get(key);
    if (!open) return;
    this.#open.delete(key);
    clearTimeout(open.timer);
    clearTimeout(open.giveUp);
    open.resolve(response);
  }

  #receive(bytes: Buffer): void {
    const message = parseSipMessage(bytes);
    if (!message) return;
    if (message.isRequest) {
      const known = this.#answers.get(`${message.topVia?.branch} ${message.method}`);
      if (known === undefined) this.onRequest(message);
      else this.sendRaw(known);
      return;
    }
    const method = message.cseq?.method ?? '';
    const key = `${message.topVia?.branch} ${method}`;
    const open = this.#open.get(key);
    if (method === 'INVITE' && message.status >= 300) this.#acknowledgeFailure(message, open);
    if (!open) {
      const ack = method === 'INVITE' && message.status < 300 ? this.#acks.get(message.callId) : undefined;
      if (ack !== undefined) this.sendRaw(ack);
      return;
    }
    if (message.status >= 200) {
      this.#settle(key, message);
      return;
    }
    if (open.isInvite) {
      // Whoever has a provisional answer waits for the person (timers A and B end).
      clearTimeout(open.timer);
      clearTimeout(open.giveUp);
    }
    open.onProvisional?.(message);
  }

  #acknowledgeFailure(response: SipMessage, open: Open | undefined): void {
    const uri = open ? (parseSipMessage(Buffer.from(open.text))?.uri ?? '') : `sip:${this.server}`;
    this.sendRaw(
      this.compose({
        method: 'ACK',
        uri,
        from: response.get('from') ?? '',
        to: response.get('to') ?? '',
        callId: response.callId,
        cseq: response.cseq?.number ?? 1,
        branch: response.topVia?.branch ?? '',
      }),
    );
  }
}
