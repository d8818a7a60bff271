/**
 * What the dialler hears (events) and what it wants done (effects). `dialler.ts` turns the one into the other;
 * call-control runs the effects and feeds the events. Every event comes with the world as it is at that moment.
 */
import type { OfferFailure } from '../acd/acd-events.ts';
import type { NotFree } from '../acd/agent.ts';
import type { Campaign } from '../settings/campaigns.ts';
import type { AttemptResult } from './attempt.ts';
import type { Lead } from './lead.ts';
import type { CampaignRun, IntentRefusal } from './lead-store.ts';

/** What others know and the dialler decides by. */
export interface DiallerWorld {
  readonly agents: ReadonlyMap<string, WorldAgent>;
  /** Callers waiting, by queue. */
  readonly waiting: ReadonlyMap<string, number>;
  /** Enabled trunks in the order of the settings. */
  readonly trunks: readonly WorldTrunk[];
  /** What there is too little of to take another call. */
  readonly boxFull: string | undefined;
}

export interface WorldAgent {
  readonly agentId: string;
  readonly name: string;
  /** Undefined: the queues would offer a call. */
  readonly notFree: NotFree | undefined;
  readonly idleSince: number;
  /** Went on break, logged out, lost the phone or began a call of their own: lent to the dialler no longer. */
  readonly isLeaving: boolean;
}

export interface WorldTrunk {
  readonly trunkId: string;
  readonly name: string;
  readonly isUp: boolean;
  /** Calls on it, whoever made them. */
  readonly calls: number;
  /** 0: not known. */
  readonly maxCalls: number;
}

/** A campaign with what its settings leave to be looked up. */
export interface CampaignPlan {
  readonly campaign: Campaign;
  readonly agentIds: readonly string[];
  /** Queues whose callers these agents serve. */
  readonly queueIds: readonly string[];
}

export type DiallerEvent = { readonly at: number; readonly world: DiallerWorld } & DiallerFact;

export type DiallerFact =
  | { type: 'configured'; plans: readonly CampaignPlan[] }
  /** A person started, paused or finished a campaign, or stopped or released dialling (`*`). */
  | { type: 'run'; run: CampaignRun }
  /** The world changed: an agent became free, a trunk came up. */
  | { type: 'wake' }
  /** Leads were imported or changed: a campaign that had none may have some now. */
  | { type: 'leads-changed' }
  | { type: 'reserve-refused'; lineId: string }
  /** Answer to `choose`; without a lead `nextAt` is when to ask again, and `done` that there is nothing left at all. */
  | { type: 'chosen'; lineId: string; lead: Lead | null; nextAt: number | null; done: boolean }
  /** Answer to `ring-agent`. */
  | { type: 'agent-answered'; lineId: string }
  | { type: 'agent-over'; lineId: string; missed?: OfferFailure }
  /** Answer to `commit`: only now may the number be dialled. */
  | { type: 'committed'; lineId: string; attemptId: string }
  | { type: 'refused'; lineId: string; refusal: IntentRefusal }
  /** The lead store failed in `choose` or `commit`. */
  | { type: 'store-failed'; lineId: string; message: string }
  | { type: 'customer-rings'; lineId: string }
  | { type: 'customer-answered'; lineId: string }
  /** Agent and customer hear each other. */
  | { type: 'joined'; lineId: string; voiceMs: number }
  /** The called leg is over, answered or not. */
  | { type: 'customer-over'; lineId: string; result: AttemptResult; reason: string; sipStatus?: number }
  | { type: 'timer'; key: string };

export interface LineResult {
  result: AttemptResult;
  reason: string;
  sipStatus?: number;
  ringMs?: number;
  voiceMs?: number;
}

export type DiallerEffect =
  /** Keep this agent from the queues. Answered by `reserve-refused` if somebody was faster. */
  | { type: 'reserve'; agentId: string; lineId: string }
  | {
      type: 'give-back';
      agentId: string;
      campaign: Campaign;
      /** The agent talked: the work after the call begins. */
      talked: boolean;
      missed?: OfferFailure;
    }
  | {
      type: 'choose';
      lineId: string;
      agentId: string;
      campaign: Campaign;
      /** Leads that other lines hold. */
      exclude: readonly number[];
    }
  | { type: 'ring-agent'; lineId: string; agentId: string; campaign: Campaign; lead: Lead }
  | { type: 'hang-up-agent'; lineId: string; reason: string }
  | {
      type: 'commit';
      lineId: string;
      agentId: string;
      campaign: Campaign;
      lead: Lead;
      trunkId: string;
    }
  | {
      type: 'dial';
      lineId: string;
      agentId: string;
      campaign: Campaign;
      lead: Lead;
      trunkId: string;
      attemptId: string;
    }
  | { type: 'join'; lineId: string }
  | { type: 'talk'; agentId: string; attemptId: string }
  | { type: 'hang-up-customer'; lineId: string; reason: string }
  | ({ type: 'result'; attemptId: string; campaign: Campaign } & LineResult)
  /** The agent's card changed. */
  | { type: 'card'; agentId: string }
  /** Nothing is left to be called. */
  | { type: 'finish'; campaignId: string }
  | { type: 'set-timer'; key: string; delayMs: number }
  | { type: 'ignored'; event: DiallerFact['type']; why: string };
