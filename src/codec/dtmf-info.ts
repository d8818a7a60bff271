/** Digits in the body of a SIP INFO: `application/dtmf-relay` (Signal=5, Duration=160) and `application/dtmf` (5). */

/** What we write: understood by more peers than the bare digit. */
export const dtmfInfoType = 'application/dtmf-relay';

/** The body that tells one digit (0-9 * # A-D). */
export function formatDtmfInfo(digit: string, durationMs: number): string {
  return `Signal=${digit}\r\nDuration=${durationMs}\r\n`;
}

/** Event codes as some phones number them (RFC 4733 §3.2: 10 is star, 11 is hash, 12 to 15 are A to D). */
const byNumber: Readonly<Record<string, string>> = { 10: '*', 11: '#', 12: 'A', 13: 'B', 14: 'C', 15: 'D' };

/** Whether a body of this content type is meant as a digit. */
export function isDtmfInfo(contentType: string | undefined): boolean {
  return /^\s*application\/dtmf(?:-relay)?\s*(?:;|$)/i.test(contentType ?? '');
}

/** The digit (0-9 * # A-D), or undefined when the body has none (a hook flash, garbage). */
export function parseDtmfInfo(contentType: string | undefined, body: string): string | undefined {
  if (!isDtmfInfo(contentType)) return undefined;
  const relayed = /^[ \t]*signal[ \t]*=[ \t]*(\S+)/im.exec(body)?.[1];
  const text = relayed ?? body.trim();
  const digit = (byNumber[text] ?? text).toUpperCase();
  return /^[0-9*#A-D]$/.test(digit) ? digit : undefined;
}
