/** What is true at this moment: what the live page, the wallboard and the lamps show. One source for all. */
import type { Call } from './call.ts';
import type { TraceNote } from './call-event.ts';
import type { NightMode } from './schedule.ts';

/** Chosen by the person. */
export type AgentStatus = 'available' | 'on-break' | 'logged-out';
/** Driven by calls. */
export type AgentState = 'waiting' | 'offered' | 'in-call' | 'wrap-up';

export interface LiveAgent {
  agentId: string;
  name: string;
  status: AgentStatus;
  state: AgentState;
  /** Since when status and state are as they are. */
  since: number;
  /** Whether a phone of this agent is registered. */
  reachable: boolean;
  /** On a call that holds. */
  holding: boolean;
  callId?: string;
  /** Code of the reason for the break, or free text. */
  reason?: string;
  /** In state wrap-up: when it ends by itself, how much more time may be asked for, and what it waits for. */
  wrapUp?: { endsAt: number; moreMs: number; needsDisposition: boolean };
  /** Chosen during a call: in force when it is over. */
  nextStatus?: AgentStatus;
  /** Passed over after a missed offer until then. */
  missedUntil?: number;
}

export interface LiveQueue {
  queueId: string;
  name: string;
  waiting: number;
  /** Entry time of the caller who has waited longest; absent when nobody waits. */
  oldestEnteredAt?: number;
  agentsAvailable: number;
  waitingThreshold: number;
}

export interface LiveTrunk {
  trunkId: string;
  name: string;
  state: 'up' | 'down' | 'unknown' | 'disabled';
  /** In English, for logs. */
  detail: string;
  /** The same for pages: a key of `trunkReason.*`. */
  reason?: TraceNote;
  /** When the state became what it is. */
  since?: number;
  /** The last answer of the other side. */
  lastReplyAt?: number;
  /** From the last question (OPTIONS) to its answer. */
  latencyMs?: number;
}

export interface LivePhone {
  extensionId: string;
  number: string;
  contacts: { uri: string; source: string; transport: string; expiresAt: number; userAgent: string }[];
}

export interface LiveFault {
  /** Stable: `disk.full`, `sip-engine.down`, `panel.disconnected`, `settings.invalid` … */
  code: string;
  message: string;
  since: number;
}

/** One schedule now. */
export interface LiveSchedule {
  scheduleId: string;
  name: string;
  open: boolean;
  /** Why, with times on the office's clocks. */
  reason: TraceNote;
  /** When that changes by itself. */
  changesAt?: number;
}

/** Opening hours: the night button, and what each schedule says. */
export interface LiveHours {
  night: NightMode | null;
  schedules: LiveSchedule[];
}

export interface LiveSnapshot {
  /** Grows with each change; resume token of the event stream. */
  version: number;
  at: number;
  calls: Call[];
  agents: LiveAgent[];
  queues: LiveQueue[];
  trunks: LiveTrunk[];
  phones: LivePhone[];
  faults: LiveFault[];
  hours: LiveHours;
}
