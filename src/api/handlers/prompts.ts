/** What callers hear: the sounds of prompts, and uploads that replace them. */
import { type Language, languageSchema } from '../../domain/settings.ts';
import { fileResponse } from '../byte-range.ts';
import type { PromptsPort } from '../ports.ts';
import { invalidRequest, notFound } from '../problem.ts';
import { maxSoundBytes, readBytes } from '../request-body.ts';
import type { HandlersOf } from '../routes.ts';
import type { SettingsEditor } from '../settings-editor.ts';
import { usesOfPrompt, withoutText } from './prompt-changes.ts';

function languageOf(text: string): Language {
  const language = languageSchema.safeParse(text);
  if (!language.success) throw notFound(`language ${text}`);
  return language.data;
}

export function promptHandlers(parts: {
  prompts: PromptsPort;
  editor: SettingsEditor;
}): HandlersOf<'listPrompts' | 'promptSound' | 'uploadPrompt' | 'restorePrompt'> {
  const { prompts, editor } = parts;
  return {
    listPrompts: async () => ({
      items: (await prompts.list()).map((prompt) => ({
        ...prompt,
        usedBy: usesOfPrompt(editor.current, prompt.promptId),
      })),
      rendering: prompts.progress(),
    }),

    promptSound: async ({ params, raw }) => {
      const language = languageOf(params.language);
      const sound = await prompts.sound(params.id, language);
      if (!sound) throw notFound(`sound of prompt ${params.id}`);
      return fileResponse(raw, sound, 'audio/wav', `${params.id}.${language}.wav`);
    },

    uploadPrompt: async (request) => {
      const { params, raw } = request;
      const language = languageOf(params.language);
      const type = (raw.headers.get('content-type') ?? '').toLowerCase();
      if (!type.startsWith('audio/') && type !== 'application/octet-stream')
        throw invalidRequest([{ path: '', message: 'the body must be a sound file (audio/…)' }]);
      const bytes = await readBytes(raw, maxSoundBytes);
      if (bytes.length === 0) throw invalidRequest([{ path: '', message: 'the sound file is empty' }]);
      const prompt = await prompts.replace(params.id, language, bytes);
      editor.record(request, 'prompt.upload', `${params.id}.${language}`);
      return prompt;
    },

    restorePrompt: async (request) => {
      const { params } = request;
      const language = languageOf(params.language);
      const listed = (await prompts.list()).find((prompt) => prompt.promptId === params.id);
      // A prompt of the office has no other words to go back to: it loses its file alone.
      if (listed?.isBuiltIn && editor.current.prompts[params.id]?.[language] !== undefined)
        await editor.edit(request, {
          action: 'prompt.text',
          target: () => `${params.id}.${language}`,
          apply: (now) => withoutText(now, params.id, language),
        });
      const prompt = await prompts.restore(params.id, language);
      editor.record(request, 'prompt.restore', `${params.id}.${language}`);
      return prompt;
    },
  };
}
