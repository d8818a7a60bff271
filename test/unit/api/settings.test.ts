import { describe, expect, it } from 'vitest';
import { suggestLayout } from '../../../src/domain/lamps/layout.ts';
import { settingsSchema } from '../../../src/domain/settings.ts';
import { TestApi, testOffice } from '../../support/api-client.ts';

const onlyUsers = () => settingsSchema.parse({ version: 1, users: testOffice().users.slice(0, 1) });

describe('the sample office', () => {
  it('fills an empty office with phones, agents, a queue and a menu that leads to it', async () => {
    const api = new TestApi(onlyUsers());
    const response = await api.call('createSampleOffice', { cookie: await api.admin() });
    expect(response.status).toBe(201);
    expect(await response.text()).not.toMatch(/secret/);
    const { extensions, agents, queues, ivrMenus, panel } = api.ports.settings.revealed;
    expect(extensions).toHaveLength(3);
    expect(new Set(extensions.map((e) => e.secret)).size).toBe(3);
    for (const { secret } of extensions) expect(secret).toMatch(/^[0-9a-z]{24}$/);
    expect(agents.map((a) => a.extensionId)).toEqual(['desk-1', 'desk-2']);
    expect(queues[0]?.agentIds).toEqual(agents.map((a) => a.id));
    expect(ivrMenus[0]?.options).toEqual([
      { digit: '1', destination: { kind: 'queue', queueId: queues[0]?.id } },
    ]);
    expect(ivrMenus[0]?.greeting).toBe('greeting');
    expect(panel.lamps.map((l) => l.shows.fact)).toEqual(['waiting', 'agent', 'agent', 'trunks', 'faults']);
  });

  it('speaks the language of the office', async () => {
    const api = new TestApi({ ...onlyUsers(), office: { ...onlyUsers().office, language: 'hu' } });
    await api.call('createSampleOffice', { cookie: await api.admin() });
    expect(api.ports.settings.current.queues[0]?.name).toBe('Iroda');
  });

  it('is refused where there is anything already, and changes nothing', async () => {
    const api = new TestApi();
    const response = await api.call('createSampleOffice', { cookie: await api.admin() });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'settings.not-empty' });
    expect(api.ports.settings.revision).toBe(1);
  });
});

describe('settings', () => {
  it('replaces office and recording settings, and knows a time zone from a made-up one', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const office = { name: 'Iroda Kft.', language: 'hu', timeZone: 'Europe/Budapest', country: 'HU' };
    expect(await (await api.call('replaceOffice', { body: office, cookie })).json()).toEqual(office);
    expect(await (await api.call('getOffice', { cookie })).json()).toEqual(office);
    const moon = await api.call('replaceOffice', { body: { ...office, timeZone: 'Moon/Crater' }, cookie });
    expect(await moon.json()).toMatchObject({ errors: [{ path: 'timeZone' }] });
    const recording = { minFreeBytes: 1_000_000_000, keepDays: 90 };
    await api.call('replaceRecordingSettings', { body: recording, cookie });
    expect(await (await api.call('getRecordingSettings', { cookie })).json()).toEqual(recording);
  });

  it('hides the secret of a drachtio-server, keeps it, and asks for it once', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const network = { publicAddress: '203.0.113.7', drachtio: { host: '127.0.0.1' } };
    const missing = await api.call('replaceNetwork', { body: network, cookie });
    expect(await missing.json()).toMatchObject({ errors: [{ path: 'drachtio.secret' }] });
    const withSecret = { ...network, drachtio: { host: '127.0.0.1', secret: 'drachtio-secret' } };
    expect(await (await api.call('replaceNetwork', { body: withSecret, cookie })).text()).not.toContain(
      'secret',
    );
    expect((await api.call('replaceNetwork', { body: network, cookie })).status).toBe(200);
    expect(api.ports.settings.current.network.drachtio?.secret).toBe('drachtio-secret');
  });

  it('refuses a lamp for an agent who is not there, with its path', async () => {
    const api = new TestApi();
    const body = { lamps: [{ lamp: 3, shows: { fact: 'agent', agentId: 'nobody' } }] };
    const response = await api.call('replacePanel', { body, cookie: await api.admin() });
    expect(await response.json()).toMatchObject({ errors: [{ path: 'lamps.0.shows.agentId' }] });
  });

  it('shows the panel with its settings and lamps, and tests a lamp', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    api.ports.lamps.set([{ lamp: 0, colour: 'amber', pattern: 'steady' }]);
    expect(await (await api.call('panel', { cookie })).json()).toMatchObject({
      state: 'absent',
      settings: { address: 1 },
      lamps: [{ lamp: 0, colour: 'amber', pattern: 'steady' }],
    });
    expect((await api.call('testLamp', { body: { lamp: 4 }, cookie })).status).toBe(204);
    expect((await api.call('testLamp', { body: { lamp: 128 }, cookie })).status).toBe(422);
    expect(api.ports.asked).toEqual([['lamp', '4']]);
  });

  it('draws lamps that are not saved, suggests a layout, and tries an alarm', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const lamps = [{ lamp: 2, shows: { fact: 'disk' }, also: [{ fact: 'guard' }] }];
    const preview = await (await api.call('previewLamps', { body: { lamps }, cookie })).json();
    expect(preview).toMatchObject({
      lamps: [{ lamp: 2, shows: { fact: 'disk', under: 0.1, back: 0.15 }, also: [{ fact: 'guard' }] }],
    });
    const unknown = { lamps: [{ lamp: 2, shows: { fact: 'weather' } }] };
    expect((await api.call('previewLamps', { body: unknown, cookie })).status).toBe(422);
    expect(api.ports.settings.current.panel.lamps).toEqual([]);
    const suggested = await (await api.call('suggestLamps', { cookie })).json();
    expect(suggested).toEqual({ lamps: suggestLayout(api.ports.settings.current) });
    expect((await api.call('simulateAlarm', { cookie })).status).toBe(204);
    expect(api.ports.asked).toEqual([['alarm']]);
  });

  it('lists revisions newest first and brings an earlier one back as a new one', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    await api.call('deleteIvrMenu', { params: { id: 'welcome' }, cookie });
    const list = (await (await api.call('listRevisions', { cookie })).json()) as { items: { who: string }[] };
    expect(list).toMatchObject({ revision: 2, items: [{ revision: 2, who: 'Ada' }, { revision: 1 }] });
    const would = await api.call('rollbackChanges', { params: { id: '1' }, cookie });
    expect(await would.json()).toMatchObject({ changes: [{ path: 'ivrMenus[welcome]', after: {} }] });
    for (const id of ['99', 'x'])
      expect((await api.call('rollbackChanges', { params: { id }, cookie })).status).toBe(404);
    expect(list).toMatchObject({ names: { 'queues[sales]': 'Sales', 'extensions[desk-1]': '201 Desk 1' } });
    expect(await (await api.call('rollback', { body: { revision: 1 }, cookie })).json()).toEqual({
      revision: 3,
    });
    expect(api.ports.settings.current.ivrMenus).toHaveLength(1);
    expect((await api.call('rollback', { body: { revision: 99 }, cookie })).status).toBe(404);
  });
});

it('reports health with the addresses at which phones register', async () => {
  const api = new TestApi();
  const health = await (await api.call('health', { cookie: await api.admin() })).json();
  expect(health).toMatchObject({ faults: [], sip: { servers: ['192.168.1.5'], port: 5060 } });
});
