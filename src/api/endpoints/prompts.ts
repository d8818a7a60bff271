/** What callers hear: prompts with their words and sounds, and recordings made for them. */
import { z } from 'zod';
import { longestPromptText } from '../../domain/prompt-text.ts';
import { ownPromptSchema, promptIdSchema } from '../../domain/settings/prompts.ts';
import { languageSchema } from '../../domain/settings.ts';
import { itemId } from './configuration.ts';
import type { Endpoint } from './endpoint.ts';

const words = z.string().trim().min(1).max(longestPromptText);

export const takeSchema = z
  .object({
    takeId: z.string(),
    /** `ringing`: the phone rings; `speaking`: it is picked up; `done`: to be heard and kept, or made again. */
    state: z.enum(['ringing', 'speaking', 'done', 'failed']),
    durationMs: z.number().nullable(),
    /** Why it failed: the end of the call, or `silent`. */
    failure: z.string().nullable(),
  })
  .meta({ id: 'PromptTake', description: 'a prompt spoken into a desk phone' });

const take = '/prompt-takes/{id}' as const;

export const promptEndpoints = {
  createPrompt: {
    method: 'post',
    path: '/prompts',
    access: 'admin',
    summary: 'A prompt of the office; without an id it gets one made of its name',
    body: ownPromptSchema.extend({ id: promptIdSchema.optional() }),
    response: ownPromptSchema,
    status: 201,
  },
  deletePrompt: {
    method: 'delete',
    path: '/prompts/{id}',
    access: 'admin',
    summary: 'Deletes a prompt of the office with its sounds; 409 while something plays it',
  },
  setPromptText: {
    method: 'put',
    path: '/prompts/{id}/{language}/text',
    access: 'admin',
    summary: 'What is said; spoken and ready when answered',
    body: z.object({ text: words }),
    response: z.object({ promptId: z.string(), durationMs: z.number().nullable() }),
  },
  previewPrompt: {
    method: 'post',
    path: '/prompt-preview',
    access: 'admin',
    summary: 'How words would sound; nothing is kept',
    body: z.object({ language: languageSchema, text: words }),
    download: 'audio/wav',
  },
  renderPrompts: {
    method: 'post',
    path: '/prompt-rendering',
    access: 'admin',
    summary: 'Speaks every text again; the old sounds are played until the new ones are there',
    status: 202,
    response: z.object({ total: z.number().int() }),
  },
  playToWebCall: {
    method: 'post',
    path: '/web-calls/{id}/play',
    access: 'admin',
    summary: 'Plays a prompt to this browser as a caller would hear it, then hangs up',
    body: z.object({ promptId: promptIdSchema, language: languageSchema }),
  },
  recordTake: {
    method: 'post',
    path: '/prompt-takes',
    access: 'admin',
    summary: 'Rings a phone, and records what is said after the tone until # is pressed',
    body: z.object({ extensionId: itemId, language: languageSchema }),
    response: takeSchema,
    status: 201,
  },
  getTake: { method: 'get', path: take, access: 'admin', summary: 'How far it is', response: takeSchema },
  takeSound: {
    method: 'get',
    path: `${take}/sound`,
    access: 'admin',
    summary: 'What was said, at the loudness of prompts',
    download: 'audio/wav',
  },
  keepTake: {
    method: 'post',
    path: `${take}/keep`,
    access: 'admin',
    summary: 'Makes it the sound of a prompt',
    body: z.object({ promptId: promptIdSchema, language: languageSchema }),
  },
  dropTake: {
    method: 'delete',
    path: take,
    access: 'admin',
    summary: 'Hangs up, and forgets what was said; idempotent',
  },
} as const satisfies Record<string, Endpoint>;
