import { expect, it } from 'vitest';
import { TestApi } from '../../support/api-client.ts';

it('an admin makes a backup and downloads it once; the audit has both, and no passphrase', async () => {
  const api = new TestApi();
  const cookie = await api.admin();
  expect(await (await api.call('backupState', { cookie })).json()).toMatchObject({ recordingBytes: 0 });
  const made = await api.call('prepareBackup', {
    cookie,
    body: { passphrase: 'seven tall herons', recordings: true },
  });
  expect(made.status).toBe(201);
  const params = (await made.json()) as { id: string };
  const file = await api.call('downloadBackup', { cookie, params });
  expect(file.headers.get('content-disposition')).toMatch(/filename="cordboard-\d{8}T\d{4}\.tar"/);
  const archive = Buffer.from(await file.arrayBuffer());
  expect(archive.length % 512).toBe(0);
  expect(archive.includes('secret.key')).toBe(true);
  expect((await api.call('downloadBackup', { cookie, params })).status).toBe(404);
  const trail = api.ports.auditTrail.filter(({ action }) => /backup/i.test(action));
  expect(trail.map(({ action, who }) => [action, who])).toEqual([
    ['backup.make', 'Ada'],
    ['export.downloadBackup', 'Ada'],
  ]);
  expect(JSON.stringify(trail)).not.toContain('herons');
});

it('a short passphrase is refused by name', async () => {
  const api = new TestApi();
  const cookie = await api.admin();
  const refused = await api.call('prepareBackup', { cookie, body: { passphrase: 'short' } });
  expect(refused.status).toBe(422);
  expect(await refused.json()).toMatchObject({ errors: [{ path: 'passphrase' }] });
});
