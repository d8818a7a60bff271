/** SIP URIs (RFC 3261 §19.1) as far as routing needs them; other schemes keep only their name. */
import { isIPv6 } from 'node:net';
import { parameterOf } from './sip-headers.ts';

export interface SipUri {
  /** Lower case: sip, sips, tel … */
  scheme: string;
  /** Still escaped; '' when absent. Without the password. */
  user: string;
  /** Lower case; an IPv6 address without its brackets. '' for schemes other than sip and sips. */
  host: string;
  /** undefined when the URI names none. */
  port: number | undefined;
  /** From the first semicolon on, '' when there is none. */
  parameters: string;
}

const schemePattern = /^[a-zA-Z][a-zA-Z0-9+.-]*$/;
const hostPattern = /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?)$/;

/** @returns null when the text is no URI, or a sip URI with a broken host or port */
export function parseUri(text: string): SipUri | null {
  const colon = text.indexOf(':');
  if (colon <= 0) return null;
  const scheme = text.slice(0, colon).toLowerCase();
  if (!schemePattern.test(scheme)) return null;
  if (scheme !== 'sip' && scheme !== 'sips') {
    return { scheme, user: text.slice(colon + 1), host: '', port: undefined, parameters: '' };
  }
  const question = headersStart(text);
  const rest = text.slice(colon + 1, question < 0 ? undefined : question);
  const at = rest.indexOf('@');
  const userInfo = at < 0 ? '' : rest.slice(0, at);
  const semicolon = rest.indexOf(';', at + 1);
  const hostPort = (semicolon < 0 ? rest.slice(at + 1) : rest.slice(at + 1, semicolon)).trim();
  const address = parseHostPort(hostPort);
  if (!address || at === 0) return null;
  const password = userInfo.indexOf(':');
  return {
    scheme,
    user: password < 0 ? userInfo : userInfo.slice(0, password),
    host: address.host,
    port: address.port,
    parameters: semicolon < 0 ? '' : rest.slice(semicolon),
  };
}

/** Where the headers of a sip URI begin (§19.1.1), -1 when it has none. A question mark before the @ is of the user. */
function headersStart(text: string): number {
  return text.indexOf('?', text.indexOf('@') + 1);
}

/** True for a sip or sips URI that carries headers (`?Route=…`). */
export function hasUriHeaders(text: string): boolean {
  return headersStart(text) >= 0 && /^sips?:/i.test(text);
}

/** `host`, `host:port`, `[v6]` or `[v6]:port`; null when it is none of these. */
export function parseHostPort(text: string): { host: string; port: number | undefined } | null {
  let host: string;
  let portText: string | undefined;
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    if (close < 0) return null;
    // The grammar of RFC 3261 asked for three colons before an embedded IPv4 address (RFC 5118 §4.10).
    host = text
      .slice(1, close)
      .toLowerCase()
      .replace(/:::(?=\d+\.)/, '::');
    if (!isIPv6(host)) return null;
    const after = text.slice(close + 1);
    if (after !== '' && !after.startsWith(':')) return null;
    portText = after === '' ? undefined : after.slice(1);
  } else {
    const colon = text.indexOf(':');
    host = (colon < 0 ? text : text.slice(0, colon)).toLowerCase();
    if (!hostPattern.test(host) || host.length > 253) return null;
    portText = colon < 0 ? undefined : text.slice(colon + 1);
  }
  if (portText === undefined) return { host, port: undefined };
  if (!/^\d{1,5}$/.test(portText)) return null;
  const port = Number(portText);
  return port >= 1 && port <= 65_535 ? { host, port } : null;
}

/** Value of a URI parameter in lower case, undefined when absent. */
export function uriParameter(uri: SipUri, name: string): string | undefined {
  return uri.parameters === '' ? undefined : parameterOf(uri.parameters, name)?.toLowerCase();
}

/** `host:port` as it is written in a URI or Via: an IPv6 address gets its brackets. */
export function formatHostPort(host: string, port: number | undefined): string {
  const written = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? written : `${written}:${port}`;
}
