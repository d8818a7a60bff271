/** Headers that keep browsers from doing more than our pages need. */

const policy = [
  "default-src 'self'",
  "img-src 'self' data:",
  "media-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Sets them. No HSTS: with a certificate of the local authority it would lock out whoever has not installed that.
 * API answers are never cached unless they say so themselves.
 */
export function secure(headers: Headers, path: string): void {
  headers.set('content-security-policy', policy);
  headers.set('x-content-type-options', 'nosniff');
  headers.set('x-frame-options', 'DENY');
  headers.set('referrer-policy', 'no-referrer');
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('cross-origin-resource-policy', 'same-origin');
  headers.set('permissions-policy', 'microphone=(self), camera=(), geolocation=()');
  if (path.startsWith('/api/') && !headers.has('cache-control')) headers.set('cache-control', 'no-store');
}
