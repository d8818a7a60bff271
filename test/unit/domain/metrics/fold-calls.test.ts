import { describe, expect, it } from 'vitest';
import type { CallFact, LogEvent } from '../../../../src/domain/call-event.ts';
import { evaluate } from '../../../../src/domain/metrics/figures.ts';
import { type Sums, totalOf } from '../../../../src/domain/metrics/measures.ts';
import {
  abandon,
  agent,
  bridge,
  call,
  complete,
  connect,
  enter,
  fold,
  hold,
  minuteMs,
  missed,
  nonZero,
  offer,
  outbound,
  over,
  resume,
  start,
  table,
  total,
} from './hand-made-log.ts';

describe('a visit to a queue', () => {
  const begin: [number, CallFact][] = [
    [0, start],
    [1000, enter()],
  ];
  const visit = (...facts: [number, CallFact][]): LogEvent[] => call('c', ...begin, ...facts);

  it.each<[string, LogEvent[], Partial<Sums>]>([
    ['that goes on is offered, and has no outcome yet', visit(), { offered: 1 }],
    [
      'answered at the very threshold is in time',
      visit([21_000, connect('a', 20_000)]),
      {
        offered: 1,
        answered: 1,
        answeredInTime: 1,
        waitAnsweredMs: 20_000,
        longestWaitMs: 20_000,
      },
    ],
    [
      'answered a millisecond later is not',
      visit([21_001, connect('a', 20_001)]),
      { offered: 1, answered: 1, waitAnsweredMs: 20_001, longestWaitMs: 20_001 },
    ],
    [
      'left just before the shorter threshold is abandoned at once',
      visit([5_999, abandon(4_999)]),
      { offered: 1, abandonedShort: 1, abandonedInTime: 1, longestWaitMs: 4_999 },
    ],
    [
      'left at the shorter threshold is abandoned, in time',
      visit([6_000, abandon(5_000)]),
      { offered: 1, abandoned: 1, abandonedInTime: 1, waitAbandonedMs: 5_000, longestWaitMs: 5_000 },
    ],
    [
      'left later is abandoned',
      visit([31_000, abandon(30_000)]),
      { offered: 1, abandoned: 1, waitAbandonedMs: 30_000, longestWaitMs: 30_000 },
    ],
    [
      'that goes to the overflow, into a second queue, counts in both',
      visit(
        [61_000, { name: 'EXITWITHTIMEOUT', queueId: 'q', waitMs: 60_000 }],
        [61_000, enter('r')],
        [71_000, { ...abandon(10_000), queueId: 'r' } as CallFact],
      ),
      {
        offered: 2,
        overflowed: 1,
        abandoned: 1,
        abandonedInTime: 1,
        waitAbandonedMs: 10_000,
        longestWaitMs: 60_000,
      },
    ],
    [
      'that the call does not survive is lost',
      visit([9_000, over]),
      { offered: 1, lost: 1, longestWaitMs: 8_000 },
    ],
  ])('%s', (_, log, expected) => {
    expect(total(log)).toEqual({ inboundCalls: 1, ...expected });
  });

  it('has the thresholds of its queue', () => {
    const queueTargets = { q: { answerWithinMs: 60_000, shortAbandonMs: 31_000 } };
    expect(total(visit([31_000, abandon(30_000)]), { queueTargets })).toMatchObject({
      abandonedShort: 1,
      abandonedInTime: 1,
    });
  });

  it('counts in the hour in which the caller entered the queue, its answer, talk and wrap-up too', () => {
    const at = 59 * minuteMs;
    const log = [
      ...call('c', [at, start], [at, enter()], [at, offer('a')], [at + 90_000, connect('a', 90_000)]),
      ...call('c', [at + 150_000, complete('a')], [at + 150_000, over]),
      agent('a', at + 150_000, 'WRAPUPSTART', { callId: 'c' }),
      agent('a', at + 160_000, 'WRAPUPEND', { callId: 'c' }),
    ];
    expect(table(fold(log).rows.values(), 'offered', 'answered', 'offers', 'talkMs', 'wrapUpMs')).toEqual({
      '10:00 q-': { offered: 1 },
      '10:00 q-a': { offers: 1, answered: 1, talkMs: 60_000, wrapUpMs: 10_000 },
    });
  });
});

describe('a contact', () => {
  const talk = (...facts: [number, CallFact][]): LogEvent[] =>
    call('c', [0, start], [0, enter()], [10_000, connect('a', 10_000)], ...facts);

  it.each<[string, LogEvent[], Partial<Sums>]>([
    ['that goes on is answered, and not handled yet', talk(), {}],
    ['is all talk without hold', talk([70_000, complete('a')]), { handled: 1, talkMs: 60_000 }],
    [
      'is talk and hold',
      talk([20_000, hold], [50_000, resume], [70_000, complete('a')]),
      { handled: 1, talkMs: 30_000, holdMs: 30_000 },
    ],
    [
      'is on hold while either leg holds',
      talk(
        [20_000, hold],
        [30_000, { name: 'HOLD', legId: 'b' }],
        [40_000, resume],
        [60_000, { name: 'RESUME', legId: 'b' }],
        [70_000, complete('a')],
      ),
      { handled: 1, talkMs: 20_000, holdMs: 40_000 },
    ],
    [
      'that ends on hold is hold to the end',
      talk([20_000, hold], [70_000, complete('a')]),
      { handled: 1, talkMs: 10_000, holdMs: 50_000 },
    ],
    ['ends with the call at the latest', talk([40_000, over]), { handled: 1, talkMs: 30_000 }],
    [
      'ends where the wrap-up begins when nobody hung up',
      [...talk(), agent('a', 40_000, 'WRAPUPSTART', { callId: 'c' }), agent('a', 50_000, 'WRAPUPEND')],
      { handled: 1, talkMs: 30_000, wrapUpMs: 10_000 },
    ],
    [
      'is passed on when the caller enters a queue again',
      talk([40_000, enter('r')], [40_000, over]),
      { handled: 1, talkMs: 30_000, transferred: 1 },
    ],
    [
      'is passed on when the caller talks to somebody else',
      talk([40_000, complete('a')], [40_000, bridge], [45_000, over]),
      { handled: 1, talkMs: 30_000, transferred: 1 },
    ],
  ])('%s', (_, log, expected) => {
    const { handled, talkMs, holdMs, wrapUpMs, transferred } = totalOf(fold(log).rows.values());
    expect(nonZero({ handled, talkMs, holdMs, wrapUpMs, transferred } as Sums)).toEqual(expected);
  });
});

describe('an offer', () => {
  it('counts by how it ended, for queue and agent', () => {
    const log = call(
      'c',
      [0, start],
      [0, enter()],
      [1, offer('a')],
      [2, missed('a', 'no-answer')],
      [3, offer('b')],
      [4, missed('b', 'rejected')],
      [5, offer('c')],
      [6, missed('c', 'busy')],
      [7, offer('d')],
      [8, { name: 'RINGCANCELED', queueId: 'q', agentId: 'd', offerId: 'd', ringMs: 1 }],
      [9, offer('e')],
      [10, connect('e', 10)],
    );
    const offers = ['offers', 'offersMissed', 'offersRejected', 'offersFailed', 'offersCanceled'] as const;
    expect(table(fold(log).rows.values(), ...offers, 'offersAnswered', 'ringAnsweredMs')).toEqual({
      '10:00 q-a': { offers: 1, offersMissed: 1 },
      '10:00 q-b': { offers: 1, offersRejected: 1 },
      '10:00 q-c': { offers: 1, offersFailed: 1 },
      '10:00 q-d': { offers: 1, offersCanceled: 1 },
      '10:00 q-e': { offers: 1, offersAnswered: 1, ringAnsweredMs: 3000 },
    });
  });
});

describe('an outgoing call', () => {
  it.each<[string, LogEvent[], Partial<Sums>]>([
    ['that rings has no result yet', call('c', [0, outbound]), { outboundAttempts: 1 }],
    [
      'that nobody answers has failed',
      call('c', [0, outbound], [9, over]),
      { outboundAttempts: 1, outboundFailed: 1 },
    ],
    [
      'is connected once, with its talk and hold',
      call(
        'c',
        [0, outbound],
        [5_000, bridge],
        [6_000, hold],
        [8_000, resume],
        [8_500, bridge],
        [9_000, over],
      ),
      {
        outboundAttempts: 1,
        outboundConnected: 1,
        outboundEnded: 1,
        outboundTalkMs: 2_000,
        outboundHoldMs: 2_000,
      },
    ],
  ])('%s', (_, log, expected) => {
    expect(total(log)).toEqual(expected);
  });

  it('counts only with its result in the connect rate', () => {
    const log = ['x', 'y', 'z'].flatMap((id) => call(id, [0, outbound]));
    const state = fold([...log, ...call('x', [1, bridge]), ...call('y', [2, over])]);
    expect(evaluate('connect-rate', totalOf(state.rows.values())).value).toBe(0.5);
  });
});
