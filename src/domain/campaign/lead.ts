/**
 * A lead: somebody a campaign is to call, in one list. Its state is what the attempts so far have made of it:
 *
 *     new ──► dialling ──► done | given-up | invalid
 *              │    ▲ `──► unknown ── a person decides ──► retry | given-up
 *              ▼    │
 *            retry, callback (at `dueAt`)
 *
 * Whether its number may not be called at all is no state: the do-not-call list is asked at the moment of dialling.
 */
import type { AttemptResult } from './attempt.ts';

export const leadStates = [
  /** Never called. */
  'new',
  /** To be called again, not before `dueAt`. */
  'retry',
  /** An agent promised to call at `dueAt`. */
  'callback',
  /** The intent to call is on disk, what came of it is not known yet. */
  'dialling',
  /** This box stopped in mid-call: what came of it will never be known. A person decides. */
  'unknown',
  /** Reached. */
  'done',
  /** The rules allow no further attempt, or a person closed it. */
  'given-up',
  /** There is no such number. */
  'invalid',
] as const;
export type LeadState = (typeof leadStates)[number];

/** States in which a lead is still to be called some time. */
export const openLeadStates = ['new', 'retry', 'callback'] as const satisfies readonly LeadState[];

export interface Lead {
  leadId: number;
  listId: string;
  /** E.164, with +. */
  number: string;
  name: string;
  /** What the agent should know before the call. */
  note: string;
  /** Further columns of the import, in their order. */
  fields: Record<string, string>;
  /** IANA zone that somebody knows this lead lives in; null: by the number. */
  zone: string | null;
  /** Zones in all of which it must be a time to call: those of `zone` or of the number. */
  zones: string[];
  state: LeadState;
  /** With retry and callback: earliest next call, ms since the epoch. */
  dueAt: number | null;
  /** The agent who promised to call back; null: anybody. */
  agentId: string | null;
  /** Attempts that count. */
  attempts: number;
  lastAttemptAt: number | null;
  lastResult: AttemptResult | null;
  /** Whether its number stands on the do-not-call list now. */
  doNotCall: boolean;
}

/** A lead as it is put in. */
export interface NewLead {
  /** E.164, with +. */
  number: string;
  name?: string | undefined;
  note?: string | undefined;
  fields?: Record<string, string> | undefined;
  /** IANA zone, when it is known. */
  zone?: string | null | undefined;
}

/** How many leads are in which state. */
export interface LeadCounts {
  total: number;
  byState: Record<LeadState, number>;
  /** Of those still to be called: on the do-not-call list now. */
  doNotCall: number;
}

/** A list of leads. */
export interface LeadList {
  listId: string;
  name: string;
  createdAt: number;
  createdBy: string;
  counts: LeadCounts;
}
