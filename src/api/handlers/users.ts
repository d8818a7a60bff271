/** People who sign in. A password, once set, is never shown; changing it or the role ends their sessions. */
import { CordboardError } from '../../base/errors.ts';
import type { EndpointParsedBody, EndpointResponse } from '../contract.ts';
import type { PasswordsPort } from '../ports.ts';
import { invalidRequest } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import type { Sessions } from '../sessions.ts';
import type { SettingsEditor } from '../settings-editor.ts';
import { listHandlers } from './list-handlers.ts';

type UserInput = Omit<EndpointParsedBody<'createUser'>, 'password'> & { passwordHash?: string };

export function userHandlers(parts: {
  editor: SettingsEditor;
  passwords: PasswordsPort;
  sessions: Sessions;
}): HandlersOf<'listUsers' | 'getUser' | 'createUser' | 'replaceUser' | 'deleteUser'> {
  const { passwords, sessions } = parts;
  const users = listHandlers<'users', UserInput, EndpointResponse<'getUser'>>(parts.editor, {
    section: 'users',
    word: 'user',
    nameOf: (input) => input.name,
    view: ({ passwordHash: _, secondFactor, ...rest }) => ({
      ...rest,
      secondFactorSince: secondFactor?.since ?? null,
    }),
    item: ({ passwordHash, ...rest }, id, before) => {
      const hash = passwordHash ?? before?.passwordHash;
      if (hash === undefined)
        throw invalidRequest([{ path: 'password', message: 'a new user needs a password' }]);
      if (rest.role === 'agent' && rest.agentId === undefined)
        throw invalidRequest([{ path: 'agentId', message: 'say which agent this user is' }]);
      return {
        ...rest,
        id,
        passwordHash: hash,
        ...(before?.secondFactor ? { secondFactor: before.secondFactor } : {}),
      };
    },
    check(settings) {
      if (!settings.users.some((u) => u.role === 'admin'))
        throw new CordboardError(
          'auth.last-admin',
          'This is the last admin. Make somebody else admin first.',
        );
    },
  });

  const hashed = async ({ password, ...rest }: EndpointParsedBody<'createUser'>): Promise<UserInput> =>
    password === undefined ? rest : { ...rest, passwordHash: await passwords.hash(password) };

  return {
    listUsers: users.list,
    getUser: users.get,
    createUser: async (request) => users.create({ ...request, body: await hashed(request.body) }),
    replaceUser: async (request) => {
      const before = users.get(request);
      const after = await users.replace({ ...request, body: await hashed(request.body) });
      const changed = before.role !== after.role || before.agentId !== after.agentId;
      // Who changes their own password stays; with another role everybody signs in anew.
      const own = changed || request.user.id !== after.id ? null : request.session;
      sessions.keep(own);
      if (changed || request.body.password !== undefined) sessions.endAll(after.id, own);
      return after;
    },
    deleteUser: async (request) => {
      await users.remove(request);
      sessions.endAll(request.params.id);
      return undefined;
    },
  };
}
