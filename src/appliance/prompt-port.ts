import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Prompt, PromptsPort, SoundFile } from '../api/ports.ts';
import { CordboardError } from '../base/errors.ts';
import { languages, type Settings } from '../domain/settings.ts';
import { builtInPrompts } from '../prompts/catalogue.ts';
import type { PromptInfo, PromptStore } from '../prompts/prompt-store.ts';
import { renderPrompt } from '../prompts/render.ts';
import { openSoundFile } from './sound-file.ts';

/** Prompts as the API wants them: one entry a prompt, its languages inside. */
export function promptPort(store: PromptStore, settings: () => Settings): PromptsPort {
  const builtIn = builtInPrompts('en');
  let progress: { done: number; total: number } | null = null;
  /** Previews are made one after the other: each takes a processor for a moment. */
  let previews: Promise<unknown> = Promise.resolve();

  const list = (): Prompt[] => {
    const byId = new Map<string, Prompt>();
    const { ownPrompts } = settings();
    const entry = (promptId: string): Prompt => {
      const known = byId.get(promptId);
      if (known) return known;
      const name = ownPrompts.find((own) => own.id === promptId)?.name;
      const prompt: Prompt = {
        promptId,
        isBuiltIn: builtIn.has(promptId),
        ...(name === undefined ? {} : { name }),
        sounds: [],
      };
      byId.set(promptId, prompt);
      return prompt;
    };
    for (const info of store.list()) entry(info.promptId).sounds.push(asSound(info));
    // An own prompt is there in every language, also where it says nothing yet.
    for (const { id } of ownPrompts) {
      const { sounds } = entry(id);
      for (const language of languages)
        if (!sounds.some((sound) => sound.language === language))
          sounds.push({ language, text: null, builtInText: null, source: 'text', durationMs: null });
    }
    return [...byId.values()];
  };
  const one = (promptId: string): Prompt => {
    const prompt = list().find((p) => p.promptId === promptId);
    if (!prompt) throw new CordboardError('not-found', `there is no prompt ${promptId}`);
    return prompt;
  };
  const render = (
    onProgress?: (done: number, total: number) => void,
  ): ReturnType<PromptStore['ensureRendered']> =>
    store.ensureRendered({ texts: settings().prompts, languages, prune: true }, onProgress);

  return {
    list: async () => list(),
    progress: () => progress,
    file: (promptId, language) => store.pathFor(promptId, language),
    async sound(promptId, language) {
      const path = store.pathFor(promptId, language);
      return path === undefined ? undefined : openSoundFile(path);
    },
    async replace(promptId, language, sound) {
      const { levelBeforeDbm0 } = await store.upload(promptId, language, sound);
      return { ...one(promptId), levelBeforeDbm0 };
    },
    async restore(promptId, language) {
      await store.restoreDefault(promptId, language);
      await render();
      return one(promptId);
    },
    async apply(promptId, language) {
      const { failed } = await render();
      const own = failed.find((each) => each.promptId === promptId && each.language === language);
      if (own) throw new CordboardError('prompt.invalid', own.message);
      return one(promptId).sounds.find((sound) => sound.language === language)?.durationMs ?? null;
    },
    async forget(promptId) {
      for (const language of languages) await store.restoreDefault(promptId, language);
      await render();
    },
    renderAgain() {
      const total = store.list().length;
      if (progress) return total;
      progress = { done: 0, total };
      store
        .renderAgain({ texts: settings().prompts, languages, prune: true }, (done, of) => {
          progress = { done, total: of };
        })
        .finally(() => {
          progress = null;
        })
        .catch(() => undefined); // the store has logged it, and the sounds of before are still there
      return total;
    },
    preview(language, text) {
      const made = previews.then(() => speak(language, text));
      previews = made.catch(() => undefined);
      return made;
    },
  };
}

async function speak(language: (typeof languages)[number], text: string): Promise<SoundFile> {
  const directory = await mkdtemp(join(tmpdir(), 'cordboard-preview-'));
  try {
    const file = join(directory, 'preview.wav');
    await renderPrompt({ kind: 'speech', text }, language, file);
    const bytes = await readFile(file);
    return {
      bytes: bytes.length,
      modifiedAt: Date.now(),
      read: (start, end) => new Blob([new Uint8Array(bytes.subarray(start, end + 1))]).stream(),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function asSound(info: PromptInfo): Prompt['sounds'][number] {
  const { language, text, builtInText, source, durationMs } = info;
  return { language, text, builtInText, source, durationMs };
}
