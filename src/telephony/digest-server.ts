/**
 * Who is calling: digest authentication of extensions (RFC 3261 §22, RFC 8760). Each device gets exactly one
 * challenge. Nonces are their own proof (time and HMAC), so an attacker costs no memory; only the counters of nonces that
 * were answered rightly are kept, against replay.
 *
 * Unknown number, wrong password and wrong algorithm look the same from outside, in answer and in time.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import {
  type DigestAlgorithm,
  digestAlgorithm,
  digestResponse,
  formatChallenge,
  parseCredentials,
} from '../codec/digest.ts';
import { parsePartyUri } from '../codec/name-addr.ts';
import type { Extension } from '../domain/settings.ts';
import type { SipRequest } from './sip-port.ts';

export const digestRealm = 'cordboard';

const nonceLifetimeMs = 300_000;

export type AuthenticationResult =
  | { kind: 'authenticated'; extension: Extension }
  /** Ask (again): status and header to send. */
  | { kind: 'challenge'; status: 401 | 407; headers: Record<string, string> }
  | { kind: 'refused'; status: 403; userName: string };

export interface DigestServerDeps {
  clock: Clock;
  /** Plain text of a stored secret. */
  reveal: (secret: string) => string;
}

export class DigestServer {
  readonly #deps: DigestServerDeps;
  readonly #key = randomBytes(32);
  /** nonce -> highest nonce count seen. */
  readonly #counts = new Map<string, number>();
  /** Matches nothing that anybody could send. */
  readonly #nobodysPassword = randomBytes(24).toString('hex');
  #extensions = new Map<string, Extension>();
  /** Whose secret is opened when somebody unknown asks. */
  #decoy: Extension | undefined;
  #algorithms: DigestAlgorithm[] = ['MD5'];

  constructor(deps: DigestServerDeps) {
    this.#deps = deps;
  }

  configure(extensions: readonly Extension[]): void {
    this.#extensions = new Map(extensions.map((extension) => [extension.number, extension]));
    this.#decoy = extensions[0];
    this.#algorithms = extensions.length > 0 ? extensions.map((extension) => extension.digest) : ['MD5'];
  }

  /**
   * @param claimed the number that the request says it comes from, to know what to challenge it with
   * @param proxy true: 407 and Proxy-Authorization (requests through us), false: 401 and Authorization (REGISTER)
   */
  authenticate(request: SipRequest, claimed: string, proxy: boolean): AuthenticationResult {
    const header = request.header(proxy ? 'Proxy-Authorization' : 'Authorization');
    const credentials = header === undefined ? undefined : parseCredentials(header, digestRealm);
    if (!credentials) return this.#challenge(claimed, proxy, false);
    const extension = this.#extensions.get(credentials.username);
    const algorithm = this.#algorithmFor(credentials.username);
    const password = this.#passwordOf(extension);
    const { nonce, nc, cnonce } = credentials;
    const hasQop = credentials.qop === 'auth' && nc !== undefined && cnonce !== undefined;
    const expected = digestResponse({
      algorithm,
      username: credentials.username,
      realm: digestRealm,
      password,
      method: request.method,
      uri: credentials.uri,
      nonce,
      ...(hasQop ? { auth: { nc, cnonce } } : {}),
    });
    const matches = sameText(expected, credentials.response) && credentials.algorithm === algorithm;
    const age = this.#nonceAgeMs(nonce);
    // A nonce that is not ours (forged, or of an earlier start) proves nothing: ask with a fresh one. A phone that
    // has the password is told so (RFC 7616 §3.3), and does not bother its owner for it.
    if (age === undefined) return this.#challenge(claimed, proxy, matches && extension !== undefined);
    if (!matches || !extension || !sameTarget(credentials.uri, request.uri))
      return { kind: 'refused', status: 403, userName: credentials.username };
    const count = hasQop ? Number.parseInt(nc, 16) : 1;
    if (age > nonceLifetimeMs || !(count > (this.#counts.get(nonce) ?? 0)))
      return this.#challenge(claimed, proxy, true);
    this.#remember(nonce, count);
    return { kind: 'authenticated', extension };
  }

  /** What takes time for the known takes it for the unknown as well: opening a sealed secret. */
  #passwordOf(extension: Extension | undefined): string {
    const sealed = (extension ?? this.#decoy)?.secret;
    try {
      const password = sealed === undefined ? '' : this.#deps.reveal(sealed);
      return extension ? password : this.#nobodysPassword;
    } catch {
      return this.#nobodysPassword; // sealed with another key: the settings say so, and nobody gets in by it
    }
  }

  #challenge(claimed: string, proxy: boolean, stale: boolean): AuthenticationResult {
    const challenge = formatChallenge({
      realm: digestRealm,
      nonce: this.#makeNonce(),
      algorithm: this.#algorithmFor(claimed),
      stale,
    });
    return proxy
      ? { kind: 'challenge', status: 407, headers: { 'Proxy-Authenticate': challenge } }
      : { kind: 'challenge', status: 401, headers: { 'WWW-Authenticate': challenge } };
  }

  /** For an unknown number always the same, drawn as often as the known ones have it: the algorithm betrays nobody. */
  #algorithmFor(number: string): DigestAlgorithm {
    const draw = createHmac('sha256', this.#key).update(`algorithm ${number}`).digest().readUInt32BE(0);
    const known = this.#extensions.get(number);
    if (known) return known.digest; // drawn in vain, to take as long
    return digestAlgorithm(this.#algorithms[draw % this.#algorithms.length]) ?? 'MD5';
  }

  /** 6 bytes of milliseconds, 10 random ones, 16 of HMAC. */
  #makeNonce(): string {
    const stamp = Buffer.alloc(16);
    stamp.writeUIntBE(this.#deps.clock.now(), 0, 6);
    randomBytes(10).copy(stamp, 6);
    return Buffer.concat([stamp, this.#seal(stamp)]).toString('base64url');
  }

  #nonceAgeMs(nonce: string): number | undefined {
    const bytes = Buffer.from(nonce, 'base64url');
    if (bytes.length !== 32 || !timingSafeEqual(this.#seal(bytes.subarray(0, 16)), bytes.subarray(16)))
      return undefined;
    return this.#deps.clock.now() - bytes.readUIntBE(0, 6);
  }

  #seal(stamp: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(stamp).digest().subarray(0, 16);
  }

  #remember(nonce: string, count: number): void {
    this.#counts.delete(nonce); // to the young end of the map
    this.#counts.set(nonce, count);
    // A forgotten nonce could be replayed, so only those go that are refused by their age.
    for (const oldest of this.#counts.keys()) {
      if ((this.#nonceAgeMs(oldest) ?? 0) <= nonceLifetimeMs) break;
      this.#counts.delete(oldest);
    }
  }
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * RFC 7616 §3.4.6 asks for an equivalent URI. Routers with a SIP helper rewrite the host, so only who is called
 * must be the same: answered credentials cannot be turned towards another number.
 */
function sameTarget(signed: string, requested: string): boolean {
  if (signed === requested) return true;
  const a = parsePartyUri(signed);
  const b = parsePartyUri(requested);
  return a !== undefined && b !== undefined && a.user === b.user;
}
