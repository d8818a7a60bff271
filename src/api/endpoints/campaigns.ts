/** Campaigns: their settings, their state, what they do now and why not more, and the log of their attempts. */
import { z } from 'zod';
import { unknownDecisions } from '../../domain/campaign/attempt.ts';
import { campaignSchema } from '../../domain/settings/campaigns.ts';
import {
  agentCardSchema,
  attemptResultSchema,
  attemptSchema,
  campaignLiveSchema,
  diallerLiveSchema,
  leadSchema,
} from '../campaign-schemas.ts';
import { timeSchema } from '../domain-schemas.ts';
import { itemId } from './configuration.ts';
import type { Endpoint } from './endpoint.ts';

export const campaignInputSchema = campaignSchema.extend({ id: itemId.optional() });
const campaignViewSchema = campaignSchema.meta({ id: 'Campaign' });
const pageQuery = {
  /** `next` of the page before. */
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};

export const campaignEndpoints = {
  listCampaigns: {
    method: 'get',
    path: '/campaigns',
    access: 'supervisor',
    summary: 'All campaigns as they are set up',
    response: z.object({ items: z.array(campaignViewSchema), revision: z.number().int() }),
  },
  getCampaign: {
    method: 'get',
    path: '/campaigns/{id}',
    access: 'supervisor',
    summary: 'One campaign as it is set up',
    response: campaignViewSchema,
  },
  createCampaign: {
    method: 'post',
    path: '/campaigns',
    access: 'supervisor',
    summary: 'A new campaign; it dials nothing until it is started',
    body: campaignInputSchema,
    response: campaignViewSchema,
    status: 201,
  },
  replaceCampaign: {
    method: 'put',
    path: '/campaigns/{id}',
    access: 'supervisor',
    summary: 'Change a campaign (all of it), running or not: calls going on are finished as they began',
    body: campaignInputSchema,
    response: campaignViewSchema,
  },
  deleteCampaign: {
    method: 'delete',
    path: '/campaigns/{id}',
    access: 'supervisor',
    summary: 'Delete a campaign; 409 while it runs. Lists and attempts stay',
  },
  setCampaignState: {
    method: 'put',
    path: '/campaigns/{id}/state',
    access: 'supervisor',
    summary: 'Start, pause or finish; calls going on are finished',
    body: z.object({ state: z.enum(['running', 'paused', 'finished']) }),
    response: campaignLiveSchema,
  },
  getCampaignLive: {
    method: 'get',
    path: '/campaigns/{id}/live',
    access: 'supervisor',
    summary:
      'What it does now, and everything for which it does no more. Event `campaigns` tells when to ask again',
    response: campaignLiveSchema,
  },
  dialler: {
    method: 'get',
    path: '/dialler',
    access: 'supervisor',
    summary: 'All campaigns at this moment',
    response: diallerLiveSchema,
  },
  stopDialling: {
    method: 'post',
    path: '/dialler/stop',
    access: 'supervisor',
    summary: 'Emergency stop: nothing is dialled any more, what rings is taken back, talks go on',
    response: diallerLiveSchema,
  },
  releaseDialling: {
    method: 'post',
    path: '/dialler/release',
    access: 'supervisor',
    summary: 'Ends the emergency stop; campaigns that ran go on',
    response: diallerLiveSchema,
  },
  decideUnknown: {
    method: 'post',
    path: '/campaigns/{id}/unknown',
    access: 'supervisor',
    summary: 'After calls whose outcome is unknown: call again or close; one lead, or all of the campaign',
    body: z.object({ decision: z.enum(unknownDecisions), leadId: z.number().int().optional() }),
    response: z.object({ decided: z.number().int() }),
  },
  listAttempts: {
    method: 'get',
    path: '/attempts',
    access: 'supervisor',
    summary: 'The attempt log, newest first',
    query: z.object({
      ...pageQuery,
      campaignId: itemId.optional(),
      result: attemptResultSchema.optional(),
      from: z.coerce.number().int().min(0).optional(),
      until: z.coerce.number().int().min(0).optional(),
    }),
    response: z.object({ items: z.array(attemptSchema), next: z.string().nullable() }),
  },
  agreeCallback: {
    method: 'put',
    path: '/calls/{id}/callback',
    access: 'agent',
    summary:
      'Agreed on a call of a campaign: its lead is called again at that time, by this agent or anybody',
    body: z.object({ at: timeSchema, mine: z.boolean().default(true) }),
    response: leadSchema,
  },
  agentCard: {
    method: 'get',
    path: '/agents/{id}/card',
    access: 'agent',
    summary: 'The lead an agent is about to talk to, or null. Event `card` tells when it changes',
    response: z.object({ card: agentCardSchema.nullable() }),
  },
} as const satisfies Record<string, Endpoint>;
