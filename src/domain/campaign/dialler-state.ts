/** What the dialler remembers. Never changed in place: each event gives a new state that shares what stayed. */
import type { Campaign } from '../settings/campaigns.ts';
import type { CampaignPlan } from './dialler-events.ts';
import type { Lead } from './lead.ts';
import type { CampaignState, LinePhase } from './live.ts';

export interface CampaignRecord {
  readonly plan: CampaignPlan;
  readonly state: CampaignState;
  readonly since: number;
  readonly who: string;
  /** There was no lead to call: asked again then. */
  readonly dryUntil: number | undefined;
  /** The lead store failed. */
  readonly failure: string | undefined;
  /** Callers waited: no new line until calm. */
  readonly yielding: boolean;
  /** Since when nobody waits any more. */
  readonly calmSince: number | undefined;
}

/**
 * An agent in the dialler's hands; there is at most one for each agent, and it carries one called leg at most:
 *
 *     choosing -> agent-rings -> committing -> dialling -> ringing -> talking
 *        ^                           ^  |          |          |
 *        `-- next (the agent stays) -+--`----------`----------`
 *
 * The agent's phone rings first, once; whoever then answers a call hears a person at once. It stays connected from
 * lead to lead until somebody answers, so that nobody picks up for every busy number.
 */
export interface Line {
  readonly lineId: string;
  readonly agentId: string;
  /** As it was when the lead was chosen: a change of the settings does not alter a call that goes on. */
  readonly campaign: Campaign;
  readonly phase: LinePhase;
  readonly since: number;
  readonly lead: Lead | undefined;
  /** Leads of this line that could not be called after all: not chosen again by it. */
  readonly refused: readonly number[];
  readonly trunkId: string | undefined;
  /** Of the lead, once its intent is on disk. */
  readonly attemptId: string | undefined;
  /** The attempt has its result, or there is none. */
  readonly settled: boolean;
  /** The agent's phone is connected. */
  readonly agentUp: boolean;
  /** The agent's leg is over: what goes on is taken back, and the agent given back afterwards. */
  readonly agentGone: boolean;
  readonly ringsSince: number | undefined;
  readonly answeredAt: number | undefined;
}

/** A trunk that took no calls. */
export interface TrunkRest {
  readonly until: number;
  /** Calls it refused in a row. */
  readonly streak: number;
}

export interface DiallerState {
  readonly campaigns: ReadonlyMap<string, CampaignRecord>;
  /** By agent. */
  readonly lines: ReadonlyMap<string, Line>;
  readonly rests: ReadonlyMap<string, TrunkRest>;
  readonly stopped: { readonly at: number; readonly who: string } | undefined;
  /** Source of line ids. */
  readonly sequence: number;
}

export const emptyDiallerState: DiallerState = {
  campaigns: new Map(),
  lines: new Map(),
  rests: new Map(),
  stopped: undefined,
  sequence: 0,
};
