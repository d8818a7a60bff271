import { beforeEach, describe, expect, it } from 'vitest';
import { TestApi, testOffice } from '../../support/api-client.ts';

const spring = { name: 'Spring', queueId: 'sales', listIds: ['people'] };

describe('campaigns by the API', () => {
  let api: TestApi;
  let cookie: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  const json = async (response: Response): Promise<any> => response.json();

  beforeEach(async () => {
    api = new TestApi(testOffice());
    cookie = await api.supervisor();
    await api.call('createLeadList', { cookie, body: { name: 'People' } });
  });

  it('are drafts that say what is missing, then run, pause and finish by a person’s name', async () => {
    const created = await json(await api.call('createCampaign', { cookie, body: spring }));
    expect(created).toMatchObject({ id: 'spring', mode: 'progressive', ringTimeoutMs: 25_000 });
    const params = { id: 'spring' };
    const draft = await json(await api.call('getCampaignLive', { params, cookie }));
    expect(draft.state).toBe('draft');
    expect(draft.why.map(({ code }: { code: string }) => code)).toEqual(
      expect.arrayContaining(['draft', 'list-empty', 'no-trunk']),
    );
    for (const state of ['running', 'paused', 'finished'] as const) {
      const live = await json(await api.call('setCampaignState', { params, cookie, body: { state } }));
      expect(live).toMatchObject({ state, who: 'Sam' });
    }
    expect(api.ports.auditTrail.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['campaign.create', 'campaign.running', 'campaign.paused', 'campaign.finished']),
    );
  });

  it.each([
    ['a list that does not exist', { listIds: ['nowhere'] }, 'listIds.0'],
    ['a queue that does not exist', { queueId: 'nowhere' }, 'queueId'],
    ['ringing for less than 15 s', { ringTimeoutMs: 14_999 }, 'ringTimeoutMs'],
    ['calls before 8', { windows: [{ days: [1], from: '07:59', until: '12:00' }] }, 'windows.0.from'],
    ['calls after 21', { windows: [{ days: [1], from: '12:00', until: '21:01' }] }, 'windows.0.until'],
    [
      'hours that end before they begin',
      { windows: [{ days: [1], from: '12:00', until: '11:00' }] },
      'windows.0.until',
    ],
    ['a caller number of words', { callerNumber: '<script>' }, 'callerNumber'],
  ])('are refused with the field named: %s', async (_, change, path) => {
    const response = await api.call('createCampaign', { cookie, body: { ...spring, ...change } });
    expect(response.status).toBe(422);
    expect((await json(response)).errors).toContainEqual(expect.objectContaining({ path }));
  });

  it('keep their lists, queues and agents from being deleted, and are not deleted while they run', async () => {
    await api.call('createCampaign', { cookie, body: spring });
    const params = { id: 'spring' };
    const list = await api.call('deleteLeadList', { params: { id: 'people' }, cookie });
    expect(list.status).toBe(409);
    expect((await json(list)).usedBy).toEqual([{ kind: 'campaign', id: 'spring', name: 'Spring' }]);
    const queue = await api.call('deleteQueue', { params: { id: 'sales' }, cookie: await api.admin() });
    expect(queue.status).toBe(409);
    await api.call('setCampaignState', { params, cookie, body: { state: 'running' } });
    expect((await api.call('deleteCampaign', { params, cookie })).status).toBe(409);
    await api.call('setCampaignState', { params, cookie, body: { state: 'finished' } });
    expect((await api.call('deleteCampaign', { params, cookie })).status).toBe(204);
  });

  it('are all stopped by one button, which says who pressed it', async () => {
    await api.call('createCampaign', { cookie, body: spring });
    expect(await json(await api.call('stopDialling', { cookie }))).toMatchObject({ stopped: { who: 'Sam' } });
    const live = await json(await api.call('getCampaignLive', { params: { id: 'spring' }, cookie }));
    expect(live.why[0]).toMatchObject({ code: 'emergency-stop', params: { who: 'Sam' } });
    expect(await json(await api.call('releaseDialling', { cookie }))).toMatchObject({ stopped: null });
  });

  it('show an agent their own card only', async () => {
    const anna = await api.agent();
    expect(await json(await api.call('agentCard', { params: { id: 'anna' }, cookie: anna }))).toEqual({
      card: null,
    });
    expect((await api.call('agentCard', { params: { id: 'ben' }, cookie: anna })).status).toBe(403);
  });

  it('know no callback for a call that is none of a campaign', async () => {
    const response = await api.call('agreeCallback', {
      params: { id: 'none' },
      cookie,
      body: { at: 1, mine: false },
    });
    expect(response.status).toBe(404);
  });
});

describe('leads by the API', () => {
  let api: TestApi;
  let cookie: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  const json = async (response: Response): Promise<any> => response.json();
  const params = { id: 'people' };

  beforeEach(async () => {
    api = new TestApi();
    cookie = await api.supervisor();
    await api.call('createLeadList', { cookie, body: { name: 'People' } });
  });

  it('are put in, found, changed and closed', async () => {
    const body = { number: '+36301234567', name: 'Kovács Éva', fields: { Town: 'Győr' } };
    const lead = await json(await api.call('addLead', { params, cookie, body }));
    expect(lead).toMatchObject({ ...body, zones: ['Europe/Budapest'], state: 'new', doNotCall: false });
    const found = await json(await api.call('listLeads', { params, cookie, query: '?text=kov%C3%A1cs' }));
    expect(found.items).toHaveLength(1);
    const id = String(lead.leadId);
    const change = { zone: 'America/New_York', state: 'callback', dueAt: 1_900_000_000_000, agentId: 'anna' };
    const changed = await json(
      await api.call('changeLead', { params: { id }, cookie, body: change as never }),
    );
    expect(changed).toMatchObject({ ...change, zones: ['America/New_York'] });
    await api.call('changeLead', { params: { id }, cookie, body: { state: 'given-up' } });
    expect(await json(await api.call('getLead', { params: { id }, cookie }))).toMatchObject({
      lead: { state: 'given-up', dueAt: null },
      attempts: [],
    });
  });

  it.each([
    ['a number that is there already', { number: '+36301234567' }, 'number'],
    ['an emergency number', { number: '+36112' }, 'number'],
    ['a number of too few digits', { number: '+36301' }, 'number'],
    ['no number at all', { number: '=1+1' }, 'number'],
    ['a zone that does not exist', { number: '+36301234568', zone: 'Europe/Atlantis' }, 'zone'],
  ])('are refused: %s', async (_, body, path) => {
    await api.call('addLead', { params, cookie, body: { number: '+36301234567' } });
    const response = await api.call('addLead', { params, cookie, body });
    expect(response.status).toBe(422);
    expect((await json(response)).errors).toContainEqual(expect.objectContaining({ path }));
    expect((await json(await api.call('listLeads', { params, cookie }))).items).toHaveLength(1);
  });

  it('are not called while their number is on the list; only an admin takes it off', async () => {
    await api.call('addLead', { params, cookie, body: { number: '+36301234567' } });
    const added = await api.call('addDoNotCall', {
      cookie,
      body: { numbers: ['+36301234567'], reason: 'asked' },
    });
    expect(await json(added)).toEqual({ added: 1, known: 0 });
    expect((await json(await api.call('listLeads', { params, cookie }))).items[0].doNotCall).toBe(true);
    const number = { id: '36301234567' };
    expect((await api.call('removeDoNotCall', { params: number, cookie })).status).toBe(403);
    expect((await api.call('removeDoNotCall', { params: number, cookie: await api.admin() })).status).toBe(
      204,
    );
    expect((await json(await api.call('listDoNotCall', { cookie }))).total).toBe(0);
  });
});
