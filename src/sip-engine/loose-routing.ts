/** Routes of requests: what Request-URI and Route become of a target and a route set, and back (RFC 3261 §12.2.1.1, §16.4). */
import { parseNameAddress } from '../codec/sip-address.ts';
import { parameterOf } from '../codec/sip-headers.ts';
import { parseUri } from '../codec/sip-uri.ts';

export interface Routing {
  /** Request-URI. */
  uri: string;
  /** Route values. */
  routes: string[];
  /** URI of the next hop. */
  hop: string;
}

/**
 * How a request to `target` goes along `routes`: the target in the Request-URI and all of them in Route, but where the
 * first hop is a strict router (no `lr`) that hop in the Request-URI and the target last.
 */
export function routingOf(target: string, routes: readonly string[]): Routing {
  const uri = requestUri(target);
  const [first, ...rest] = routes;
  const firstUri = first === undefined ? undefined : uriOf(first);
  if (firstUri === undefined) return { uri, routes: [], hop: uri };
  if (isLoose(firstUri)) return { uri, routes: [...routes], hop: firstUri };
  return { uri: requestUri(firstUri), routes: [...rest, `<${uri}>`], hop: firstUri };
}

/**
 * What a strict router before us has done undone (§16.4): it puts our own Record-Route value into the Request-URI and
 * the true target last in Route. A `maddr` that led to us has served its purpose.
 * @param isOurs whether this engine listens there
 */
export function withoutStrictRouting(
  uri: string,
  routes: readonly string[],
  isOurs: (host: string, port: number | undefined) => boolean,
): { uri: string; routes: string[] } {
  const parsed = parseUri(uri);
  const last = routes.at(-1);
  const target = last === undefined ? undefined : uriOf(last);
  // Ours have no user: a phone's Contact, or a number here, is never taken for one.
  const isRecordRoute = parsed?.user === '' && isLoose(uri) && isOurs(parsed.host, parsed.port);
  const plain =
    target !== undefined && isRecordRoute
      ? { uri: target, routes: routes.slice(0, -1) }
      : { uri, routes: [...routes] };
  const maddr = parameterOf(parseUri(plain.uri)?.parameters ?? '', 'maddr');
  const port = parseUri(plain.uri)?.port;
  return maddr !== undefined && isOurs(maddr.replace(/^\[|\]$/g, '').toLowerCase(), port)
    ? { ...plain, uri: plain.uri.replace(/;maddr=[^;?]*/i, '') }
    : plain;
}

function isLoose(uri: string): boolean {
  return parameterOf(parseUri(uri)?.parameters ?? '', 'lr') !== undefined;
}

function uriOf(route: string): string | undefined {
  return parseNameAddress(route)?.uri;
}

/** A Request-URI holds neither headers nor a method parameter (§19.1.1). */
function requestUri(uri: string): string {
  const question = uri.indexOf('?', uri.indexOf('@') + 1);
  return (question < 0 ? uri : uri.slice(0, question)).replace(/;method=[^;]*/i, '');
}
