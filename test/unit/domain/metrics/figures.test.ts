import { describe, expect, it } from 'vitest';
import {
  evaluate,
  type FigureId,
  figureIds,
  figures,
  formulaOf,
  serviceLevels,
} from '../../../../src/domain/metrics/figures.ts';
import {
  addSums,
  type MetricRow,
  noSums,
  type Sums,
  totalOf,
  totalsBy,
} from '../../../../src/domain/metrics/measures.ts';

const sums = (some: Partial<Sums>): Sums => ({ ...noSums(), ...some });

describe('a figure of a hand-made day', () => {
  /** 1,000 answered (860 within 20 s), 60 abandoned: 10 before 5 s, 10 more within 20 s, 40 after. */
  const day = sums({
    offered: 1060,
    answered: 1000,
    answeredInTime: 860,
    abandoned: 50,
    abandonedShort: 10,
    abandonedInTime: 20,
    waitAnsweredMs: 12_000_000,
    waitAbandonedMs: 2_000_000,
    longestWaitMs: 95_000,
    handled: 1000,
    talkMs: 180_000_000,
    holdMs: 20_000_000,
    wrapUpMs: 40_000_000,
    transferred: 30,
    offers: 1200,
    offersAnswered: 1000,
    offersMissed: 90,
    offersRejected: 10,
    offersFailed: 60,
    offersCanceled: 40,
    ringAnsweredMs: 6_000_000,
    loginMs: 400_000_000,
    pauseMs: 60_000_000,
    agentTalkMs: 180_000_000,
    agentHoldMs: 20_000_000,
    agentWrapUpMs: 40_000_000,
    availableMs: 100_000_000,
    outboundAttempts: 42,
    outboundConnected: 10,
    outboundFailed: 30,
    outboundEnded: 8,
    outboundTalkMs: 400_000,
  });

  it.each<[FigureId, number]>([
    ['offered', 1060],
    ['answered', 1000],
    ['abandoned', 50],
    ['abandoned-short', 10],
    ['overflowed', 0],
    ['waiting', 0],
    ['abandon-rate', 50 / 1060],
    ['service-level-reached', 880 / 1060],
    ['service-level-of-answered', 0.86],
    ['service-level-of-offered', 860 / 1060],
    ['service-level-without-early', 860 / 1040],
    ['service-level-with-short', 870 / 1060],
    ['service-level-without-short', 860 / 1050],
    ['asa', 12_000],
    ['wait-of-abandoned', 40_000],
    ['longest-wait', 95_000],
    ['aht', 240_000],
    ['talk-mean', 180_000],
    ['hold-mean', 20_000],
    ['wrap-up-mean', 40_000],
    ['transfer-rate', 0.03],
    ['missed-rate', 100 / 1100],
    ['ring-mean', 6_000],
    ['login-time', 400_000_000],
    ['occupancy', 240 / 340],
    ['pause-share', 0.15],
    ['outbound-attempts', 42],
    ['connect-rate', 0.25],
    ['outbound-talk-mean', 50_000],
  ])('%s is %d', (id, value) => {
    expect(evaluate(id, day).value).toBeCloseTo(value, 9);
  });

  it('gives the published percentages of the service level, which differ from variant to variant', () => {
    expect(serviceLevels.map((id) => Math.round((evaluate(id, day).value ?? 0) * 100))).toEqual([
      83, 86, 81, 83, 82, 82,
    ]);
  });

  it('comes with what it was computed from', () => {
    expect(evaluate('connect-rate', day)).toEqual({ value: 0.25, numerator: 10, denominator: 40 });
    expect(evaluate('offered', day)).toEqual({ value: 1060, numerator: 1060 });
  });
});

describe('a figure without anything to compute it from', () => {
  it('is null, whether share, mean or longest wait, and a count is 0', () => {
    const wrong = figureIds.filter((id) => {
      const figure = figures[id];
      const isUndefined = 'denominator' in figure || 'needs' in figure;
      return evaluate(id, noSums()).value !== (isUndefined ? null : 0);
    });
    expect(wrong).toEqual([]);
  });

  it('is 0, not null, when there is: a share of nobody, a wait of no time', () => {
    expect(evaluate('service-level-of-answered', sums({ answered: 3 })).value).toBe(0);
    expect(evaluate('longest-wait', sums({ offered: 1, answered: 1 })).value).toBe(0);
  });
});

describe('a formula in words', () => {
  it('is made of the terms that are computed', () => {
    expect(formulaOf('aht')).toBe('(talk without hold + hold + wrap-up) ÷ talks that are over');
    expect(formulaOf('offered')).toBe('entered the queue');
    expect(formulaOf('service-level-without-early', (measure) => measure)).toBe(
      'answeredInTime ÷ (answered + abandoned + abandonedShort + overflowed + lost − abandonedInTime)',
    );
  });

  it('says how much late abandons count in every service level', () => {
    expect(new Set(serviceLevels.map((id) => formulaOf(id))).size).toBe(serviceLevels.length);
  });
});

describe('sums of rows', () => {
  const row = (startAt: number, queueId: string, some: Partial<Sums>): MetricRow => ({
    startAt,
    endAt: startAt + 1,
    queueId,
    agentId: '',
    sums: sums(some),
  });
  const quiet = row(1, 'sales', { answered: 1, waitAnsweredMs: 60_000, longestWaitMs: 60_000 });
  const busy = row(2, 'sales', { answered: 9, waitAnsweredMs: 90_000, longestWaitMs: 20_000 });
  const other = row(2, 'help', { answered: 1, waitAnsweredMs: 5_000, longestWaitMs: 5_000 });

  it('weigh every call the same: no average of averages', () => {
    expect(evaluate('asa', totalOf([quiet, busy])).value).toBe(15_000);
  });

  it('keep the largest of what has no sum', () => {
    expect(totalOf([quiet, busy, other]).longestWaitMs).toBe(60_000);
  });

  it('are kept apart by any key, leave out rows without one, and leave the rows as they are', () => {
    const bySales = totalsBy([quiet, busy, other], ({ queueId }) =>
      queueId === 'help' ? undefined : queueId,
    );
    expect([...bySales.keys()]).toEqual(['sales']);
    expect(bySales.get('sales')?.answered).toBe(10);
    expect([quiet.sums.answered, busy.sums.answered]).toEqual([1, 9]);
    const total = noSums();
    addSums(total, quiet.sums);
    expect(noSums().answered).toBe(0);
  });
});
