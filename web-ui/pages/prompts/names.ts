/** What prompts are called, and how they are given to the page. */
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { hasText, t, translateCode } from '../../i18n/translate.ts';

export type Prompt = EndpointResponse<'listPrompts'>['items'][number];
export type Sound = Prompt['sounds'][number];

/** The office's name of it, or ours in words, else its id. */
export function promptName({ promptId, name }: Pick<Prompt, 'promptId' | 'name'>): string {
  if (name) return name;
  const place = /^position-(\d+)$/.exec(promptId)?.[1];
  if (place !== undefined) return t('prompt.position', { place });
  return hasText(`prompt.${promptId}`) ? translateCode(`prompt.${promptId}`) : promptId;
}
