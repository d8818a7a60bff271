/** name-addr and addr-spec header values (From, To, Contact, Route; RFC 3261 §20.10) and Via (§20.42). */
import { parameterOf } from './sip-headers.ts';
import { hasUriHeaders, parseHostPort } from './sip-uri.ts';

export interface NameAddress {
  /** Before the angle bracket, as written (quotes included), trimmed. */
  display: string;
  /** The URI without brackets. */
  uri: string;
  /** Header parameters from their first semicolon on, '' when there are none. */
  parameters: string;
}

/** Takes one value apart. @returns null when brackets or quotes do not close, or there is no URI */
export function parseNameAddress(value: string): NameAddress | null {
  let i = 0;
  if (value.trimStart().startsWith('"')) {
    i = value.indexOf('"') + 1;
    while (i < value.length && value.charCodeAt(i) !== 0x22) i += value.charCodeAt(i) === 0x5c ? 2 : 1;
    if (i >= value.length) return null;
    i++;
  }
  const open = value.indexOf('<', i);
  if (open < 0) {
    if (i > 0) return null;
    // Without brackets every parameter belongs to the header, not to the URI (§20.10).
    const semicolon = value.indexOf(';');
    const uri = (semicolon < 0 ? value : value.slice(0, semicolon)).trim();
    // A URI with headers of its own must be in brackets, or nobody knows whose they are (§20).
    if (uri === '' || uri.includes(' ') || hasUriHeaders(uri)) return null;
    return { display: '', uri, parameters: semicolon < 0 ? '' : value.slice(semicolon) };
  }
  const close = value.indexOf('>', open);
  if (close < 0) return null;
  const uri = value.slice(open + 1, close).trim();
  if (uri === '') return null;
  return { display: value.slice(0, open).trim(), uri, parameters: value.slice(close + 1).trim() };
}

/** The tag of a From or To value, '' when it has none. */
export function tagOf(value: string): string {
  if (!/tag/i.test(value)) return '';
  const address = parseNameAddress(value);
  return address ? (parameterOf(address.parameters, 'tag') ?? '') : '';
}

/** The same value with this tag in place of any it had; a bare URI is put in brackets. */
export function withTag(value: string, tag: string): string {
  const address = parseNameAddress(value);
  if (!address) return `${value};tag=${tag}`;
  const others = address.parameters.replace(/;\s*tag\s*=\s*[^;]*/gi, '');
  const name = address.display === '' ? '' : `${address.display} `;
  return `${name}<${address.uri}>${others};tag=${tag}`;
}

export interface Via {
  /** Upper case: UDP, TCP, TLS, WS, WSS. */
  transport: string;
  host: string;
  port: number | undefined;
  /** From the first semicolon on. */
  parameters: string;
  branch: string;
}

// No two runs of blanks may touch in these patterns: 60,000 blanks would take seconds to tell apart.
// The version is not asked for here: a request of another one is answered with 505, which takes its Via.
const viaPattern =
  /^SIP\s*\/\s*\d\.\d\s*\/\s*([A-Za-z][A-Za-z0-9-]*)\s+(\[[^\]]+\]|[^\s:;]+)(?:\s*:\s*(\d+))?$/i;

/** @returns null when it is not `SIP/2.0/TRANSPORT host[:port]`, whatever the version */
export function parseVia(value: string): Via | null {
  const semicolon = value.indexOf(';');
  const match = viaPattern.exec((semicolon < 0 ? value : value.slice(0, semicolon)).trim());
  if (!match) return null;
  const sentBy = parseHostPort(match[3] === undefined ? match[2]! : `${match[2]}:${match[3]}`);
  if (!sentBy) return null;
  const parameters = semicolon < 0 ? '' : value.slice(semicolon);
  return {
    transport: match[1]!.toUpperCase(),
    host: sentBy.host,
    port: sentBy.port,
    parameters,
    branch: parameterOf(parameters, 'branch') ?? '',
  };
}

/**
 * The Via with where the message truly came from: `received` and `rport` (RFC 3261 §18.2.1, RFC 3581 §4), both
 * always, because the sender may sit behind a NAT without saying so.
 */
export function withReceived(value: string, address: string, port: number): string {
  const bare = value.replace(/;\s*(?:rport|received)(?:\s*=\s*(?!\s)[^;,\s]*)?(?=\s*(?:[;,]|$))/gi, '');
  return `${bare};received=${address};rport=${port}`;
}
