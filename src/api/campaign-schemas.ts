/** Schemas of leads, attempts and campaigns as the API shows them (domain/campaign). */
import { z } from 'zod';
import { type Attempt, attemptResults, unknownDecisions } from '../domain/campaign/attempt.ts';
import { type Lead, type LeadCounts, type LeadList, leadStates } from '../domain/campaign/lead.ts';
import type { DoNotCallEntry } from '../domain/campaign/lead-store.ts';
import {
  type AgentCard,
  type CampaignLive,
  campaignStates,
  type DiallerLive,
  linePhases,
} from '../domain/campaign/live.ts';
import { type Why, type WhyCode, whyTexts } from '../domain/campaign/why.ts';
import { of, timeSchema } from './domain-schemas.ts';

export const leadStateSchema = z.enum(leadStates);
export const attemptResultSchema = z.enum(attemptResults);
const fields = z.record(z.string(), z.string());
/** E.164 with +. */
export const e164Schema = z.string().regex(/^\+[1-9][0-9]{4,14}$/, 'a number like +36301234567');

export const leadSchema = of<Lead>()(
  z
    .object({
      leadId: z.number().int(),
      listId: z.string(),
      number: z.string(),
      name: z.string(),
      note: z.string(),
      fields,
      zone: z.string().nullable(),
      zones: z.array(z.string()),
      state: leadStateSchema,
      dueAt: timeSchema.nullable(),
      agentId: z.string().nullable(),
      attempts: z.number().int(),
      lastAttemptAt: timeSchema.nullable(),
      lastResult: attemptResultSchema.nullable(),
      doNotCall: z.boolean(),
    })
    .meta({ id: 'Lead' }),
);

const countsSchema = of<LeadCounts>()(
  z.object({
    total: z.number().int(),
    byState: z.record(leadStateSchema, z.number().int()),
    doNotCall: z.number().int(),
  }),
);

export const leadListSchema = of<LeadList>()(
  z
    .object({
      listId: z.string(),
      name: z.string(),
      createdAt: timeSchema,
      createdBy: z.string(),
      counts: countsSchema,
    })
    .meta({ id: 'LeadList' }),
);

export const attemptSchema = of<Attempt>()(
  z
    .object({
      attemptId: z.string(),
      leadId: z.number().int(),
      listId: z.string(),
      campaignId: z.string(),
      number: z.string(),
      agentId: z.string(),
      trunkId: z.string(),
      callerNumber: z.string(),
      intentAt: timeSchema,
      zones: z.array(z.string()),
      doNotCallVersion: z.number().int(),
      result: attemptResultSchema.optional(),
      resultAt: timeSchema.optional(),
      ringMs: z.number().optional(),
      voiceMs: z.number().optional(),
      sipStatus: z.number().int().optional(),
      reason: z.string().optional(),
      disposition: z.string().optional(),
      decision: z.object({ at: timeSchema, who: z.string(), decision: z.enum(unknownDecisions) }).optional(),
    })
    .meta({ id: 'Attempt' }),
);

export const doNotCallEntrySchema = of<DoNotCallEntry>()(
  z
    .object({
      number: z.string(),
      addedAt: timeSchema,
      addedBy: z.string(),
      source: z.enum(['person', 'import', 'disposition']),
      reason: z.string(),
    })
    .meta({ id: 'DoNotCallEntry' }),
);

const whySchema = of<Why>()(
  z
    .object({
      code: z.enum(Object.keys(whyTexts) as [WhyCode, ...WhyCode[]]),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
    })
    .meta({ id: 'Why', description: 'a cause for which nothing (more) is dialled' }),
);

const phaseSchema = z.enum(linePhases);
const notFreeSchema = z.object({
  loggedOut: z.number().int(),
  onBreak: z.number().int(),
  inCall: z.number().int(),
  offered: z.number().int(),
  wrapUp: z.number().int(),
  unreachable: z.number().int(),
  missed: z.number().int(),
});

export const campaignLiveSchema = of<CampaignLive>()(
  z
    .object({
      campaignId: z.string(),
      name: z.string(),
      state: z.enum(campaignStates),
      since: timeSchema,
      who: z.string(),
      lines: z.array(
        z.object({
          agentId: z.string(),
          agentName: z.string(),
          phase: phaseSchema,
          since: timeSchema,
          lead: z.object({ leadId: z.number().int(), number: z.string(), name: z.string() }).optional(),
          callId: z.string().optional(),
        }),
      ),
      agents: z.object({ total: z.number().int(), free: z.number().int(), notFree: notFreeSchema }),
      leads: countsSchema,
      callable: z.number().int(),
      today: z.partialRecord(attemptResultSchema, z.number().int()),
      why: z.array(whySchema),
      nextAt: timeSchema.nullable(),
    })
    .meta({ id: 'CampaignLive' }),
);

export const diallerLiveSchema = of<DiallerLive>()(
  z
    .object({
      stopped: z.object({ at: timeSchema, who: z.string() }).nullable(),
      campaigns: z.array(campaignLiveSchema),
    })
    .meta({ id: 'DiallerLive' }),
);

export const agentCardSchema = of<AgentCard>()(
  z
    .object({
      campaignId: z.string(),
      campaignName: z.string(),
      script: z.string(),
      phase: phaseSchema,
      leadId: z.number().int(),
      number: z.string(),
      name: z.string(),
      note: z.string(),
      fields,
      attempts: z.number().int(),
      lastAttemptAt: timeSchema.nullable(),
      lastResult: attemptResultSchema.nullable(),
      callId: z.string().optional(),
    })
    .meta({ id: 'AgentCard' }),
);
