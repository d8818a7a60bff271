/**
 * The second factor: codes of an authenticator app (TOTP, RFC 6238: SHA-1, six digits, 30 s), and recovery codes for
 * the day on which the phone is lost.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { randomId } from '../base/ids.ts';

const periodS = 30;
/** Phones' clocks are a little off: the step before and the one after are taken too. */
const window = 1;
export const recoveryCodeCount = 10;

/** A new secret: 160 bits as base 32, as RFC 4226 recommends. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What the QR code says (`otpauth://totp/…`). */
export function totpUri(secret: string, account: string, issuer: string): string {
  // Some apps break at a colon, which divides issuer and account.
  const plain = (text: string): string => text.replaceAll(':', ' ');
  return new TOTP({ secret, label: plain(account), issuer: plain(issuer), period: periodS }).toString();
}

/** The time step whose code this is, near now; undefined when it is none. */
export function totpStep(secret: string, code: string, nowMs: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const delta = TOTP.validate({
    token: code,
    secret: Secret.fromBase32(secret),
    period: periodS,
    timestamp: nowMs,
    window,
  });
  return delta === null ? undefined : Math.floor(nowMs / 1000 / periodS) + delta;
}

/** A code as people type it: blanks and dashes do not count, nor does upper case. */
export const plainCode = (typed: string): string => typed.toLowerCase().replace(/[\s-]/g, '');

/** Ten codes of 80 random bits, `k7gq-x0mp-9d2r-v5tc`. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: recoveryCodeCount }, () => randomId(16).replace(/(.{4})(?=.)/g, '$1-'));
}

/** As it is kept. So many random bits need no slow hash. */
export function recoveryHash(userId: string, code: string): string {
  return `$sha256$${createHash('sha256')
    .update(`${userId} ${plainCode(code)}`)
    .digest('hex')}`;
}

/** The kept hash that belongs to a code, if one does. */
export function matchingRecoveryHash(
  hashes: readonly string[],
  userId: string,
  code: string,
): string | undefined {
  const given = Buffer.from(recoveryHash(userId, code));
  return hashes.find((hash) => hash.length === given.length && timingSafeEqual(Buffer.from(hash), given));
}
