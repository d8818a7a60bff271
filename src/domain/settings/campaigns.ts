/**
 * Campaigns: how leads are dialled, when, by whom and how often. What they dial (leads, attempts, numbers not to be
 * called) is in the lead store; whether one runs or is paused is kept there too, since it changes many times a day.
 */
import { z } from 'zod';

const id = z.string().regex(/^[a-z0-9-]{1,40}$/, 'lower-case letters, digits and - only, at most 40');
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Hours that the law leaves in the strictest of our countries: no campaign dials outside them. */
export const lawfulHours = { from: '08:00', until: '21:00' } as const;
/** Shortest time a called phone must ring before we give up. */
export const shortestRingMs = 15_000;

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day like 09:00')
  .refine((time) => time >= lawfulHours.from && time <= lawfulHours.until, {
    message: `between ${lawfulHours.from} and ${lawfulHours.until}: no call may reach people earlier or later`,
  });

/** Days and hours in which people may be called, by the clock where they are. */
export const callingWindowSchema = z
  .object({
    /** 1 = Monday … 7 = Sunday. */
    days: z.array(z.number().int().min(1).max(7)).min(1, 'at least one day').max(7),
    from: timeOfDay,
    /** The first minute in which nobody is called any more. */
    until: timeOfDay,
  })
  .refine(({ from, until }) => from < until, {
    message: 'must be later than the beginning',
    path: ['until'],
  });
export type CallingWindow = z.infer<typeof callingWindowSchema>;

/** Results after which a lead may be called again. */
export const retriedResults = ['busy', 'no-answer', 'rejected', 'failed', 'cancelled', 'abandoned'] as const;
export type RetriedResult = (typeof retriedResults)[number];

const retryRule = (delayMs: number, maxAttempts: number) =>
  z
    .object({
      /** Earliest next attempt, counted from this one. */
      delayMs: z
        .number()
        .int()
        .min(minuteMs)
        .max(30 * dayMs)
        .default(delayMs),
      /** With so many attempts of this result the lead is given up; 1: never called again after it. */
      maxAttempts: z.number().int().min(1).max(20).default(maxAttempts),
    })
    .prefault({});

export const retryRulesSchema = z
  .object({
    busy: retryRule(15 * minuteMs, 5),
    'no-answer': retryRule(2 * hourMs, 4),
    rejected: retryRule(dayMs, 1),
    failed: retryRule(30 * minuteMs, 3),
    /** The call was taken back before anybody answered: the agent hung up, or dialling was stopped. */
    cancelled: retryRule(15 * minuteMs, 3),
    /** Somebody answered and nobody spoke: left in peace for three days (Ofcom's rule). */
    abandoned: retryRule(3 * dayMs, 2),
  })
  .prefault({});
export type RetryRules = z.infer<typeof retryRulesSchema>;

export const outcomeSchema = z.object({
  /** Of a disposition. */
  code: id,
  lead: z.enum(['done', 'call-again', 'do-not-call']),
  /** With call-again: earliest next call. */
  delayMs: z
    .number()
    .int()
    .min(minuteMs)
    .max(90 * dayMs)
    .default(dayMs),
});

export const campaignSchema = z.object({
  id,
  name: z.string().trim().min(1).max(80),
  /** progressive: one line for each free agent, so that whoever answers hears a person at once. */
  mode: z.enum(['progressive']).default('progressive'),
  /** Its agents serve the campaign; its waiting callers go before it. */
  queueId: id.optional(),
  /** Agents besides those of the queue. */
  agentIds: z.array(id).max(200).default([]),
  /** Lists of leads, dialled in this order; one list serves one campaign. */
  listIds: z.array(id).max(50).default([]),
  /** Trunks to dial over, the first that is free; empty: every trunk, in the order of the settings. */
  trunkIds: z.array(id).max(50).default([]),
  /** Number shown to the people called; left out: the trunk's. */
  callerNumber: z
    .string()
    .regex(/^\+?[0-9]{3,20}$/, 'digits only, with or without + before them')
    .optional(),
  /** Lines at once; 0: as many as there are free agents. */
  maxLines: z.number().int().min(0).max(200).default(0),
  ringTimeoutMs: z.number().int().min(shortestRingMs).max(120_000).default(25_000),
  /** How long the agent's phone rings before the agent is passed over. */
  agentRingTimeoutMs: z.number().int().min(5_000).max(60_000).default(20_000),
  wrapUpMs: z.number().int().min(0).max(600_000).default(30_000),
  windows: z
    .array(callingWindowSchema)
    .min(1, 'at least one')
    .max(14)
    .default([{ days: [1, 2, 3, 4, 5], from: '09:00', until: '20:00' }]),
  /** Days without calls, as YYYY-MM-DD of the place called. */
  holidays: z.array(z.iso.date()).max(400).default([]),
  /** Attempts to one lead in all. */
  maxAttempts: z.number().int().min(1).max(20).default(5),
  /** Calls to one number on one day (of the place called), whatever list it is in. */
  maxAttemptsPerDay: z.number().int().min(1).max(10).default(3),
  retry: retryRulesSchema,
  /** Blending: no new line while so many callers wait for the agents; 0: never holds back. */
  yieldAtWaiting: z.number().int().min(0).max(100).default(1),
  /** After that, no new line until nobody has waited for so long. */
  resumeAfterMs: z.number().int().min(0).max(600_000).default(10_000),
  record: z.boolean().default(true),
  /** What a disposition of the desk makes of the lead; others leave it as the call itself did (done). */
  outcomes: z.array(outcomeSchema).max(40).default([]),
  /** What the agent reads before the call: who is called, why, what to say. */
  script: z.string().max(8000).default(''),
});
export type Campaign = z.infer<typeof campaignSchema>;
export type CampaignInput = z.input<typeof campaignSchema>;

/** What a campaign may refer to. */
interface Known {
  queues: ReadonlySet<string>;
  agents: ReadonlySet<string>;
  trunks: ReadonlySet<string>;
}

/** Cross references of campaigns, for `settingsSchema`. */
export function checkCampaigns(
  campaigns: readonly Campaign[],
  known: Known,
  problem: (path: (string | number)[], message: string) => void,
): void {
  const ids = new Set<string>();
  const lists = new Map<string, string>();
  campaigns.forEach((campaign, i) => {
    const at = (...path: (string | number)[]): (string | number)[] => ['campaigns', i, ...path];
    if (ids.has(campaign.id)) problem(at('id'), `the id ${campaign.id} is used twice`);
    ids.add(campaign.id);
    if (campaign.queueId !== undefined && !known.queues.has(campaign.queueId))
      problem(at('queueId'), `there is no queue ${campaign.queueId}`);
    campaign.agentIds.forEach((agentId, j) => {
      if (!known.agents.has(agentId)) problem(at('agentIds', j), `there is no agent ${agentId}`);
    });
    campaign.trunkIds.forEach((trunkId, j) => {
      if (!known.trunks.has(trunkId)) problem(at('trunkIds', j), `there is no trunk ${trunkId}`);
    });
    campaign.listIds.forEach((listId, j) => {
      const other = lists.get(listId);
      if (other !== undefined) problem(at('listIds', j), `the list ${listId} is already dialled by ${other}`);
      lists.set(listId, campaign.name);
    });
  });
}
