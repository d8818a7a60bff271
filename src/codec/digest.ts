/**
 * HTTP digest as SIP uses it: RFC 3261 §22, RFC 7616 and RFC 8760 (SHA-256). Pure: headers in, headers out; who
 * is asked and what a nonce means is the business of `telephony/digest-server` and `telephony/digest-session`.
 */
import { createHash } from 'node:crypto';

export type DigestAlgorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess';

const hashOf: Record<DigestAlgorithm, 'md5' | 'sha256'> = {
  MD5: 'md5',
  'MD5-sess': 'md5',
  'SHA-256': 'sha256',
  'SHA-256-sess': 'sha256',
};

/** The spelling used here of an algorithm parameter (absent means MD5); undefined when we do not speak it. */
export function digestAlgorithm(text: string | undefined): DigestAlgorithm | undefined {
  if (text === undefined) return 'MD5';
  return (Object.keys(hashOf) as DigestAlgorithm[]).find((name) => name.toLowerCase() === text.toLowerCase());
}

/** One `Digest …` of WWW-/Proxy-Authenticate. */
export interface DigestChallenge {
  realm: string;
  nonce: string;
  /** undefined: one that we do not speak. */
  algorithm: DigestAlgorithm | undefined;
  /** As written, to be repeated in the answer; undefined when the challenge named none. */
  algorithmText: string | undefined;
  opaque: string | undefined;
  stale: boolean;
  /** Whether `auth` is among the offered qualities of protection; false: RFC 2069 answer without qop. */
  qopAuth: boolean;
}

/** The `Digest …` of Authorization or Proxy-Authorization. */
export interface DigestCredentials {
  username: string;
  realm: string;
  nonce: string;
  uri: string;
  response: string;
  algorithm: DigestAlgorithm | undefined;
  qop: string | undefined;
  /** Hexadecimal as written. */
  nc: string | undefined;
  cnonce: string | undefined;
}

type Params = Map<string, string>;

/**
 * Cuts `Scheme a=1, b="2", Scheme c=3` into schemes: repeated headers arrive joined by commas, so a new scheme
 * shows itself only by a word followed by a space and a parameter.
 */
function readSchemes(text: string): { scheme: string; params: Params }[] {
  const schemes: { scheme: string; params: Params }[] = [];
  const token =
    /[\s,]*(?:([A-Za-z0-9\-_.!%*+`'~]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]*)|([A-Za-z0-9-]+)(?=\s))/y;
  for (let match = token.exec(text); match && match[0] !== ''; match = token.exec(text)) {
    if (match[3] !== undefined) schemes.push({ scheme: match[3].toLowerCase(), params: new Map() });
    else {
      const raw = match[2] ?? '';
      const value = raw.startsWith('"') ? raw.slice(1, -1).replace(/\\(.)/g, '$1') : raw;
      schemes.at(-1)?.params.set((match[1] ?? '').toLowerCase(), value);
    }
  }
  return schemes;
}

/** Every digest challenge of a header, in the peer's order. */
export function parseChallenges(header: string): DigestChallenge[] {
  const challenges: DigestChallenge[] = [];
  for (const { scheme, params } of readSchemes(header)) {
    const realm = params.get('realm');
    const nonce = params.get('nonce');
    if (scheme !== 'digest' || realm === undefined || nonce === undefined) continue;
    const algorithmText = params.get('algorithm');
    challenges.push({
      realm,
      nonce,
      algorithm: digestAlgorithm(algorithmText),
      algorithmText,
      opaque: params.get('opaque'),
      stale: params.get('stale')?.toLowerCase() === 'true',
      qopAuth: (params.get('qop') ?? '').split(',').some((qop) => qop.trim().toLowerCase() === 'auth'),
    });
  }
  return challenges;
}

/** The challenge to answer: SHA-256 before MD5 (RFC 8760 §2.4 takes the peer's order; we prefer strength). */
export function bestChallenge(header: string): DigestChallenge | undefined {
  const known = parseChallenges(header).filter((challenge) => challenge.algorithm !== undefined);
  return known.find((challenge) => challenge.algorithm?.startsWith('SHA-256')) ?? known[0];
}

/** The credentials for `realm` in an Authorization header; undefined when there are none that are complete. */
export function parseCredentials(header: string, realm: string): DigestCredentials | undefined {
  for (const { scheme, params } of readSchemes(header)) {
    const username = params.get('username');
    const nonce = params.get('nonce');
    const uri = params.get('uri');
    const response = params.get('response');
    if (scheme !== 'digest' || params.get('realm') !== realm) continue;
    if (username === undefined || nonce === undefined || uri === undefined || response === undefined)
      continue;
    return {
      username,
      realm,
      nonce,
      uri,
      response: response.toLowerCase(),
      algorithm: digestAlgorithm(params.get('algorithm')),
      qop: params.get('qop')?.toLowerCase(),
      nc: params.get('nc'),
      cnonce: params.get('cnonce'),
    };
  }
  return undefined;
}

export interface DigestInput {
  algorithm: DigestAlgorithm;
  username: string;
  realm: string;
  password: string;
  method: string;
  uri: string;
  nonce: string;
  /** Absent: the response of RFC 2069, without qop. */
  auth?: { nc: string; cnonce: string };
  /** Client nonce of a `-sess` algorithm when there is no qop. */
  cnonce?: string;
}

/** The `response` value, hex (RFC 7616 §3.4.1). */
export function digestResponse(input: DigestInput): string {
  const hash = (text: string): string => createHash(hashOf[input.algorithm]).update(text).digest('hex');
  const cnonce = input.auth?.cnonce ?? input.cnonce ?? '';
  const secret = hash(`${input.username}:${input.realm}:${input.password}`);
  const ha1 = input.algorithm.endsWith('-sess') ? hash(`${secret}:${input.nonce}:${cnonce}`) : secret;
  const ha2 = hash(`${input.method}:${input.uri}`);
  return input.auth
    ? hash(`${ha1}:${input.nonce}:${input.auth.nc}:${input.auth.cnonce}:auth:${ha2}`)
    : hash(`${ha1}:${input.nonce}:${ha2}`);
}

const quoted = (text: string): string => `"${text.replace(/(["\\])/g, '\\$1')}"`;

/** WWW-Authenticate / Proxy-Authenticate. */
export function formatChallenge(options: {
  realm: string;
  nonce: string;
  algorithm: DigestAlgorithm;
  stale: boolean;
}): string {
  return `Digest realm=${quoted(options.realm)}, nonce=${quoted(options.nonce)}, algorithm=${options.algorithm}, qop="auth"${
    options.stale ? ', stale=true' : ''
  }`;
}

/**
 * Authorization / Proxy-Authorization answering `challenge`.
 * @throws RangeError when the challenge's algorithm is none of ours
 */
export function answerChallenge(options: {
  challenge: DigestChallenge;
  username: string;
  password: string;
  method: string;
  uri: string;
  cnonce: string;
  /** How often this nonce has been used, from 1. */
  nonceCount: number;
}): string {
  const { challenge, username, password, method, uri, cnonce } = options;
  const { algorithm, realm, nonce } = challenge;
  if (algorithm === undefined) throw new RangeError(`digest algorithm ${challenge.algorithmText}`);
  const nc = options.nonceCount.toString(16).padStart(8, '0');
  const response = digestResponse({
    algorithm,
    username,
    realm,
    password,
    method,
    uri,
    nonce,
    cnonce,
    ...(challenge.qopAuth ? { auth: { nc, cnonce } } : {}),
  });
  const parts = [
    `username=${quoted(username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `response="${response}"`,
  ];
  if (challenge.algorithmText !== undefined) parts.push(`algorithm=${challenge.algorithmText}`);
  if (challenge.qopAuth) parts.push(`qop=auth, nc=${nc}, cnonce=${quoted(cnonce)}`);
  else if (algorithm.endsWith('-sess')) parts.push(`cnonce=${quoted(cnonce)}`);
  if (challenge.opaque !== undefined) parts.push(`opaque=${quoted(challenge.opaque)}`);
  return `Digest ${parts.join(', ')}`;
}
