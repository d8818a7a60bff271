/**
 * Who a header names, as telephony reads it: on top of the engine's URI and header codecs, with escapes and quotes
 * resolved (RFC 3261 §19.1, §20.10). Lenient on input, because phones are; strict on output.
 */
import { parseNameAddress } from './sip-address.ts';
import { parameterOf, splitHeaderList } from './sip-headers.ts';
import { formatHostPort, parseUri, uriParameter } from './sip-uri.ts';

export interface PartyUri {
  /** Unescaped, without parameters of its own (`+4420;phone-context=…`); '' when there is none. */
  user: string;
  /** Lower case, IPv6 without brackets; '' for tel. */
  host: string;
  port: number | undefined;
  /** Lower case; undefined when the URI names none. */
  transport: string | undefined;
}

export interface NameAddr {
  /** Without quotes; undefined when there is none. */
  displayName: string | undefined;
  /** The URI as written, without angle brackets. */
  uri: string;
  /** Header parameters as written, from their first semicolon on. */
  parameters: string;
}

/** What a user part may carry unescaped: RFC 3261 `unreserved` and `user-unreserved` without `?`, `/` and `;`. */
const mustEscape = /[^A-Za-z0-9\-_.!~*'()&=+$,]/gu;

/** Escapes a dialled number or name for the user part: `#1` becomes `%231`. */
export function escapeUser(user: string): string {
  return user.replace(mustEscape, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

/** Takes a sip, sips or tel URI apart; undefined when it is none. */
export function parsePartyUri(text: string): PartyUri | undefined {
  const uri = parseUri(text);
  if (!uri || (uri.scheme !== 'sip' && uri.scheme !== 'sips' && uri.scheme !== 'tel')) return undefined;
  const user = uri.user.split(';', 1)[0] ?? '';
  return {
    user: uri.scheme === 'tel' ? user.replace(/[-.() ]/g, '') : unescapeUser(user),
    host: uri.host,
    port: uri.port,
    transport: uriParameter(uri, 'transport'),
  };
}

function unescapeUser(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % is no escape
  }
}

/** Parses one name-addr or addr-spec; undefined when there is no URI in it. */
export function parseNameAddr(text: string): NameAddr | undefined {
  const address = parseNameAddress(text);
  if (!address?.uri.includes(':')) return undefined;
  const { display, uri, parameters } = address;
  const name = display.startsWith('"') ? display.slice(1, -1).replace(/\\(.)/g, '$1') : display;
  return { displayName: name === '' ? undefined : name, uri, parameters };
}

/** A header parameter of a name-addr, quotes removed; undefined when absent. */
export function nameAddrParameter(address: NameAddr, name: string): string | undefined {
  const value = address.parameters === '' ? undefined : parameterOf(address.parameters, name);
  return value?.startsWith('"') ? value.slice(1, -1) : value;
}

/** Contact header: a list, `*`, or undefined when any element is no name-addr. */
export function parseContacts(text: string): NameAddr[] | '*' | undefined {
  if (text.trim() === '*') return '*';
  const contacts: NameAddr[] = [];
  for (const part of splitHeaderList(text)) {
    const contact = parseNameAddr(part);
    if (!contact) return undefined;
    contacts.push(contact);
  }
  return contacts;
}

/** `"Name" <sip:…>;tag=…`. Control characters in the name are dropped, quotes and backslashes escaped. */
export function formatNameAddr(options: {
  displayName?: string | undefined;
  uri: string;
  tag?: string;
}): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed
  const name = options.displayName?.replace(/[\u0000-\u001f\u007f]/g, '').replace(/(["\\])/g, '\\$1');
  const tag = options.tag === undefined ? '' : `;tag=${options.tag}`;
  return name ? `"${name}" <${options.uri}>${tag}` : `<${options.uri}>${tag}`;
}

/** `sip:user@host:port;transport=tcp`; udp, the default, is not written. */
export function formatSipUri(options: {
  user?: string;
  host: string;
  port?: number | undefined;
  transport?: string;
}): string {
  const user = options.user ? `${escapeUser(options.user)}@` : '';
  const transport = options.transport && options.transport !== 'udp' ? `;transport=${options.transport}` : '';
  return `sip:${user}${formatHostPort(options.host, options.port)}${transport}`;
}
