/**
 * What agents choose from at their desk: how a call ended (its disposition), and why they are on a break. The office
 * has one list of dispositions; a queue may have its own instead.
 */
import { z } from 'zod';

/** Longest note of a call, in characters. */
export const noteMaxLength = 4000;

/** Stands in the call log and in reports for good; the name beside it may change. */
const code = z.string().regex(/^[a-z0-9-]{1,40}$/, 'lower-case letters, digits and - only, at most 40');
const name = z.string().trim().min(1).max(80);

export const dispositionKindSchema = z.enum(['success', 'neutral', 'failure']);
export type DispositionKind = z.infer<typeof dispositionKindSchema>;

export const dispositionSchema = z.object({
  code,
  name,
  kind: dispositionKindSchema.default('neutral'),
  /** Taken only together with a note. */
  needsNote: z.boolean().default(false),
});
export type Disposition = z.infer<typeof dispositionSchema>;

export const pauseReasonSchema = z.object({ code, name, paid: z.boolean().default(true) });
export type PauseReason = z.infer<typeof pauseReasonSchema>;

/** Each code once: the log knows an entry by it. */
function listOf<Item extends z.ZodType<{ code: string }>>(item: Item) {
  return z
    .array(item)
    .max(40)
    .default([])
    .superRefine((items, context) => {
      const seen = new Set<string>();
      items.forEach(({ code: each }, i) => {
        if (seen.has(each))
          context.addIssue({ code: 'custom', path: [i, 'code'], message: `the code ${each} is used twice` });
        seen.add(each);
      });
    });
}

/** A section of the settings. */
export const deskSchema = z
  .object({
    dispositions: listOf(dispositionSchema),
    /** Empty: a break needs no reason, and any text may be given as one. */
    pauseReasons: listOf(pauseReasonSchema),
  })
  .prefault({});
export type DeskSettings = z.infer<typeof deskSchema>;

/** What a queue says about the work after its calls, besides the time for it. */
export const queueDeskFields = {
  /** Offered for its calls; empty: those of the office. */
  dispositions: listOf(dispositionSchema),
  /** Wrap-up lasts until a disposition is set, at most `dispositionCapMs`. */
  dispositionRequired: z.boolean().default(false),
  dispositionCapMs: z.number().int().min(10_000).max(3_600_000).default(300_000),
  /** Once for each call the agent may take this much more time for the work after it; 0: not. */
  moreWrapUpMs: z.number().int().min(0).max(600_000).default(60_000),
};

interface WithDesk {
  desk: DeskSettings;
  queues: readonly { id: string; dispositions: readonly Disposition[]; dispositionRequired: boolean }[];
}

/** What may be chosen for a call of this queue, or of none. */
export function dispositionsOf(settings: WithDesk, queueId: string | undefined): readonly Disposition[] {
  const own = settings.queues.find((queue) => queue.id === queueId)?.dispositions ?? [];
  return own.length > 0 ? own : settings.desk.dispositions;
}

/** Nobody may be made to choose from nothing. */
export function checkDesk(
  settings: WithDesk,
  problem: (path: (string | number)[], message: string) => void,
): void {
  settings.queues.forEach(({ id, dispositionRequired }, i) => {
    if (dispositionRequired && dispositionsOf(settings, id).length === 0)
      problem(['queues', i, 'dispositionRequired'], 'there is no outcome to choose: list some first');
  });
}
