import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PromptTakesPort } from '../api/ports.ts';
import { PromptTakes, type PromptTakesDeps } from '../call-control/prompt-takes.ts';
import type { PromptStore } from '../prompts/prompt-store.ts';
import { convertUpload } from '../prompts/render.ts';
import { openSoundFile } from './sound-file.ts';

/** Recordings of prompts by desk phones as the API wants them. */
export function promptTakes(
  deps: Omit<PromptTakesDeps, 'convert' | 'directory' | 'prompts'> & { store: PromptStore; dataDir: string },
): { port: PromptTakesPort; takes: PromptTakes } {
  const { store, dataDir, ...rest } = deps;
  const takes = new PromptTakes({
    ...rest,
    prompts: { pathFor: (promptId, language) => store.pathFor(promptId, language) },
    directory: join(dataDir, 'prompts', 'takes'),
    convert: async (raw, out) => convertUpload(await readFile(raw), out),
  });
  return {
    takes,
    port: {
      start: (extensionId, language) => takes.record(extensionId, language),
      get: (takeId) => takes.get(takeId),
      async sound(takeId) {
        const file = takes.file(takeId);
        return file === undefined ? undefined : openSoundFile(file);
      },
      drop: (takeId) => takes.drop(takeId),
    },
  };
}
