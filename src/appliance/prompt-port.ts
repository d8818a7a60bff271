import type { Prompt, PromptsPort } from '../api/ports.ts';
import { CordboardError } from '../base/errors.ts';
import type { PromptInfo, PromptStore } from '../prompts/prompt-store.ts';
import { openSoundFile } from './sound-file.ts';

/** Prompts as the API wants them: one entry a prompt, its languages inside. */
export function promptPort(store: PromptStore): PromptsPort {
  const list = (): Prompt[] => {
    const byId = new Map<string, Prompt>();
    for (const info of store.list()) {
      const prompt = byId.get(info.promptId) ?? { promptId: info.promptId, sounds: [] };
      prompt.sounds.push(asSound(info));
      byId.set(info.promptId, prompt);
    }
    return [...byId.values()];
  };
  const one = (promptId: string): Prompt => {
    const prompt = list().find((p) => p.promptId === promptId);
    if (!prompt) throw new CordboardError('not-found', `there is no prompt ${promptId}`);
    return prompt;
  };
  return {
    list: async () => list(),
    async sound(promptId, language) {
      const path = store.pathFor(promptId, language);
      return path === undefined ? undefined : openSoundFile(path);
    },
    async replace(promptId, language, sound) {
      await store.upload(promptId, language, sound);
      return one(promptId);
    },
    async restore(promptId, language) {
      await store.restoreDefault(promptId, language);
      return one(promptId);
    },
  };
}

function asSound({ language, text, source, durationMs }: PromptInfo): Prompt['sounds'][number] {
  return { language, text, source, durationMs };
}
