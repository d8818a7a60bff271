/**
 * Wallboard links and who came by one. A link is `/wall/<id>#<token>`; the page hands the token over once and gets a
 * cookie of that wallboard in return. The cookie holds the token itself: there is nothing to keep of a screen, it goes
 * on after any restart, and is shut out in the moment in which the link is taken back or renewed.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Wallboard } from '../domain/settings/wallboards.ts';
import type { SettingsPort } from './ports.ts';

/** The longest that browsers keep a cookie. */
const cookieMaxAgeS = 400 * 24 * 3600;

/** What somebody with a wallboard's link may see. */
export type WallGrant = Omit<Wallboard, 'tokenHash'>;

export const newWallToken = (): string => randomBytes(32).toString('base64url');
export const wallTokenHash = (token: string): string =>
  `$sha256$${createHash('sha256').update(token).digest('hex')}`;

function isTokenOf(wall: Wallboard, token: string): boolean {
  const given = Buffer.from(wallTokenHash(token));
  const kept = Buffer.from(wall.tokenHash);
  return given.length === kept.length && timingSafeEqual(given, kept);
}

export function wallGrant({ tokenHash: _, ...grant }: Wallboard): WallGrant {
  return grant;
}

export class Walls {
  readonly #settings: SettingsPort;
  readonly #cookiePrefix: string;

  /** @param parts.port part of the cookies' names, as that of the sessions' */
  constructor(parts: { settings: SettingsPort; port: number }) {
    this.#settings = parts.settings;
    this.#cookiePrefix = `__Host-cordboard-wall-${parts.port}-`;
  }

  /** The wallboard of this link, and the Set-Cookie header that lets its browser in; null when there is none such. */
  open(wallId: string, token: string): { wall: WallGrant; cookie: string } | null {
    const wall = this.#settings.current.wallboards.find((w) => w.id === wallId);
    if (!wall || !isTokenOf(wall, token)) return null;
    const attributes = `Path=/; Max-Age=${cookieMaxAgeS}; HttpOnly; Secure; SameSite=Strict`;
    return {
      wall: wallGrant(wall),
      cookie: `${this.#cookiePrefix}${wallId}=${token}; ${attributes}`,
    };
  }

  /** The wallboard that a request's Cookie header lets in: the one asked for, or else any. */
  find(cookieHeader: string | undefined, wallId: string | undefined): WallGrant | null {
    for (const part of cookieHeader?.split(';') ?? []) {
      const [name = '', token = ''] = part.trim().split('=', 2);
      if (!name.startsWith(this.#cookiePrefix)) continue;
      const id = name.slice(this.#cookiePrefix.length);
      if (wallId !== undefined && id !== wallId) continue;
      const wall = this.#settings.current.wallboards.find((w) => w.id === id);
      if (wall && isTokenOf(wall, token)) return wallGrant(wall);
    }
    return null;
  }

  /** A wallboard as somebody signed in may look at it. */
  get(wallId: string): WallGrant | null {
    const wall = this.#settings.current.wallboards.find((w) => w.id === wallId);
    return wall ? wallGrant(wall) : null;
  }
}
