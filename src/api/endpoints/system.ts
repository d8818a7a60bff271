/** Prompts, health, certificate and the OpenAPI document. */
import { z } from 'zod';
import { languageSchema } from '../../domain/settings.ts';
import { liveFaultSchema, timeSchema } from '../domain-schemas.ts';
import type { Endpoint } from './endpoint.ts';

export const promptSchema = z
  .object({
    promptId: z.string(),
    /** The office's own name of it; absent for those that come with the box. */
    name: z.string().optional(),
    isBuiltIn: z.boolean(),
    /** With an upload: its active level before it was brought to that of all prompts. */
    levelBeforeDbm0: z.number().optional(),
    sounds: z.array(
      z.object({
        language: languageSchema,
        /** What is said when no upload stands before it; null for a sound without words. */
        text: z.string().nullable(),
        /** What the box would say by itself; null where it has no words for it. */
        builtInText: z.string().nullable(),
        /** Where it comes from: `upload` replaces the others, `text` is the office's own words. */
        source: z.enum(['built-in', 'text', 'upload']),
        /** Null: not rendered yet. */
        durationMs: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'Prompt' });

const listedPromptSchema = promptSchema.extend({
  /** The menus that greet with it. */
  usedBy: z.array(z.object({ kind: z.string(), id: z.string(), name: z.string() })),
});

export const healthSchema = z.object({
  faults: z.array(liveFaultSchema),
  versions: z.record(z.string(), z.string()),
  startedAt: timeSchema,
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number(), recordingsBytes: z.number() }),
  processes: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['up', 'down']),
      pid: z.number().int().nullable(),
      memoryBytes: z.number().nullable(),
    }),
  ),
  /** Where phones register. */
  sip: z.object({ servers: z.array(z.string()), port: z.number().int() }),
});

/** Endpoints of prompts and of the box itself. */
export const systemEndpoints = {
  listPrompts: {
    method: 'get',
    path: '/prompts',
    access: 'admin',
    summary: 'All prompts with their sounds',
    response: z.object({
      items: z.array(listedPromptSchema),
      /** While every text is spoken again. */
      rendering: z.object({ done: z.number().int(), total: z.number().int() }).nullable(),
    }),
  },
  promptSound: {
    method: 'get',
    path: '/prompts/{id}/{language}',
    access: 'admin',
    summary: 'The sound of a prompt',
    download: 'audio/wav',
  },
  uploadPrompt: {
    method: 'put',
    path: '/prompts/{id}/{language}',
    access: 'admin',
    summary: 'Replaces the sound of a prompt; at most 20 MB',
    upload: 'audio',
    response: promptSchema,
  },
  restorePrompt: {
    method: 'delete',
    path: '/prompts/{id}/{language}',
    access: 'admin',
    summary: 'Brings the built-in sound back',
    response: promptSchema,
  },
  health: {
    method: 'get',
    path: '/system/health',
    access: 'admin',
    summary: 'Faults, versions, disk, processes',
    response: healthSchema,
  },
  caCertificate: {
    method: 'get',
    path: '/system/ca.pem',
    access: 'public',
    summary: 'Certificate of the local authority, to be trusted by browsers',
    download: 'application/x-pem-file',
  },
  openapi: {
    method: 'get',
    path: '/openapi.json',
    access: 'public',
    summary: 'This document',
    download: 'application/json',
  },
} as const satisfies Record<string, Endpoint>;
