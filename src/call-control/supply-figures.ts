import type { Clock } from '../base/clock.ts';
import type { LeadStore, LeadSupply } from '../domain/campaign/lead-store.ts';
import type { Campaign } from '../domain/settings/campaigns.ts';
import type { Settings } from '../domain/settings.ts';

/** The disk is asked at most this often, however many pages look. */
const maxAgeMs = 1_000;

/** Figures of the leads of campaigns, for pages. */
export class SupplyFigures {
  readonly #deps: { leads: Pick<LeadStore, 'supply'>; settings: () => Settings; clock: Clock };
  readonly #known = new Map<string, { atMs: number; supply: Promise<LeadSupply> }>();

  constructor(deps: { leads: Pick<LeadStore, 'supply'>; settings: () => Settings; clock: Clock }) {
    this.#deps = deps;
  }

  of(campaign: Campaign): Promise<LeadSupply> {
    const { leads, settings, clock } = this.#deps;
    const known = this.#known.get(campaign.id);
    if (known && clock.monotonic() - known.atMs < maxAgeMs) return known.supply;
    const supply = leads.supply(campaign, settings().office.timeZone);
    this.#known.set(campaign.id, { atMs: clock.monotonic(), supply });
    return supply;
  }

  clear(): void {
    this.#known.clear();
  }
}
