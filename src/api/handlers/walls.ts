/** Wallboards: their links for the admin, and the way in for a screen that has one. */
import type { Clock } from '../../base/clock.ts';
import { CordboardError } from '../../base/errors.ts';
import { roleReaches } from '../../domain/settings/roles.ts';
import { tooMany } from '../attempts.ts';
import type { EndpointParsedBody, EndpointResponse } from '../contract.ts';
import type { ApiPorts } from '../ports.ts';
import { notFound } from '../problem.ts';
import { RateLimiter, sourceKey } from '../rate-limiter.ts';
import type { HandlersOf } from '../routes.ts';
import type { Author, SettingsEditor } from '../settings-editor.ts';
import { newWallToken, type WallGrant, type Walls, wallGrant, wallTokenHash } from '../walls.ts';
import { listHandlers } from './list-handlers.ts';

/** A token cannot be guessed; this keeps those who try from filling the audit. */
const openLimit = { free: 20, firstWaitMs: 1_000, maxWaitMs: 60_000, forgetMs: 600_000 };

type Input = EndpointParsedBody<'createWallboard'> & { tokenHash?: string; createdAt?: number; who?: string };

export function wallHandlers(parts: {
  ports: Pick<ApiPorts, 'settings'>;
  editor: SettingsEditor;
  walls: Walls;
  clock: Clock;
}): HandlersOf<
  | 'listWallboards'
  | 'createWallboard'
  | 'replaceWallboard'
  | 'renewWallboard'
  | 'deleteWallboard'
  | 'openWall'
  | 'wall'
> {
  const { editor, walls, clock } = parts;
  const { settings } = parts.ports;
  const bySource = new RateLimiter(openLimit, clock);
  const wallboards = listHandlers<'wallboards', Input, WallGrant>(editor, {
    section: 'wallboards',
    word: 'wallboard',
    nameOf: (input) => input.name,
    view: wallGrant,
    item: ({ tokenHash, createdAt, who, ...rest }, id, before) => ({
      ...rest,
      id,
      tokenHash: tokenHash ?? before?.tokenHash ?? '',
      createdBy: before?.createdBy ?? who ?? '',
      createdAt: before?.createdAt ?? createdAt ?? 0,
    }),
  });

  const view = (wall: WallGrant): EndpointResponse<'wall'> => {
    const { office } = settings.current;
    return { ...wall, officeName: office.name, language: office.language, timeZone: office.timeZone };
  };
  const noSuchWall = (): CordboardError =>
    new CordboardError('auth.wall', 'This link is no longer valid. Ask for a new one.');

  return {
    listWallboards: wallboards.list,
    createWallboard: async (request) => {
      const token = newWallToken();
      const created = { tokenHash: wallTokenHash(token), createdAt: clock.now(), who: request.user.name };
      const wallboard = await wallboards.create({ ...request, body: { ...request.body, ...created } });
      return { wallboard, token };
    },
    replaceWallboard: wallboards.replace,
    renewWallboard: async (request: Author & { params: { id: string } }) => {
      const { id } = request.params;
      const token = newWallToken();
      const tokenHash = wallTokenHash(token);
      const { settings: after } = await editor.edit(request, {
        action: 'wallboard.renew',
        target: () => id,
        apply(now) {
          if (!now.wallboards.some((wall) => wall.id === id)) throw notFound(`wallboard ${id}`);
          return {
            ...now,
            wallboards: now.wallboards.map((wall) => (wall.id === id ? { ...wall, tokenHash } : wall)),
          };
        },
      });
      const wall = after.wallboards.find((w) => w.id === id);
      if (!wall) throw notFound(`wallboard ${id}`);
      return { wallboard: wallGrant(wall), token };
    },
    deleteWallboard: wallboards.remove,

    openWall: (request) => {
      const key = sourceKey(request.source);
      const waitMs = bySource.waitMs(key);
      if (waitMs > 0) throw tooMany(waitMs);
      const settle = bySource.begin(key);
      const opened = walls.open(request.params.id, request.body.token);
      settle(opened ? 'success' : 'failure');
      editor.record(request, opened ? 'wallboard.open' : 'wallboard.open-failed', request.params.id);
      if (!opened) throw noSuchWall();
      return new Response(JSON.stringify(view(opened.wall)), {
        headers: { 'content-type': 'application/json', 'set-cookie': opened.cookie },
      });
    },

    wall: ({ params, user, raw }) => {
      const wall = walls.find(raw.headers.get('cookie') ?? undefined, params.id);
      if (wall) return view(wall);
      if (!user || !roleReaches(user.role, 'supervisor')) throw noSuchWall();
      const seen = walls.get(params.id);
      if (!seen) throw notFound(`wallboard ${params.id}`);
      return view(seen);
    },
  };
}
