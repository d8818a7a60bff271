/**
 * Sessions in cookies: a random 256 bit token the page never sees (HttpOnly, Secure, SameSite=Strict), known to the
 * store by its hash only. A session is prolonged while used and ends after `idleMs`, at latest after `maxAgeMs`.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { User } from '../domain/settings.ts';
import type { SessionUser } from './contract.ts';
import type { SessionRecord, SessionsPort, SettingsPort } from './ports.ts';

const idleMs = 12 * 3_600_000;
const maxAgeMs = 7 * 24 * 3_600_000;
/** A session is written anew at most this often. */
const renewEveryMs = 60_000;

export interface Session {
  user: SessionUser;
  tokenHash: string;
  expiresAt: number;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** What may be told of a user. */
export function sessionUser(user: User): SessionUser {
  return {
    id: user.id,
    name: user.name,
    role: user.role,
    ...(user.agentId === undefined ? {} : { agentId: user.agentId }),
  };
}

export class Sessions {
  readonly #store: SessionsPort;
  readonly #settings: SettingsPort;
  readonly #clock: Clock;
  readonly #cookieName: string;

  /** @param parts.port part of the cookie's name: browsers share cookies among the ports of a host */
  constructor(parts: { store: SessionsPort; settings: SettingsPort; clock: Clock; port: number }) {
    this.#store = parts.store;
    this.#settings = parts.settings;
    this.#clock = parts.clock;
    this.#cookieName = `__Host-cordboard-${parts.port}`;
  }

  /** A new session; `cookie` is the Set-Cookie header that carries it. */
  open(user: User): { session: Session; cookie: string } {
    const token = randomBytes(32).toString('base64url');
    const now = this.#clock.now();
    const record: SessionRecord = {
      tokenHash: hashOf(token),
      userId: user.id,
      createdAt: now,
      expiresAt: now + idleMs,
    };
    this.#store.put(record);
    return {
      session: { user: sessionUser(user), tokenHash: record.tokenHash, expiresAt: record.expiresAt },
      cookie: this.#cookie(token, maxAgeMs / 1000),
    };
  }

  /** The session of a request's Cookie header, if it is in force. */
  find(cookieHeader: string | undefined): Session | null {
    const token = this.#tokenOf(cookieHeader);
    return token === undefined ? null : this.#inForce(hashOf(token), true);
  }

  /** Whether a session found earlier is still in force with the same role; does not prolong it. */
  stillValid(session: Session): boolean {
    const now = this.#inForce(session.tokenHash, false);
    return now !== null && now.user.role === session.user.role && now.user.agentId === session.user.agentId;
  }

  /** Ends the session; returns the Set-Cookie header that clears the cookie. */
  close(session: Session | null): string {
    if (session) this.#store.remove(session.tokenHash);
    return this.#cookie('', 0);
  }

  #inForce(tokenHash: string, prolong: boolean): Session | null {
    const record = this.#store.get(tokenHash);
    if (!record) return null;
    const now = this.#clock.now();
    const user = this.#settings.current.users.find((u) => u.id === record.userId);
    if (!user || record.expiresAt <= now) {
      this.#store.remove(tokenHash);
      return null;
    }
    const expiresAt = Math.min(now + idleMs, record.createdAt + maxAgeMs);
    if (prolong && expiresAt - record.expiresAt >= renewEveryMs) {
      this.#store.put({ ...record, expiresAt });
      return { user: sessionUser(user), tokenHash, expiresAt };
    }
    return { user: sessionUser(user), tokenHash, expiresAt: record.expiresAt };
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
