/**
 * A phone in plain sight: one UDP socket, every message with the moment it was seen. It registers, answers what
 * it is told to answer, and hangs up; for tests and figures that need exact times or exact bytes. No retransmission
 * of its own: the loopback loses nothing.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { randomId } from '../../src/base/ids.ts';
import { answerChallenge, bestChallenge } from '../../src/codec/digest.ts';
import { eventually } from './eventually.ts';

export interface SeenMessage {
  /** performance.now() at arrival. */
  atMs: number;
  startLine: string;
  /** By lower-case name; the first of each. */
  headers: Map<string, string>;
  /** All Via lines, as a response repeats them. */
  vias: string[];
  text: string;
}

export class WirePhone {
  readonly seen: SeenMessage[] = [];
  readonly number: string;
  readonly #secret: string;
  readonly #server: { address: string; port: number };
  readonly #socket: Socket;
  #cseq = 1;
  /** Called for each request; default: none is answered. */
  onRequest: (message: SeenMessage) => void = () => {};
  /** Called for each response. */
  onResponse: (message: SeenMessage) => void = () => {};

  private constructor(options: { number: string; secret: string; server: string }, socket: Socket) {
    this.number = options.number;
    this.#secret = options.secret;
    const [address = '', port = ''] = options.server.split(':');
    this.#server = { address, port: Number(port) };
    this.#socket = socket;
    socket.on('message', (bytes) => {
      const atMs = performance.now();
      if (bytes.length < 5) return;
      const message = parse(bytes.toString('utf8'), atMs);
      this.seen.push(message);
      if (message.startLine.startsWith('SIP/2.0')) this.onResponse(message);
      else this.onRequest(message);
    });
  }

  /** @param options.address where it binds, 127.0.0.1 and any port unless said otherwise */
  static async open(options: {
    number: string;
    secret: string;
    server: string;
    address?: string;
    port?: number;
  }): Promise<WirePhone> {
    const socket = createSocket('udp4');
    socket.bind(options.port ?? 0, options.address ?? '127.0.0.1');
    await once(socket, 'listening');
    return new WirePhone(options, socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get address(): string {
    return this.#socket.address().address;
  }

  get contact(): string {
    return `<sip:${this.number}@${this.address}:${this.port}>`;
  }

  send(text: string): void {
    this.#socket.send(text.replace(/\r?\n/g, '\r\n'), this.#server.port, this.#server.address);
  }

  /** Registers with digest. @returns how long the first answer took, in ms. @throws Error when refused */
  async register(expiresS = 300): Promise<number> {
    const callId = randomId();
    const tag = randomId(8);
    const uri = `sip:${this.#server.address}:${this.#server.port}`;
    const attempt = async (authorization: string): Promise<SeenMessage> => {
      const cseq = this.#cseq++;
      const from = this.seen.length;
      this.send(`REGISTER ${uri} SIP/2.0
Via: SIP/2.0/UDP ${this.address}:${this.port};branch=z9hG4bK${randomId(12)};rport
From: <sip:${this.number}@${this.#server.address}>;tag=${tag}
To: <sip:${this.number}@${this.#server.address}>
Call-ID: ${callId}
CSeq: ${cseq} REGISTER
Contact: ${this.contact}
Expires: ${expiresS}
Max-Forwards: 70
${authorization}Content-Length: 0

`);
      return eventually('an answer to REGISTER', () =>
        this.seen.slice(from).find((m) => m.headers.get('cseq') === `${cseq} REGISTER`),
      );
    };
    const askedAt = performance.now();
    const challenged = await attempt('');
    const firstAnswerMs = challenged.atMs - askedAt;
    const challenge = bestChallenge(challenged.headers.get('www-authenticate') ?? '');
    if (!challenge) throw new Error(`no challenge: ${challenged.startLine}`);
    const answer = answerChallenge({
      challenge,
      username: this.number,
      password: this.#secret,
      method: 'REGISTER',
      uri,
      cnonce: randomId(8),
      nonceCount: 1,
    });
    const final = await attempt(`Authorization: ${answer}\n`);
    if (!final.startLine.startsWith('SIP/2.0 200')) throw new Error(`not registered: ${final.startLine}`);
    return firstAnswerMs;
  }

  /** Answers a request. `tag` makes the dialog; a 200 to INVITE gets an SDP answer with the port given. */
  respond(
    request: SeenMessage,
    status: string,
    options: { tag?: string; rtpPort?: number; headers?: string } = {},
  ): void {
    const to = request.headers.get('to') ?? '';
    const body = options.rtpPort === undefined ? '' : this.#sdp(options.rtpPort);
    this.send(`SIP/2.0 ${status}
${request.vias.map((via) => `Via: ${via}`).join('\n')}
From: ${request.headers.get('from')}
To: ${to}${options.tag === undefined || to.includes('tag=') ? '' : `;tag=${options.tag}`}
Call-ID: ${request.headers.get('call-id')}
CSeq: ${request.headers.get('cseq')}
Contact: ${this.contact}
${options.headers ?? ''}${body ? 'Content-Type: application/sdp\n' : ''}Content-Length: ${body.length}

${body}`);
  }

  /** A request in the dialog that `invite` began and this phone answered with `tag`. */
  request(method: string, invite: SeenMessage, tag: string): void {
    const target = /<([^>]+)>/.exec(invite.headers.get('contact') ?? '')?.[1] ?? '';
    this.send(`${method} ${target} SIP/2.0
Via: SIP/2.0/UDP ${this.address}:${this.port};branch=z9hG4bK${randomId(12)};rport
From: ${invite.headers.get('to')};tag=${tag}
To: ${invite.headers.get('from')}
Call-ID: ${invite.headers.get('call-id')}
CSeq: ${this.#cseq++} ${method}
Contact: ${this.contact}
Max-Forwards: 70
Content-Length: 0

`);
  }

  /**
   * Offers its media anew in the dialog that `invite` began, from wherever this phone is, and acknowledges the answer.
   * @returns the final answer
   */
  async reinvite(invite: SeenMessage, tag: string, rtpPort: number): Promise<SeenMessage> {
    const cseq = this.#cseq++;
    const from = this.seen.length;
    const target = /<([^>]+)>/.exec(invite.headers.get('contact') ?? '')?.[1] ?? '';
    const send = (method: string, body: string): void =>
      this.send(`${method} ${target} SIP/2.0
Via: SIP/2.0/UDP ${this.address}:${this.port};branch=z9hG4bK${randomId(12)};rport
From: ${invite.headers.get('to')};tag=${tag}
To: ${invite.headers.get('from')}
Call-ID: ${invite.headers.get('call-id')}
CSeq: ${cseq} ${method}
Contact: ${this.contact}
Max-Forwards: 70
${body === '' ? '' : 'Content-Type: application/sdp\n'}Content-Length: ${body.length}

${body}`);
    send('INVITE', this.#sdp(rtpPort));
    const answer = await eventually('an answer to the re-INVITE', () =>
      this.seen
        .slice(from)
        .find((m) => m.headers.get('cseq') === `${cseq} INVITE` && /^SIP\/2.0 [2-6]/.test(m.startLine)),
    );
    send('ACK', '');
    return answer;
  }

  /** The first message from index `from` whose start line begins so. */
  waitFor(start: string, options: { from?: number; timeoutMs?: number } = {}): Promise<SeenMessage> {
    return eventually(
      `${this.number} sees ${start}; saw: ${this.seen.map((m) => m.startLine).join(' | ')}`,
      () => this.seen.slice(options.from ?? 0).find((m) => m.startLine.startsWith(start)),
      options.timeoutMs ?? 10_000,
    );
  }

  close(): void {
    this.#socket.close();
  }

  #sdp(rtpPort: number): string {
    return `v=0\r\no=- 1 ${rtpPort} IN IP4 ${this.address}\r\ns=-\r\nc=IN IP4 ${this.address}\r\nt=0 0\r\nm=audio ${rtpPort} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n`;
  }
}

function parse(text: string, atMs: number): SeenMessage {
  const [head = ''] = text.split('\r\n\r\n', 1);
  const [startLine = '', ...lines] = head.split('\r\n');
  const headers = new Map<string, string>();
  const vias: string[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'via' || name === 'v') vias.push(value);
    if (!headers.has(name)) headers.set(name, value);
  }
  return { atMs, startLine, headers, vias, text };
}
