import { describe, expect, it } from 'vitest';
import { EventFeed, type FeedEvent } from '../../../src/api/event-feed.ts';
import { VirtualClock } from '../../../src/base/clock.ts';
import type { LiveQueue } from '../../../src/domain/live.ts';
import { agentScope, fullScope, type LiveScope } from '../../../src/domain/live-scope.ts';
import { TestApi, testOffice } from '../../support/api-client.ts';
import { memoryPorts } from '../../support/api-ports.ts';

const queue = (waiting: number): LiveQueue => ({
  queueId: 'sales',
  name: 'Sales',
  waiting,
  agentsAvailable: 0,
  waitingThreshold: 3,
});

function feedWithListener(options: { admin?: boolean; lastEventId?: string } = {}) {
  const clock = new VirtualClock();
  const ports = memoryPorts();
  const feed = new EventFeed({ ...ports, clock });
  const listen = (
    lastEventId: string | null,
    admin = true,
    scope: () => LiveScope | null = () => fullScope,
  ) => {
    const events: FeedEvent[] = [];
    const state = { events, closed: false, keepsUp: true };
    const stop = feed.subscribe(
      {
        admin,
        scope,
        send(event) {
          events.push(event);
          return state.keepsUp;
        },
        close() {
          state.closed = true;
        },
      },
      lastEventId,
    );
    return Object.assign(state, { stop });
  };
  return { clock, ports, feed, listen, first: listen(options.lastEventId ?? null, options.admin ?? true) };
}

const names = (events: FeedEvent[]): string[] => events.map((event) => event.name);

describe('the event feed', () => {
  it('begins with a snapshot and tells a change in the same moment, with only what changed', () => {
    const { clock, ports, first } = feedWithListener();
    expect(names(first.events)).toEqual(['snapshot', 'panel']);
    ports.live.set({ queues: [queue(1)] });
    clock.advance(0);
    expect(JSON.parse(first.events[2]?.json ?? '')).toMatchObject({
      queues: [queue(1)],
      calls: [],
      gone: { queues: [] },
    });
    ports.live.set({ queues: [] });
    clock.advance(50);
    expect(JSON.parse(first.events[3]?.json ?? '')).toMatchObject({
      queues: [],
      gone: { queues: ['sales'] },
    });
  });

  it('sends at most one delta in 50 ms, the last one with the latest state', () => {
    const { clock, ports, first } = feedWithListener();
    for (let i = 1; i <= 1000; i++) {
      ports.live.set({ queues: [queue(i)] });
      clock.advance(1);
    }
    clock.advance(50);
    const deltas = first.events.filter((event) => event.name === 'delta');
    expect(deltas.length).toBeGreaterThan(18);
    expect(deltas.length).toBeLessThanOrEqual(21);
    expect(JSON.parse(deltas.at(-1)?.json ?? '').queues[0].waiting).toBe(1000);
  });

  it('sends nothing when a new version says the same', () => {
    const { clock, ports, first } = feedWithListener();
    ports.live.set({});
    clock.advance(1000);
    expect(names(first.events)).toEqual(['snapshot', 'panel']);
  });

  it('resumes after the last event seen, and sends no snapshot then', () => {
    const { clock, ports, first, listen } = feedWithListener();
    for (let i = 1; i <= 3; i++) {
      ports.live.set({ queues: [queue(i)] });
      clock.advance(50);
    }
    first.stop();
    ports.live.set({ queues: [queue(4)] });
    const again = listen(first.events[2]?.id ?? '');
    const waiting = again.events.map((event) => JSON.parse(event.json).queues[0].waiting);
    expect(waiting).toEqual([2, 3, 4]);
    expect(listen(again.events.at(-1)?.id ?? '').events).toEqual([]);
  });

  it.each(['', 'nonsense', 'aaaaaaaa-1', '../..'])(
    'sends a snapshot to whoever names the unknown event "%s"',
    (lastEventId) => {
      expect(names(feedWithListener({ lastEventId }).first.events)).toEqual(['snapshot', 'panel']);
    },
  );

  it('sends a snapshot when more was missed than is kept (512 events), or the id is from the future', () => {
    const { clock, ports, first, listen } = feedWithListener();
    const begin = first.events[0]?.id ?? '';
    for (let i = 1; i <= 512; i++) {
      ports.live.set({ queues: [queue(i)] });
      clock.advance(50);
    }
    expect(names(listen(begin).events)).toHaveLength(512);
    ports.live.set({ queues: [queue(0)] });
    clock.advance(50);
    expect(names(listen(begin).events)).toEqual(['snapshot', 'panel']);
    expect(names(listen(begin.replace(/\d+$/, '9999')).events)).toEqual(['snapshot', 'panel']);
  });

  it('tells of changed settings to all and of lamps to admins only', async () => {
    const { ports, first, listen } = feedWithListener();
    const agent = listen(null, false);
    ports.lamps.set([{ lamp: 0, colour: 'red', pattern: 'steady' }]);
    await ports.settings.update((settings) => settings, { who: 'test' });
    expect(names(first.events)).toEqual(['snapshot', 'panel', 'panel', 'settings']);
    expect(names(agent.events)).toEqual(['snapshot', 'settings']);
    expect(names(listen(first.events[0]?.id ?? '', false).events)).toEqual(['settings']);
  });

  it('gives who may see something else after a change of the settings all of it anew, and closes who may not', async () => {
    const { ports, listen, feed } = feedWithListener();
    await ports.settings.update(() => testOffice(), { who: 'test' });
    ports.live.set({ queues: [queue(1)] });
    const agent = listen(null, false, () => agentScope(ports.settings.current, 'anna'));
    let admitted = true;
    const guest = listen(null, false, () => (admitted ? fullScope : null));
    expect(JSON.parse(agent.events[0]?.json ?? '').queues).toHaveLength(1);
    admitted = false;
    await ports.settings.update((now) => ({ ...now, queues: [{ ...now.queues[0]!, agentIds: ['ben'] }] }), {
      who: 'test',
    });
    expect(names(agent.events)).toEqual(['snapshot', 'settings', 'snapshot']);
    expect(JSON.parse(agent.events[2]?.json ?? '').queues).toEqual([]);
    expect(guest.closed).toBe(true);
    // Who was away meanwhile has no base to go on from either.
    agent.stop();
    const again = listen(agent.events[0]?.id ?? '', false, () => agentScope(ports.settings.current, 'anna'));
    expect(names(again.events)).toEqual(['snapshot']);
    feed.stop();
  });

  it('beats each 15 s, with no id that would spoil resuming', () => {
    const { clock, first } = feedWithListener();
    clock.advance(45_000);
    const beats = first.events.filter((event) => event.name === 'heartbeat');
    expect(beats).toHaveLength(3);
    expect(beats.every((event) => event.id === '')).toBe(true);
  });

  it('drops a listener that does not keep up, and goes on with the others', () => {
    const { clock, ports, first, listen, feed } = feedWithListener();
    const slow = listen(null);
    slow.keepsUp = false;
    ports.live.set({ queues: [queue(1)] });
    clock.advance(0);
    expect(slow.closed).toBe(true);
    expect(feed.listenerCount).toBe(1);
    expect(first.closed).toBe(false);
    expect(names(first.events)).toContain('delta');
  });

  it('rests a minute after the last listener left, leaving no timer and listening to nothing', () => {
    const { clock, ports, first } = feedWithListener();
    ports.live.set({ queues: [queue(1)] });
    first.stop();
    clock.advance(60_000);
    expect(clock.armed).toBe(0);
    expect(ports.live.events.listenerCount('changed')).toBe(0);
    expect(ports.settings.events.listenerCount('changed')).toBe(0);
  });

  it('closes every stream when it stops and takes no new one', () => {
    const { clock, feed, first, listen } = feedWithListener();
    feed.stop();
    expect(first.closed).toBe(true);
    expect(listen(null).closed).toBe(true);
    expect(clock.armed).toBe(0);
  });
});

async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, text: string): Promise<string> {
  let seen = '';
  while (!seen.includes(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the stream ended before ${text}: ${seen}`);
    seen += new TextDecoder().decode(value);
  }
  return seen;
}

describe('GET /events', () => {
  it('streams text/event-stream and resumes by Last-Event-ID', async () => {
    const api = new TestApi();
    const cookie = await api.supervisor();
    const response = await api.call('events', { cookie });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body!.getReader();
    const begin = await readUntil(reader, 'event: snapshot');
    const id = /^id: (\S+)$/m.exec(begin)?.[1] ?? '';
    await reader.cancel();
    expect(api.feed.listenerCount).toBe(0);

    api.ports.live.set({ queues: [queue(7)] });
    api.clock.advance(50);
    const resumed = await api.call('events', { cookie, headers: { 'last-event-id': id } });
    const second = resumed.body!.getReader();
    const text = await readUntil(second, '"waiting":7');
    expect(text).toContain('event: delta');
    expect(text).not.toContain('event: snapshot');
    await second.cancel();
    api.feed.stop();
  });

  it('ends at the next heartbeat when the session has ended', async () => {
    const api = new TestApi();
    const cookie = await api.agent();
    const reader = (await api.call('events', { cookie })).body!.getReader();
    await api.call('logout', { cookie });
    api.clock.advance(15_000);
    let done = false;
    while (!done) done = (await reader.read()).done;
    expect(api.feed.listenerCount).toBe(0);
    api.feed.stop();
  });

  it('keeps no listener for HEAD', async () => {
    const api = new TestApi();
    const response = await api.call('events', { cookie: await api.agent(), method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(api.feed.listenerCount).toBe(0);
  });
});
