/**
 * Turns the contract's table into routes: for each endpoint the same steps in the same order (sign-in, role, path,
 * query, body), then its handler, then its answer. Nothing is reachable that is not in the table.
 */
import type { Hono } from 'hono';
import type { z } from 'zod';
import { CordboardError } from '../base/errors.ts';
import { type Role, roleReaches } from '../domain/settings/roles.ts';
import {
  apiBase,
  type EndpointName,
  type EndpointParams,
  type EndpointParsedBody,
  type EndpointParsedQuery,
  type EndpointResponse,
  endpoints,
  type SessionUser,
} from './contract.ts';
import type { Endpoint } from './endpoints/endpoint.ts';
import { fieldErrors, invalidRequest, notFound } from './problem.ts';
import { readJson } from './request-body.ts';
import type { Session, Sessions } from './sessions.ts';
import type { SettingsEditor } from './settings-editor.ts';
import type { WallGrant, Walls } from './walls.ts';

export interface ApiRequest<Name extends EndpointName> {
  params: EndpointParams<Name>;
  query: EndpointParsedQuery<Name>;
  body: EndpointParsedBody<Name>;
  /** A person; null for a visitor and for a wallboard link, where these are admitted. */
  user: (typeof endpoints)[Name]['access'] extends 'public' | 'wallboard' ? SessionUser | null : SessionUser;
  session: Session | null;
  /** The wallboard whose eyes this request looks with: it came by its link, or named it in the query. */
  wall: WallGrant | null;
  /** Network address of the client. */
  source: string;
  /** Revision named by If-Match, if any. */
  expectedRevision: number | undefined;
  raw: Request;
}

/** What a handler answers: the contract's JSON, nothing (204), or a response of its own. */
export type Handler<Name extends EndpointName> = (
  request: ApiRequest<Name>,
) => Promise<EndpointResponse<Name> | Response> | EndpointResponse<Name> | Response;

export type Handlers = { [Name in EndpointName]: Handler<Name> };
export type HandlersOf<Names extends EndpointName> = Pick<Handlers, Names>;

/** What @hono/node-server hands on of the connection. */
export type Bindings = { incoming?: { socket?: { remoteAddress?: string | undefined } } };
export type App = Hono<{ Bindings: Bindings }>;

/** The contract's table, handlers joined to it, as routes of `app`. */
export function registerRoutes(
  app: App,
  handlers: Handlers,
  { sessions, walls, editor }: { sessions: Sessions; walls: Walls; editor: SettingsEditor },
): void {
  for (const name of Object.keys(endpoints) as EndpointName[]) {
    const endpoint: Endpoint = endpoints[name];
    const run = handlers[name] as (request: unknown) => unknown;
    const path = apiBase + endpoint.path.replace(/\{(\w+)\}/g, ':$1');
    app.on(endpoint.method.toUpperCase(), path, async (context) => {
      const request = context.req.raw;
      const cookies = request.headers.get('cookie') ?? undefined;
      const session = sessions.find(cookies);
      const asWall = endpoint.access === 'wallboard' ? context.req.query('wall') : undefined;
      const named = session && asWall !== undefined && roleReaches(session.user.role, 'supervisor');
      // A browser may keep both cookies: what is not asked for as a wall is asked for by a person, even one whose
      // session is over, so that their page says so and does not go on with what the wall sees.
      const byLink = asWall || name === 'wall' || !sessions.carriedBy(cookies);
      const wall = named ? walls.get(asWall) : byLink ? walls.find(cookies, asWall) : null;
      if (asWall !== undefined && !wall)
        throw new CordboardError('auth.wall', 'This link is no longer valid.');
      admit(endpoint, session, wall);
      const params: Record<string, string> = context.req.param();
      for (const value of Object.values(params)) {
        if (!/^[A-Za-z0-9._~-]{1,100}$/.test(value)) throw notFound('such thing');
      }
      const source = context.env?.incoming?.socket?.remoteAddress ?? 'unknown';
      const result = await run({
        params,
        query: endpoint.query ? parsed(endpoint.query, context.req.query()) : undefined,
        body: endpoint.body ? parsed(endpoint.body, await readJson(request)) : undefined,
        user: session?.user ?? null,
        session,
        wall,
        source,
        expectedRevision: revisionOf(request.headers.get('if-match')),
        raw: request,
      });
      if (isExport(endpoint) && session && request.method === 'GET')
        editor.record({ ...session, source, expectedRevision: undefined }, `export.${name}`, undefined, {
          ...params,
          ...context.req.query(),
        });
      if (result instanceof Response) return result;
      if (result === undefined) return new Response(null, { status: 204 });
      return new Response(JSON.stringify(result), {
        status: endpoint.status ?? 200,
        headers: { 'content-type': 'application/json' },
      });
    });
  }
}

const refusals: Record<Role, string> = {
  agent: 'Sign in for that: a wallboard only reads.',
  supervisor: 'Only a supervisor or an admin may do that.',
  admin: 'Only an admin may do that.',
};

function admit({ access, beforeEnrolment }: Endpoint, session: Session | null, wall: WallGrant | null): void {
  if (access === 'public' || (access === 'wallboard' && wall)) return;
  if (!session && wall) throw new CordboardError('auth.forbidden', refusals.agent);
  if (!session) throw new CordboardError('auth.required', 'Sign in first.');
  if (session.user.mustEnrol && !beforeEnrolment)
    throw new CordboardError('auth.enrol', 'Your role needs a second factor. Set it up first.');
  const least = access === 'wallboard' ? 'agent' : access;
  if (!roleReaches(session.user.role, least)) throw new CordboardError('auth.forbidden', refusals[least]);
}

/** Whether an answer carries the office's data out of the box as a file. Sounds are told of by their handlers. */
function isExport({ access, download }: Endpoint): boolean {
  return access !== 'public' && download !== undefined && !/^(audio\/|text\/event-stream)/.test(download);
}

function parsed(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (!result.success) throw invalidRequest(fieldErrors(result.error.issues));
  return result.data;
}

function revisionOf(header: string | null): number | undefined {
  if (header === null || header === '*') return undefined;
  const revision = /^"?(\d{1,15})"?$/.exec(header)?.[1];
  if (revision === undefined)
    throw invalidRequest([{ path: 'If-Match', message: 'must be a revision of the settings' }]);
  return Number(revision);
}
