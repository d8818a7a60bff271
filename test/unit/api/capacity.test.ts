import { expect, it } from 'vitest';
import { EventFeed, type FeedEvent } from '../../../src/api/event-feed.ts';
import { VirtualClock } from '../../../src/base/clock.ts';
import { fullScope } from '../../../src/domain/live-scope.ts';
import { TestApi } from '../../support/api-client.ts';
import { memoryPorts } from '../../support/api-ports.ts';

it('an admin sees what the box carries, begins a test once and breaks it off; the audit has it', async () => {
  const api = new TestApi();
  const cookie = await api.admin();
  expect(await (await api.call('capacity', { cookie })).json()).toMatchObject({ limit: 42, running: null });
  const begun = await api.call('testCapacity', { cookie });
  expect(begun.status).toBe(202);
  expect(await begun.json()).toMatchObject({ running: { calls: 5 } });
  expect((await api.call('testCapacity', { cookie })).status).toBe(409);
  expect((await api.call('abortCapacityTest', { cookie })).status).toBe(204);
  expect((await api.call('abortCapacityTest', { cookie })).status).toBe(404);
  const actions = api.ports.auditTrail.map(({ action }) => action);
  expect(actions.filter((action) => action.startsWith('capacity.'))).toEqual([
    'capacity.test',
    'capacity.abort',
  ]);
});

it('each step of a test is told to admins, and to nobody else', () => {
  const ports = memoryPorts();
  const feed = new EventFeed({ ...ports, clock: new VirtualClock() });
  const listen = (admin: boolean): FeedEvent[] => {
    const events: FeedEvent[] = [];
    feed.subscribe(
      { admin, scope: () => fullScope, send: (event) => events.push(event) > 0, close: () => {} },
      null,
    );
    return events;
  };
  const [admin, agent] = [listen(true), listen(false)];
  ports.capacity.begin();
  const told = (events: FeedEvent[]): FeedEvent[] => events.filter(({ name }) => name === 'capacity');
  expect(told(admin).map(({ json }) => JSON.parse(json).running.calls)).toEqual([5]);
  expect(told(agent)).toEqual([]);
  feed.stop();
});
