/** Prompts of the office: words, new ones, recordings from a desk phone, and hearing them as a caller does. */
import { CordboardError } from '../../base/errors.ts';
import { type Destination, type Language, languageSchema, type Settings } from '../../domain/settings.ts';
import type { BrowserLegSignalling } from '../../telephony/contract.ts';
import { fileResponse } from '../byte-range.ts';
import type { PromptsPort, PromptTakesPort } from '../ports.ts';
import { invalidRequest, notFound } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import { itemIdOf, type Use, validated } from '../settings-change.ts';
import type { SettingsEditor } from '../settings-editor.ts';

/** The menus that greet with a prompt. */
export function usesOfPrompt(settings: Settings, promptId: string): Use[] {
  const announces = (...ways: (Destination | undefined)[]): boolean =>
    ways.some((way) => way?.kind === 'announcement' && way.promptId === promptId);
  return [
    ...settings.ivrMenus
      .filter(
        ({ greeting, options, otherwise, hours }) =>
          greeting === promptId ||
          announces(otherwise, hours?.closed, ...options.map(({ destination }) => destination)),
      )
      .map(({ id, name }) => ({ kind: 'ivr-menu', id, name })),
    ...settings.queues
      .filter(({ overflow }) => announces(overflow))
      .map(({ id, name }) => ({ kind: 'queue', id, name })),
    ...settings.trunks
      .filter(({ inbound, hours }) => announces(inbound, hours?.closed))
      .map(({ id, name }) => ({ kind: 'trunk', id, name })),
    ...settings.numbers
      .filter(({ destination, hours }) => announces(destination, hours?.closed))
      .map(({ id, number }) => ({ kind: 'number', id, name: number })),
  ];
}

function languageOf(text: string): Language {
  const language = languageSchema.safeParse(text);
  if (!language.success) throw notFound(`language ${text}`);
  return language.data;
}

/** Without the words of one prompt, in one language or all. */
export function withoutText(settings: Settings, promptId: string, language?: Language): Settings {
  const { [promptId]: texts = {}, ...others } = settings.prompts;
  const { [language ?? 'en']: _, ...left } = texts;
  const keep = language !== undefined && Object.keys(left).length > 0;
  return { ...settings, prompts: keep ? { ...others, [promptId]: left } : others };
}

export function promptChangeHandlers(parts: {
  prompts: PromptsPort;
  takes: PromptTakesPort;
  browser: BrowserLegSignalling;
  editor: SettingsEditor;
}): HandlersOf<
  | 'createPrompt'
  | 'deletePrompt'
  | 'setPromptText'
  | 'previewPrompt'
  | 'renderPrompts'
  | 'playToWebCall'
  | 'recordTake'
  | 'getTake'
  | 'takeSound'
  | 'keepTake'
  | 'dropTake'
> {
  const { prompts, takes, browser, editor } = parts;
  const known = async (promptId: string): Promise<void> => {
    if (!(await prompts.list()).some((prompt) => prompt.promptId === promptId))
      throw notFound(`prompt ${promptId}`);
  };

  return {
    createPrompt: async (request) => {
      const { name, id } = request.body;
      const taken = (await prompts.list()).map(({ promptId }) => ({ id: promptId }));
      if (id !== undefined && taken.some((prompt) => prompt.id === id))
        throw invalidRequest([{ path: 'id', message: `the id ${id} is used twice` }]);
      const own = { id: id ?? itemIdOf(name, taken), name };
      await editor.edit(request, {
        action: 'prompt.create',
        target: () => own.id,
        apply: (now) => validated({ ...now, ownPrompts: [...now.ownPrompts, own] }),
      });
      return own;
    },
    deletePrompt: async (request) => {
      const { id } = request.params;
      if (!editor.current.ownPrompts.some((own) => own.id === id))
        throw notFound(`prompt of the office ${id}`);
      await editor.edit(request, {
        action: 'prompt.delete',
        target: () => id,
        apply: (now) => {
          const usedBy = usesOfPrompt(now, id);
          const names = usedBy.map((use) => use.name).join(', ');
          if (usedBy.length > 0)
            throw new CordboardError('in-use', `Still played by ${names}. Change that first.`, {
              details: { usedBy },
            });
          return withoutText({ ...now, ownPrompts: now.ownPrompts.filter((own) => own.id !== id) }, id);
        },
      });
      await prompts.forget(id);
      return undefined;
    },
    setPromptText: async (request) => {
      const { params, body } = request;
      const language = languageOf(params.language);
      await known(params.id);
      // Heard before it is kept: words that nobody can speak change nothing.
      await prompts.preview(language, body.text);
      await editor.edit(request, {
        action: 'prompt.text',
        target: () => `${params.id}.${language}`,
        apply: (now) =>
          validated({
            ...now,
            prompts: { ...now.prompts, [params.id]: { ...now.prompts[params.id], [language]: body.text } },
          }),
      });
      return { promptId: params.id, durationMs: await prompts.apply(params.id, language) };
    },
    previewPrompt: async ({ body, raw }) =>
      fileResponse(raw, await prompts.preview(body.language, body.text), 'audio/wav', 'preview.wav'),
    renderPrompts: async (request) => {
      const total = prompts.renderAgain();
      editor.record(request, 'prompt.render-all');
      return { total };
    },

    playToWebCall: async ({ params, body, user }) => {
      const file = prompts.file(body.promptId, body.language);
      if (file === undefined) throw notFound(`sound of prompt ${body.promptId}`);
      browser.play(params.id, file, user.name);
      return undefined;
    },

    recordTake: async (request) => {
      const taken = takes.start(request.body.extensionId, request.body.language);
      editor.record(request, 'prompt.record-by-phone', request.body.extensionId);
      return taken;
    },
    getTake: ({ params }) => takes.get(params.id),
    takeSound: async ({ params, raw }) => {
      const sound = await takes.sound(params.id);
      if (!sound) throw notFound(`sound of take ${params.id}`);
      return fileResponse(raw, sound, 'audio/wav', `${params.id}.wav`);
    },
    keepTake: async (request) => {
      const { params, body } = request;
      await known(body.promptId);
      const sound = await takes.sound(params.id);
      if (!sound) throw notFound(`sound of take ${params.id}`);
      const bytes = new Uint8Array(await new Response(sound.read(0, sound.bytes - 1)).arrayBuffer());
      await prompts.replace(body.promptId, body.language, bytes);
      editor.record(request, 'prompt.upload', `${body.promptId}.${body.language}`);
      await takes.drop(params.id);
      return undefined;
    },
    dropTake: async ({ params }) => {
      await takes.drop(params.id);
      return undefined;
    },
  };
}
