/** Claiming the office, signing in and out. */
import type { Clock } from '../../base/clock.ts';
import { CordboardError } from '../../base/errors.ts';
import { languages, type User } from '../../domain/settings.ts';
import type { SessionUser } from '../contract.ts';
import type { ApiPorts, ClaimPort } from '../ports.ts';
import { RateLimiter, sourceKey } from '../rate-limiter.ts';
import type { HandlersOf } from '../routes.ts';
import type { Session, Sessions } from '../sessions.ts';
import { itemIdOf, validated } from '../settings-change.ts';

export interface AuthParts {
  ports: Pick<ApiPorts, 'settings' | 'passwords' | 'audit'>;
  claim: ClaimPort;
  sessions: Sessions;
  clock: Clock;
  version: string;
  isDemo: boolean;
}

/** A name may be tried again soon, so that nobody can lock a colleague out; a source waits for longer. */
const nameLimit = { free: 5, firstWaitMs: 1_000, maxWaitMs: 60_000, forgetMs: 3_600_000 };
const sourceLimit = { free: 20, firstWaitMs: 1_000, maxWaitMs: 900_000, forgetMs: 3_600_000 };
const claimLimit = { free: 5, firstWaitMs: 1_000, maxWaitMs: 60_000, forgetMs: 3_600_000 };
/** Each argon2id run takes a core and 19 MB: no more of them at once. */
const maxHashing = 8;

export function authHandlers(
  parts: AuthParts,
): HandlersOf<'status' | 'claim' | 'login' | 'logout' | 'session'> {
  const { ports, claim, sessions, clock } = parts;
  const byName = new RateLimiter(nameLimit, clock);
  const bySource = new RateLimiter(sourceLimit, clock);
  const byClaim = new RateLimiter(claimLimit, clock);
  let hashing = 0;

  const audit = (who: string, source: string, action: string): void =>
    ports.audit.record({ at: clock.now(), who, source, action });
  const view = (session: Session | null): { user: SessionUser | null; expiresAt: number | null } =>
    session ? { user: session.user, expiresAt: session.expiresAt } : { user: null, expiresAt: null };

  /** Runs an attempt under the limits of these keys; `attempt` answers undefined when it failed. */
  const limited = async <T>(
    limits: [RateLimiter, string][],
    attempt: () => Promise<T | undefined>,
  ): Promise<T | undefined> => {
    const waitMs = Math.max(hashing >= maxHashing ? 1_000 : 0, ...limits.map(([l, key]) => l.waitMs(key)));
    if (waitMs > 0) {
      const retryAfterS = Math.ceil(waitMs / 1000);
      throw new CordboardError('auth.rate-limited', `Too many attempts. Try again in ${retryAfterS} s.`, {
        details: { retryAfterS },
      });
    }
    const settle = limits.map(([limiter, key]) => limiter.begin(key));
    hashing += 1;
    let outcome: 'success' | 'failure' = 'failure';
    try {
      const result = await attempt();
      if (result !== undefined) outcome = 'success';
      return result;
    } finally {
      hashing -= 1;
      for (const done of settle) done(outcome);
    }
  };

  const signedIn = (user: User): Response => {
    const { session, cookie } = sessions.open(user);
    return new Response(JSON.stringify(view(session)), {
      headers: { 'content-type': 'application/json', 'set-cookie': cookie },
    });
  };

  return {
    status: () => {
      const { office, users } = ports.settings.current;
      return {
        claimed: users.some((u) => u.role === 'admin'),
        officeName: office.name,
        language: office.language,
        languages: [...languages],
        version: parts.version,
        demo: parts.isDemo,
      };
    },

    claim: async ({ body, source }) => {
      const isClaimed = (users: readonly User[]): boolean => users.some((u) => u.role === 'admin');
      const claimed = (): CordboardError =>
        new CordboardError('auth.claimed', 'This office has an admin already. Sign in instead.');
      if (isClaimed(ports.settings.current.users)) throw claimed();
      const user = await limited([[byClaim, sourceKey(source)]], async () => {
        if (!claim.matches(body.code)) return undefined;
        const passwordHash = await ports.passwords.hash(body.password);
        let admin: User | undefined;
        await ports.settings.update(
          (settings) => {
            if (isClaimed(settings.users)) throw claimed();
            const id = itemIdOf(body.userName, settings.users);
            admin = { id, name: body.userName, role: 'admin', passwordHash };
            return validated({ ...settings, users: [...settings.users, admin] });
          },
          { who: body.userName },
        );
        return admin;
      });
      if (!user) {
        audit(body.userName, source, 'claim.failed');
        throw new CordboardError('auth.failed', 'This is not the claim code. Look where it was started.');
      }
      await claim.close();
      audit(user.name, source, 'claim');
      return signedIn(user);
    },

    login: async ({ body, source }) => {
      const name = body.userName.toLowerCase();
      const user = await limited(
        [
          [byName, name],
          [bySource, sourceKey(source)],
        ],
        async () => {
          const known = ports.settings.current.users.find((u) => u.name.toLowerCase() === name);
          return (await ports.passwords.verify(body.password, known?.passwordHash)) ? known : undefined;
        },
      );
      if (!user) {
        audit(body.userName, source, 'login.failed');
        throw new CordboardError('auth.failed', 'Wrong name or password.');
      }
      byName.forget(name);
      audit(user.name, source, 'login');
      return signedIn(user);
    },

    logout: ({ session, source }) => {
      if (session) audit(session.user.name, source, 'logout');
      return new Response(null, { status: 204, headers: { 'set-cookie': sessions.close(session) } });
    },

    session: ({ session }) => view(session),
  };
}
