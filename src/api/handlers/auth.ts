/** Claiming the office, signing in (password, then the code of a second factor) and out. */
import type { Clock } from '../../base/clock.ts';
import { CordboardError } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import type { AuditAction } from '../../domain/audit.ts';
import { languages, type User } from '../../domain/settings.ts';
import type { Attempts, Limits } from '../attempts.ts';
import type { SessionUser } from '../contract.ts';
import type { ApiPorts, ClaimPort } from '../ports.ts';
import { RateLimiter, sourceKey } from '../rate-limiter.ts';
import type { HandlersOf } from '../routes.ts';
import { matchingRecoveryHash, plainCode, totpStep } from '../second-factor.ts';
import type { Session, Sessions } from '../sessions.ts';
import { itemIdOf, validated } from '../settings-change.ts';
import { wrongCode } from './account.ts';

export interface AuthParts {
  ports: Pick<ApiPorts, 'settings' | 'passwords' | 'audit' | 'usedCodes'>;
  claim: ClaimPort;
  sessions: Sessions;
  attempts: Attempts;
  clock: Clock;
  version: string;
  isDemo: boolean;
}

const nameLimit = { free: 5, firstWaitMs: 1_000, maxWaitMs: 60_000, forgetMs: 3_600_000 };
const sourceLimit = { free: 20, firstWaitMs: 1_000, maxWaitMs: 900_000, forgetMs: 3_600_000 };
const claimLimit = { free: 5, firstWaitMs: 1_000, maxWaitMs: 60_000, forgetMs: 3_600_000 };
/** Of a million codes three are right at a time: some hundred tries a day are no danger. */
const codeLimit = { free: 5, firstWaitMs: 2_000, maxWaitMs: 300_000, forgetMs: 3_600_000 };

/** Between the password and the code. */
const ticketMs = 5 * 60_000;
const ticketTries = 5;
const maxTickets = 1_000;

interface Ticket {
  userId: string;
  /** The password it stands for: changed meanwhile, it is void. */
  passwordHash: string;
  until: number;
  triesLeft: number;
}

export function authHandlers(
  parts: AuthParts,
): HandlersOf<'status' | 'claim' | 'login' | 'loginCode' | 'logout' | 'session'> {
  const { ports, claim, sessions, attempts, clock } = parts;
  const { settings, passwords, usedCodes } = ports;
  const byName = new RateLimiter(nameLimit, clock);
  const bySource = new RateLimiter(sourceLimit, clock);
  const byClaim = new RateLimiter(claimLimit, clock);
  const byCode = new RateLimiter(codeLimit, clock);
  const tickets = new Map<string, Ticket>();

  const audit = (who: string, source: string, action: AuditAction, details?: Record<string, unknown>): void =>
    ports.audit.record({ at: clock.now(), who, source, action, ...(details ? { details } : {}) });
  const view = (session: Session | null): { user: SessionUser | null; expiresAt: number | null } =>
    session ? { user: session.user, expiresAt: session.expiresAt } : { user: null, expiresAt: null };

  const signedIn = (user: User, { source, raw }: { source: string; raw: Request }): Response => {
    const { session, cookie } = sessions.open(user, {
      source,
      userAgent: raw.headers.get('user-agent') ?? '',
    });
    return new Response(JSON.stringify(view(session)), {
      headers: { 'content-type': 'application/json', 'set-cookie': cookie },
    });
  };

  /** What limits somebody's tries: see attempts.ts. */
  const limitsOf = (limiter: RateLimiter, key: string, user: User | undefined, source: string): Limits => {
    const place = sourceKey(source);
    return user && sessions.knows(user.id, source)
      ? [[limiter, `${key} at ${place}`]]
      : [
          [limiter, key],
          [bySource, place],
        ];
  };

  const ticketFor = (user: User): string => {
    for (const [id, { until }] of tickets)
      if (until <= clock.monotonic() || tickets.size >= maxTickets) tickets.delete(id);
    const id = randomId(32);
    tickets.set(id, {
      userId: user.id,
      passwordHash: user.passwordHash,
      until: clock.monotonic() + ticketMs,
      triesLeft: ticketTries,
    });
    return id;
  };

  /** The ticket's user, as long as it is good. */
  const holderOf = (id: string): { ticket: Ticket; user: User } => {
    const ticket = tickets.get(id);
    const user = settings.revealed.users.find((u) => u.id === ticket?.userId);
    const good = ticket && ticket.until > clock.monotonic() && ticket.triesLeft > 0;
    if (!good || !user?.secondFactor || user.passwordHash !== ticket.passwordHash) {
      tickets.delete(id);
      throw new CordboardError('auth.ticket', 'Signing in took too long. Enter name and password again.');
    }
    return { ticket, user };
  };

  /** Signs in with a recovery code and crosses it out; how many are left, or undefined when it is none. */
  const useRecoveryCode = async (user: User, code: string): Promise<number | undefined> => {
    let left: number | undefined;
    if (!matchingRecoveryHash(user.secondFactor?.recoveryHashes ?? [], user.id, code)) return undefined;
    await settings.update(
      (now) => ({
        ...now,
        users: now.users.map((u) => {
          // Looked at anew: the same code may just have been used elsewhere.
          const hash = matchingRecoveryHash(u.secondFactor?.recoveryHashes ?? [], user.id, code);
          if (u.id !== user.id || !u.secondFactor || hash === undefined) return u;
          const recoveryHashes = u.secondFactor.recoveryHashes.filter((other) => other !== hash);
          left = recoveryHashes.length;
          return { ...u, secondFactor: { ...u.secondFactor, recoveryHashes } };
        }),
      }),
      { who: user.name },
    );
    return left;
  };

  return {
    status: () => {
      const { office, users } = settings.current;
      return {
        claimed: users.some((u) => u.role === 'admin'),
        officeName: office.name,
        language: office.language,
        languages: [...languages],
        version: parts.version,
        demo: parts.isDemo,
      };
    },

    claim: async (request) => {
      const { body, source } = request;
      const isClaimed = (users: readonly User[]): boolean => users.some((u) => u.role === 'admin');
      const claimed = (): CordboardError =>
        new CordboardError('auth.claimed', 'This office has an admin already. Sign in instead.');
      if (isClaimed(settings.current.users)) throw claimed();
      const user = await attempts.run([[byClaim, sourceKey(source)]], async () => {
        if (!claim.matches(body.code)) return undefined;
        const passwordHash = await passwords.hash(body.password);
        let admin: User | undefined;
        await settings.update(
          (now) => {
            if (isClaimed(now.users)) throw claimed();
            const id = itemIdOf(body.userName, now.users);
            admin = { id, name: body.userName, role: 'admin', passwordHash };
            return validated({ ...now, users: [...now.users, admin] });
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
      return signedIn(user, request);
    },

    login: async (request) => {
      const { body, source } = request;
      const name = body.userName.toLowerCase();
      const known = settings.current.users.find((u) => u.name.toLowerCase() === name);
      const limits = limitsOf(byName, name, known, source);
      const right = await attempts.run(
        limits,
        async () => (await passwords.verify(body.password, known?.passwordHash)) || undefined,
      );
      // The settings may have changed while the password was being weighed.
      const user = settings.current.users.find((u) => u.id === known?.id);
      if (!right || !user || user.passwordHash !== known?.passwordHash) {
        audit(body.userName, source, 'login.failed');
        throw new CordboardError('auth.failed', 'Wrong name or password.');
      }
      for (const [limiter, key] of limits) if (limiter === byName) limiter.forget(key);
      if (user.secondFactor) return { user: null, expiresAt: null, ticket: ticketFor(user) };
      audit(user.name, source, 'login');
      return signedIn(user, request);
    },

    loginCode: async (request) => {
      const { body, source } = request;
      const { ticket, user } = holderOf(body.ticket);
      const limits = limitsOf(byCode, user.id, user, source);
      const code = plainCode(body.code);
      let replayed = false;
      let recoveryCodesLeft: number | undefined;
      const right = await attempts.run(limits, async () => {
        const step = totpStep(user.secondFactor?.secret ?? '', code, clock.now());
        if (step !== undefined) {
          replayed = !usedCodes.useCode(user.id, step);
          return replayed ? undefined : true;
        }
        recoveryCodesLeft = await useRecoveryCode(user, code);
        return recoveryCodesLeft === undefined ? undefined : true;
      });
      if (!right) {
        ticket.triesLeft -= 1;
        audit(user.name, source, replayed ? 'login.code-replayed' : 'login.code-failed');
        if (replayed)
          throw new CordboardError('auth.code-used', 'This code was used already. Wait for the next one.');
        throw new CordboardError('auth.code', wrongCode);
      }
      tickets.delete(body.ticket);
      for (const [limiter, key] of limits) if (limiter === byCode) limiter.forget(key);
      if (recoveryCodesLeft === undefined) audit(user.name, source, 'login');
      else audit(user.name, source, 'login.recovery-code', { left: recoveryCodesLeft });
      const now = settings.current.users.find((u) => u.id === user.id);
      if (!now) throw new CordboardError('auth.ticket', 'This person is no longer known here.');
      return signedIn(now, request);
    },

    logout: ({ session, source }) => {
      if (session) audit(session.user.name, source, 'logout');
      return new Response(null, { status: 204, headers: { 'set-cookie': sessions.close(session) } });
    },

    session: ({ session }) => view(session),
  };
}
