/** The live state: once, or as a stream of server-sent events. */
import type { EventFeed, FeedEvent } from '../event-feed.ts';
import type { LivePort } from '../ports.ts';
import type { HandlersOf } from '../routes.ts';
import type { Sessions } from '../sessions.ts';

/** A page that lets this many bytes pile up does not keep up; it comes back and resumes. */
const maxQueuedBytes = 1_000_000;

const encoder = new TextEncoder();

/** An event as bytes of text/event-stream. JSON has no raw line breaks, so one `data` line holds it. */
function encode({ name, id, json }: FeedEvent): Uint8Array {
  return encoder.encode(`event: ${name}\n${id === '' ? '' : `id: ${id}\n`}data: ${json}\n\n`);
}

export function liveHandlers(parts: {
  live: LivePort;
  feed: EventFeed;
  sessions: Sessions;
}): HandlersOf<'live' | 'events'> {
  return {
    live: () => parts.live.snapshot(),

    events: ({ raw, session, user }) => {
      const headers = { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
      if (raw.method === 'HEAD' || !session) return new Response(null, { headers });
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
            leave = parts.feed.subscribe(
              {
                admin: user?.role === 'admin',
                send(event) {
                  if ((controller.desiredSize ?? 0) < 0 && event.name !== 'snapshot') return false;
                  if (event.name === 'heartbeat' && !parts.sessions.stillValid(session)) return false;
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
