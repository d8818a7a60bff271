/** A call made by writing its SIP messages, for figures that need the moment of each. */
import { randomId } from '../../src/base/ids.ts';
import { carrierAddress } from '../../test/support/office.ts';
import type { SeenMessage, WirePhone } from '../../test/support/wire-phone.ts';

/** G.711 from the carrier's address. */
export const wireSdp = [
  'v=0',
  `o=- 1 1 IN IP4 ${carrierAddress}`,
  's=-',
  `c=IN IP4 ${carrierAddress}`,
  't=0 0',
  'm=audio 45002 RTP/AVP 0',
  'a=rtpmap:0 PCMU/8000',
  '',
].join('\r\n');

/** One call of a caller at the carrier, as text. */
export class WireCall {
  readonly #phone: WirePhone;
  readonly #uri: string;
  readonly #from: string;
  readonly #callId = randomId();
  readonly #tag = randomId(8);
  #target: string;
  #to: string;

  /** @param from the caller's number */
  constructor(phone: WirePhone, server: string, from = '+36301112233') {
    this.#phone = phone;
    this.#from = from;
    this.#uri = `sip:3612345678@${server}`;
    this.#target = this.#uri;
    this.#to = `<${this.#uri}>`;
  }

  /** Takes the answer to its INVITE; false for any other response. */
  isAnsweredBy({ startLine, headers }: SeenMessage): boolean {
    if (!startLine.startsWith('SIP/2.0 200') || headers.get('call-id') !== this.#callId) return false;
    if (headers.get('cseq') !== '1 INVITE') return false;
    this.#to = headers.get('to') ?? this.#to;
    this.#target = /<([^>]+)>/.exec(headers.get('contact') ?? '')?.[1] ?? this.#target;
    return true;
  }

  request(method: string, cseq: number, body = ''): string {
    const { address, port, contact } = this.#phone;
    return `${method} ${this.#target} SIP/2.0
Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${randomId(12)};rport
From: <sip:${this.#from}@${address}>;tag=${this.#tag}
To: ${this.#to}
Call-ID: ${this.#callId}
CSeq: ${cseq} ${method}
Contact: ${contact}
Max-Forwards: 70
${body === '' ? '' : 'Content-Type: application/sdp\n'}Content-Length: ${body.length}

${body}`;
  }
}
