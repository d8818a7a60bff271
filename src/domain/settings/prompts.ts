/** Prompts that an office adds to the built-in ones; their words are in `prompts`, by the same id. */
import { z } from 'zod';

export const promptIdSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/, 'lower-case letters, digits and - only, at most 40');

export const ownPromptSchema = z.object({ id: promptIdSchema, name: z.string().trim().min(1).max(80) });
export type OwnPrompt = z.infer<typeof ownPromptSchema>;

/** A section of the settings. */
export const ownPromptsSchema = z
  .array(ownPromptSchema)
  .max(200)
  .default([])
  .superRefine((prompts, context) => {
    const seen = new Set<string>();
    prompts.forEach(({ id }, i) => {
      if (seen.has(id))
        context.addIssue({ code: 'custom', path: [i, 'id'], message: `the id ${id} is used twice` });
      seen.add(id);
    });
  });
