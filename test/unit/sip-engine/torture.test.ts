import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSdp } from '../../../src/codec/sdp.ts';
import { parseNameAddress } from '../../../src/codec/sip-address.ts';
import { parseSipMessage, type SipMessage } from '../../../src/codec/sip-message.ts';
import { parseUri } from '../../../src/codec/sip-uri.ts';
import { semanticRefusal, syntaxRefusal } from '../../../src/sip-engine/request-check.ts';
import { type TortureMessage, tortureMessages } from '../../support/torture.ts';

const rfc4475 = tortureMessages('rfc4475');
const rfc5118 = tortureMessages('rfc5118');

/** What the engine makes of it before any table is asked. */
function verdict(bytes: Buffer): TortureMessage['expect'] {
  const message = parseSipMessage(bytes);
  if (!message) return 'dropped';
  if (!message.isRequest)
    return message.problem === null && message.topVia && message.cseq ? 'accepted' : 'dropped';
  const refusal = syntaxRefusal(message) ?? semanticRefusal(message);
  return refusal ? { status: refusal.status } : 'accepted';
}

function read(messages: TortureMessage[], name: string): SipMessage {
  return parseSipMessage(messages.find(({ file }) => file === `${name}.dat`)!.bytes)!;
}

describe.each([
  ['RFC 4475', 'rfc4475', rfc4475, 49],
  ['RFC 5118', 'rfc5118', rfc5118, 12],
] as const)('%s', (_, folder, messages, count) => {
  it('is here whole, with an expectation for each file', () => {
    const files = readdirSync(join(import.meta.dirname, '../../vectors', folder));
    expect(messages.map(({ file }) => file).sort()).toEqual(files.filter((f) => f.endsWith('.dat')).sort());
    expect(messages).toHaveLength(count);
  });

  it.each(messages.map((each) => [each.section, each.title, each] as const))(
    '%s: %s',
    (_section, _title, m) => {
      expect(verdict(m.bytes)).toEqual(m.expect);
    },
  );

  it('what is accepted can be written and read again with the same meaning', () => {
    for (const { bytes, expect: expected } of messages) {
      if (expected !== 'accepted') continue;
      const message = parseSipMessage(bytes)!;
      const again = parseSipMessage(Buffer.from(message.serialise()))!;
      const meaning = (m: SipMessage) =>
        [...m.entries()].filter(([key]) => key !== 'content-length').map(([key, , value]) => [key, value]);
      expect(again.problem).toBeNull();
      expect(meaning(again)).toEqual(meaning(message));
      expect(again.body).toBe(message.body);
    }
  });
});

describe('what the torture messages say', () => {
  it('3.1.1.1: folded lines, odd spelling and blanks around every separator', () => {
    const m = read(rfc4475, 'wsinv');
    expect([m.toTag, m.fromTag, m.callId]).toEqual(['1918181833n', '98asjd8', 'wsinv.ndaksdj@192.0.2.1']);
    expect(m.cseq).toEqual({ number: 9, method: 'INVITE' });
    expect(m.topVia).toMatchObject({ transport: 'UDP', host: '192.0.2.2', branch: '390skdjuw' });
    expect(m.list('via')).toHaveLength(3);
    expect(m.get('subject')).toBe('');
    expect(m.body.length).toBe(150);
  });

  it('3.1.1.2: a quoted pair may hold BEL, NUL and DEL', () => {
    const m = read(rfc4475, 'intmeth');
    expect(parseNameAddress(m.get('to')!)?.display).toBe('"BEL:\\\x07 NUL:\\\0 DEL:\\\x7f"');
    expect(parseUri(m.uri)).toMatchObject({ user: "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*" });
    expect(m.fromTag).toBe("_token~1'+`*%!-.");
  });

  it('3.1.1.7: 34 Vias in 17 spellings, and long values', () => {
    const m = read(rfc4475, 'longreq');
    expect(m.list('via')).toHaveLength(34);
    expect(m.callId).toMatch(/^longreq\.one(really){20}longcallid$/);
  });

  it('3.1.1.8: the body ends where Content-Length says, the rest is nobody’s', () => {
    expect(read(rfc4475, 'dblreq')).toMatchObject({ method: 'REGISTER', body: '' });
  });

  it('3.1.1.9: semicolons before the @ are of the user', () => {
    expect(parseUri(read(rfc4475, 'semiuri').uri)).toMatchObject({
      user: 'user;par=u%40example.net',
      host: 'example.com',
      parameters: '',
    });
  });

  it('3.1.1.12 and 13: a reason phrase may be anything or nothing', () => {
    expect(read(rfc4475, 'unreason')).toMatchObject({
      status: 200,
      reason: '= 2**3 * 5**2 но сто девяносто девять - простое',
    });
    expect(read(rfc4475, 'noreason')).toMatchObject({ status: 100, reason: '' });
  });

  it('3.3.12 and 13: without brackets a parameter is of the header, within them of the URI', () => {
    const first = parseNameAddress(read(rfc4475, 'cparam01').get('contact')!);
    expect(first).toMatchObject({ uri: 'sip:+19725552222@gw1.example.net', parameters: ';unknownparam' });
    const second = parseNameAddress(read(rfc4475, 'cparam02').get('contact')!);
    expect(second).toMatchObject({ uri: 'sip:+19725552222@gw1.example.net;unknownparam', parameters: '' });
  });

  it('RFC 5118 4.3 and 4.4: only what is behind the bracket is a port', () => {
    expect(parseUri(read(rfc5118, 'port-ambiguous').uri)).toMatchObject({
      host: '2001:db8::10:5070',
      port: undefined,
    });
    expect(parseUri(read(rfc5118, 'port-unambiguous').uri)).toMatchObject({
      host: '2001:db8::10',
      port: 5070,
    });
  });

  it('RFC 5118 4.6 and 4.8: an IPv6 address in SDP, and both families in one', () => {
    expect(parseSdp(read(rfc5118, 'ipv6-in-sdp').body).media[0]).toMatchObject({ address: '2001:db8::20' });
    expect(parseSdp(read(rfc5118, 'mult-ip-in-sdp').body).media.map((each) => each.address)).toEqual([
      '192.0.2.1',
      '2001:db8::1',
    ]);
  });

  it('RFC 5118 4.10: three colons before an IPv4 address are read as two', () => {
    expect(parseUri(read(rfc5118, 'ipv6-bug-abnf-3-colons').uri)?.host).toBe('2001:db8::192.0.2.1');
  });
});
