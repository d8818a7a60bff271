/**
 * Refuses what a page of another site could make a browser send: requests by a name that is not this box's (DNS
 * rebinding) and changing requests from a foreign origin (CSRF, beside SameSite cookies).
 */
import { isIP } from 'node:net';
import { CordboardError } from '../base/errors.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a Host header names this box. Any IP literal passes: rebinding needs a name that its owner can point
 * elsewhere, and behind a port forward the box cannot know the address it is reached by. `.local` names are answered
 * on the local network only.
 * @param names lower-case host names of this box
 */
export function isOwnHost(host: string, names: ReadonlySet<string>): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/i.exec(host);
  if (!match?.[1]) return false;
  const name = match[1].toLowerCase().replace(/\.$/, '');
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0) return true;
  return name === 'localhost' || name.endsWith('.local') || names.has(name);
}

/** @throws CordboardError request.host, request.origin */
export function guardRequest(request: Request, names: ReadonlySet<string>): void {
  const host = request.headers.get('host') ?? new URL(request.url).host;
  if (!isOwnHost(host, names)) {
    throw new CordboardError(
      'request.host',
      'This box does not answer to that name. Use its IP address, or cordboard.local.',
    );
  }
  if (safeMethods.has(request.method)) return;
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  // Programs send neither header; browsers send Origin with every changing request.
  const foreign =
    origin === null
      ? site !== null && site !== 'same-origin' && site !== 'none'
      : origin.toLowerCase() !== `https://${host.toLowerCase()}`;
  if (foreign) {
    throw new CordboardError('request.origin', 'Changes are taken from pages of this box only.');
  }
}
