/**
 * What automatic call distribution remembers. The state is never changed in place: each event gives a new one
 * that shares what stayed as it was, so an old state stays valid (for tests, for "what if").
 */
import type { AgentState, AgentStatus } from '../live.ts';
import type { Agent, Queue } from '../settings.ts';
import { emptyPersistentMap, type PersistentMap } from './persistent-map.ts';

/**
 * An agent. `status` is chosen by the person, `state` is driven by calls:
 *
 *     waiting -> offered -> in-call -> wrap-up -> waiting
 *        ^----------'          `------------------^
 */
export interface AgentRecord {
  readonly agent: Agent;
  readonly status: AgentStatus;
  /** A status chosen during a call, in force when the call, and the disposition it wants, are done. */
  readonly nextStatus: { readonly status: AgentStatus; readonly reason: string } | undefined;
  /** Why on break. */
  readonly reason: string;
  readonly state: AgentState;
  /** Since when status and state are as they are. */
  readonly since: number;
  /** The end of the last call or missed offer, or the login: who has the earliest is served first. */
  readonly idleSince: number;
  readonly reachable: boolean;
  /** Calls outside the queues that this agent is on. */
  readonly outsideCallIds: readonly string[];
  /** Lent to the dialler: in state offered without an offer, or in a call of a campaign. */
  readonly reserved: boolean;
  /** The one offer, in state offered. */
  readonly offerId: string | undefined;
  /** The call talked on, or wrapped up. */
  readonly callId: string | undefined;
  /** In state wrap-up. */
  readonly wrapUp: WrapUp | undefined;
  /** After a missed offer: no offers until this timer ends. */
  readonly missed: { readonly timer: string; readonly until: number } | undefined;
  /** No longer in the settings, but still on a call. */
  readonly removed: boolean;
}

/** The work after a call. */
export interface WrapUp {
  readonly timer: string;
  readonly endsAt: number;
  /** When the time for the work is over, were it not for the disposition. */
  readonly workEndsAt: number;
  /** More time still to be had. */
  readonly moreMs: number;
  readonly needsDisposition: boolean;
}

export interface QueueRecord {
  readonly queue: Queue;
  /** Calls waiting, in order of entry; those being offered are still among them. */
  readonly waiting: readonly string[];
}

/** A call from its entry into the queue until its talk with an agent is over. */
export interface QueuedCall {
  readonly callId: string;
  readonly queueId: string;
  readonly enteredAt: number;
  /** Order of entry over all queues. */
  readonly order: number;
  /** Open offers; several under ring-all. */
  readonly offerIds: readonly string[];
  /** How many offers were made for it, for the next offer's id. */
  readonly offersMade: number;
  /** Ends the longest wait. */
  readonly waitTimer: string | undefined;
  readonly announceTimer: string | undefined;
  /** The best position told to the caller, and when one was last told. */
  readonly announced: { readonly position: number; readonly at: number } | undefined;
  /** Present while an agent has the call. */
  readonly talk: Talk | undefined;
}

/** A call in an agent's hands: being connected until `connectedAt` is known, then talking. */
export interface Talk {
  readonly agentId: string;
  readonly offerId: string;
  readonly connectedAt: number | undefined;
  readonly waitMs: number;
  readonly ringMs: number;
  /** The queue as it was when the offer was answered: a later change does not shorten this wrap-up. */
  readonly queue: Queue;
  readonly hasDisposition: boolean;
}

export interface Offer {
  readonly offerId: string;
  readonly callId: string;
  readonly queueId: string;
  readonly agentId: string;
  readonly offeredAt: number;
  /** When the phone began to ring. */
  readonly ringingAt: number | undefined;
  /** Guards against a phone of which nothing is heard. */
  readonly guardTimer: string;
}

export interface AcdState {
  readonly agents: ReadonlyMap<string, AgentRecord>;
  readonly queues: ReadonlyMap<string, QueueRecord>;
  /** Waiting and talking. */
  readonly calls: PersistentMap<QueuedCall>;
  readonly offers: PersistentMap<Offer>;
  /** Armed timers: key -> what it is for. A key is never used twice, so a late firing is known as such. */
  readonly timers: PersistentMap<AcdTimer>;
  /** Source of `order` and of timer keys. */
  readonly sequence: number;
}

export type AcdTimer =
  | { readonly kind: 'ring-guard'; readonly offerId: string }
  | { readonly kind: 'missed'; readonly agentId: string }
  | { readonly kind: 'wrap-up'; readonly agentId: string }
  | { readonly kind: 'longest-wait'; readonly callId: string }
  | { readonly kind: 'announce'; readonly callId: string };

/** No agents, no queues, nobody waiting; the first event is `configured`. */
export const emptyAcdState: AcdState = {
  agents: new Map(),
  queues: new Map(),
  calls: emptyPersistentMap(),
  offers: emptyPersistentMap(),
  timers: emptyPersistentMap(),
  sequence: 0,
};
