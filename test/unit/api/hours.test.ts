import { expect, it } from 'vitest';
import { liveChange } from '../../../src/api/live-delta.ts';
import { TestApi } from '../../support/api-client.ts';

const week = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', until: '24:00' }));

it('a schedule is made, followed by a number, and then not deleted any more', async () => {
  const api = new TestApi();
  const cookie = await api.admin();
  const made = await api.call('createSchedule', { cookie, body: { name: 'Office hours', week } });
  expect(made.status).toBe(201);
  const { id } = await made.json();
  const number = {
    number: '3612345678',
    destination: { kind: 'hang-up' as const },
    hours: { scheduleId: id },
  };
  const follows = await api.call('createNumber', { cookie, body: number });
  expect(await follows.json()).toMatchObject({
    hours: { scheduleId: id, closed: { kind: 'announcement', promptId: 'closed' } },
  });
  const refused = await api.call('deleteSchedule', { cookie, params: { id } });
  expect(refused.status).toBe(409);
  expect((await refused.json()).usedBy).toEqual([expect.objectContaining({ kind: 'number' })]);
});

it.each([
  [{ name: 'x', week: [{ day: 8, from: '08:00', until: '09:00' }] }, 'week.0.day'],
  [{ name: 'x', week: [{ day: 1, from: '09:00', until: '08:00' }] }, 'week.0.until'],
  [{ name: 'x', days: [{ name: '<b>', from: '2026-13-01' }] }, 'days.0.from'],
  [{ name: '', week: [] }, 'name'],
])('%j is refused, naming the field, and nothing is stored', async (body, path) => {
  const api = new TestApi();
  const cookie = await api.admin();
  const refused = await api.call('createSchedule', { cookie, body });
  expect(refused.status).toBe(422);
  expect((await refused.json()).errors.map((error: { path: string }) => error.path)).toContain(path);
  expect((await (await api.call('listSchedules', { cookie })).json()).items).toEqual([]);
});

it('the night button closes the office for all to see, with who and since when, and is audited', async () => {
  const api = new TestApi();
  const cookie = await api.admin();
  await api.call('createSchedule', { cookie, body: { name: 'Office hours', week } });
  const before = api.ports.live.snapshot();
  const open = await api.call('nightMode', { cookie });
  expect((await open.json()).schedules).toMatchObject([{ open: true }]);
  const pressed = await api.call('pressNightButton', { cookie, body: { mode: 'closed' } });
  expect(await pressed.json()).toMatchObject({
    night: { mode: 'closed', ends: 'next-opening' },
    schedules: [{ open: false, reason: { code: 'hours.kept-closed' } }],
  });
  expect(liveChange(before, api.ports.live.snapshot())?.delta.hours?.night?.mode).toBe('closed');
  expect(api.ports.auditTrail.at(-1)).toMatchObject({ action: 'night-mode.press', target: 'closed' });
  await api.call('pressNightButton', { cookie, body: { mode: 'auto' } });
  expect(await (await api.call('nightMode', { cookie })).json()).toMatchObject({
    night: null,
    schedules: [{ open: true }],
  });
});
