/**
 * Sessions in cookies: a random 256 bit token the page never sees (HttpOnly, Secure, SameSite=Strict), known to the
 * store by its hash only. A session is prolonged while used and ends when it was idle for too long, or is too old; the
 * settings say how long that is. It carries a stamp of the user's role and password: whatever changes them, be it the
 * page, a settings file or a rollback, ends it.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { User } from '../domain/settings.ts';
import type { SessionUser } from './contract.ts';
import type { SessionRecord, SessionsPort, SettingsPort } from './ports.ts';
import { sourceKey } from './rate-limiter.ts';

/** That a session was used is written at most this often. */
const renewEveryMs = 60_000;
/** Pairs of a person and where they signed in that are remembered beyond the session. */
const maxKnownPlaces = 2_000;

export interface Session {
  user: SessionUser;
  tokenHash: string;
  expiresAt: number;
}

/** From where somebody signs in. */
export interface Visitor {
  source: string;
  userAgent: string;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** What a session's life hangs on. */
function stampOf(user: User): string {
  const facts = [user.role, user.agentId ?? '', user.passwordHash];
  return hashOf(facts.join('\n')).slice(0, 16);
}

/** By which a session is named to people: part of the hash of its token, which opens nothing. */
export const sessionIdOf = ({ tokenHash }: { tokenHash: string }): string => tokenHash.slice(0, 16);

export class Sessions {
  readonly #store: SessionsPort;
  readonly #settings: SettingsPort;
  readonly #clock: Clock;
  readonly #cookieName: string;
  readonly #knownPlaces = new Set<string>();

  /** @param parts.port part of the cookie's name: browsers share cookies among the ports of a host */
  constructor(parts: { store: SessionsPort; settings: SettingsPort; clock: Clock; port: number }) {
    this.#store = parts.store;
    this.#settings = parts.settings;
    this.#clock = parts.clock;
    this.#cookieName = `__Host-cordboard-${parts.port}`;
  }

  /** What may be told of a user. */
  view(user: User): SessionUser {
    const { secondFactorFor } = this.#settings.current.signIn;
    return {
      id: user.id,
      name: user.name,
      role: user.role,
      ...(user.agentId === undefined ? {} : { agentId: user.agentId }),
      ...(secondFactorFor.includes(user.role) && !user.secondFactor ? { mustEnrol: true } : {}),
    };
  }

  /** A new session; `cookie` is the Set-Cookie header that carries it. */
  open(user: User, visitor: Visitor): { session: Session; cookie: string } {
    const token = randomBytes(32).toString('base64url');
    const now = this.#clock.now();
    const record = this.#dated({
      tokenHash: hashOf(token),
      userId: user.id,
      stamp: stampOf(user),
      createdAt: now,
      lastUsedAt: now,
      expiresAt: now,
      source: visitor.source,
      userAgent: visitor.userAgent.slice(0, 300),
    });
    this.#store.put(record);
    this.#remember(user.id, visitor.source);
    return {
      session: { user: this.view(user), tokenHash: record.tokenHash, expiresAt: record.expiresAt },
      cookie: this.#cookie(token, this.#settings.current.signIn.maxAgeMs / 1000),
    };
  }

  /** The session of a request's Cookie header, if it is in force. */
  find(cookieHeader: string | undefined): Session | null {
    const token = this.#tokenOf(cookieHeader);
    return token === undefined ? null : this.#inForce(hashOf(token), true);
  }

  /** Whether a session found earlier is still in force, and open to more than setting up a second factor. */
  stillValid(session: Session): boolean {
    const now = this.#inForce(session.tokenHash, false);
    return now !== null && now.user.mustEnrol !== true;
  }

  /** Whether a session's cookie came along, be the session in force or over. */
  carriedBy(cookieHeader: string | undefined): boolean {
    return this.#tokenOf(cookieHeader) !== undefined;
  }

  /** Ends the session; returns the Set-Cookie header that clears the cookie. */
  close(session: Session | null): string {
    if (session) this.#store.remove(session.tokenHash);
    return this.#cookie('', 0);
  }

  /** Sessions of a user that are in force, the one used last first. */
  ofUser(userId: string): SessionRecord[] {
    return this.#store
      .ofUser(userId)
      .filter(({ tokenHash }) => this.#inForce(tokenHash, false) !== null)
      .sort((a, b) => b.lastUsedAt - a.lastUsedAt);
  }

  /** Ends one session of a user; false when they have none of this id. */
  end(userId: string, sessionId: string): boolean {
    const found = this.#store.ofUser(userId).find((record) => sessionIdOf(record) === sessionId);
    if (found) this.#store.remove(found.tokenHash);
    return found !== undefined;
  }

  /** Ends all sessions of a user, but for the one that asks. */
  endAll(userId: string, except?: Session | null): void {
    this.#store.removeOfUser(userId, except?.tokenHash);
  }

  /** The session goes on although its user changed their password: it was they who asked. */
  keep(session: Session | null): void {
    const record = session && this.#store.get(session.tokenHash);
    const user = record && this.#settings.current.users.find((u) => u.id === record.userId);
    if (record && user) this.#store.put({ ...record, stamp: stampOf(user) });
  }

  /** Whether this person signed in from there before. */
  knows(userId: string, source: string): boolean {
    const place = sourceKey(source);
    return (
      this.#knownPlaces.has(`${userId} ${place}`) ||
      this.#store.ofUser(userId).some((record) => sourceKey(record.source) === place)
    );
  }

  #remember(userId: string, source: string): void {
    const place = `${userId} ${sourceKey(source)}`;
    this.#knownPlaces.delete(place);
    this.#knownPlaces.add(place);
    if (this.#knownPlaces.size <= maxKnownPlaces) return;
    for (const oldest of this.#knownPlaces) {
      this.#knownPlaces.delete(oldest);
      break;
    }
  }

  #dated(record: SessionRecord): SessionRecord {
    const { idleMs, maxAgeMs } = this.#settings.current.signIn;
    return { ...record, expiresAt: Math.min(record.lastUsedAt + idleMs, record.createdAt + maxAgeMs) };
  }

  #inForce(tokenHash: string, use: boolean): Session | null {
    const record = this.#store.get(tokenHash);
    if (!record) return null;
    const now = this.#clock.now();
    const user = this.#settings.current.users.find((u) => u.id === record.userId);
    const expiresAt = Math.min(record.expiresAt, this.#dated(record).expiresAt);
    if (!user || expiresAt <= now || record.stamp !== stampOf(user)) {
      this.#store.remove(tokenHash);
      return null;
    }
    if (use && now - record.lastUsedAt >= renewEveryMs) {
      const used = this.#dated({ ...record, lastUsedAt: now });
      this.#store.put(used);
      return { user: this.view(user), tokenHash, expiresAt: used.expiresAt };
    }
    return { user: this.view(user), tokenHash, expiresAt };
  }

  #tokenOf(cookieHeader: string | undefined): string | undefined {
    for (const part of cookieHeader?.split(';') ?? []) {
      const [name, value] = part.trim().split('=', 2);
      if (name === this.#cookieName && value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value)) return value;
    }
    return undefined;
  }

  #cookie(value: string, maxAgeS: number): string {
    return `${this.#cookieName}=${value}; Path=/; Max-Age=${maxAgeS}; HttpOnly; Secure; SameSite=Strict`;
  }
}
