/** Everything from outside that a box on a network has to bear: scanners, password guessers, nonsense. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { randomId } from '../../src/base/ids.ts';
import { answerChallenge, bestChallenge } from '../../src/codec/digest.ts';
import { mutate } from '../fuzzers/mutate.ts';
import type { Random } from '../fuzzers/random.ts';
import { sipVectors } from '../fuzzers/vectors.ts';
import { Endpoint } from '../peers/endpoint.ts';
import { pause } from '../peers/pause.ts';
import { phoneNumber, secretOf } from './office.ts';
import type { Outcomes } from './outcomes.ts';

const words = ['sip:', ';tag=', 'Via: ', 'INVITE', 'Content-Length: ', '\r\n\r\n'].map((word) =>
  Buffer.from(word),
);
/** Larger ones do not fit into a datagram. */
const maxDatagramBytes = 60_000;

export interface StrangerDeps {
  server: { address: string; port: number };
  outcomes: Outcomes;
  random: Random;
}

export class Strangers {
  readonly #deps: StrangerDeps;
  readonly #corpus = sipVectors();
  #next = 0;

  constructor(deps: StrangerDeps) {
    this.#deps = deps;
  }

  /** A tool that names itself, and gets no answer. */
  async scanner(): Promise<void> {
    await this.#visit(async (visitor) => {
      for (const method of ['OPTIONS', 'REGISTER', 'INVITE', 'OPTIONS'])
        visitor.sendRaw(
          this.#probe(visitor, method, String(100 + this.#deps.random.below(300)), 'friendly-scanner'),
        );
      await pause(200);
    });
    this.#deps.outcomes.count('scanners');
  }

  /** One who feels for extensions, without a name. */
  async prober(): Promise<void> {
    await this.#visit(async (visitor) => {
      for (let i = 0; i < 60; i++) {
        visitor.sendRaw(this.#probe(visitor, 'REGISTER', String(100 + i), 'Phone/1.0'));
        await pause(10);
      }
    });
    this.#deps.outcomes.count('probers');
  }

  /** One who guesses passwords until the box is deaf to it. */
  async guesser(): Promise<void> {
    const { server, outcomes } = this.#deps;
    await this.#visit(async (visitor) => {
      for (let i = 0; i < 10; i++) {
        const answer = await Promise.race([
          visitor.request({
            method: 'REGISTER',
            uri: `sip:${server.address}:${server.port}`,
            to: `<sip:${visitor.user}@${server.address}>`,
          }),
          pause(700),
        ]);
        if (!answer) break;
        if (answer.status === 200) outcomes.fail('guard', 'a guessed password was taken');
      }
    });
    outcomes.count('guessers');
  }

  /** A datagram broken in some way. */
  async malformed(): Promise<void> {
    const { random, outcomes } = this.#deps;
    await this.#visit(async (visitor) => {
      for (let i = 0; i < 8; i++) {
        const bytes = mutate(random, this.#corpus, words, true);
        if (bytes.length <= maxDatagramBytes) visitor.sendRaw(bytes);
        outcomes.count('malformed messages');
      }
      await pause(50);
    });
  }

  /** Bytes to RTP ports of calls in progress, from elsewhere than their peers. */
  async noise(ports: readonly number[]): Promise<void> {
    const { random, server, outcomes } = this.#deps;
    const socket = createSocket('udp4');
    socket.bind(0, this.#address());
    await once(socket, 'listening');
    for (const port of ports) {
      const bytes = Buffer.alloc(1 + random.below(400));
      for (let i = 0; i < bytes.length; i++) bytes[i] = random.below(256);
      if (random.oneIn(2)) bytes[0] = 0x80;
      socket.send(bytes, port, server.address);
      outcomes.count('foreign packets at media ports');
    }
    await pause(20);
    socket.close();
  }

  /** A phone on TCP that registers and whose connection breaks. */
  async broken(): Promise<void> {
    const { server, outcomes, random } = this.#deps;
    const number = phoneNumber(random.below(20));
    const socket = connect({ port: server.port, host: server.address, localAddress: '127.0.0.1' });
    socket.on('error', () => {});
    await once(socket, 'connect');
    const { port } = socket.address() as { port: number };
    const callId = randomId();
    const register = (cseq: number, headers: string[]): string =>
      [
        `REGISTER sip:${server.address}:${server.port} SIP/2.0`,
        `Via: SIP/2.0/TCP 127.0.0.1:${port};branch=z9hG4bK${randomId(12)}`,
        `From: <sip:${number}@${server.address}>;tag=${callId}`,
        `To: <sip:${number}@${server.address}>`,
        `Call-ID: ${callId}`,
        `CSeq: ${cseq} REGISTER`,
        `Contact: <sip:${number}@127.0.0.1:${port};transport=tcp>;expires=0`,
        'Max-Forwards: 70',
        ...headers,
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n');
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    socket.write(register(1, []));
    for (let i = 0; i < 50 && !text.includes('\r\n\r\n'); i++) await pause(20);
    const challenge = bestChallenge(/^WWW-Authenticate: (.+)$/im.exec(text)?.[1] ?? '');
    if (challenge) {
      const credentials = answerChallenge({
        challenge,
        username: number,
        password: secretOf(number),
        method: 'REGISTER',
        uri: `sip:${server.address}:${server.port}`,
        cnonce: callId,
        nonceCount: 1,
      });
      const whole = register(2, [`Authorization: ${credentials}`]);
      // Every other one breaks in the middle of its message.
      socket.write(random.oneIn(2) ? whole : whole.slice(0, random.below(whole.length)));
      await pause(random.below(300));
    } else outcomes.fail('TCP', `no challenge: ${text.slice(0, 100)}`);
    if (random.oneIn(2)) socket.resetAndDestroy();
    else socket.destroy();
    outcomes.count('TCP connections');
  }

  /** A stranger from an address that has not been here for long. */
  async #visit(visit: (visitor: Endpoint) => Promise<void>): Promise<void> {
    const visitor = await Endpoint.open({
      address: this.#address(),
      user: String(100 + this.#deps.random.below(300)),
      secret: 'letmein',
      server: this.#deps.server,
    });
    try {
      await visit(visitor);
    } finally {
      visitor.close();
    }
  }

  #address(): string {
    const n = this.#next++;
    return `127.9.${Math.floor(n / 200) % 250}.${1 + (n % 200)}`;
  }

  #probe(visitor: Endpoint, method: string, user: string, userAgent: string): string {
    const uri = method === 'REGISTER' ? `sip:${visitor.server}` : `sip:${user}@${visitor.server}`;
    return visitor.compose({
      method,
      uri,
      from: `<sip:${user}@${visitor.server}>;tag=${randomId(8)}`,
      to: `<sip:${user}@${visitor.server}>`,
      callId: randomId(),
      cseq: 1,
      branch: `z9hG4bK${randomId(12)}`,
      headers: [`User-Agent: ${userAgent}`],
    });
  }
}
