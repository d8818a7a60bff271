import { describe, expect, it } from 'vitest';
import {
  answerChallenge,
  bestChallenge,
  digestResponse,
  formatChallenge,
  parseChallenges,
  parseCredentials,
} from '../../../src/codec/digest.ts';

const rfc7616 = {
  username: 'Mufasa',
  realm: 'http-auth@example.org',
  password: 'Circle of Life',
  method: 'GET',
  uri: '/dir/index.html',
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  auth: { nc: '00000001', cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' },
};

describe('the digest response', () => {
  it('is that of RFC 7616 §3.9.1 with MD5', () => {
    expect(digestResponse({ ...rfc7616, algorithm: 'MD5' })).toBe('8ca523f5e9506fed4657c9700eebdbec');
  });

  it('is that of RFC 7616 §3.9.1 with SHA-256', () => {
    expect(digestResponse({ ...rfc7616, algorithm: 'SHA-256' })).toBe(
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    );
  });

  it('is that of RFC 2069 without qop', () => {
    expect(
      digestResponse({
        algorithm: 'MD5',
        username: 'Mufasa',
        realm: 'testrealm@host.com',
        password: 'CircleOfLife',
        method: 'GET',
        uri: '/dir/index.html',
        nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      }),
    ).toBe('1949323746fe6a43ef61f9606e7febea');
  });

  it('differs with -sess, which binds the nonces', () => {
    expect(digestResponse({ ...rfc7616, algorithm: 'MD5-sess' })).not.toBe(
      digestResponse({ ...rfc7616, algorithm: 'MD5' }),
    );
  });
});

describe('challenges', () => {
  it('are told apart when two headers were joined by a comma', () => {
    const header =
      'Digest realm="a, b", nonce="n1", qop="auth,auth-int", algorithm=MD5, Digest realm="a", nonce="n2", algorithm=SHA-256, stale=TRUE';
    expect(parseChallenges(header)).toMatchObject([
      { realm: 'a, b', nonce: 'n1', algorithm: 'MD5', qopAuth: true, stale: false },
      { realm: 'a', nonce: 'n2', algorithm: 'SHA-256', qopAuth: false, stale: true },
    ]);
  });

  it('are answered with SHA-256 rather than MD5, and never with what we do not speak', () => {
    const md5 = 'Digest realm="r", nonce="1"';
    const sha = 'Digest realm="r", nonce="2", algorithm=SHA-256';
    const sha512 = 'Digest realm="r", nonce="3", algorithm=SHA-512-256';
    expect(bestChallenge(`${md5}, ${sha}`)?.nonce).toBe('2');
    expect(bestChallenge(`${sha512}, ${md5}`)?.nonce).toBe('1');
    expect(bestChallenge(sha512)).toBeUndefined();
  });

  it('of other schemes, and garbage, are passed over', () => {
    expect(parseChallenges('Basic realm="x"')).toEqual([]);
    expect(parseChallenges('NTLM abc==, Digest realm="r", nonce="1"')).toMatchObject([{ nonce: '1' }]);
    expect(parseChallenges('')).toEqual([]);
    expect(parseChallenges('Digest')).toEqual([]);
  });

  it('read back as written', () => {
    const header = formatChallenge({ realm: 'cordboard', nonce: 'abc', algorithm: 'SHA-256', stale: true });
    expect(parseChallenges(header)).toEqual([
      {
        realm: 'cordboard',
        nonce: 'abc',
        algorithm: 'SHA-256',
        algorithmText: 'SHA-256',
        opaque: undefined,
        stale: true,
        qopAuth: true,
      },
    ]);
  });
});

describe('an answered challenge', () => {
  const answer = (challenge: string): string =>
    answerChallenge({
      challenge: bestChallenge(challenge)!,
      username: '201',
      password: 'secret',
      method: 'REGISTER',
      uri: 'sip:pbx',
      cnonce: 'c1',
      nonceCount: 10,
    });

  it('carries what the server needs to check it', () => {
    const header = answer('Digest realm="r", nonce="n", opaque="o\\"q", qop="auth"');
    expect(header).toContain('opaque="o\\"q"');
    expect(header).not.toContain('algorithm');
    const credentials = parseCredentials(header, 'r')!;
    expect(credentials).toMatchObject({
      username: '201',
      nonce: 'n',
      uri: 'sip:pbx',
      nc: '0000000a',
      qop: 'auth',
    });
    expect(credentials.response).toBe(
      digestResponse({
        algorithm: 'MD5',
        username: '201',
        realm: 'r',
        password: 'secret',
        method: 'REGISTER',
        uri: 'sip:pbx',
        nonce: 'n',
        auth: { nc: '0000000a', cnonce: 'c1' },
      }),
    );
  });

  it('has neither qop nor counter when none was offered', () => {
    const header = answer('Digest realm="r", nonce="n", algorithm=MD5');
    expect(header).toContain('algorithm=MD5');
    expect(header).not.toContain('nc=');
  });

  it('is no credential for another realm', () => {
    expect(parseCredentials(answer('Digest realm="r", nonce="n"'), 'other')).toBeUndefined();
  });
});
