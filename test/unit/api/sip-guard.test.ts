import { expect, it } from 'vitest';
import { TestApi } from '../../support/api-client.ts';

it('an admin sees who is banned, and lets a source in by its id, an IPv6 one too; the audit has it', async () => {
  const api = new TestApi();
  const cookie = await api.admin();
  const before = await (await api.call('guard', { cookie })).json();
  expect(before).toMatchObject({
    active: true,
    bans: [
      { id: '203.0.113.9', source: '203.0.113.9', reason: 'passwords', count: 2 },
      { id: '2001-db8-0-7--', source: '2001:db8:0:7::' },
    ],
    counters: { failures: 8 },
  });
  for (const { id } of before.bans)
    expect((await api.call('releaseSource', { params: { source: id }, cookie })).status).toBe(204);
  expect((await (await api.call('guard', { cookie })).json()).bans).toEqual([]);
  expect(api.ports.auditTrail.filter(({ action }) => action === 'guard.release')).toMatchObject([
    { target: '203.0.113.9' },
    { target: '2001:db8:0:7::' },
  ]);
});

it('a source that is not banned is not found', async () => {
  const api = new TestApi();
  const cookie = await api.admin();
  expect((await api.call('releaseSource', { params: { source: '198.51.100.1' }, cookie })).status).toBe(404);
});
