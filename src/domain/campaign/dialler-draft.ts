/** The next state while one event is being worked on; what the event does not touch is shared with the old one. */
import type { Campaign } from '../settings/campaigns.ts';
import type { DiallerEffect, DiallerEvent, DiallerFact, DiallerWorld } from './dialler-events.ts';
import type { CampaignRecord, DiallerState, Line, TrunkRest } from './dialler-state.ts';

export class DiallerDraft {
  readonly at: number;
  readonly world: DiallerWorld;
  readonly effects: DiallerEffect[] = [];
  stopped: DiallerState['stopped'];
  #campaigns: ReadonlyMap<string, CampaignRecord>;
  #lines: ReadonlyMap<string, Line>;
  #rests: ReadonlyMap<string, TrunkRest>;
  #sequence: number;

  constructor(state: DiallerState, event: DiallerEvent) {
    this.at = event.at;
    this.world = event.world;
    this.stopped = state.stopped;
    this.#campaigns = state.campaigns;
    this.#lines = state.lines;
    this.#rests = state.rests;
    this.#sequence = state.sequence;
  }

  finish(): DiallerState {
    return {
      campaigns: this.#campaigns,
      lines: this.#lines,
      rests: this.#rests,
      stopped: this.stopped,
      sequence: this.#sequence,
    };
  }

  get campaigns(): ReadonlyMap<string, CampaignRecord> {
    return this.#campaigns;
  }

  get lines(): ReadonlyMap<string, Line> {
    return this.#lines;
  }

  emit(effect: DiallerEffect): void {
    this.effects.push(effect);
  }

  ignore(event: DiallerFact['type'], why: string): void {
    this.emit({ type: 'ignored', event, why });
  }

  setTimer(key: string, delayMs: number): void {
    this.emit({ type: 'set-timer', key, delayMs: Math.max(0, delayMs) });
  }

  putCampaign(record: CampaignRecord): void {
    this.#campaigns = new Map(this.#campaigns).set(record.plan.campaign.id, record);
  }

  removeCampaign(campaignId: string): void {
    const campaigns = new Map(this.#campaigns);
    campaigns.delete(campaignId);
    this.#campaigns = campaigns;
  }

  /** A line begins with the search for its lead. */
  beginLine(agentId: string, campaign: Campaign): void {
    this.#sequence += 1;
    const line: Line = {
      lineId: `${agentId}.${this.#sequence}`,
      agentId,
      campaign,
      phase: 'choosing',
      since: this.at,
      lead: undefined,
      refused: [],
      trunkId: undefined,
      attemptId: undefined,
      settled: true,
      agentUp: false,
      agentGone: false,
      ringsSince: undefined,
      answeredAt: undefined,
    };
    this.putLine(line);
    this.emit({ type: 'reserve', agentId, lineId: line.lineId });
    this.choose(line);
  }

  /** Asks for a lead that no other line holds. */
  choose(line: Line): void {
    const held = [...this.#lines.values()].flatMap((other) => (other.lead ? [other.lead.leadId] : []));
    const { lineId, agentId, campaign } = line;
    this.emit({ type: 'choose', lineId, agentId, campaign, exclude: [...held, ...line.refused] });
  }

  putLine(line: Line): Line {
    const before = this.#lines.get(line.agentId);
    const changed = before?.phase !== line.phase || before.lead !== line.lead;
    const after = changed ? { ...line, since: this.at } : line;
    this.#lines = new Map(this.#lines).set(line.agentId, after);
    if (changed) this.emit({ type: 'card', agentId: line.agentId });
    return after;
  }

  removeLine(agentId: string): void {
    const lines = new Map(this.#lines);
    if (!lines.delete(agentId)) return;
    this.#lines = lines;
    this.emit({ type: 'card', agentId });
  }

  rest(trunkId: string): TrunkRest | undefined {
    return this.#rests.get(trunkId);
  }

  putRest(trunkId: string, rest: TrunkRest | undefined): void {
    if (!rest && !this.#rests.has(trunkId)) return;
    const rests = new Map(this.#rests);
    if (rest) rests.set(trunkId, rest);
    else rests.delete(trunkId);
    this.#rests = rests;
  }
}
