/** What an attempt makes of its lead: done, given up, or called again, and when. */
import type { Campaign } from '../settings/campaigns.ts';
import { type AttemptResult, counts, type UnknownDecision } from './attempt.ts';
import type { LeadState } from './lead.ts';

/** A trunk without room says nothing about the lead: it is asked again soon. */
export const congestedDelayMs = 60_000;
/** So long after its time a callback is no longer only its agent's. */
export const personalCallbackMs = 30 * 60_000;

export interface LeadOutcome {
  state: LeadState;
  /** With retry: earliest next call. */
  dueAt: number | null;
  /** Attempts that count. */
  attempts: number;
}

export interface AttemptHistory {
  /** Attempts that count, this one among them. */
  attempts: number;
  /** Those among them that ended like this one. */
  sameResult: number;
}

/** The lead after an attempt. */
export function afterAttempt(
  campaign: Pick<Campaign, 'maxAttempts' | 'retry'>,
  result: AttemptResult,
  history: AttemptHistory,
  at: number,
): LeadOutcome {
  const attempts = counts(result) ? history.attempts : Math.max(0, history.attempts - 1);
  switch (result) {
    case 'answered':
      return { state: 'done', dueAt: null, attempts };
    case 'invalid-number':
      return { state: 'invalid', dueAt: null, attempts };
    case 'unknown':
      return { state: 'unknown', dueAt: null, attempts };
    case 'congested':
      return { state: 'retry', dueAt: at + congestedDelayMs, attempts };
    default: {
      const { delayMs, maxAttempts } = campaign.retry[result];
      return attempts >= campaign.maxAttempts || history.sameResult >= maxAttempts
        ? { state: 'given-up', dueAt: null, attempts }
        : { state: 'retry', dueAt: at + delayMs, attempts };
    }
  }
}

/** The lead after a person decided what becomes of an unknown outcome. */
export function afterDecision(decision: UnknownDecision, attempts: number, at: number): LeadOutcome {
  return decision === 'close'
    ? { state: 'given-up', dueAt: null, attempts }
    : { state: 'retry', dueAt: at, attempts };
}
