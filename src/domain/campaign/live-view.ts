/** Campaigns as their pages show them, and what an agent sees of a lead. */
import type { Campaign } from '../settings/campaigns.ts';
import type { DiallerWorld } from './dialler-events.ts';
import type { CampaignRecord, DiallerState } from './dialler-state.ts';
import type { LeadSupply } from './lead-store.ts';
import type { AgentCard, CampaignLine, CampaignLive } from './live.ts';
import { agentsOf, obstacles, whyOfAgents } from './obstacles.ts';
import { type Why, whyOfLeads } from './why.ts';

export function liveCampaign(
  state: DiallerState,
  campaign: Campaign,
  world: DiallerWorld,
  supply: LeadSupply,
  at: number,
): CampaignLive {
  const record = state.campaigns.get(campaign.id) ?? unknownRecord(campaign);
  const agents = agentsOf(record, world);
  const why = [...obstacles(state, record, world, at), ...whyOfLeads(supply), ...whyOfAgents(agents)];
  return {
    campaignId: campaign.id,
    name: campaign.name,
    state: record.state,
    since: record.since,
    who: record.who,
    lines: linesOfCampaign(state, campaign.id, world),
    agents,
    leads: supply.counts,
    callable: supply.callable,
    today: supply.today,
    why,
    nextAt: firstMoment(why),
  };
}

/** The lead that this agent is about to talk to, or talks to. */
export function cardOf(state: DiallerState, agentId: string): AgentCard | null {
  const line = state.lines.get(agentId);
  if (!line?.lead) return null;
  const { lead, campaign, phase, attemptId } = line;
  return {
    campaignId: campaign.id,
    campaignName: campaign.name,
    script: campaign.script,
    phase,
    leadId: lead.leadId,
    number: lead.number,
    name: lead.name,
    note: lead.note,
    fields: lead.fields,
    attempts: lead.attempts,
    lastAttemptAt: lead.lastAttemptAt,
    lastResult: lead.lastResult,
    ...(attemptId === undefined ? {} : { callId: attemptId }),
  };
}

function linesOfCampaign(state: DiallerState, campaignId: string, world: DiallerWorld): CampaignLine[] {
  return [...state.lines.values()]
    .filter((line) => line.campaign.id === campaignId)
    .map(({ agentId, phase, since, lead, attemptId }) => ({
      agentId,
      agentName: world.agents.get(agentId)?.name ?? agentId,
      phase,
      since,
      ...(lead ? { lead: { leadId: lead.leadId, number: lead.number, name: lead.name } } : {}),
      ...(attemptId === undefined ? {} : { callId: attemptId }),
    }));
}

/** The settings have it, the dialler has not heard of it yet. */
function unknownRecord(campaign: Campaign): CampaignRecord {
  return {
    plan: { campaign, agentIds: campaign.agentIds, queueIds: [] },
    state: 'draft',
    since: 0,
    who: '',
    dryUntil: undefined,
    failure: undefined,
    yielding: false,
    calmSince: undefined,
  };
}

function firstMoment(why: readonly Why[]): number | null {
  const moments = why.flatMap(({ params }) => (typeof params.nextAt === 'number' ? [params.nextAt] : []));
  return moments.length === 0 ? null : Math.min(...moments);
}
