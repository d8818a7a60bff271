import type { PeerCertificate } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { SipMessage } from '../../../src/codec/sip-message.ts';
import { asksForSecurity } from '../../../src/sip-engine/engine-parts.ts';
import { explainTlsFailure } from '../../../src/sip-engine/tls-failure.ts';
import { checkSipIdentity } from '../../../src/sip-engine/tls-wire.ts';

describe('why a TLS connection failed', () => {
  const failure = (code: string, message = code, more: object = {}): NodeJS.ErrnoException =>
    Object.assign(new Error(message), { code, ...more });
  const openssl = (said: string): NodeJS.ErrnoException =>
    failure('EPROTO', `write EPROTO 402D:error:0A00010B:SSL routines:tls_function:${said}:file.c:77:`);
  it.each([
    [failure('CERT_HAS_EXPIRED'), 'its certificate has expired'],
    [failure('CERT_NOT_YET_VALID'), 'its certificate is not valid yet; is the clock of this box right?'],
    [failure('SELF_SIGNED_CERT_IN_CHAIN'), 'its certificate comes from an unknown authority'],
    [failure('DEPTH_ZERO_SELF_SIGNED_CERT'), 'its certificate comes from an unknown authority'],
    [failure('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'its certificate comes from an unknown authority'],
    [failure('CERT_SIGNATURE_FAILURE'), 'its certificate is not valid (cert signature failure)'],
    [openssl('wrong version number'), 'it does not speak TLS on this port'],
    [openssl('tlsv1 alert protocol version'), 'it speaks no TLS 1.2 or newer'],
    [
      openssl('tlsv13 alert certificate required'),
      'it asks for a certificate of ours, which is not supported',
    ],
    [
      openssl('ssl/tls alert handshake failure'),
      'the TLS handshake failed (ssl/tls alert handshake failure)',
    ],
    [
      failure(
        'ECONNRESET',
        'Client network socket disconnected before secure TLS connection was established',
      ),
      'it ended the TLS handshake',
    ],
    [failure('ECONNREFUSED'), 'connection refused'],
  ])('%#: %s', (error, words) => {
    expect(explainTlsFailure(error, 'sip.example')).toBe(words);
  });

  it('names what a certificate of another is for, in one short harmless line', () => {
    const of = (subjectaltname: string): string =>
      explainTlsFailure(
        failure('ERR_TLS_CERT_ALTNAME_INVALID', '', { cert: { subjectaltname } }),
        'sip.example',
      );
    expect(of('DNS:a.example, IP Address:192.0.2.1')).toBe(
      'its certificate is for a.example, 192.0.2.1, not for sip.example',
    );
    expect(of('DNS:a\r\nVia: x')).not.toMatch(/[\r\n]/);
    expect(of(`DNS:${'a'.repeat(5000)}`).length).toBeLessThan(200);
  });
});

describe('whose certificate it is (RFC 5922)', () => {
  it.each([
    ['DNS:sip.example', 'sip.example', true],
    ['DNS:SIP.Example', 'sip.example', true],
    ['DNS:*.carrier.example', 'sip.carrier.example', true],
    ['DNS:*.carrier.example', 'a.sip.carrier.example', false],
    ['DNS:other.example', 'sip.example', false],
    ['URI:sip:sip.example', 'sip.example', true],
    ['URI:sip:sip.example;transport=tls', 'sip.example', true],
    ['DNS:host.example, URI:sip:sip.example', 'sip.example', true],
    ['URI:sip:somebody@sip.example', 'sip.example', false],
    ['URI:https://sip.example', 'sip.example', false],
    ['IP Address:192.0.2.1', '192.0.2.1', true],
    ['IP Address:192.0.2.1', '192.0.2.2', false],
    ['DNS:192.0.2.1', '192.0.2.1', false],
  ])('one for %s is that of %s: %s', (subjectaltname, name, isItsOwn) => {
    const certificate = { subject: { CN: 'x' }, subjectaltname } as unknown as PeerCertificate;
    expect(checkSipIdentity(name, certificate) === undefined).toBe(isItsOwn);
  });
});

describe('a request that asks for TLS on each hop', () => {
  it.each([
    ['sips:a@b', {}, true],
    ['SIPS:a@b', {}, true],
    ['sip:a@b;transport=tls', {}, false],
    ['sip:a@b', { Route: '<sips:proxy;lr>' }, true],
    ['sip:a@b', { 'Record-Route': '<sips:proxy;lr>, <sip:other;lr>' }, true],
    ['sip:a@b', { 'Record-Route': '<sip:proxy;lr>', Contact: '<sips:a@c>' }, false],
    ['sip:a@b', { Contact: '<sips:a@c>' }, true],
  ])('%s with %j: %s', (uri, headers, expected) => {
    const request = SipMessage.request('INVITE', uri);
    for (const [name, value] of Object.entries(headers)) request.add(name, value);
    expect(asksForSecurity(request)).toBe(expected);
  });
});
