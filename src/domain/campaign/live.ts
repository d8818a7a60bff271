/** A campaign at this moment, as its page shows it. */
import type { NotFree } from '../acd/agent.ts';
import type { AttemptResult } from './attempt.ts';
import type { LeadCounts } from './lead.ts';
import type { Why } from './why.ts';

/**
 * draft: never started. paused: no new call, those going on are finished. finished: over; may be started again.
 */
export const campaignStates = ['draft', 'running', 'paused', 'finished'] as const;
export type CampaignState = (typeof campaignStates)[number];

/** One agent being served by the dialler. */
export const linePhases = [
  /** A lead is looked for. */
  'choosing',
  /** The card is shown and the agent's phone rings. */
  'agent-rings',
  /** The agent is there; the intent is being written. */
  'committing',
  'dialling',
  'ringing',
  'talking',
] as const;
export type LinePhase = (typeof linePhases)[number];

export interface CampaignLine {
  agentId: string;
  agentName: string;
  phase: LinePhase;
  since: number;
  /** The lead of the moment. */
  lead?: { leadId: number; number: string; name: string };
  callId?: string;
}

export interface CampaignAgents {
  total: number;
  free: number;
  notFree: Record<NotFree, number>;
}

export interface CampaignLive {
  campaignId: string;
  name: string;
  state: CampaignState;
  /** Since when it is in this state, and who put it there. */
  since: number;
  who: string;
  lines: CampaignLine[];
  agents: CampaignAgents;
  leads: LeadCounts;
  /** Leads that could be called at once. */
  callable: number;
  /** Results since midnight of the office. */
  today: Partial<Record<AttemptResult, number>>;
  /** Everything that stands in the way of another call now; empty: it dials as much as it may. */
  why: Why[];
  /** When the first of the causes that time removes is over. */
  nextAt: number | null;
}

/** Dialling as a whole. */
export interface DiallerLive {
  /** The emergency stop, while it is in force. */
  stopped: { at: number; who: string } | null;
  campaigns: CampaignLive[];
}

/** What an agent sees before and during a call of a campaign. */
export interface AgentCard {
  campaignId: string;
  campaignName: string;
  script: string;
  phase: LinePhase;
  leadId: number;
  number: string;
  name: string;
  note: string;
  fields: Record<string, string>;
  attempts: number;
  lastAttemptAt: number | null;
  lastResult: AttemptResult | null;
  /** In the call log, once it is dialled. */
  callId?: string;
}
