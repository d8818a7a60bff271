import { beforeEach, describe, expect, it } from 'vitest';
import { TestApi, testOffice } from '../../support/api-client.ts';

let api: TestApi;
let cookie: string;
beforeEach(async () => {
  api = new TestApi();
  cookie = await api.admin();
});

type Listed = { items: { promptId: string; name?: string; usedBy: { id: string }[]; sounds: unknown[] }[] };
const list = async (): Promise<Listed['items']> =>
  ((await (await api.call('listPrompts', { cookie })).json()) as Listed).items;

describe('the words of a prompt', () => {
  const params = { id: 'greeting', language: 'hu' };

  it('are kept in the settings, told with who changed them, and gone again when the built-in is brought back', async () => {
    const saved = await api.call('setPromptText', { params, body: { text: ' Jó napot! ' }, cookie });
    expect(await saved.json()).toEqual({ promptId: 'greeting', durationMs: 1234 });
    expect(api.ports.settings.current.prompts).toEqual({ greeting: { hu: 'Jó napot!' } });
    expect(api.ports.auditTrail.at(-1)).toMatchObject({
      action: 'prompt.text',
      target: 'greeting.hu',
      who: 'Ada',
    });
    await api.call('setPromptText', {
      params: { ...params, language: 'en' },
      body: { text: 'Hello.' },
      cookie,
    });
    const restored = await api.call('restorePrompt', { params, cookie });
    expect(restored.status).toBe(200);
    expect(api.ports.settings.current.prompts).toEqual({ greeting: { en: 'Hello.' } });
  });

  it('change nothing when nobody can speak them, when they are too long, or of no known prompt', async () => {
    for (const text of ['unspeakable', '', '   ', 'x'.repeat(2001)]) {
      const response = await api.call('setPromptText', { params, body: { text }, cookie });
      expect(response.status, text.slice(0, 20)).toBe(422);
    }
    const unknown = { id: 'nonsense', language: 'hu' };
    expect((await api.call('setPromptText', { params: unknown, body: { text: 'a' }, cookie })).status).toBe(
      404,
    );
    const strange = { id: 'greeting', language: 'xx' };
    expect((await api.call('setPromptText', { params: strange, body: { text: 'a' }, cookie })).status).toBe(
      404,
    );
    expect(api.ports.settings.current.prompts).toEqual({});
  });

  it('are heard before they are saved', async () => {
    const body = { language: 'lt', text: 'Sveiki <b>' };
    const sound = await api.call('previewPrompt', { body, cookie });
    expect(sound.headers.get('content-type')).toBe('audio/wav');
    expect(await sound.text()).toBe('RIFF lt Sveiki <b>');
    expect(api.ports.settings.current.prompts).toEqual({});
  });
});

describe('a prompt of the office', () => {
  it('gets an id of its name, stands in the list, greets a menu, and is deleted only when none plays it', async () => {
    const made = await api.call('createPrompt', { body: { name: 'Summer hours' }, cookie });
    expect([made.status, await made.json()]).toEqual([201, { id: 'summer-hours', name: 'Summer hours' }]);
    const again = await api.call('createPrompt', { body: { name: 'Summer hours' }, cookie });
    expect(await again.json()).toMatchObject({ id: 'summer-hours-2' });
    const menu = testOffice().ivrMenus[0];
    const body = { ...menu, greeting: 'summer-hours' };
    expect((await api.call('replaceIvrMenu', { params: { id: 'welcome' }, body, cookie })).status).toBe(200);
    expect((await list()).find((prompt) => prompt.promptId === 'summer-hours')).toMatchObject({
      name: 'Summer hours',
      isBuiltIn: false,
      usedBy: [{ kind: 'ivr-menu', id: 'welcome', name: 'Welcome' }],
    });
    const refused = await api.call('deletePrompt', { params: { id: 'summer-hours' }, cookie });
    expect(await refused.json()).toMatchObject({ status: 409, usedBy: [{ id: 'welcome' }] });
    await api.call('setPromptText', {
      params: { id: 'summer-hours-2', language: 'en' },
      body: { text: 'Closed.' },
      cookie,
    });
    expect((await api.call('deletePrompt', { params: { id: 'summer-hours-2' }, cookie })).status).toBe(204);
    expect(api.ports.settings.current.prompts).toEqual({});
    expect(api.ports.settings.current.ownPrompts.map((own) => own.id)).toEqual(['summer-hours']);
  });

  it('keeps its words when its file is taken away', async () => {
    await api.call('createPrompt', { body: { name: 'Hours' }, cookie });
    const params = { id: 'hours', language: 'en' };
    await api.call('setPromptText', { params, body: { text: 'Nine to five.' }, cookie });
    expect((await api.call('restorePrompt', { params, cookie })).status).toBe(200);
    expect(api.ports.settings.current.prompts).toEqual({ hours: { en: 'Nine to five.' } });
  });

  it('takes no id that is taken or strange, and no built-in one is deleted', async () => {
    const taken = await api.call('createPrompt', { body: { id: 'greeting', name: 'Mine' }, cookie });
    expect(await taken.json()).toMatchObject({ status: 422, errors: [{ path: 'id' }] });
    for (const id of ['../up', 'A B', '', 'x'.repeat(41)])
      expect((await api.call('createPrompt', { body: { id, name: 'Mine' }, cookie })).status).toBe(422);
    expect((await api.call('createPrompt', { body: { name: ' ' }, cookie })).status).toBe(422);
    expect((await api.call('deletePrompt', { params: { id: 'greeting' }, cookie })).status).toBe(404);
  });
});

describe('a prompt spoken into a phone', () => {
  it('is heard and then kept as the sound of a prompt', async () => {
    const begun = await api.call('recordTake', { body: { extensionId: 'desk-1', language: 'en' }, cookie });
    const { takeId } = (await begun.json()) as { takeId: string };
    expect(begun.status).toBe(201);
    const params = { id: takeId };
    expect(await (await api.call('takeSound', { params, cookie })).text()).toBe('RIFF take');
    const body = { promptId: 'greeting', language: 'en' };
    expect((await api.call('keepTake', { params, body, cookie })).status).toBe(204);
    const sound = await api.call('promptSound', { params: { id: 'greeting', language: 'en' }, cookie });
    expect(await sound.text()).toBe('RIFF take');
    expect((await api.call('getTake', { params, cookie })).status).toBe(404);
    expect((await api.call('dropTake', { params, cookie })).status).toBe(204);
    expect(api.ports.auditTrail.map((entry) => entry.action)).toEqual(
      expect.arrayContaining(['prompt.record-by-phone', 'prompt.upload']),
    );
  });
});

it('plays a prompt to the browser that asks', async () => {
  const leg = (await (await api.call('openWebCall', { cookie })).json()) as { legId: string };
  const body = { promptId: 'greeting', language: 'hu' };
  expect((await api.call('playToWebCall', { params: { id: leg.legId }, body, cookie })).status).toBe(204);
  expect(api.ports.asked.at(-1)).toEqual(['play', leg.legId, '/prompts/greeting.hu.wav']);
  const nothing = { ...body, promptId: 'nothing' };
  expect((await api.call('playToWebCall', { params: { id: leg.legId }, body: nothing, cookie })).status).toBe(
    404,
  );
});
