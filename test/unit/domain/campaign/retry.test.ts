import { describe, expect, it } from 'vitest';
import { type AttemptResult, resultOf } from '../../../../src/domain/campaign/attempt.ts';
import { afterAttempt } from '../../../../src/domain/campaign/retry.ts';
import { campaignSchema } from '../../../../src/domain/settings/campaigns.ts';

const campaign = campaignSchema.parse({
  id: 'c',
  name: 'C',
  maxAttempts: 3,
  retry: { busy: { delayMs: 600_000, maxAttempts: 2 }, rejected: { maxAttempts: 1 } },
});

describe('a lead after an attempt', () => {
  it.each<[AttemptResult, number, number, string, number | null]>([
    ['answered', 1, 1, 'done', null],
    ['invalid-number', 1, 1, 'invalid', null],
    ['unknown', 1, 1, 'unknown', null],
    ['busy', 1, 1, 'retry', 600_000],
    ['busy', 2, 2, 'given-up', null], // as often as its rule allows
    ['busy', 3, 1, 'given-up', null], // as often as the campaign allows
    ['no-answer', 1, 1, 'retry', 7_200_000],
    ['rejected', 1, 1, 'given-up', null],
    ['abandoned', 1, 1, 'retry', 3 * 86_400_000],
    ['congested', 1, 1, 'retry', 60_000],
  ])('%s, attempt %i, the %i. of that result: %s', (result, attempts, sameResult, state, delayMs) => {
    const outcome = afterAttempt(campaign, result, { attempts, sameResult }, 1_000);
    expect(outcome.state).toBe(state);
    expect(outcome.dueAt).toBe(delayMs === null ? null : 1_000 + delayMs);
  });

  it('has not been called when the trunk had no room', () => {
    expect(afterAttempt(campaign, 'congested', { attempts: 3, sameResult: 9 }, 0)).toMatchObject({
      attempts: 2,
      state: 'retry',
    });
  });
});

describe('how a called leg ended, as a result', () => {
  it.each<[string, AttemptResult]>([
    ['busy', 'busy'],
    ['no-answer', 'no-answer'],
    ['rejected', 'rejected'],
    ['not-found', 'invalid-number'],
    ['bad-number', 'invalid-number'],
    ['unreachable', 'congested'],
    ['auth-failed', 'congested'],
    ['upstream-failed', 'failed'],
    ['no-common-codec', 'failed'],
    ['agent-left', 'cancelled'],
    ['hung-up', 'answered'],
    ['shutting-down', 'cancelled'],
    ['sip-engine-failed', 'unknown'],
  ])('%s is %s', (reason, result) => {
    expect(resultOf({ reason })).toBe(result);
  });
});
