/**
 * Names and list syntax of SIP header fields (RFC 3261 §7.3). A header's *key* is its long name in lower case; its
 * *label* is how it is written on the wire.
 */

/** Compact forms (IANA registry of header fields) and the keys they stand for. */
const compactForms: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity-info',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

/** Labels that title case after each dash would spell wrongly or that are looked up on every message. */
const knownLabels = [
  'Accept',
  'Allow',
  'Authorization',
  'Call-ID',
  'CSeq',
  'Contact',
  'Content-Length',
  'Content-Type',
  'Event',
  'Expires',
  'From',
  'MIME-Version',
  'Max-Forwards',
  'Min-SE',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'RAck',
  'RSeq',
  'Reason',
  'Record-Route',
  'Require',
  'Retry-After',
  'Route',
  'SIP-ETag',
  'SIP-If-Match',
  'Server',
  'Session-Expires',
  'Supported',
  'To',
  'User-Agent',
  'Via',
  'WWW-Authenticate',
] as const;

const keysBySpelling = new Map<string, string>();
const labelsByKey = new Map<string, string>();
for (const label of knownLabels) {
  const key = label.toLowerCase();
  keysBySpelling.set(label, key);
  keysBySpelling.set(key, key);
  labelsByKey.set(key, label);
}
for (const [short, key] of Object.entries(compactForms)) {
  keysBySpelling.set(short, key);
  keysBySpelling.set(short.toUpperCase(), key);
}

/** Key of a header name in any spelling, compact form included. */
export function headerKey(name: string): string {
  const known = keysBySpelling.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  return keysBySpelling.get(lower) ?? lower;
}

/** How a header is written: the registered spelling, else Title-Case-After-Dash; names beginning x- stay as given. */
export function headerLabel(name: string): string {
  const key = headerKey(name);
  const known = labelsByKey.get(key);
  if (known !== undefined) return known;
  if (key.startsWith('x-')) return name;
  return key.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

const tokenPattern = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** True for an RFC 3261 token: what a header name, a method and a tag may be made of. */
export function isToken(text: string): boolean {
  return tokenPattern.test(text);
}

/** Splits a comma-separated header value, respecting quoted strings and angle brackets. Parts are trimmed. */
export function splitHeaderList(value: string): string[] {
  if (!value.includes(',')) return [value.trim()];
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  let bracketed = false;
  for (let i = 0; i < value.length; i++) {
    const char = value.charCodeAt(i);
    if (quoted) {
      if (char === 0x5c)
        i++; // backslash: the next character is literal
      else if (char === 0x22) quoted = false;
    } else if (char === 0x22) quoted = true;
    else if (char === 0x3c) bracketed = true;
    else if (char === 0x3e) bracketed = false;
    else if (char === 0x2c && !bracketed) {
      parts.push(value.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(value.slice(start).trim());
  return parts.filter((part) => part !== '');
}

/**
 * Value of a parameter in text like `;a=1;b="x;y";flag` (also without the first semicolon being at 0).
 * @returns undefined when absent, '' when it has no value; quotes are removed
 */
export function parameterOf(parameters: string, name: string): string | undefined {
  let i = 0;
  while (i < parameters.length) {
    const semicolon = parameters.indexOf(';', i);
    if (semicolon < 0) return undefined;
    let end = semicolon + 1;
    let quoted = false;
    for (; end < parameters.length; end++) {
      const char = parameters.charCodeAt(end);
      if (quoted) {
        if (char === 0x5c) end++;
        else if (char === 0x22) quoted = false;
      } else if (char === 0x22) quoted = true;
      else if (char === 0x3b) break;
    }
    const part = parameters.slice(semicolon + 1, end);
    const equals = part.indexOf('=');
    const partName = (equals < 0 ? part : part.slice(0, equals)).trim();
    if (partName.length === name.length && partName.toLowerCase() === name) {
      const value = equals < 0 ? '' : part.slice(equals + 1).trim();
      return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
    }
    i = end;
  }
  return undefined;
}
