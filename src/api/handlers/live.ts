/** The live state: once, or as a stream of server-sent events; to each as much of it as they may see. */
import { CordboardError } from '../../base/errors.ts';
import { agentScope, fullScope, type LiveScope, snapshotIn, wallScope } from '../../domain/live-scope.ts';
import { roleReaches } from '../../domain/settings/roles.ts';
import type { Settings } from '../../domain/settings.ts';
import type { SessionUser } from '../contract.ts';
import type { EventFeed, FeedEvent } from '../event-feed.ts';
import type { LivePort, SettingsPort } from '../ports.ts';
import type { HandlersOf } from '../routes.ts';
import type { Session, Sessions } from '../sessions.ts';
import type { WallGrant, Walls } from '../walls.ts';

/** A page that lets this many bytes pile up does not keep up; it comes back and resumes. */
const maxQueuedBytes = 1_000_000;

const encoder = new TextEncoder();

/** An event as bytes of text/event-stream. JSON has no raw line breaks, so one `data` line holds it. */
function encode({ name, id, json }: FeedEvent): Uint8Array {
  return encoder.encode(`event: ${name}\n${id === '' ? '' : `id: ${id}\n`}data: ${json}\n\n`);
}

/** How much of the live state these eyes see; null: nothing. */
function scopeOf(settings: Settings, user: SessionUser | null, wall: WallGrant | null): LiveScope | null {
  if (wall) return wallScope(settings, wall);
  if (!user) return null;
  return roleReaches(user.role, 'supervisor') ? fullScope : agentScope(settings, user.agentId, user.name);
}

export function liveHandlers(parts: {
  live: LivePort;
  settings: SettingsPort;
  feed: EventFeed;
  sessions: Sessions;
  walls: Walls;
}): HandlersOf<'live' | 'events'> {
  const { live, settings, feed, sessions, walls } = parts;

  /** The scope as long as what let the request in is still in force. */
  const lastingScope = (
    cookies: string | undefined,
    session: Session | null,
    wall: WallGrant | null,
  ): LiveScope | null => {
    const now = settings.current;
    if (session && !sessions.stillValid(session)) return null;
    if (!wall) return scopeOf(now, session?.user ?? null, null);
    return scopeOf(now, null, session ? walls.get(wall.id) : walls.find(cookies, wall.id));
  };

  return {
    live: ({ user, wall }) => {
      const scope = scopeOf(settings.current, user, wall);
      if (!scope) throw new CordboardError('auth.required', 'Sign in first.');
      return snapshotIn(scope, live.snapshot());
    },

    events: (request) => {
      const { raw, session, user, wall } = request;
      const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
      if (raw.method === 'HEAD') return new Response(null, { headers });
      const cookies = raw.headers.get('cookie') ?? undefined;
      const scope = (): LiveScope | null => lastingScope(cookies, session, wall);
      let leave = (): void => {};
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            const close = (): void => {
              leave();
              try {
                controller.close();
              } catch {
                // The browser was faster.
              }
            };
            controller.enqueue(encoder.encode('retry: 1000\n\n'));
            leave = feed.subscribe(
              {
                admin: user?.role === 'admin' && !wall,
                scope,
                send(event) {
                  if ((controller.desiredSize ?? 0) < 0 && event.name !== 'snapshot') return false;
                  if (event.name === 'heartbeat' && scope() === null) return false;
                  controller.enqueue(encode(event));
                  return true;
                },
                close,
              },
              raw.headers.get('last-event-id'),
            );
            raw.signal.addEventListener('abort', close, { once: true });
          },
          cancel: () => leave(),
        },
        { highWaterMark: maxQueuedBytes, size: (chunk) => chunk.byteLength },
      );
      return new Response(body, { headers });
    },
  };
}
