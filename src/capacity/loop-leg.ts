/** One side of a loop call: a phone that is answered, speaks, and times what it hears of the other side. */
import { createSocket, type Socket } from 'node:dgram';
import { randomId } from '../base/ids.ts';
import { rtpHeaderBytes, writeRtpHeader } from '../codec/rtp.ts';
import type { SipMessage } from '../codec/sip-message.ts';

const payloadBytes = 160;
/** In the payload behind the sending time: says that this packet is one of a loop and counts. */
const mark = 0xc04db0a2;

export interface Tally {
  /** Which measurement runs; 0: none. Packets carry it, so that those under way at its borders do not count. */
  round: number;
  /** False while the last packets of a measurement are awaited. */
  isSending: boolean;
  sent: number;
  received: number;
  latenciesMs: number[];
}

export class LoopLeg {
  readonly callId = randomId();
  readonly number: string;
  readonly #rtp: Socket;
  readonly #packet = Buffer.alloc(rtpHeaderBytes + payloadBytes, 0xff);
  readonly #tag = randomId(8);
  readonly #ssrc = Math.floor(Math.random() * 0x1_0000_0000);
  readonly #tally: Tally;
  readonly #own: { address: string; sipPort: number };
  readonly #server: string;
  #to: string;
  #target = '';
  #peer: { address: string; port: number } | undefined;
  #sequence = 0;

  private constructor(
    rtp: Socket,
    options: { number: string; server: string; own: { address: string; sipPort: number }; tally: Tally },
  ) {
    this.#rtp = rtp;
    this.number = options.number;
    this.#server = options.server;
    this.#own = options.own;
    this.#tally = options.tally;
    this.#to = `<sip:${this.number}@${options.server}>`;
    rtp.on('message', (packet) => this.#hear(packet));
  }

  static async open(options: {
    number: string;
    server: string;
    own: { address: string; sipPort: number };
    tally: Tally;
  }): Promise<LoopLeg> {
    const rtp = createSocket({
      type: 'udp4',
      recvBufferSize: 1 << 18,
      lookup: (host, _options, callback) => callback(null, host, 4),
    });
    await new Promise<void>((resolve) => rtp.bind(0, options.own.address, resolve));
    return new LoopLeg(rtp, options);
  }

  get isUp(): boolean {
    return this.#peer !== undefined;
  }

  invite(): string {
    const { address } = this.#own;
    const body = [
      'v=0',
      `o=- 1 1 IN IP4 ${address}`,
      's=-',
      `c=IN IP4 ${address}`,
      't=0 0',
      `m=audio ${this.#rtp.address().port} RTP/AVP 0`,
      'a=rtpmap:0 PCMU/8000',
      '',
    ].join('\r\n');
    return this.#request('INVITE', `sip:${this.number}@${this.#server}`, 1, body);
  }

  /** The 200 has come: speaks from now on. @returns the ACK */
  answered(response: SipMessage): string {
    this.#to = response.get('to') ?? this.#to;
    this.#target = /<([^>]+)>/.exec(response.get('contact') ?? '')?.[1] ?? '';
    const address = /^c=IN IP4 (\S+)/m.exec(response.body)?.[1];
    const port = Number(/^m=audio (\d+)/m.exec(response.body)?.[1] ?? 0);
    if (address !== undefined && port > 0) this.#peer = { address, port };
    return this.#request('ACK', this.#target, 1, '');
  }

  bye(): string {
    return this.#request('BYE', this.#target, 2, '');
  }

  speak(): void {
    if (!this.#peer) return;
    const packet = Buffer.from(this.#packet); // the socket may still hold the one before
    writeRtpHeader(packet, 0, false, 0, this.#sequence, this.#sequence * payloadBytes, this.#ssrc);
    this.#sequence++;
    packet.writeDoubleBE(performance.now(), rtpHeaderBytes);
    packet.writeUInt32BE(mark, rtpHeaderBytes + 8);
    const { isSending, round } = this.#tally;
    packet.writeUInt32BE(isSending ? round : 0, rtpHeaderBytes + 12);
    if (isSending) this.#tally.sent++;
    this.#rtp.send(packet, this.#peer.port, this.#peer.address);
  }

  close(): void {
    this.#peer = undefined;
    this.#rtp.close();
  }

  #hear(packet: Buffer): void {
    const { round } = this.#tally;
    if (round === 0 || packet.length !== rtpHeaderBytes + payloadBytes) return;
    if (packet.readUInt32BE(rtpHeaderBytes + 8) !== mark) return; // silence of the box
    if (packet.readUInt32BE(rtpHeaderBytes + 12) !== round) return;
    this.#tally.received++;
    this.#tally.latenciesMs.push(performance.now() - packet.readDoubleBE(rtpHeaderBytes));
  }

  #request(method: string, uri: string, cseq: number, body: string): string {
    const { address, sipPort } = this.#own;
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:${sipPort};branch=z9hG4bK${randomId(12)};rport`,
      `From: <sip:selftest@${address}>;tag=${this.#tag}`,
      `To: ${this.#to}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:selftest@${address}:${sipPort}>`,
      'Max-Forwards: 70',
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  }
}
