/**
 * A provider's registrar and gateway in miniature, over UDP: challenges REGISTER and INVITE with the algorithm
 * given (SIPp knows MD5 only), answers calls, and says how it sees its customer.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  type DigestAlgorithm,
  digestResponse,
  formatChallenge,
  parseCredentials,
} from '../../src/codec/digest.ts';
import { withReceived, withTag } from '../../src/codec/sip-address.ts';
import { parseSipMessage, SipMessage } from '../../src/codec/sip-message.ts';

const realm = 'provider.example';

export interface ProviderOptions {
  address: string;
  port: number;
  username: string;
  password: string;
  algorithm: DigestAlgorithm;
}

export class Provider {
  /** Requests that came with right credentials, or needed none. */
  readonly accepted: SipMessage[] = [];
  /** Challenges sent. */
  challenges = 0;
  /** Final status for accepted INVITEs. */
  inviteStatus = 200;
  /** Hears and says nothing. */
  isSilent = false;
  /** Seconds that a registration is granted. */
  grantedS = 120;
  readonly #options: ProviderOptions;
  readonly #socket: Socket;
  /** Responses by transaction: what comes again gets the same answer, and no new nonce. */
  readonly #answered = new Map<string, string>();
  #nonces = 0;

  private constructor(options: ProviderOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
    socket.on('message', (bytes, from) => {
      const request = parseSipMessage(bytes);
      if (request?.method && !this.isSilent) this.#answer(request, from.address, from.port);
    });
  }

  static async open(options: ProviderOptions): Promise<Provider> {
    const socket = createSocket('udp4');
    socket.bind(options.port, options.address);
    await once(socket, 'listening');
    return new Provider(options, socket);
  }

  close(): void {
    this.#socket.close();
  }

  /** Accepted requests of this method. */
  all(method: string): SipMessage[] {
    return this.accepted.filter((request) => request.method === method);
  }

  #answer(request: SipMessage, address: string, port: number): void {
    if (request.method === 'ACK') return;
    const before = this.#answered.get(transactionOf(request));
    if (before !== undefined) {
      this.#socket.send(before, port, address);
      return;
    }
    const needsProof = request.method === 'REGISTER' || request.method === 'INVITE';
    if (needsProof && !this.#isProven(request)) {
      this.challenges++;
      this.#respond(request, 401, address, port, (response) =>
        response.add('www-authenticate', this.#challenge()),
      );
      return;
    }
    this.accepted.push(request);
    if (request.method === 'INVITE' && this.inviteStatus !== 200) {
      this.#respond(request, this.inviteStatus, address, port);
      return;
    }
    this.#respond(request, 200, address, port, (response) => {
      if (request.method === 'REGISTER')
        response.add('contact', `${request.get('contact')};expires=${this.grantedS}`);
      if (request.method !== 'INVITE') return;
      response.add('contact', `<sip:gateway@${this.#options.address}:${this.#options.port}>`);
      response.add('content-type', 'application/sdp');
      response.body = request.body
        .replace(/^o=.*$/m, 'o=- 1 1 IN IP4 127.0.0.1')
        .replace(/^m=audio \d+ .*$/m, 'm=audio 40000 RTP/AVP 8 101');
    });
  }

  #challenge(): string {
    return formatChallenge({
      realm,
      nonce: `nonce-${++this.#nonces}`,
      algorithm: this.#options.algorithm,
      stale: false,
    });
  }

  #isProven(request: SipMessage): boolean {
    const { username, password, algorithm } = this.#options;
    const credentials = parseCredentials(request.get('authorization') ?? '', realm);
    if (!credentials || credentials.username !== username || credentials.algorithm !== algorithm)
      return false;
    const { nonce, nc, cnonce, uri } = credentials;
    if (nonce !== `nonce-${this.#nonces}` || nc === undefined || cnonce === undefined) return false;
    const expected = digestResponse({
      algorithm,
      username,
      realm,
      password,
      method: request.method,
      uri,
      nonce,
      auth: { nc, cnonce },
    });
    return expected === credentials.response;
  }

  #respond(
    request: SipMessage,
    status: number,
    address: string,
    port: number,
    complete: (response: SipMessage) => void = () => {},
  ): void {
    const response = SipMessage.response(status, `Status ${status}`);
    for (const [key, , value] of request.entries()) {
      if (key === 'via') response.add(key, withReceived(value, address, port));
      if (key === 'from' || key === 'call-id' || key === 'cseq') response.add(key, value);
      if (key === 'to') response.add(key, request.toTag === '' ? withTag(value, 'provider') : value);
    }
    complete(response);
    const text = response.serialise();
    this.#answered.set(transactionOf(request), text);
    this.#socket.send(text, port, address);
  }
}

function transactionOf(request: SipMessage): string {
  return `${request.topVia?.branch} ${request.method}`;
}
