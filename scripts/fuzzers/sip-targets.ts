/** SIP messages, streams of them, addresses, digests and session descriptions. */
import { CordboardError } from '../../src/base/errors.ts';
import { parseChallenges, parseCredentials } from '../../src/codec/digest.ts';
import { parseDtmfInfo } from '../../src/codec/dtmf-info.ts';
import { parseContacts, parsePartyUri } from '../../src/codec/name-addr.ts';
import { parseSdp } from '../../src/codec/sdp.ts';
import type { EncryptionWishes } from '../../src/codec/sdp-encryption.ts';
import { answerOffer, readAnswer } from '../../src/codec/sdp-negotiation.ts';
import { parseNameAddress, parseVia, withReceived, withTag } from '../../src/codec/sip-address.ts';
import { SipStreamFramer } from '../../src/codec/sip-framer.ts';
import {
  maxHeaderLines,
  parseApplicationMessage,
  parseSipMessage,
  type SipMessage,
} from '../../src/codec/sip-message.ts';
import { parseUri } from '../../src/codec/sip-uri.ts';
import { responseTo } from '../../src/sip-engine/message-builder.ts';
import { isAnswerable, semanticRefusal, syntaxRefusal } from '../../src/sip-engine/request-check.ts';
import { type FuzzTarget, must, words } from './target.ts';
import { sipVectors } from './vectors.ts';

const sipWords = words(
  '\r\n',
  '\r\n\r\n',
  '\r\n ',
  ';',
  ',',
  '"',
  '\\"',
  '<',
  '>',
  '<sip:',
  '@',
  '%00',
  '?a=b',
  ';tag=',
  ';lr',
  ';branch=z9hG4bK',
  ';received=',
  ';rport',
  'Via: SIP/2.0/UDP h;branch=z9hG4bK1',
  'Content-Length: 0',
  'l: 99999',
  'CSeq: 1 INVITE',
  'Contact: *',
  'Require: 100rel',
  'SIP/2.0 200 OK',
  'INVITE sip:a@b SIP/2.0',
  '[::1]',
  '[2001:db8::1]:5060',
  'v:',
  'To:',
  'Authorization: Digest username="a", realm="cordboard", nonce="n", uri="sip:b", response="r"',
  '\0',
  '\xff\xfe',
  'tel:+1',
);

/** A server of ours reads all of this of a request before it trusts it. */
function readAll(message: SipMessage): string {
  for (const [key, , value] of message.entries()) {
    parseNameAddress(value);
    parseVia(value);
    if (key === 'contact') parseContacts(value);
    else if (key === 'authorization') parseCredentials(value, 'cordboard');
    else if (key === 'www-authenticate') parseChallenges(value);
  }
  parsePartyUri(message.uri);
  parseDtmfInfo('application/dtmf-relay', message.body || message.callId);
  if (!message.isRequest) return `response ${message.problem}`;
  const refusal = syntaxRefusal(message) ?? semanticRefusal(message);
  // One line short of the limit, because the answer has a Content-Length of its own.
  if (isAnswerable(message) && [...message.entries()].length < maxHeaderLines) {
    message.setFirst('via', withReceived(message.list('via')[0] ?? '', '192.0.2.1', 5060));
    must(message.topVia !== null, 'a Via with received and rport is one still');
    const answer = parseSipMessage(Buffer.from(responseTo(message, 400, 'tag').serialise()));
    must(
      answer?.status === 400 && answer.problem === null,
      'what can be answered has an answer that can be read',
    );
  }
  return `request ${refusal?.status} ${refusal?.reason}`;
}

const sip: FuzzTarget = {
  name: 'sip',
  isText: true,
  seeds: sipVectors(),
  words: sipWords,
  run(input) {
    const message = parseSipMessage(input);
    parseApplicationMessage(input.toString('utf8'));
    if (!message) return 'none';
    // One line short of the limit, because it is written with a Content-Length.
    if (message.problem === null && [...message.entries()].length < maxHeaderLines) {
      const again = parseSipMessage(Buffer.from(message.serialise()));
      must(again !== null && again.problem === null, 'what was read can be written and read again');
      const said = (m: SipMessage): string =>
        JSON.stringify(
          [...m.entries()].filter(([key]) => key !== 'content-length').map(([k, , v]) => [k, v]),
        );
      must(said(again as SipMessage) === said(message), 'and says the same');
    }
    return `${readAll(message)} ${message.method.slice(0, 8)} ${[...message.entries()].length >> 3}`;
  },
};

/** The first byte says where the stream is cut. */
const stream: FuzzTarget = {
  name: 'sip-stream',
  isText: true,
  seeds: sipVectors().map((each) => Buffer.concat([Buffer.of(40), each, each])),
  words: sipWords,
  run(input) {
    const outcome: string[] = [];
    let after = 0;
    const framer = new SipStreamFramer({
      message: (data) => {
        parseSipMessage(data);
        outcome.push('message');
      },
      ping: () => outcome.push('ping'),
      broken: (problem) => {
        after++;
        outcome.push(problem);
      },
    });
    const step = 1 + (input[0] ?? 0) * 3;
    for (let at = 1; at < input.length; at += step) framer.push(input.subarray(at, at + step));
    must(after <= 1, 'a broken stream says so once');
    return outcome.slice(0, 6).join();
  },
};

const uri: FuzzTarget = {
  name: 'uri',
  isText: true,
  seeds: words(
    'sip:100@192.0.2.1:5060;transport=tcp?a=b',
    '"A \\"B\\" C" <sips:a%20b:pw@[2001:db8::1]:5061;lr>;tag=x;expires=3600',
    'SIP / 2.0 / UDP first.example.com: 4000;ttl=16;maddr=224.2.0.1 ;branch=z9hG4bK1',
    'Digest realm="a", nonce="b", algorithm=SHA-256, qop="auth,auth-int", opaque="c", stale=TRUE, Digest realm="d", nonce="e"',
  ),
  words: sipWords,
  run(input) {
    const text = input.toString('utf8');
    const parsed = parseUri(text);
    const party = parsePartyUri(text);
    must(!party || parsed !== null, 'a party is a URI');
    const via = parseVia(text);
    // A comma ends a Via: whoever adds to one has cut the list before.
    if (via && !text.includes(',')) must(parseVia(withReceived(text, '::1', 1)) !== null, 'a Via stays one');
    parseChallenges(text);
    parseCredentials(text, 'a');
    parseDtmfInfo('application/dtmf-relay', text);
    withTag(text, 'a');
    const name = parseNameAddress(text);
    return `${parsed?.scheme} ${via?.transport} ${name !== null} ${Array.isArray(parseContacts(text))}`;
  },
};

const local = { address: '192.0.2.1', port: 4000, sessionId: 1, version: 1 };
const offers = [
  'v=0\r\no=a 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendonly\r\nm=video 5000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n',
  'v=0\no=a 1 1 IN IP6 ::1\ns=-\nt=0 0\nm=audio 4000/2 RTP/SAVP 0\nc=IN IP6 ::1\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAA\na=rtcp:4001 IN IP6 ::1\na=inactive\n',
];

/** @returns what it was, or the code of the refusal that is declared */
function declared(action: () => unknown): string {
  try {
    action();
    return 'taken';
  } catch (error) {
    if (error instanceof CordboardError && error.code.startsWith('sdp.')) return error.code;
    throw error;
  }
}

/** How many media there are, and what the first is. */
function shape(text: string): string {
  let media: ReturnType<typeof parseSdp>['media'] = [];
  declared(() => {
    media = parseSdp(text).media;
  });
  const first = media[0];
  return `${media.length} ${first?.kind.slice(0, 8)} ${first?.direction} ${first?.rtp.length} ${first?.ptimeMs !== undefined}`;
}

const encryption: EncryptionWishes = {
  mode: 'optional',
  keys: { AEAD_AES_128_GCM: 'A', AES_CM_128_HMAC_SHA1_80: 'B', AES_CM_128_HMAC_SHA1_32: 'C' },
};

const sdp: FuzzTarget = {
  name: 'sdp',
  isText: true,
  seeds: [
    ...words(...offers),
    ...sipVectors().flatMap((each) => {
      const at = each.indexOf('v=0');
      return at < 0 ? [] : [each.subarray(at)];
    }),
  ],
  words: words(
    'v=0\r\n',
    'm=audio 0 RTP/AVP 0\r\n',
    'm=audio 65535 RTP/AVP 8\r\n',
    'a=rtpmap:0 PCMU/8000\r\n',
    'a=ptime:0\r\n',
    'a=rtcp:0',
    'c=IN IP4 0.0.0.0\r\n',
    'c=IN IP6 ::\r\n',
    'IP4',
    '127.0.0.1/127',
    'RTP/SAVP',
    'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4\r\n',
    'a=crypto:2 AEAD_AES_128_GCM inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGw UNENCRYPTED_SRTCP\r\n',
    'inline:',
    '|2^31|',
    '101',
    'telephone-event',
    '-1',
    ' ',
    '/',
  ),
  run(input) {
    const text = input.toString('utf8');
    const asAnswer = declared(() => readAnswer(text, { encryption }));
    const asOffer = declared(() => {
      const { answer } = answerOffer(text, local, { encryption });
      must(parseSdp(answer).media.length === parseSdp(text).media.length, 'every m-line is answered');
    });
    return `${asAnswer} ${asOffer} ${shape(text)}`;
  },
};

export const sipTargets: FuzzTarget[] = [sip, stream, uri, sdp];
