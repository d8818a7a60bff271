/** The prompts there are, for choosing one: asked for once for all fields that show them. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { api } from '../api/client.ts';
import { hasText, t, translateCode } from '../i18n/translate.ts';
import { isAdmin } from './session.ts';

const promptIds = signal<string[] | undefined>(undefined);
const names = new Map<string, string>();
let asked = false;

/** Ids of the prompts, without the places in line; undefined until they are known. */
export function usePromptIds(): string[] | undefined {
  const allowed = isAdmin.value;
  useEffect(() => {
    if (!allowed || asked) return;
    asked = true;
    api('listPrompts').then(
      ({ items }) => {
        for (const { promptId, name } of items) if (name) names.set(promptId, name);
        promptIds.value = items.map(({ promptId }) => promptId).filter((id) => !id.startsWith('position-'));
      },
      () => {
        asked = false;
      },
    );
  }, [allowed]);
  return promptIds.value;
}

/** A prompt's name: as somebody called it, else in words where there are some, else its id. */
export function promptName(promptId: string): string {
  const own = names.get(promptId);
  if (own) return own;
  const place = /^position-(\d+)$/.exec(promptId)?.[1];
  if (place !== undefined) return t('prompt.position', { place });
  return hasText(`prompt.${promptId}`) ? translateCode(`prompt.${promptId}`) : promptId;
}
