/** People who sign in. A password, once set, is never shown; changing it or the role ends their other sessions. */
import { CordboardError } from '../../base/errors.ts';
import type { EndpointParsedBody, EndpointResponse } from '../contract.ts';
import type { PasswordsPort, SessionsPort } from '../ports.ts';
import { invalidRequest } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import type { SettingsEditor } from '../settings-editor.ts';
import { listHandlers } from './list-handlers.ts';

type UserInput = Omit<EndpointParsedBody<'createUser'>, 'password'> & { passwordHash?: string };

export function userHandlers(parts: {
  editor: SettingsEditor;
  passwords: PasswordsPort;
  sessions: SessionsPort;
}): HandlersOf<'listUsers' | 'getUser' | 'createUser' | 'replaceUser' | 'deleteUser'> {
  const { passwords, sessions } = parts;
  const users = listHandlers<'users', UserInput, EndpointResponse<'getUser'>>(parts.editor, {
    section: 'users',
    word: 'user',
    nameOf: (input) => input.name,
    view: ({ passwordHash: _, ...rest }) => rest,
    item: ({ passwordHash, ...rest }, id, before) => {
      const hash = passwordHash ?? before?.passwordHash;
      if (hash === undefined)
        throw invalidRequest([{ path: 'password', message: 'a new user needs a password' }]);
      if (rest.role === 'agent' && rest.agentId === undefined)
        throw invalidRequest([{ path: 'agentId', message: 'say which agent this user is' }]);
      return { ...rest, id, passwordHash: hash };
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
      if (changed || request.body.password !== undefined)
        sessions.removeOfUser(after.id, request.session?.tokenHash);
      return after;
    },
    deleteUser: async (request) => {
      await users.remove(request);
      sessions.removeOfUser(request.params.id);
      return undefined;
    },
  };
}
