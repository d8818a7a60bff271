/** Runs the decisions of domain/campaign: reserves agents, asks for leads, dials, writes down what came of it. */
import type { Clock, Timer } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { CordboardError, errorMessage } from '../base/errors.ts';
import { timeOrderedId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import { dialler } from '../domain/campaign/dialler.ts';
import type {
  CampaignPlan,
  DiallerEffect,
  DiallerFact,
  DiallerWorld,
} from '../domain/campaign/dialler-events.ts';
import { type DiallerState, emptyDiallerState } from '../domain/campaign/dialler-state.ts';
import type { Lead } from '../domain/campaign/lead.ts';
import type { CampaignRun, LeadStore, ResultRecord } from '../domain/campaign/lead-store.ts';
import { isDone, nextDue } from '../domain/campaign/lead-supply.ts';
import type { AgentCard, CampaignLive, CampaignState, DiallerLive } from '../domain/campaign/live.ts';
import { cardOf, liveCampaign } from '../domain/campaign/live-view.ts';
import type { Campaign } from '../domain/settings/campaigns.ts';
import type { Settings } from '../domain/settings.ts';
import type { Telephony } from '../telephony/contract.ts';
import { CampaignLine, type DiallerHost } from './campaign-line.ts';
import { recordOutcome } from './lead-outcome.ts';
import { ResultWriter } from './result-writer.ts';
import { SupplyFigures } from './supply-figures.ts';

/** What the log of campaigns calls dialling as a whole. */
const everything = '*';
const loadKey = 'load';
const loadRetryMs = 5_000;

export interface DiallerDeps {
  leads: LeadStore;
  settings: () => Settings;
  host: DiallerHost;
  telephony: Pick<Telephony, 'events' | 'trunks' | 'callsOn'>;
  clock: Clock;
  log: Logger;
}

export class Dialler {
  readonly events = new Emitter<{ changed: []; card: [agentId: string] }>();
  readonly #deps: DiallerDeps;
  readonly #results: ResultWriter;
  readonly #lines = new Map<string, CampaignLine>();
  readonly #timers = new Map<string, Timer>();
  readonly #supplies: SupplyFigures;
  #state: DiallerState = emptyDiallerState;
  #facts: DiallerFact[] = [];
  #running = false;
  #wakes = false;
  #stopped = false;
  #stopListening: (() => void)[] = [];

  constructor(deps: DiallerDeps) {
    this.#deps = deps;
    this.#supplies = new SupplyFigures(deps);
    this.#results = new ResultWriter({ leads: deps.leads, clock: deps.clock, log: deps.log });
  }

  /** Campaigns that ran go on, as soon as the disk tells which; without it nothing is dialled, and phones work. */
  async start(): Promise<void> {
    const { host, telephony } = this.#deps;
    this.configure();
    const wake = (): void => this.#wake();
    this.#stopListening = [
      host.events.on('agents', wake),
      telephony.events.on('trunks', wake),
      host.events.on('disposition', (callId, code, who) => void this.#disposition(callId, code, who)),
      this.#results.events.on('written', () => this.#changed()),
    ];
    await this.#load();
  }

  /** Calls that an earlier run left open are of unknown outcome from now on; then campaigns go on. */
  async #load(): Promise<void> {
    const { leads, clock, log } = this.#deps;
    try {
      const unknown = await leads.recover();
      if (unknown > 0)
        log.warn('calls of campaigns ended with an earlier stop: outcome unknown', { unknown });
      for (const run of await leads.runs()) this.#dispatch({ type: 'run', run });
    } catch (error) {
      if (this.#stopped) return;
      log.error('campaigns cannot be read; they are tried again', { error });
      this.#timers.set(
        loadKey,
        clock.after(loadRetryMs, () => void this.#load()),
      );
    }
  }

  /** Takes back what rings; resolves when the results are on disk, at the latest after `patienceMs`. */
  async stop(patienceMs = 2_000): Promise<void> {
    this.#dispatch({
      type: 'run',
      run: { campaignId: everything, state: 'stopped', at: this.#deps.clock.now(), who: '' },
    });
    for (const stop of this.#stopListening) stop();
    await this.#results.settle(() => this.#hasOpenAttempts(), patienceMs);
    this.#stopped = true;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  /** New settings; calls that go on are finished as they began. */
  configure(): void {
    const { campaigns, queues } = this.#deps.settings();
    const plans = campaigns.map((campaign): CampaignPlan => {
      const ofQueue = queues.find(({ id }) => id === campaign.queueId)?.agentIds ?? [];
      const agentIds = [...new Set([...ofQueue, ...campaign.agentIds])];
      const served = queues.filter((queue) => queue.agentIds.some((id) => agentIds.includes(id)));
      return { campaign, agentIds, queueIds: served.map(({ id }) => id) };
    });
    for (const [campaignId, { state }] of this.#state.campaigns)
      if (state === 'running' && !campaigns.some(({ id }) => id === campaignId)) this.#finish(campaignId);
    this.#dispatch({ type: 'configured', plans });
    this.#supplies.clear();
  }

  async live(): Promise<DiallerLive> {
    const { campaigns } = this.#deps.settings();
    return {
      stopped: this.#state.stopped ?? null,
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

  /** Nothing is dialled any more, at once: what the disk says of it must not hold that up. */
  async stopAll(who: string): Promise<DiallerLive> {
    const run = { campaignId: everything, state: 'stopped', who } as const;
    this.#dispatch({ type: 'run', run: { ...run, at: this.#deps.clock.now() } });
    await this.#record(run);
    return this.live();
  }

  async release(who: string): Promise<DiallerLive> {
    await this.#record({ campaignId: everything, state: 'released', who });
    return this.live();
  }

  card(agentId: string): AgentCard | null {
    return cardOf(this.#state, agentId);
  }

  leadsChanged(): void {
    this.#supplies.clear();
    this.#dispatch({ type: 'leads-changed' });
  }

  /** @throws CordboardError not-found when it is no call of a campaign */
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

  async #disposition(callId: string, code: string, who: string): Promise<void> {
    const { leads, settings, clock, log } = this.#deps;
    try {
      if (await recordOutcome(leads, settings().campaigns, { callId, code, who, at: clock.now() }))
        this.leadsChanged();
    } catch (error) {
      log.error('what an agent said of a lead cannot be written', { callId, code, error });
    }
  }

  async #record(run: Omit<CampaignRun, 'at'>): Promise<void> {
    this.#dispatch({ type: 'run', run: await this.#deps.leads.recordRun(run) });
  }

  /** One without leads, or taken out of the settings while it ran: one of its name must not begin by itself. */
  #finish(campaignId: string): void {
    this.#record({ campaignId, state: 'finished', who: 'Cordboard' }).catch((error) =>
      this.#deps.log.warn('a campaign cannot be finished', { campaignId, error }),
    );
  }

  #find(campaignId: string): Campaign {
    const campaign = this.#deps.settings().campaigns.find(({ id }) => id === campaignId);
    if (!campaign) throw new CordboardError('not-found', `There is no campaign ${campaignId}.`);
    return campaign;
  }

  async #view(campaign: Campaign): Promise<CampaignLive> {
    const supply = this.#supplies.of(campaign);
    const { at, world } = this.#now();
    return liveCampaign(this.#state, campaign, world, await supply, at);
  }

  #now(): { at: number; world: DiallerWorld } {
    const { host, telephony, settings, clock } = this.#deps;
    const up = new Set(telephony.trunks().flatMap(({ state, trunkId }) => (state === 'up' ? [trunkId] : [])));
    const trunks = settings().trunks.filter(({ enabled }) => enabled);
    return {
      at: clock.now(),
      world: {
        agents: host.agents(),
        waiting: host.waiting(),
        trunks: trunks.map(({ id, name, maxCalls }) => ({
          trunkId: id,
          name,
          isUp: up.has(id),
          calls: telephony.callsOn(id),
          maxCalls,
        })),
        boxFull: host.boxFull(),
      },
    };
  }

  /** Once for all changes of one turn, and only while there is something to dial. */
  #wake(): void {
    if (this.#wakes) return;
    const isBusy =
      this.#state.lines.size > 0 || [...this.#state.campaigns.values()].some((c) => c.state === 'running');
    if (!isBusy) return;
    this.#wakes = true;
    setImmediate(() => {
      this.#wakes = false;
      this.#dispatch({ type: 'wake' });
    });
  }

  /** One event after the other: what an effect causes is worked off after the effects before it. */
  #dispatch(fact: DiallerFact): void {
    if (this.#stopped) return;
    this.#facts.push(fact);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#facts.shift(); next; next = this.#facts.shift()) {
        const { state, effects } = dialler(this.#state, { ...this.#now(), ...next });
        const before = this.#state;
        this.#state = state;
        for (const effect of effects) this.#run(effect);
        if (state.lines !== before.lines || state.campaigns !== before.campaigns) this.#changed();
      }
    } finally {
      this.#running = false;
    }
  }

  #changed(): void {
    this.events.emit('changed');
  }

  #run(effect: DiallerEffect): void {
    const { host, log } = this.#deps;
    switch (effect.type) {
      case 'reserve':
        if (!host.reserve(effect.agentId)) this.#dispatch({ type: 'reserve-refused', lineId: effect.lineId });
        break;
      case 'give-back':
        this.#giveBack(effect);
        break;
      case 'choose':
        void this.#choose(effect);
        break;
      case 'ring-agent':
        this.#line(effect.lineId).ringAgent(effect);
        break;
      case 'hang-up-agent':
        this.#line(effect.lineId).hangUpAgent(effect.reason);
        break;
      case 'commit':
        void this.#commit(effect);
        break;
      case 'dial':
        this.#line(effect.lineId).dial(effect);
        break;
      case 'talk':
        host.reservedTalk(effect.agentId, effect.attemptId);
        break;
      case 'join':
        void this.#line(effect.lineId).join(this.#recordOf(effect.lineId));
        break;
      case 'hang-up-customer':
        this.#line(effect.lineId).hangUpCustomer(effect.reason);
        break;
      case 'result': {
        const { type: _, ...record } = effect;
        this.#results.write(record satisfies ResultRecord);
        break;
      }
      case 'card':
        this.events.emit('card', effect.agentId);
        break;
      case 'finish':
        this.#finish(effect.campaignId);
        break;
      case 'set-timer':
        this.#timers.get(effect.key)?.cancel();
        this.#timers.set(
          effect.key,
          this.#deps.clock.after(effect.delayMs, () => {
            this.#timers.delete(effect.key);
            this.#dispatch({ type: 'timer', key: effect.key });
          }),
        );
        break;
      case 'ignored':
        log.debug('dialler event ignored', { event: effect.event, why: effect.why });
        break;
    }
  }

  #line(lineId: string): CampaignLine {
    for (const [id, line] of this.#lines)
      if (id !== lineId && line.isOver && !this.#isKnown(id)) this.#lines.delete(id);
    const line =
      this.#lines.get(lineId) ?? new CampaignLine(this.#deps.host, lineId, (fact) => this.#dispatch(fact));
    this.#lines.set(lineId, line);
    return line;
  }

  #isKnown(lineId: string): boolean {
    for (const line of this.#state.lines.values()) if (line.lineId === lineId) return true;
    return false;
  }

  #recordOf(lineId: string): boolean {
    for (const line of this.#state.lines.values()) if (line.lineId === lineId) return line.campaign.record;
    return false;
  }

  #hasOpenAttempts(): boolean {
    return [...this.#state.lines.values()].some((line) => !line.settled || line.phase === 'committing');
  }

  #giveBack({ agentId, campaign, talked, missed }: Extract<DiallerEffect, { type: 'give-back' }>): void {
    const queue = this.#deps.settings().queues.find(({ id }) => id === campaign.queueId);
    const work = {
      workMs: talked ? campaign.wrapUpMs : 0,
      moreMs: talked ? (queue?.moreWrapUpMs ?? 0) : 0,
      capMs: 0,
    };
    const pauseMs = queue?.missedPauseMs ?? 10_000;
    this.#deps.host.giveBack(agentId, work, missed ? { cause: missed, pauseMs } : undefined);
  }

  async #choose({
    lineId,
    agentId,
    campaign,
    exclude,
  }: Extract<DiallerEffect, { type: 'choose' }>): Promise<void> {
    const { leads, settings } = this.#deps;
    try {
      const lead = await leads.nextLead(campaign, agentId, exclude);
      const empty = lead ? null : await leads.supply(campaign, settings().office.timeZone);
      this.#dispatch({
        type: 'chosen',
        lineId,
        lead,
        nextAt: empty ? nextDue(empty) : null,
        done: empty !== null && isDone(empty),
      });
    } catch (error) {
      this.#dispatch({ type: 'store-failed', lineId, message: errorMessage(error) });
    }
  }

  /** The call's id is the attempt's: both logs name the same thing. */
  async #commit({
    lineId,
    agentId,
    campaign,
    lead,
    trunkId,
  }: Extract<DiallerEffect, { type: 'commit' }>): Promise<void> {
    const { leads, clock } = this.#deps;
    const attemptId = timeOrderedId(clock.now());
    const callerNumber = campaign.callerNumber ?? '';
    try {
      const answer = await leads.commitIntent({
        attemptId,
        leadId: lead.leadId,
        campaign,
        agentId,
        trunkId,
        callerNumber,
      });
      if ('refused' in answer) this.#dispatch({ type: 'refused', lineId, refusal: answer.refused });
      else this.#dispatch({ type: 'committed', lineId, attemptId });
    } catch (error) {
      this.#dispatch({ type: 'store-failed', lineId, message: errorMessage(error) });
    }
  }
}
