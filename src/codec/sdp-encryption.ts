/**
 * What of encryption (SRTP with keys in SDP, RFC 4568) is offered, taken and refused.
 *
 * Where encryption is optional, an offer is RTP/AVP with `a=crypto` (RFC 8643, opportunistic SRTP): who knows it
 * encrypts, who does not ignores it, and either costs one INVITE. RTP/SAVP would be refused by every phone that
 * does not encrypt, and two m-lines are taken for two streams by many.
 */
import { CordboardError } from '../base/errors.ts';
import type { SrtpMedia } from './media-control.ts';
import { bestCrypto, type CryptoAttribute, type SrtpSuite, type UsableCrypto } from './sdes.ts';
import type { SdpMedia, WrittenCrypto } from './sdp.ts';

/** What is wanted of encryption; where nothing is, audio is plain. */
export interface EncryptionWishes {
  mode: 'optional' | 'required';
  /** Our key in each suite, base64 of master key and salt. */
  keys: Readonly<Record<SrtpSuite, string>>;
  /** Offer RTP/SAVP although encryption is optional: the peer takes nothing else. */
  insist?: boolean;
}

/** Suites of our offers, the best first. The one with a 32 bit tag is taken, never offered. */
const offeredSuites: readonly SrtpSuite[] = ['AEAD_AES_128_GCM', 'AES_CM_128_HMAC_SHA1_80'];

const isSecureProfile = (media: SdpMedia): boolean => /^RTP\/SAVPF?$/i.test(media.protocol);

/** RTP, whatever the timing of its feedback; DTLS-SRTP and others are not. */
export const isRtpAudio = (media: SdpMedia): boolean =>
  media.kind === 'audio' && media.port !== 0 && /^RTP\/S?AVPF?$/i.test(media.protocol);

/** How a stream can be used: with these keys, plain, or not at all. */
export function encryptionOf(
  media: SdpMedia,
  wishes: EncryptionWishes | undefined,
): UsableCrypto | 'plain' | 'unusable' {
  const crypto = wishes && bestCrypto(media.crypto);
  if (crypto) return crypto;
  return isSecureProfile(media) || wishes?.mode === 'required' ? 'unusable' : 'plain';
}

/** The profile and the keys of an offer. */
export function offeredEncryption(wishes: EncryptionWishes | undefined): {
  protocol: 'RTP/AVP' | 'RTP/SAVP';
  crypto: WrittenCrypto[];
} {
  if (!wishes) return { protocol: 'RTP/AVP', crypto: [] };
  return {
    protocol: wishes.mode === 'required' || wishes.insist ? 'RTP/SAVP' : 'RTP/AVP',
    crypto: offeredSuites.map((suite, i) => ({ tag: i + 1, suite, keySalt: wishes.keys[suite] })),
  };
}

/** Those lines of an answer that answer one of our offer's. */
export function answeringLines(
  lines: readonly CryptoAttribute[],
  wishes: EncryptionWishes | undefined,
): CryptoAttribute[] {
  const { crypto } = offeredEncryption(wishes);
  return lines.filter(({ tag, suite }) =>
    crypto.some((offered) => offered.tag === tag && offered.suite === suite.toUpperCase()),
  );
}

/** What the media engine needs to know of what was agreed. */
export function agreedKeys(crypto: UsableCrypto, wishes: EncryptionWishes): SrtpMedia {
  return {
    suite: crypto.suite,
    sendKey: wishes.keys[crypto.suite],
    receiveKey: crypto.keySalt,
    receiveMkiBytes: crypto.mkiBytes,
  };
}

/** Why a stream whose codec would do cannot be used, and what an admin can do about it. */
export function encryptionMismatch(media: SdpMedia, wishes: EncryptionWishes | undefined): CordboardError {
  if (wishes && (media.crypto.length > 0 || isSecureProfile(media))) {
    const offered = media.crypto.map(({ suite }) => suite).join(', ') || 'without keys in SDP';
    return new CordboardError(
      'sdp.encryption-unknown',
      `the peer encrypts audio only in ways not spoken here (${offered}); enable AES_CM_128_HMAC_SHA1_80 there`,
    );
  }
  if (isSecureProfile(media)) {
    return new CordboardError(
      'sdp.encryption-refused',
      'the peer takes encrypted audio only; set audio encryption to optional here, or switch SRTP off there',
    );
  }
  return new CordboardError(
    'sdp.encryption-required',
    'audio must be encrypted here and the peer offers it plain; switch SRTP (SDES) on there, or set audio encryption to optional here',
  );
}
