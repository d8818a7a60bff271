/** Why a TLS connection failed, in words that an admin can act on. */
import { explainPlainly } from './stream-wire.ts';

/** Node's and OpenSSL's codes that have one meaning here. */
const reasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; is the clock of this box right?',
  CERT_REVOKED: 'its certificate was revoked',
  CERT_UNTRUSTED: 'its certificate is not trusted',
  CERT_REJECTED: 'its certificate is not trusted',
  INVALID_PURPOSE: 'its certificate is not meant for a server',
  CORDBOARD_CA_UNREADABLE: 'the authority certificate in the settings of the trunk cannot be read',
};

/** What OpenSSL says of a handshake, and what it means. */
const handshakeReasons: readonly [pattern: RegExp, reason: string][] = [
  [/wrong version number|packet length too long|record layer failure/, 'it does not speak TLS on this port'],
  [/alert protocol version|unsupported protocol/, 'it speaks no TLS 1.2 or newer'],
  [/certificate required/, 'it asks for a certificate of ours, which is not supported'],
];

const unknownAuthority = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

/** Longer lists of names are cut. */
const maxNamesLength = 120;

/** @param name that was looked for */
export function explainTlsFailure(error: NodeJS.ErrnoException, name: string): string {
  const code = error.code ?? '';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `its certificate is for ${namesOf(error)}, not for ${name}`;
  if (unknownAuthority.has(code)) return 'its certificate comes from an unknown authority';
  if (reasons[code] !== undefined) return reasons[code];
  const said = /SSL routines:[^:]*:([^:]+):/.exec(error.message)?.[1];
  if (said !== undefined) {
    const known = handshakeReasons.find(([pattern]) => pattern.test(said));
    return known?.[1] ?? `the TLS handshake failed (${said})`;
  }
  // Node has no code of its own for an end in the middle of the handshake.
  if (error.message.includes('before secure TLS connection')) return 'it ended the TLS handshake';
  if (code.includes('CERT'))
    return `its certificate is not valid (${code.replaceAll('_', ' ').toLowerCase()})`;
  return explainPlainly(error);
}

export function unreadableCa(): Error {
  return Object.assign(new Error('the authority certificate cannot be read'), {
    code: 'CORDBOARD_CA_UNREADABLE',
  });
}

/** The names that a certificate of another is for; from outside, so only harmless characters of them. */
function namesOf(error: Error): string {
  const { cert } = error as { cert?: { subjectaltname?: string; subject?: { CN?: string } } };
  const names = (cert?.subjectaltname ?? cert?.subject?.CN ?? '').replace(/(?:DNS|IP Address|URI):/g, '');
  const harmless = names.replace(/[^A-Za-z0-9.:*@, _-]/g, '?');
  if (harmless === '') return 'nobody';
  return harmless.length > maxNamesLength ? `${harmless.slice(0, maxNamesLength)}...` : harmless;
}
