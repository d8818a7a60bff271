import { describe, expect, it } from 'vitest';
import { parseSdp } from '../../../src/codec/sdp.ts';
import type { EncryptionWishes } from '../../../src/codec/sdp-encryption.ts';
import { answerOffer, checkOffer, readAnswer, writeOffer } from '../../../src/codec/sdp-negotiation.ts';

const local = { address: '192.168.1.2', port: 16400, sessionId: 7, version: 1 };
const ours = {
  AEAD_AES_128_GCM: Buffer.alloc(28, 1).toString('base64'),
  AES_CM_128_HMAC_SHA1_80: Buffer.alloc(30, 2).toString('base64'),
  AES_CM_128_HMAC_SHA1_32: Buffer.alloc(30, 3).toString('base64'),
};
const theirs28 = Buffer.alloc(28, 8).toString('base64');
const theirs30 = Buffer.alloc(30, 9).toString('base64');
const optional: EncryptionWishes = { mode: 'optional', keys: ours };
const required: EncryptionWishes = { mode: 'required', keys: ours };

function sdp(...media: string[]): string {
  return `${['v=0', 'o=- 1 1 IN IP4 192.0.2.9', 's=-', 'c=IN IP4 192.0.2.9', 't=0 0', ...media].join('\r\n')}\r\n`;
}

const savp = 'm=audio 4000 RTP/SAVP 8 0';
const avp = 'm=audio 4000 RTP/AVP 8 0';
const counter = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${theirs30}|2^31`;
const gcm = `a=crypto:7 AEAD_AES_128_GCM inline:${theirs28}`;
const counterKeys = {
  suite: 'AES_CM_128_HMAC_SHA1_80',
  sendKey: ours.AES_CM_128_HMAC_SHA1_80,
  receiveKey: theirs30,
  receiveMkiBytes: 0,
};
const linesOf = (text: string): string[] => text.split('\r\n').filter((line) => /^(m=|a=crypto)/.test(line));

describe('an offer of encrypted audio', () => {
  it.each([
    ['RTP/SAVP', savp],
    ['RTP/SAVPF', savp.replace('SAVP', 'SAVPF')],
    ['RTP/AVP with keys (RFC 8643)', avp],
  ])('is taken where encryption is optional or required: %s', (_, line) => {
    for (const encryption of [optional, required]) {
      const { answer, agreed } = answerOffer(sdp(line, counter), local, { encryption });
      expect(agreed.srtp).toEqual(counterKeys);
      expect(linesOf(answer)).toEqual([
        line.replace('4000', '16400').replace('8 0', '8'),
        `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${ours.AES_CM_128_HMAC_SHA1_80}`,
      ]);
    }
  });

  it('is answered with its best suite, at its tag', () => {
    const weak = `a=crypto:3 AES_CM_128_HMAC_SHA1_32 inline:${theirs30}`;
    const { answer, agreed } = answerOffer(sdp(savp, weak, counter, gcm), local, { encryption: optional });
    expect(agreed.srtp).toMatchObject({ suite: 'AEAD_AES_128_GCM', receiveKey: theirs28 });
    expect(linesOf(answer)[1]).toBe(`a=crypto:7 AEAD_AES_128_GCM inline:${ours.AEAD_AES_128_GCM}`);
    const onlyWeak = answerOffer(sdp(savp, weak), local, { encryption: optional }).agreed.srtp;
    expect(onlyWeak?.suite).toBe('AES_CM_128_HMAC_SHA1_32');
  });

  it('carries its key identifier along', () => {
    const offer = sdp(savp, `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${theirs30}|2^20|1:4`);
    expect(answerOffer(offer, local, { encryption: optional }).agreed.srtp?.receiveMkiBytes).toBe(4);
  });

  it('goes before a plain stream beside it, which is declined', () => {
    const offer = sdp(avp, savp.replace('4000', '4002'), counter);
    const { answer, agreed } = answerOffer(offer, local, { encryption: optional });
    expect(agreed.port).toBe(4002);
    expect(linesOf(answer).slice(0, 2)).toEqual(['m=audio 0 RTP/AVP 8 0', 'm=audio 16400 RTP/SAVP 8']);
    expect(answerOffer(offer, local).agreed).toMatchObject({ port: 4000 });
  });

  it.each([
    [
      'encryption is off here',
      sdp(savp, counter),
      undefined,
      'sdp.encryption-refused',
      /set audio encryption to optional here/,
    ],
    [
      'it is plain and may not be',
      sdp(avp),
      required,
      'sdp.encryption-required',
      /switch SRTP \(SDES\) on there/,
    ],
    [
      'it has keys of other kinds only',
      sdp(savp, `a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:${theirs30}`),
      optional,
      'sdp.encryption-unknown',
      /AES_256_CM_HMAC_SHA1_80/,
    ],
    [
      'it asks for what is not done',
      sdp(savp, `${counter} UNENCRYPTED_SRTP`),
      optional,
      'sdp.encryption-unknown',
      /enable AES_CM_128_HMAC_SHA1_80 there/,
    ],
    [
      'it has no keys at all',
      sdp(savp.replace('SAVP', 'SAVPF'), 'a=fingerprint:sha-256 00'),
      optional,
      'sdp.encryption-unknown',
      /without keys in SDP/,
    ],
  ])('is refused with a hint when %s', (_, offer, encryption, code, hint) => {
    expect(() => checkOffer(offer, { encryption })).toThrowError(expect.objectContaining({ code }));
    expect(() => checkOffer(offer, { encryption })).toThrow(hint);
    expect(() => checkOffer(offer, { encryption })).not.toThrow(theirs30);
  });

  it('is plain all the same where its keys cannot be used and plain is allowed', () => {
    const offer = sdp(avp, 'a=crypto:1 AES_256_CM_HMAC_SHA1_80 inline:AAAA');
    const { answer, agreed } = answerOffer(offer, local, { encryption: optional });
    expect(agreed.srtp).toBeUndefined();
    expect(answer).not.toContain('crypto');
  });

  it('is plain where encryption is off and plain is offered', () => {
    const { answer, agreed } = answerOffer(sdp(avp, counter), local);
    expect(agreed.srtp).toBeUndefined();
    expect(answer).not.toContain('crypto');
  });

  it('is the want of a codec before all else', () => {
    expect(() => checkOffer(sdp('m=audio 4000 RTP/SAVP 18', counter), { encryption: optional })).toThrowError(
      expect.objectContaining({ code: 'sdp.no-common-codec' }),
    );
  });
});

describe('our offer of encrypted audio', () => {
  it('is RTP/AVP with keys where encryption is optional, RTP/SAVP where it is required or insisted on', () => {
    const lines = [
      `a=crypto:1 AEAD_AES_128_GCM inline:${ours.AEAD_AES_128_GCM}`,
      `a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${ours.AES_CM_128_HMAC_SHA1_80}`,
    ];
    const offer = (encryption?: EncryptionWishes) => linesOf(writeOffer(local, { encryption }));
    expect(offer()).toEqual(['m=audio 16400 RTP/AVP 0 8 9 101']);
    expect(offer(optional)).toEqual(['m=audio 16400 RTP/AVP 0 8 9 101', ...lines]);
    expect(offer({ ...optional, insist: true })).toEqual(['m=audio 16400 RTP/SAVP 0 8 9 101', ...lines]);
    expect(offer(required)).toEqual(['m=audio 16400 RTP/SAVP 0 8 9 101', ...lines]);
    expect(parseSdp(writeOffer(local, { encryption: required })).media[0]?.crypto).toHaveLength(2);
  });

  it('is settled by the line that is answered', () => {
    const answer = sdp(savp, `a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${theirs30}`);
    expect(readAnswer(answer, { encryption: required }).srtp).toEqual(counterKeys);
    const withGcm = sdp(avp, `a=crypto:1 AEAD_AES_128_GCM inline:${theirs28}`);
    expect(readAnswer(withGcm, { encryption: optional }).srtp?.suite).toBe('AEAD_AES_128_GCM');
  });

  it('is settled as plain by an answer without keys, where that is allowed', () => {
    expect(readAnswer(sdp(avp), { encryption: optional }).srtp).toBeUndefined();
    expect(() => readAnswer(sdp(avp), { encryption: required })).toThrowError(
      expect.objectContaining({ code: 'sdp.encryption-required' }),
    );
  });

  it('takes no line that it did not offer', () => {
    for (const line of [counter, `a=crypto:2 AES_CM_128_HMAC_SHA1_32 inline:${theirs30}`])
      expect(() => readAnswer(sdp(savp, line), { encryption: required })).toThrowError(
        expect.objectContaining({ code: 'sdp.encryption-unknown' }),
      );
  });
});
