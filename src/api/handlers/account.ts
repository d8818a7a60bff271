/** How people sign in: their password, second factor and sessions, by themselves or by an admin. */
import type { Clock } from '../../base/clock.ts';
import { CordboardError } from '../../base/errors.ts';
import type { AuditAction } from '../../domain/audit.ts';
import type { User } from '../../domain/settings.ts';
import type { Attempts } from '../attempts.ts';
import type { EndpointResponse, SessionUser } from '../contract.ts';
import { passwordIsNotName, passwordNotName } from '../endpoints/sign-in.ts';
import type { ApiPorts } from '../ports.ts';
import { invalidRequest, notFound } from '../problem.ts';
import { RateLimiter } from '../rate-limiter.ts';
import type { HandlersOf } from '../routes.ts';
import {
  newRecoveryCodes,
  newTotpSecret,
  plainCode,
  recoveryHash,
  totpStep,
  totpUri,
} from '../second-factor.ts';
import { type Session, type Sessions, sessionIdOf } from '../sessions.ts';
import type { Author, SettingsEditor } from '../settings-editor.ts';

/** Somebody who found a page left open does not get far with guessing. */
const passwordLimit = { free: 5, firstWaitMs: 1_000, maxWaitMs: 300_000, forgetMs: 3_600_000 };
/** How long a secret waits for its first code. */
const enrolWithinMs = 15 * 60_000;
const maxPending = 200;

export function accountHandlers(parts: {
  ports: Pick<ApiPorts, 'settings' | 'passwords' | 'usedCodes'>;
  editor: SettingsEditor;
  sessions: Sessions;
  attempts: Attempts;
  clock: Clock;
}): HandlersOf<keyof typeof import('../endpoints/account.ts')['accountEndpoints']> {
  const { editor, sessions, attempts, clock } = parts;
  const { settings, passwords, usedCodes } = parts.ports;
  const byUser = new RateLimiter(passwordLimit, clock);
  /** Secrets shown and not yet confirmed, by user id; the oldest first. */
  const pending = new Map<string, { secret: string; until: number }>();

  const userOf = (id: string): User => {
    const user = settings.current.users.find((u) => u.id === id);
    if (!user) throw notFound(`user ${id}`);
    return user;
  };
  const isRequired = (user: SessionUser): boolean =>
    settings.current.signIn.secondFactorFor.includes(user.role);

  /** @throws CordboardError request.invalid when it is not the user's own, auth.rate-limited */
  const mustKnowPassword = async (
    user: SessionUser,
    password: string,
    path: 'password' | 'oldPassword',
  ): Promise<void> => {
    const { passwordHash } = userOf(user.id);
    const right = await attempts.run(
      [[byUser, user.id]],
      async () => (await passwords.verify(password, passwordHash)) || undefined,
    );
    if (!right) throw invalidRequest([{ path, message: 'this is not your password' }]);
    byUser.forget(user.id);
  };

  const changeUser = (
    author: Author,
    id: string,
    action: AuditAction,
    change: (user: User) => User,
  ): Promise<unknown> =>
    editor.edit(author, {
      action,
      target: () => id,
      apply(now) {
        if (!now.users.some((u) => u.id === id)) throw notFound(`user ${id}`);
        return { ...now, users: now.users.map((u) => (u.id === id ? change(u) : u)) };
      },
    });

  const list = (userId: string, own: Session | null): EndpointResponse<'ownSessions'> => ({
    items: sessions.ofUser(userId).map((record) => ({
      id: sessionIdOf(record),
      current: record.tokenHash === own?.tokenHash,
      createdAt: record.createdAt,
      lastUsedAt: record.lastUsedAt,
      expiresAt: record.expiresAt,
      source: record.source,
      userAgent: record.userAgent,
    })),
  });

  return {
    account: ({ user }) => {
      const { secondFactor } = userOf(user.id);
      return {
        user,
        secondFactor: secondFactor
          ? { since: secondFactor.since, recoveryCodesLeft: secondFactor.recoveryHashes.length }
          : null,
        secondFactorRequired: isRequired(user),
      };
    },

    changePassword: async (request) => {
      const { user, body, session } = request;
      await mustKnowPassword(user, body.oldPassword, 'oldPassword');
      if (!passwordIsNotName(body, user.name))
        throw invalidRequest([{ path: 'password', message: passwordNotName.message }]);
      const passwordHash = await passwords.hash(body.password);
      await changeUser(request, user.id, 'password.change', (before) => ({ ...before, passwordHash }));
      sessions.keep(session);
      sessions.endAll(user.id, session);
      return undefined;
    },

    beginSecondFactor: async ({ user, body }) => {
      await mustKnowPassword(user, body.password, 'password');
      const secret = newTotpSecret();
      pending.delete(user.id);
      pending.set(user.id, { secret, until: clock.monotonic() + enrolWithinMs });
      for (const oldest of pending.keys()) {
        if (pending.size <= maxPending) break;
        pending.delete(oldest);
      }
      return { secret, uri: totpUri(secret, user.name, settings.current.office.name) };
    },

    confirmSecondFactor: async (request) => {
      const { user, body, session } = request;
      const begun = pending.get(user.id);
      if (!begun || begun.until <= clock.monotonic())
        throw new CordboardError('auth.ticket', 'Setting up took too long. Begin again.');
      const step = await attempts.run([[byUser, user.id]], async () =>
        totpStep(begun.secret, plainCode(body.code), clock.now()),
      );
      if (step === undefined) throw new CordboardError('auth.code', wrongCode);
      byUser.forget(user.id);
      pending.delete(user.id);
      usedCodes.useCode(user.id, step);
      const recoveryCodes = newRecoveryCodes();
      const secondFactor = {
        secret: begun.secret,
        since: clock.now(),
        recoveryHashes: recoveryCodes.map((code) => recoveryHash(user.id, code)),
      };
      await changeUser(request, user.id, 'second-factor.set-up', (before) => ({ ...before, secondFactor }));
      sessions.endAll(user.id, session);
      return { recoveryCodes };
    },

    removeSecondFactor: async (request) => {
      const { user, body } = request;
      await mustKnowPassword(user, body.password, 'password');
      if (isRequired(user))
        throw new CordboardError(
          'auth.factor-required',
          'Your role needs a second factor. You can set up another phone in its place.',
        );
      await changeUser(request, user.id, 'second-factor.remove', withoutFactor);
      return undefined;
    },

    renewRecoveryCodes: async (request) => {
      const { user, body } = request;
      await mustKnowPassword(user, body.password, 'password');
      if (!userOf(user.id).secondFactor) throw notFound('second factor of yours');
      const recoveryCodes = newRecoveryCodes();
      const recoveryHashes = recoveryCodes.map((code) => recoveryHash(user.id, code));
      await changeUser(request, user.id, 'second-factor.new-codes', ({ secondFactor, ...rest }) =>
        secondFactor ? { ...rest, secondFactor: { ...secondFactor, recoveryHashes } } : rest,
      );
      return { recoveryCodes };
    },

    ownSessions: ({ user, session }) => list(user.id, session),
    endOwnSession: (request) => {
      if (!sessions.end(request.user.id, request.params.id)) throw notFound('such session');
      editor.record(request, 'session.end', request.user.id);
      return undefined;
    },
    endOtherSessions: (request) => {
      sessions.endAll(request.user.id, request.session);
      editor.record(request, 'session.end-others', request.user.id);
      return undefined;
    },

    userSessions: ({ params, session }) => list(userOf(params.id).id, session),
    endUserSession: (request) => {
      const { id, session } = request.params;
      if (!sessions.end(userOf(id).id, session)) throw notFound('such session');
      editor.record(request, 'session.end', id);
      return undefined;
    },
    endUserSessions: (request) => {
      const { id } = userOf(request.params.id);
      sessions.endAll(id);
      editor.record(request, 'session.end-all', id);
      return undefined;
    },
    resetSecondFactor: async (request) => {
      const { id, secondFactor } = userOf(request.params.id);
      if (!secondFactor) throw notFound(`second factor of ${id}`);
      await changeUser(request, id, 'second-factor.reset', withoutFactor);
      sessions.endAll(id);
      return undefined;
    },

    getSignIn: () => settings.current.signIn,
    replaceSignIn: async (request) => {
      const { settings: after } = await editor.edit(request, {
        action: 'sign-in.change',
        apply: (now) => ({ ...now, signIn: request.body }),
      });
      return after.signIn;
    },
  };
}

export const wrongCode =
  'The code is wrong. Take the one that the app shows now, and see that the clocks of phone and box are right.';

function withoutFactor({ secondFactor: _, ...rest }: User): User {
  return rest;
}
