import { expect, it } from 'vitest';
import { settingsSchema } from '../../../src/domain/settings.ts';
import { TestApi, testOffice } from '../../support/api-client.ts';

const office = () =>
  settingsSchema.parse({
    ...testOffice(),
    schedules: [{ id: 'day', name: 'Day', week: [{ day: 1, from: '08:00', until: '17:00' }] }],
    queues: [{ id: 'help', name: 'Help', maxWaitMs: 60_000 }],
    ivrMenus: [
      {
        id: 'menu',
        name: 'Menu',
        options: [{ digit: '1', destination: { kind: 'queue', queueId: 'help' } }],
      },
    ],
    trunks: [
      {
        id: 'line',
        name: 'Line',
        kind: 'peer',
        host: '192.0.2.1',
        inbound: { kind: 'ivr', ivrMenuId: 'menu' },
        hours: { scheduleId: 'day' },
      },
    ],
    numbers: [],
  });

it('tells an admin every place a call can get to, with reasons and warnings, at the moment asked for', async () => {
  const api = new TestApi(office());
  const cookie = await api.admin();
  const ask = async (at: string) =>
    (
      await api.call('testDialPlan', {
        cookie,
        body: { door: { kind: 'trunk', trunkId: 'line' }, to: '3612345678', at: Date.parse(at) },
      })
    ).json();
  const open = await ask('2026-01-05T10:00:00Z');
  expect(open.start.notes.map((note: { code: string }) => note.code)).toEqual([
    'dial.trunk-inbound',
    'hours.open',
  ]);
  expect(open.nodes).toMatchObject([
    { place: { kind: 'ivr', name: 'Menu' }, ways: [{ way: { digit: '1' }, to: 1 }, { to: 2 }] },
    { place: { kind: 'queue' }, warnings: ['queue-without-agents'], ways: [{ way: { afterS: 60 } }] },
    { place: { kind: 'hang-up' } },
  ]);
  const closed = await ask('2026-01-05T18:00:00Z');
  expect(closed.nodes).toMatchObject([{ place: { kind: 'announcement', id: 'closed' } }]);
});

it.each([
  [{ door: { kind: 'trunk', trunkId: 'none' }, to: '1' }, 'door.trunkId'],
  [{ door: { kind: 'browser' }, to: '' }, 'to'],
  [{ door: { kind: 'browser' }, to: '1', at: 9e15 }, 'at'],
])('refuses %j and names the field', async (body, path) => {
  const api = new TestApi(office());
  const cookie = await api.admin();
  const answer = await api.call('testDialPlan', { cookie, body });
  expect(answer.status).toBe(422);
  expect((await answer.json()).errors[0].path).toBe(path);
});
