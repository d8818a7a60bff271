/**
 * An attempt: one dial of one lead. Its intent is on disk before the INVITE goes out; its result is added when it is
 * known. An intent that never got a result (this box stopped) has the result `unknown`, is counted as a call, and is
 * not repeated unless a person says so.
 */
import type { Termination } from '../termination.ts';

export const attemptResults = [
  /** Somebody answered and was joined with the agent. */
  'answered',
  'busy',
  'no-answer',
  'rejected',
  /** There is no such number (404, 410, 484, 485, 604). */
  'invalid-number',
  /** The trunk had no room or could not be reached (503, 408): says nothing about the lead, and does not count. */
  'congested',
  /** Refused or broken in another way. */
  'failed',
  /** Taken back by us before anybody answered. */
  'cancelled',
  /** Answered, and nobody was there to talk. */
  'abandoned',
  /** This box stopped before the result was written. */
  'unknown',
] as const;
export type AttemptResult = (typeof attemptResults)[number];

export interface Attempt {
  /** Also the id of its call in the call log. */
  attemptId: string;
  leadId: number;
  listId: string;
  campaignId: string;
  number: string;
  agentId: string;
  trunkId: string;
  /** Number shown to the person called; empty: the trunk's. */
  callerNumber: string;
  /** When the intent was on disk. */
  intentAt: number;
  /** Zones that were asked for the hour. */
  zones: string[];
  /** Entries ever made to the do-not-call list when it was asked: which version of it was in force. */
  doNotCallVersion: number;
  /** Absent while it goes on. */
  result?: AttemptResult;
  resultAt?: number;
  /** How long the phone rang. */
  ringMs?: number;
  /** From the answer to the agent's voice. */
  voiceMs?: number;
  sipStatus?: number;
  /** Of the termination. */
  reason?: string;
  /** What the agent said of it. */
  disposition?: string;
  /** What a person decided after an unknown outcome. */
  decision?: { at: number; who: string; decision: UnknownDecision };
}

/** After an unknown outcome: call once more, or let it be. */
export const unknownDecisions = ['call-again', 'close'] as const;
export type UnknownDecision = (typeof unknownDecisions)[number];

/** Whether an attempt of this result counts as one of the lead's. */
export function counts(result: AttemptResult): boolean {
  return result !== 'congested';
}

const invalidNumber = new Set(['not-found', 'bad-number']);
const trunkTrouble = new Set(['unreachable', 'auth-failed', 'no-trunk', 'overloaded']);
const ours = new Set([
  'cancelled',
  'agent-left',
  'hung-up-by-user',
  'dialling-stopped',
  'shutting-down',
  'media-engine-failed',
]);

/** What a called leg that nobody answered means for its lead. */
export function resultOf({ reason }: Pick<Termination, 'reason'>): AttemptResult {
  if (reason === 'busy' || reason === 'no-answer' || reason === 'rejected') return reason;
  // Only who has answered hangs up: so soon that the answer had not been told yet.
  if (reason === 'hung-up') return 'answered';
  if (invalidNumber.has(reason)) return 'invalid-number';
  if (trunkTrouble.has(reason)) return 'congested';
  // Without the SIP engine nobody heard what became of it.
  if (reason === 'sip-engine-failed') return 'unknown';
  return ours.has(reason) ? 'cancelled' : 'failed';
}
