import { describe, expect, it } from 'vitest';
import type { Call } from '../../../src/domain/call.ts';
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

const going: Call = {
  callId: 'c1',
  direction: 'inbound',
  from: '+36301234567',
  to: '100',
  phase: 'talking',
  phaseSince: 2,
  startedAt: 1,
  offers: [],
  waitMs: 0,
  talkMs: 0,
  abandoned: false,
  legs: [],
  recordings: [],
  trace: [],
};

describe('a backup sent back', () => {
  /** Made by this API, and begun to be sent back to it. */
  async function sent(): Promise<{ api: TestApi; cookie: string; params: { id: string } }> {
    const api = new TestApi();
    const cookie = await api.admin();
    const made = await api.call('prepareBackup', { cookie, body: {} });
    const file = await api.call('downloadBackup', { cookie, params: (await made.json()) as { id: string } });
    const archive = new Uint8Array(await file.arrayBuffer());
    const begun = await api.call('beginRestore', { cookie, body: { bytes: archive.length } });
    expect(begun.status).toBe(201);
    const params = (await begun.json()) as { id: string };
    const half = archive.length >> 1;
    for (const [offset, piece] of [
      [0, archive.subarray(0, half)],
      [half, archive.subarray(half)],
    ] as const) {
      const answer = await api.request(`/api/v1/system/restore/${params.id}?offset=${offset}`, {
        method: 'PUT',
        cookie,
        body: piece,
        headers: { 'content-type': 'application/x-tar' },
      });
      expect(answer.status).toBe(204);
    }
    return { api, cookie, params };
  }

  it('is told of before anything changes, then restored: audited, and everybody signs in again', async () => {
    const { api, cookie, params } = await sent();
    const preview = await api.call('checkRestore', { cookie, params, body: {} });
    expect(await preview.json()).toMatchObject({
      hasKey: false,
      lostSecrets: [],
      now: { extensions: 2, agents: 2, users: 3, calls: 0, recordings: 0 },
      after: { extensions: 2, agents: 2, users: 3, calls: 0, recordings: 0 },
      users: [
        { name: 'Ada', role: 'admin' },
        { name: 'Sam', role: 'supervisor' },
        { name: 'Anna', role: 'agent' },
      ],
    });
    expect((await api.call('applyRestore', { cookie, params, body: {} })).status).toBe(202);
    expect(api.ports.auditTrail.at(-1)).toMatchObject({ action: 'backup.restore', who: 'Ada' });
    expect((await api.call('backupState', { cookie })).status).toBe(401);
  });

  it('can be dropped, and is then gone; there is nothing to undo', async () => {
    const { api, cookie, params } = await sent();
    expect((await api.call('dropRestore', { cookie, params })).status).toBe(204);
    expect((await api.call('checkRestore', { cookie, params, body: {} })).status).toBe(404);
    expect((await api.call('undoRestore', { cookie, body: {} })).status).toBe(404);
  });

  it('waits for calls to end unless told otherwise', async () => {
    const { api, cookie, params } = await sent();
    api.ports.live.set({ calls: [going] });
    const refused = await api.call('applyRestore', { cookie, params, body: {} });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ code: 'backup.busy' });
    expect((await api.call('applyRestore', { cookie, params, body: { force: true } })).status).toBe(202);
  });
});
