/**
 * Keys of encrypted audio in SDP (SDES, RFC 4568): the `a=crypto` attribute, text <-> values.
 *
 *     a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz|2^20|1:4 WSH=64
 *              |            |                   |  master key and salt, base64       |      |       `session parameters
 *              tag          suite               method                               lifetime MKI:bytes
 */

/** Suites that we speak, the best first (RFC 7714, RFC 4568 section 6.2). */
export const srtpSuites = ['AEAD_AES_128_GCM', 'AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const;
export type SrtpSuite = (typeof srtpSuites)[number];

/** Bytes of master key and master salt. */
export const srtpKeySizes: Record<SrtpSuite, { key: number; salt: number }> = {
  AEAD_AES_128_GCM: { key: 16, salt: 12 },
  AES_CM_128_HMAC_SHA1_80: { key: 16, salt: 14 },
  AES_CM_128_HMAC_SHA1_32: { key: 16, salt: 14 },
};

export interface CryptoKey {
  /** Base64 of master key and salt. */
  keySalt: string;
  /** Packets it is good for; undefined: as many as SRTP allows. */
  lifetime: number | undefined;
  /** Master key identifier that each packet carries. */
  mki: { value: string; bytes: number } | undefined;
}

/** One `a=crypto`, as written. */
export interface CryptoAttribute {
  tag: number;
  suite: string;
  keys: CryptoKey[];
  sessionParameters: string[];
}

/** What of a `a=crypto` we can use: one key in a suite of ours. */
export interface UsableCrypto {
  tag: number;
  suite: SrtpSuite;
  keySalt: string;
  /** Bytes of the key identifier in each packet, 0: none. */
  mkiBytes: number;
}

/** No sender has more than this many lines to choose from. */
export const maxCryptoLines = 32;
/** SRTP's own limit for one key, RFC 3711 section 9.2. */
const maxLifetime = 2 ** 48;
/** RFC 4568 section 6.1. */
const maxMkiBytes = 128;

/** Reads the value of an `a=crypto`; undefined when it is none. */
export function parseCrypto(value: string): CryptoAttribute | undefined {
  const [tag = '', suite = '', keyParams = '', ...sessionParameters] = value.trim().split(/[ \t]+/);
  if (!/^\d{1,9}$/.test(tag) || suite === '' || keyParams === '') return undefined;
  const keys: CryptoKey[] = [];
  for (const keyParam of keyParams.split(';')) {
    const key = parseKey(keyParam);
    if (!key) return undefined;
    keys.push(key);
  }
  return { tag: Number(tag), suite, keys, sessionParameters };
}

function parseKey(keyParam: string): CryptoKey | undefined {
  const [keySalt, ...rest] = /^inline:(.*)$/i.exec(keyParam)?.[1]?.split('|') ?? [];
  if (keySalt === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(keySalt)) return undefined;
  const key: CryptoKey = { keySalt, lifetime: undefined, mki: undefined };
  for (const part of rest) {
    const lifetime = /^(2\^)?(\d{1,15})$/.exec(part);
    const mki = /^(\d{1,40}):(\d{1,3})$/.exec(part);
    if (lifetime && key.lifetime === undefined && !key.mki)
      key.lifetime = lifetime[1] ? 2 ** Number(lifetime[2]) : Number(lifetime[2]);
    else if (mki && !key.mki) key.mki = { value: mki[1] ?? '', bytes: Number(mki[2]) };
    else return undefined;
  }
  return key;
}

/**
 * What we can use of it, if anything. Several keys in one line, a key derivation rate and anything unencrypted or
 * unauthenticated are not done here, so a line that asks for them is not taken (RFC 4568 section 6.3).
 */
export function usableCrypto({
  tag,
  suite,
  keys,
  sessionParameters,
}: CryptoAttribute): UsableCrypto | undefined {
  const known = srtpSuites.find((name) => name === suite.toUpperCase());
  const key = keys[0];
  if (!known || !key || keys.length > 1 || !sessionParameters.every(isBearable)) return undefined;
  const { key: keyBytes, salt } = srtpKeySizes[known];
  if (Buffer.from(key.keySalt, 'base64').length !== keyBytes + salt) return undefined;
  if (key.lifetime !== undefined && (key.lifetime < 1 || key.lifetime > maxLifetime)) return undefined;
  const mkiBytes = key.mki?.bytes ?? 0;
  if (key.mki && (mkiBytes < 1 || mkiBytes > maxMkiBytes)) return undefined;
  return { tag, suite: known, keySalt: key.keySalt, mkiBytes };
}

/** A window size hint is only a hint, rate 0 is none, and a leading dash lets whoever does not know it ignore it. */
function isBearable(parameter: string): boolean {
  return /^(-|WSH=\d+$|KDR=0$)/i.test(parameter);
}

/** The best of the lines that we can use. */
export function bestCrypto(lines: readonly CryptoAttribute[]): UsableCrypto | undefined {
  const usable = lines.map(usableCrypto).filter((line) => line !== undefined);
  for (const suite of srtpSuites) {
    const found = usable.find((line) => line.suite === suite);
    if (found) return found;
  }
  return undefined;
}

/** The value of an `a=crypto` of ours. */
export function formatCrypto(line: { tag: number; suite: SrtpSuite; keySalt: string }): string {
  return `${line.tag} ${line.suite} inline:${line.keySalt}`;
}
