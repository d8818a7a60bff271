/** How a message changes on its way through a proxy (RFC 3261 §16.6, §16.7). */
import { parseNameAddress } from '../codec/sip-address.ts';
import { parseApplicationMessage, type SipMessage } from '../codec/sip-message.ts';
import { formatHostPort, parseUri, type SipUri, uriParameter } from '../codec/sip-uri.ts';
import { copyApplicationHeaders } from './application-message.ts';
import { type EngineParts, ourHostPort, ourUri, ourVia } from './engine-parts.ts';
import type { Flow } from './flow.ts';
import { routingOf, withoutStrictRouting } from './loose-routing.ts';
import { newBranch } from './message-builder.ts';
import { defaultPort } from './server-location.ts';

/** A copy that can be changed. */
export function copyOf(message: SipMessage): SipMessage {
  const copy = parseApplicationMessage(message.serialise());
  if (!copy) throw new RangeError('a message of ours does not parse');
  return copy;
}

/** The response without our Via; null when there is nobody behind us. */
export function withoutOurVia(response: SipMessage): SipMessage | null {
  const vias = response.list('via').slice(1);
  if (vias.length === 0) return null;
  const copy = copyOf(response);
  copy.remove('via');
  for (const via of vias.reverse()) copy.prepend('via', via);
  return copy;
}

/** Hops left for a request: what its Max-Forwards says, 70 when it has none. */
export function hopsLeft(request: SipMessage): number {
  return Number(request.get('max-forwards') ?? 70);
}

/** The request as it was meant before a strict router, or a `maddr`, brought it here (§16.4). */
export function asMeant(parts: EngineParts, request: SipMessage): SipMessage {
  const given = request.list('route');
  const { uri, routes } = withoutStrictRouting(request.uri, given, (host, port) =>
    isMyself(parts, host, port),
  );
  if (uri === request.uri) return request;
  const copy = copyOf(request);
  copy.uri = uri;
  copy.remove('route');
  for (const route of routes) copy.add('route', route);
  return copy;
}

/** The Route values behind those that are ours. */
export function routesBeyondUs(parts: EngineParts, request: SipMessage): string[] {
  const routes = request.list('route');
  const foreign = routes.findIndex((route) => !isOurs(parts, route));
  return foreign < 0 ? [] : routes.slice(foreign);
}

function isOurs(parts: EngineParts, route: string): boolean {
  const uri = parseUri(parseNameAddress(route)?.uri ?? '');
  return uri !== null && isMyself(parts, uri.host, meantPort(uri));
}

/** True for an address on which this engine itself listens. */
export function isMyself(parts: EngineParts, host: string, port: number | undefined): boolean {
  return parts.transports.isOwnPort(port ?? defaultPort('udp')) && parts.addresses.isOwn(host);
}

/** The port of a URI, spelt out or not (RFC 3261 §19.1.2). */
export function meantPort(uri: SipUri): number {
  const isTls = uri.scheme === 'sips' || uriParameter(uri, 'transport') === 'tls';
  return uri.port ?? defaultPort(isTls ? 'tls' : 'udp');
}

/** Where a request goes that the application sends to `target`: without a user in it the request keeps its own. */
export function targetUri(request: SipMessage, target: string): string {
  const uri = parseUri(target);
  const user = parseUri(request.uri)?.user ?? '';
  if (!uri || uri.scheme === 'tel' || uri.user !== '' || user === '') return target;
  return `${uri.scheme}:${user}@${formatHostPort(uri.host, uri.port)}${uri.parameters}`;
}

export interface ForwardOptions {
  uri: string;
  routes: string[];
  /** The way it came. */
  from: Flow;
  /** The way it goes. */
  to: Flow;
  recordRoute: boolean;
  /** Headers the application adds or replaces. */
  added: SipMessage | undefined;
}

/** The request as it leaves for one target. */
export function forwarded(parts: EngineParts, request: SipMessage, options: ForwardOptions): SipMessage {
  const { from, to, added } = options;
  const { uri, routes } = routingOf(options.uri, options.routes);
  const copy = copyOf(request);
  copy.uri = uri;
  copy.remove('route');
  for (const route of routes) copy.add('route', route);
  copy.set('max-forwards', String(Math.max(0, hopsLeft(request) - 1)));
  if (added) {
    for (const [key] of added.entries()) if (isReplaceable(key)) copy.remove(key);
    copyApplicationHeaders(added, copy, 'dialog-request', ourHostPort(parts, to));
  }
  if (options.recordRoute) {
    const isSecure = /^sips:/i.test(request.uri);
    const towardsCaller = `<${ourUri(parts, from, isSecure, ';lr')}>`;
    const towardsTarget = `<${ourUri(parts, to, isSecure, ';lr')}>`;
    // Each side must be able to reach us by the entry it sees first (RFC 5658 §4).
    if (towardsCaller !== towardsTarget) copy.prepend('record-route', towardsCaller);
    copy.prepend('record-route', towardsTarget);
  }
  copy.prepend('via', ourVia(parts, to, newBranch()));
  return copy;
}

/** What identifies and routes the request stays as it came. */
function isReplaceable(key: string): boolean {
  return !['via', 'from', 'to', 'call-id', 'cseq', 'contact', 'route', 'record-route'].includes(key);
}
