/** Session keys from a master key (RFC 3711 section 4.3), key derivation rate 0. */
import { createCipheriv } from 'node:crypto';
import { CordboardError } from '../../base/errors.ts';
import { type SrtpSuite, srtpKeySizes } from '../../codec/sdes.ts';

export interface SessionKeys {
  cipher: Buffer;
  /** HMAC key; unused by AEAD suites. */
  authentication: Buffer;
  salt: Buffer;
}

const authenticationBytes = 20;
/** Labels of section 4.3.2: encryption, authentication, salt. */
const labels = { rtp: [0, 1, 2], rtcp: [3, 4, 5] } as const;

/** @throws CordboardError `control.bad-request` when the key does not fit the suite */
export function deriveSessionKeys(suite: SrtpSuite, keySalt: string, of: 'rtp' | 'rtcp'): SessionKeys {
  const { key: keyBytes, salt: saltBytes } = srtpKeySizes[suite];
  const both = Buffer.from(keySalt, 'base64');
  if (both.length !== keyBytes + saltBytes)
    throw new CordboardError('control.bad-request', `a key for ${suite} has ${keyBytes + saltBytes} bytes`);
  const key = both.subarray(0, keyBytes);
  // A shorter salt stands left (RFC 7714 section 11): zeros follow.
  const salt = Buffer.alloc(14);
  both.copy(salt, 0, keyBytes);
  const derive = (label: number, bytes: number): Buffer => {
    const counter = Buffer.alloc(16);
    salt.copy(counter);
    counter[7] = (counter[7] ?? 0) ^ label;
    return createCipheriv('aes-128-ctr', key, counter).update(Buffer.alloc(bytes));
  };
  const [encryption, authentication, salting] = labels[of];
  return {
    cipher: derive(encryption, keyBytes),
    authentication: derive(authentication, authenticationBytes),
    salt: derive(salting, saltBytes),
  };
}
