import { describe, expect, it } from 'vitest';
import { createPacketCipher } from '../../../../src/media-engine/srtp/create-cipher.ts';
import { GcmCipher } from '../../../../src/media-engine/srtp/gcm-cipher.ts';
import { Keystream } from '../../../../src/media-engine/srtp/keystream.ts';
import { maxAddedBytes } from '../../../../src/media-engine/srtp/packet-cipher.ts';
import { deriveSessionKeys } from '../../../../src/media-engine/srtp/session-keys.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
const base64 = (hex: string): string => bytes(hex).toString('base64');

/** The packet with room behind it, as a sender has it. */
function roomy(hex: string): { packet: Buffer; end: number } {
  const plain = bytes(hex);
  return { packet: Buffer.concat([plain, Buffer.alloc(maxAddedBytes)]), end: plain.length };
}

describe('RFC 3711 appendix B', () => {
  it('B.2: the key stream of AES in counter mode', () => {
    const keystream = new Keystream({
      cipher: bytes('2B7E151628AED2A6ABF7158809CF4F3C'),
      salt: bytes('F0F1F2F3F4F5F6F7F8F9FAFBFCFD'),
      authentication: Buffer.alloc(0),
    });
    const zeros = Buffer.alloc(48);
    keystream.apply(zeros, 0, 48, 0, 0);
    expect(zeros).toEqual(
      bytes(
        'E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0',
      ),
    );
  });

  it('B.3: session keys from a master key', () => {
    const keys = deriveSessionKeys(
      'AES_CM_128_HMAC_SHA1_80',
      base64('E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6'),
      'rtp',
    );
    expect(keys.cipher).toEqual(bytes('C61E7A93744F39EE10734AFE3FF7A087'));
    expect(keys.salt).toEqual(bytes('30CBBC08863D8C85D49DB34A9AE1'));
    expect(keys.authentication).toEqual(bytes('CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4'));
  });
});

describe('RFC 7714', () => {
  const keys = {
    cipher: bytes('000102030405060708090a0b0c0d0e0f'),
    salt: bytes('51756964 2070726f 2071756f'),
    authentication: Buffer.alloc(0),
  };
  const cipher = new GcmCipher(keys, keys, { mkiBytes: 0 });

  it('16.1.1 and 16.1.2: RTP, both ways', () => {
    const plain = `8040f17b 8041f8d3 5501a0b2
      47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573`;
    const sealed = `8040f17b 8041f8d3 5501a0b2
      f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833
      899d7f27 beb16a91 52cf765e e4390cce`;
    const { packet, end } = roomy(plain);
    const newEnd = cipher.sealRtp(packet, 12, end, 0x5501a0b2, 0xf17b);
    expect(packet.subarray(0, newEnd).toString('hex')).toBe(bytes(sealed).toString('hex'));
    const received = bytes(sealed);
    const openedEnd = cipher.openRtp(received, 12, 0x5501a0b2, 0xf17b);
    expect(received.subarray(0, openedEnd)).toEqual(bytes(plain));
  });

  it('17.1 and 17.2: RTCP, both ways', () => {
    const plain = `81c8000d 4d617273
      4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef`;
    const sealed = `81c8000d 4d617273
      63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda 4ce09b46 86303ded 0bb9275b
      c84aa458 96cf4d2f c5abf872 45d9eade 800005d4`;
    const { packet, end } = roomy(plain);
    const newEnd = cipher.sealRtcp(packet, end, 0x4d617273, 0x5d4);
    expect(packet.subarray(0, newEnd).toString('hex')).toBe(bytes(sealed).toString('hex'));
    const received = bytes(sealed);
    expect(cipher.rtcpIndexOf(received)).toBe(0x5d4);
    expect(received.subarray(0, cipher.openRtcp(received, 0x4d617273))).toEqual(bytes(plain));
  });
});

describe('packets as libsrtp makes them', () => {
  const rtp = `800f1234 decafbad cafebabe abababab abababab abababab abababab`;
  const rtcp = `81c8000b cafebabe abababab abababab abababab abababab`;
  const counterKey = base64('e1f97a0d3e018be0d64fa32c06de4139 0ec675ad498afeebb6960b3aabe6');
  const gcmKey = base64('000102030405060708090a0b0c0d0e0f a0a1a2a3a4a5a6a7a8a9aaab');

  it.each([
    [
      'AES_CM_128_HMAC_SHA1_80',
      counterKey,
      '800f1234 decafbad cafebabe 4e55dc4c e79978d8 8ca4d215 949d2402 b78d6acc 99ea179b 8dbb',
      '81c8000b cafebabe 7128035b e487b9bd bef89041 f977a5a8 80000001 993e08cd 54d6c123 0798',
    ],
    [
      'AES_CM_128_HMAC_SHA1_32',
      counterKey,
      '800f1234 decafbad cafebabe 4e55dc4c e79978d8 8ca4d215 949d2402 b78d6acc',
      '81c8000b cafebabe 7128035b e487b9bd bef89041 f977a5a8 80000001 993e08cd 54d6c123 0798',
    ],
    [
      'AEAD_AES_128_GCM',
      gcmKey,
      '800f1234 decafbad cafebabe c5002ede 04cfdd2e b91159e0 880aa06e d2976826 f796b201 df3131a1 27e8a392',
      '81c8000b cafebabe c98b8b5d f0392a55 852b6c21 ac8e7025 c52c6fbe a2b3b446 ea31123b a88ce61e 80000001',
    ],
  ] as const)('%s, both ways', (suite, key, sealedRtp, sealedRtcp) => {
    const cipher = createPacketCipher(suite, key);
    const media = roomy(rtp);
    expect(media.packet.subarray(0, cipher.sealRtp(media.packet, 12, media.end, 0xcafebabe, 0x1234))).toEqual(
      bytes(sealedRtp),
    );
    const control = roomy(rtcp);
    expect(control.packet.subarray(0, cipher.sealRtcp(control.packet, control.end, 0xcafebabe, 1))).toEqual(
      bytes(sealedRtcp),
    );
    const receivedRtp = bytes(sealedRtp);
    expect(receivedRtp.subarray(0, cipher.openRtp(receivedRtp, 12, 0xcafebabe, 0x1234))).toEqual(bytes(rtp));
    const receivedRtcp = bytes(sealedRtcp);
    expect(receivedRtcp.subarray(0, cipher.openRtcp(receivedRtcp, 0xcafebabe))).toEqual(bytes(rtcp));
  });
});
