/** Kinds of value that several parts of the settings are made of. */
import { z } from 'zod';

export const id = z.string().regex(/^[a-z0-9-]{1,40}$/, 'lower-case letters, digits and - only, at most 40');
export const name = z.string().trim().min(1).max(80);
/** What a user dials: an extension, feature code or number. */
export const dialled = z.string().regex(/^[0-9*#+]{1,24}$/, 'digits, * and # only, at most 24');

/** Where a call goes next. */
export const destinationSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ivr'), ivrMenuId: id }),
  z.object({ kind: z.literal('queue'), queueId: id }),
  z.object({ kind: z.literal('extension'), extensionId: id }),
  /** Played to the caller, then the call ends. */
  z.object({ kind: z.literal('announcement'), promptId: id }),
  z.object({ kind: z.literal('hang-up') }),
]);
export type Destination = z.infer<typeof destinationSchema>;
