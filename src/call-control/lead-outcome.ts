import type { LeadStore } from '../domain/campaign/lead-store.ts';
import type { Campaign } from '../domain/settings/campaigns.ts';

/**
 * Writes what an agent said of a call at the attempt, and makes of the lead what the campaign says about that.
 * @returns false when it was no call of a campaign
 */
export async function recordOutcome(
  leads: Pick<LeadStore, 'attempt' | 'recordDisposition'>,
  campaigns: readonly Campaign[],
  said: { callId: string; code: string; who: string; at: number },
): Promise<boolean> {
  const { callId, code, who, at } = said;
  const attempt = await leads.attempt(callId);
  if (!attempt) return false;
  const campaign = campaigns.find(({ id }) => id === attempt.campaignId);
  const outcome = campaign?.outcomes.find((each) => each.code === code);
  const effect = !outcome
    ? ({ kind: 'none' } as const)
    : outcome.lead === 'call-again'
      ? ({ kind: 'call-again', at: at + outcome.delayMs } as const)
      : ({ kind: outcome.lead } as const);
  await leads.recordDisposition(callId, { code, who, effect });
  return true;
}
