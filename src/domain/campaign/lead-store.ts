/**
 * What the dialler and the pages ask of the lead store (store/lead-store.ts). All of it is on disk when the promise
 * resolves; what is thrown is a CordboardError: not-found, in-use, request.invalid, disk.full, disk.failed.
 */
import type { Campaign } from '../settings/campaigns.ts';
import type { Attempt, AttemptResult, UnknownDecision } from './attempt.ts';
import type { Lead, LeadCounts, LeadList, LeadState, NewLead } from './lead.ts';
import type { CampaignState } from './live.ts';

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

export interface LeadQuery {
  listId: string;
  state?: LeadState | undefined;
  /** Part of number or name. */
  text?: string | undefined;
  /** Only those on the do-not-call list. */
  doNotCall?: boolean | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

export interface AttemptQuery {
  campaignId?: string | undefined;
  result?: AttemptResult | undefined;
  /** Intents from this moment on. */
  from?: number | undefined;
  until?: number | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

/** What may be changed of a lead by hand. */
export interface LeadChange {
  name?: string | undefined;
  note?: string | undefined;
  fields?: Record<string, string> | undefined;
  /** null: by the number again. */
  zone?: string | null | undefined;
  /** Close it, open it again, or agree a call. */
  state?: 'given-up' | 'new' | 'callback' | undefined;
  /** With callback. */
  dueAt?: number | undefined;
  agentId?: string | null | undefined;
}

export interface AddedLeads {
  added: number;
  /** Positions in the batch of those whose number was there already, and where. */
  duplicates: { position: number; of: 'import' | 'list' | 'other-list' }[];
  /** Positions of those whose number is on the do-not-call list: kept, and not called while it is. */
  doNotCall: number[];
}

export interface DoNotCallEntry {
  number: string;
  addedAt: number;
  addedBy: string;
  source: DoNotCallSource;
  reason: string;
}
/** How a number came on the list. */
export type DoNotCallSource = 'person' | 'import' | 'disposition';

/** Lists, leads and numbers not to be called: what pages and imports do. */
export interface LeadBook {
  lists(): Promise<LeadList[]>;
  createList(list: { listId: string; name: string; who: string }): Promise<LeadList>;
  renameList(listId: string, name: string): Promise<LeadList>;
  /** Its leads go with it; attempts and do-not-call entries stay. @throws in-use while one is being called */
  deleteList(listId: string): Promise<void>;

  leads(query: LeadQuery): Promise<Page<Lead>>;
  /** @throws not-found */
  lead(leadId: number): Promise<{ lead: Lead; attempts: Attempt[] }>;
  changeLead(leadId: number, change: LeadChange): Promise<Lead>;
  /** @throws in-use while it is being called, or an unknown outcome is undecided */
  deleteLead(leadId: number): Promise<void>;

  /** Leads added to an import are seen by nobody until it is committed. @throws not-found for the list */
  beginImport(listId: string, who: string): Promise<string>;
  /** In batches of at most 1000. */
  addLeads(
    importId: string,
    leads: readonly NewLead[],
    /** Whether numbers that another list has count as duplicates. */
    options?: { notInOtherLists: boolean },
  ): Promise<AddedLeads>;
  /** All of it in one transaction. Numbers that came into the list meanwhile are left out. */
  commitImport(importId: string): Promise<{ added: number }>;
  discardImport(importId: string): Promise<void>;

  doNotCall(query: {
    text?: string | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
  }): Promise<Page<DoNotCallEntry> & { total: number }>;
  /** All in one transaction; numbers that are there already stay as they are. */
  addDoNotCall(
    entries: readonly { number: string; reason: string }[],
    by: { who: string; source: DoNotCallSource },
  ): Promise<{ added: number; known: number }>;
  /** False when it was not there. */
  removeDoNotCall(number: string, who: string): Promise<boolean>;

  attempts(query: AttemptQuery): Promise<Page<Attempt>>;
  /** One lead of unknown outcome, or all of a campaign. @returns how many were decided */
  decideUnknown(
    which: { leadId: number } | { campaign: Campaign },
    decision: UnknownDecision,
    who: string,
  ): Promise<number>;
}

/** Everything that decides which leads a campaign can call now. */
export interface LeadSupply {
  lists: number;
  listsGone: number;
  counts: LeadCounts;
  /** Could be called at once. */
  callable: number;
  /** Due, but in places where it is no time to call; the first moment one of them opens. */
  outsideHours: { count: number; nextAt: number | null };
  /** Due, in places whose hours never meet. */
  neverOpen: number;
  /** Not due yet, and when the first is. */
  retry: { count: number; nextAt: number | null };
  callback: { count: number; nextAt: number | null };
  /** Due callbacks that one agent promised: others may take them half an hour later. */
  personal: { agentId: string; count: number }[];
  /** Open, but they have had all attempts that the campaign allows (it allowed more before). */
  exhausted: number;
  /** Due, but their number was called as often as a day allows. */
  dayLimit: number;
  /** Due, but a call to their number is open or of unknown outcome. */
  numberOpen: number;
  today: Partial<Record<AttemptResult, number>>;
}

export interface Intent {
  attemptId: string;
  leadId: number;
  campaign: Campaign;
  agentId: string;
  trunkId: string;
  callerNumber: string;
}

/** Why an intent was not written: nothing is dialled. */
export type IntentRefusal =
  | 'gone'
  | 'emergency'
  | 'do-not-call'
  | 'hours'
  | 'day-limit'
  | 'attempts'
  | 'number-open';

export interface ResultRecord {
  attemptId: string;
  campaign: Campaign;
  result: AttemptResult;
  reason: string;
  sipStatus?: number | undefined;
  ringMs?: number | undefined;
  voiceMs?: number | undefined;
}

/** What a disposition does to the lead. */
export type DispositionEffect =
  | { kind: 'none' }
  | { kind: 'done' }
  | { kind: 'do-not-call' }
  | { kind: 'callback'; at: number; agentId: string | null }
  | { kind: 'call-again'; at: number };

export interface CampaignRun {
  campaignId: string;
  state: CampaignState | 'stopped' | 'released';
  at: number;
  who: string;
}

/** What the dialler does with leads. */
export interface LeadDialling {
  /** The next lead that may be called now, best first; null: none. Nothing is written. */
  nextLead(campaign: Campaign, agentId: string, exclude: readonly number[]): Promise<Lead | null>;
  /** Asks everything again (do-not-call, hours, limits) and writes the intent, in one transaction. */
  commitIntent(intent: Intent): Promise<{ lead: Lead } | { refused: IntentRefusal }>;
  attempt(attemptId: string): Promise<Attempt | null>;
  recordResult(record: ResultRecord): Promise<Lead | null>;
  /** @returns the lead after it, null when it was deleted. @throws not-found when there was no such attempt */
  recordDisposition(
    attemptId: string,
    disposition: { code: string; who: string; effect: DispositionEffect },
  ): Promise<Lead | null>;
  /** @param timeZone whose midnight begins `today` */
  supply(campaign: Campaign, timeZone: string): Promise<LeadSupply>;
  /** At the start: intents without result become `unknown`. @returns how many */
  recover(): Promise<number>;
  /** The last word on each campaign, and on dialling as a whole (`*`). */
  runs(): Promise<CampaignRun[]>;
  recordRun(run: Omit<CampaignRun, 'at'>): Promise<CampaignRun>;
}

export type LeadStore = LeadBook & LeadDialling;
