/** Campaigns at work: which run, by whose word, and what stands in the way of the next call. */
import { Emitter } from '../base/emitter.ts';
import { CordboardError } from '../base/errors.ts';
import type { NotFree } from '../domain/acd/agent.ts';
import type { Lead } from '../domain/campaign/lead.ts';
import type { CampaignRun, LeadStore } from '../domain/campaign/lead-store.ts';
import type { AgentCard, CampaignLive, CampaignState, DiallerLive } from '../domain/campaign/live.ts';
import { whyOfLeads, whyOfState } from '../domain/campaign/why.ts';
import type { Campaign } from '../domain/settings/campaigns.ts';
import type { Settings } from '../domain/settings.ts';

/** What the log of campaigns calls dialling as a whole. */
const everything = '*';

export interface DiallerDeps {
  leads: LeadStore;
  settings: () => Settings;
}

export class Dialler {
  readonly events = new Emitter<{ changed: []; card: [agentId: string] }>();
  readonly #deps: DiallerDeps;
  readonly #runs = new Map<string, CampaignRun>();

  constructor(deps: DiallerDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    for (const run of await this.#deps.leads.runs()) this.#runs.set(run.campaignId, run);
  }

  async live(): Promise<DiallerLive> {
    const { campaigns } = this.#deps.settings();
    return {
      stopped: this.#stopped(),
      campaigns: await Promise.all(campaigns.map((campaign) => this.#view(campaign))),
    };
  }

  campaign(campaignId: string): Promise<CampaignLive> {
    return this.#view(this.#find(campaignId));
  }

  async setState(
    campaignId: string,
    state: Exclude<CampaignState, 'draft'>,
    who: string,
  ): Promise<CampaignLive> {
    const campaign = this.#find(campaignId);
    await this.#record({ campaignId, state, who });
    return this.#view(campaign);
  }

  async stop(who: string): Promise<DiallerLive> {
    await this.#record({ campaignId: everything, state: 'stopped', who });
    return this.live();
  }

  async release(who: string): Promise<DiallerLive> {
    await this.#record({ campaignId: everything, state: 'released', who });
    return this.live();
  }

  card(_agentId: string): AgentCard | null {
    return null;
  }

  leadsChanged(): void {
    this.events.emit('changed');
  }

  async agreeCallback(
    callId: string,
    callback: { at: number; agentId: string | null; who: string },
  ): Promise<Lead> {
    const { at, agentId, who } = callback;
    const lead = await this.#deps.leads.recordDisposition(callId, {
      code: 'callback',
      who,
      effect: { kind: 'callback', at, agentId },
    });
    if (!lead) throw new CordboardError('not-found', 'The lead of this call is no longer there.');
    this.leadsChanged();
    return lead;
  }

  async #record(run: Omit<CampaignRun, 'at'>): Promise<void> {
    this.#runs.set(run.campaignId, await this.#deps.leads.recordRun(run));
    this.events.emit('changed');
  }

  #stopped(): DiallerLive['stopped'] {
    const run = this.#runs.get(everything);
    return run?.state === 'stopped' ? { at: run.at, who: run.who } : null;
  }

  #find(campaignId: string): Campaign {
    const campaign = this.#deps.settings().campaigns.find(({ id }) => id === campaignId);
    if (!campaign) throw new CordboardError('not-found', `There is no campaign ${campaignId}.`);
    return campaign;
  }

  async #view(campaign: Campaign): Promise<CampaignLive> {
    const run = this.#runs.get(campaign.id);
    const state = run && run.state !== 'stopped' && run.state !== 'released' ? run.state : 'draft';
    const supply = await this.#deps.leads.supply(campaign, this.#deps.settings().office.timeZone);
    const why = [
      ...whyOfState(this.#stopped(), { state, who: run?.who ?? '', at: run?.at ?? 0 }),
      ...whyOfLeads(supply),
    ];
    return {
      campaignId: campaign.id,
      name: campaign.name,
      state,
      since: run?.at ?? 0,
      who: run?.who ?? '',
      lines: [],
      agents: { total: campaign.agentIds.length, free: 0, notFree: nobody() },
      leads: supply.counts,
      callable: supply.callable,
      today: supply.today,
      why,
      nextAt: null,
    };
  }
}

function nobody(): Record<NotFree, number> {
  return { loggedOut: 0, onBreak: 0, inCall: 0, offered: 0, wrapUp: 0, unreachable: 0, missed: 0 };
}
