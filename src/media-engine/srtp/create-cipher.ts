import type { SrtpSuite } from '../../codec/sdes.ts';
import { CounterModeCipher } from './counter-mode-cipher.ts';
import { GcmCipher } from './gcm-cipher.ts';
import type { PacketCipher } from './packet-cipher.ts';
import { deriveSessionKeys } from './session-keys.ts';

/** Bytes of the tag of RTP; RTCP's has 10 in both suites (RFC 4568 section 6.2.2). */
const rtpTagBytes = { AES_CM_128_HMAC_SHA1_80: 10, AES_CM_128_HMAC_SHA1_32: 4 };

/**
 * The cipher of a master key.
 * @param mkiBytes of the key identifier in each packet to be opened; none is sealed in
 * @throws CordboardError `control.bad-request` when the key does not fit the suite
 */
export function createPacketCipher(suite: SrtpSuite, keySalt: string, mkiBytes = 0): PacketCipher {
  const rtp = deriveSessionKeys(suite, keySalt, 'rtp');
  const rtcp = deriveSessionKeys(suite, keySalt, 'rtcp');
  return suite === 'AEAD_AES_128_GCM'
    ? new GcmCipher(rtp, rtcp, { mkiBytes })
    : new CounterModeCipher(rtp, rtcp, { rtpTagBytes: rtpTagBytes[suite], mkiBytes });
}
