/**
 * The prompts that come with the system: what is said, by prompt id and language. An office replaces any of them by
 * its own text (settings `prompts`) or by an uploaded sound.
 */
import type { Language } from '../domain/settings.ts';
import { maxSpokenPosition, positionSentence } from './positions.ts';
import { sentences } from './sentences.ts';

/** A text to be spoken, or a sound that is the same in all languages. */
export type PromptContent =
  | { kind: 'speech'; text: string }
  /** One sine; level of the sine in dBm0. */
  | { kind: 'tone'; frequencyHz: number; durationMs: number; levelDbm0: number };

const beep: PromptContent = { kind: 'tone', frequencyHz: 1000, durationMs: 400, levelDbm0: -16 };

/** The prompt that tells a caller the place in line; `position` counts from 1. */
export function positionPromptId(position: number): string {
  return position <= maxSpokenPosition ? `position-${Math.max(1, position)}` : 'position-many';
}

/** All built-in prompts of a language, by id. */
export function builtInPrompts(language: Language): Map<string, PromptContent> {
  const prompts = new Map<string, PromptContent>();
  for (const [promptId, texts] of Object.entries(sentences))
    prompts.set(promptId, { kind: 'speech', text: texts[language] });
  for (let position = 1; position <= maxSpokenPosition; position++)
    prompts.set(positionPromptId(position), { kind: 'speech', text: positionSentence[language](position) });
  prompts.set('beep', beep);
  return prompts;
}
