import { describe, expect, it } from 'vitest';
import {
  bestCrypto,
  type CryptoAttribute,
  formatCrypto,
  parseCrypto,
  usableCrypto,
} from '../../../src/codec/sdes.ts';

/** From RFC 4568 section 9.1: 30 bytes. */
const key30 = 'WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz';
const key28 = Buffer.alloc(28, 7).toString('base64');

const parsed = (text: string): CryptoAttribute => {
  const attribute = parseCrypto(text);
  if (!attribute) throw new Error(`${text} was not read`);
  return attribute;
};

describe('a=crypto', () => {
  it('is read whole: the examples of RFC 4568', () => {
    expect(parseCrypto(`1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|2^20|1:4 FEC_ORDER=FEC_SRTP`)).toEqual({
      tag: 1,
      suite: 'AES_CM_128_HMAC_SHA1_80',
      keys: [{ keySalt: key30, lifetime: 2 ** 20, mki: { value: '1', bytes: 4 } }],
      sessionParameters: ['FEC_ORDER=FEC_SRTP'],
    });
    expect(
      parsed(`2 F8_128_HMAC_SHA1_80 inline:${key30}|1:4;inline:${key30}|2:4 KDR=1 WSH=64`),
    ).toMatchObject({
      keys: [
        { lifetime: undefined, mki: { value: '1', bytes: 4 } },
        { lifetime: undefined, mki: { value: '2', bytes: 4 } },
      ],
      sessionParameters: ['KDR=1', 'WSH=64'],
    });
    expect(parsed(`3 AES_CM_128_HMAC_SHA1_32 inline:${key30}|1048576`).keys[0]?.lifetime).toBe(1_048_576);
  });

  it.each([
    '',
    '1',
    '1 AES_CM_128_HMAC_SHA1_80',
    `x AES_CM_128_HMAC_SHA1_80 inline:${key30}`,
    `1234567890 AES_CM_128_HMAC_SHA1_80 inline:${key30}`,
    '1 AES_CM_128_HMAC_SHA1_80 uri:https://example.com/key',
    '1 AES_CM_128_HMAC_SHA1_80 inline:',
    '1 AES_CM_128_HMAC_SHA1_80 inline:not*base64',
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|1:4|2^20`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30}|2^20|2^20`,
    `1 AES_CM_128_HMAC_SHA1_80 inline:${key30};`,
  ])('%j is none', (text) => {
    expect(parseCrypto(text)).toBeUndefined();
  });

  it.each([
    ['AES_CM_128_HMAC_SHA1_80', `inline:${key30}`, 0],
    ['aes_cm_128_hmac_sha1_32', `inline:${key30}|2^31`, 0],
    ['AEAD_AES_128_GCM', `inline:${key28}|2^48|1:1`, 1],
    ['AES_CM_128_HMAC_SHA1_80', `inline:${key30} WSH=128 KDR=0 -UNKNOWN=1`, 0],
  ])('%s with %s can be used', (suite, rest, mkiBytes) => {
    expect(usableCrypto(parsed(`1 ${suite} ${rest}`))).toMatchObject({
      suite: suite.toUpperCase(),
      mkiBytes,
    });
  });

  it.each([
    ['a suite we do not speak', `AES_256_CM_HMAC_SHA1_80 inline:${key30}`],
    ['a key of another length', `AES_CM_128_HMAC_SHA1_80 inline:${key28}`],
    ['a GCM key of another length', `AEAD_AES_128_GCM inline:${key30}`],
    ['several keys', `AES_CM_128_HMAC_SHA1_80 inline:${key30}|1:4;inline:${key30}|2:4`],
    ['a lifetime of nothing', `AES_CM_128_HMAC_SHA1_80 inline:${key30}|0`],
    ['a lifetime beyond what SRTP allows', `AES_CM_128_HMAC_SHA1_80 inline:${key30}|2^49`],
    ['a key identifier without length', `AES_CM_128_HMAC_SHA1_80 inline:${key30}|1:0`],
    ['a key identifier that is too long', `AES_CM_128_HMAC_SHA1_80 inline:${key30}|1:129`],
    ['a key derivation rate', `AES_CM_128_HMAC_SHA1_80 inline:${key30} KDR=3`],
    ['audio in the clear', `AES_CM_128_HMAC_SHA1_80 inline:${key30} UNENCRYPTED_SRTP`],
    ['RTCP in the clear', `AES_CM_128_HMAC_SHA1_80 inline:${key30} UNENCRYPTED_SRTCP`],
    ['audio without authentication', `AES_CM_128_HMAC_SHA1_80 inline:${key30} UNAUTHENTICATED_SRTP`],
    ['forward error correction', `AES_CM_128_HMAC_SHA1_80 inline:${key30} FEC_ORDER=SRTP_FEC`],
    ['something unknown', `AES_CM_128_HMAC_SHA1_80 inline:${key30} NEW=1`],
  ])('a line that asks for %s is not taken', (_, text) => {
    expect(usableCrypto(parsed(`1 ${text}`))).toBeUndefined();
  });

  it('of several, the best suite is taken, not the first', () => {
    const lines = [
      `1 AES_256_CM_HMAC_SHA1_80 inline:${Buffer.alloc(46).toString('base64')}`,
      `2 AES_CM_128_HMAC_SHA1_32 inline:${key30}`,
      `3 AES_CM_128_HMAC_SHA1_80 inline:${key30}`,
      `4 AEAD_AES_128_GCM inline:${key28}`,
    ].map(parsed);
    expect(bestCrypto(lines)?.tag).toBe(4);
    expect(bestCrypto(lines.slice(0, 3))?.tag).toBe(3);
    expect(bestCrypto(lines.slice(0, 2))?.tag).toBe(2);
    expect(bestCrypto(lines.slice(0, 1))).toBeUndefined();
  });

  it('is written so that it reads the same', () => {
    const line = { tag: 3, suite: 'AEAD_AES_128_GCM', keySalt: key28 } as const;
    expect(usableCrypto(parsed(formatCrypto(line)))).toEqual({ ...line, mkiBytes: 0 });
  });
});
