import { describe, expect, it } from 'vitest';
import type { AgentEvent, CallEvent, CallFact, LogEvent } from '../../../../src/domain/call-event.ts';
import { evaluate } from '../../../../src/domain/metrics/figures.ts';
import { foldMetrics } from '../../../../src/domain/metrics/fold-metrics.ts';
import { type Measure, type MetricRow, type Sums, totalOf } from '../../../../src/domain/metrics/measures.ts';
import { forgetBefore, rowsAt, rowsPer } from '../../../../src/domain/metrics/snapshot.ts';
import {
  createMetrics,
  defaultTargets,
  type MetricsOptions,
  type MetricsState,
} from '../../../../src/domain/metrics/state.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** 10:00 in Budapest. */
const ten = Date.parse('2026-06-10T08:00:00Z');
const options: MetricsOptions = { timeZone: 'Europe/Budapest', unit: 'hour', targets: defaultTargets };
const over = { name: 'CALLEND', termination: { class: 'success', reason: 'caller-hung-up' } } as const;
const failed = { class: 'server', reason: 'appliance-failed' } as const;

/** Events of one call; the times are milliseconds after ten. */
function call(callId: string, ...facts: [number, CallFact][]): LogEvent[] {
  return facts.map(([ms, fact]) => ({ at: ten + ms, callId, ...fact }) as CallEvent);
}

function agent(agentId: string, ms: number, name: AgentEvent['name'], more: object = {}): LogEvent {
  return { at: ten + ms, agentId, name, ...more } as AgentEvent;
}

const start: CallFact = { name: 'CALLSTART', direction: 'inbound', from: '1', to: '2' };
const outbound: CallFact = { ...start, direction: 'outbound' };
const enter = (queueId = 'q'): CallFact => ({ name: 'ENTERQUEUE', queueId, position: 1 });
const offer = (agentId: string): CallFact => ({ name: 'OFFER', queueId: 'q', agentId, offerId: agentId });
const missed = (agentId: string, cause: 'no-answer' | 'rejected' | 'busy' | 'unreachable'): CallFact => ({
  name: 'RINGNOANSWER',
  queueId: 'q',
  agentId,
  offerId: agentId,
  ringMs: 1,
  cause,
});
const connect = (agentId: string, waitMs: number): CallFact => ({
  name: 'CONNECT',
  queueId: 'q',
  agentId,
  offerId: agentId,
  waitMs,
  ringMs: 3000,
});
const complete = (agentId: string): CallFact => ({
  name: 'COMPLETECALLER',
  queueId: 'q',
  agentId,
  waitMs: 0,
  talkMs: 0,
});
const abandon = (waitMs: number): CallFact => ({ name: 'ABANDON', queueId: 'q', position: 1, waitMs });
const bridge: CallFact = { name: 'BRIDGE', legIds: ['a', 'b'] };
const hold: CallFact = { name: 'HOLD', legId: 'a' };
const resume: CallFact = { name: 'RESUME', legId: 'a' };

function fold(log: readonly LogEvent[], more: Partial<MetricsOptions> = {}): MetricsState {
  const state = createMetrics({ ...options, ...more });
  for (const event of log) expect(foldMetrics(state, event)).toBe(state);
  return state;
}

/** What is not 0 in all rows together. */
function nonZero(sums: Sums): Partial<Sums> {
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0));
}

function total(log: readonly LogEvent[], more: Partial<MetricsOptions> = {}): Partial<Sums> {
  return nonZero(totalOf(fold(log, more).rows.values()));
}

/** `10:00 queue agent` and what was measured there. */
function table(rows: Iterable<MetricRow>, ...only: Measure[]): Record<string, Partial<Sums>> {
  const found: Record<string, Partial<Sums>> = {};
  for (const row of rows) {
    const sums = nonZero(row.sums);
    const kept = Object.entries(sums).filter(([m]) => only.length === 0 || only.includes(m as Measure));
    const time = new Date(row.startAt + 2 * hourMs).toISOString().slice(11, 16);
    if (kept.length > 0) found[`${time} ${row.queueId}-${row.agentId}`] = Object.fromEntries(kept);
  }
  return found;
}

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

describe('the time of an agent', () => {
  const times = ['loginMs', 'pauseMs', 'availableMs', 'agentTalkMs', 'agentHoldMs', 'agentWrapUpMs'] as const;

  it('is spent once, and cut at every full hour', () => {
    const log = [
      agent('a', 0, 'AGENTLOGIN'),
      agent('a', 30 * minuteMs, 'PAUSE', { reason: 'lunch' }),
      agent('a', 75 * minuteMs, 'UNPAUSE'),
      ...call(
        'c',
        [80 * minuteMs, start],
        [80 * minuteMs, enter()],
        [80 * minuteMs, connect('a', 0)],
        [110 * minuteMs, hold],
        [125 * minuteMs, resume],
        [130 * minuteMs, complete('a')],
      ),
      agent('a', 130 * minuteMs, 'WRAPUPSTART', { callId: 'c' }),
      agent('a', 140 * minuteMs, 'WRAPUPEND', { callId: 'c' }),
      agent('a', 150 * minuteMs, 'AGENTLOGOFF'),
    ];
    const rows = fold(log).rows;
    expect(table(rows.values(), ...times)).toEqual({
      '10:00 -a': { loginMs: hourMs, availableMs: 30 * minuteMs, pauseMs: 30 * minuteMs },
      '11:00 -a': {
        loginMs: hourMs,
        pauseMs: 15 * minuteMs,
        availableMs: 5 * minuteMs,
        agentTalkMs: 30 * minuteMs,
        agentHoldMs: 10 * minuteMs,
      },
      '12:00 -a': {
        loginMs: 30 * minuteMs,
        agentHoldMs: 5 * minuteMs,
        agentTalkMs: 5 * minuteMs,
        agentWrapUpMs: 10 * minuteMs,
        availableMs: 10 * minuteMs,
      },
    });
    expect(evaluate('occupancy', totalOf(rows.values())).value).toBeCloseTo(60 / 105, 12);
  });

  it('of two talks at once is counted once, and as hold only while both hold', () => {
    const talk = (id: string, ms: number): LogEvent[] =>
      call(id, [ms, start], [ms, enter()], [ms, connect('a', 0)]);
    const log = [
      ...talk('c', 0),
      ...call('c', [1_000, hold]),
      ...talk('d', 5_000),
      ...call('d', [7_000, hold]),
      ...call('d', [8_000, over]),
      ...call('c', [10_000, over]),
    ];
    expect(table(fold(log).rows.values(), ...times)['10:00 -a']).toEqual({
      agentTalkMs: 1_000 + 2_000,
      agentHoldMs: 4_000 + 1_000 + 2_000,
    });
  });

  it('that goes on counts up to the moment one asks, without touching what was counted', () => {
    const state = fold([agent('a', 0, 'AGENTLOGIN'), ...call('c', [0, start], [1_000, enter()])]);
    const before = structuredClone(state);
    const rows = rowsAt(state, ten + 61 * minuteMs);
    expect(table(rows, 'loginMs', 'longestWaitMs')).toEqual({
      '10:00 -a': { loginMs: hourMs },
      '10:00 q-': { longestWaitMs: 61 * minuteMs - 1_000 },
      '11:00 -a': { loginMs: minuteMs },
    });
    expect(state).toEqual(before);
  });

  it('begins with the first sign of life when the log-in is not in the log', () => {
    const log = [agent('a', 0, 'PAUSE', { reason: '' }), agent('a', 60_000, 'AGENTLOGOFF')];
    expect(total(log)).toEqual({ loginMs: 60_000, pauseMs: 60_000 });
  });

  it('is not believed when the clock jumps by years', () => {
    const log = [
      { at: 0, agentId: 'a', name: 'AGENTLOGIN' } as const,
      { at: 1_000, agentId: 'a', name: 'PAUSE', reason: '' } as const,
      agent('a', 0, 'AGENTLOGOFF'),
    ];
    expect(total(log)).toEqual({ logins: 1, sessionsCut: 1, loginMs: 1_000, availableMs: 1_000 });
  });

  it('does not run backwards with the clock', () => {
    const log = [
      agent('a', 60_000, 'AGENTLOGIN'),
      agent('a', 0, 'PAUSE', { reason: '' }),
      agent('a', 90_000, 'AGENTLOGOFF'),
    ];
    expect(total(log)).toEqual({ logins: 1, loginMs: 30_000, pauseMs: 30_000 });
  });
});

describe('a failure of the appliance', () => {
  const before = [
    agent('a', 0, 'AGENTLOGIN'),
    agent('b', 0, 'AGENTLOGIN'),
    ...call('c', [0, start], [0, enter()], [5_000, connect('a', 5_000)]),
    ...call('d', [8_000, start], [9_000, enter()]),
    agent('b', 60_000, 'PAUSE', { reason: '' }),
  ];
  const ends = ['c', 'd'].flatMap((id) =>
    call(
      id,
      [30 * minuteMs, { name: 'LEGEND', legId: 'a', termination: failed }],
      [30 * minuteMs, { name: 'CALLEND', termination: failed }],
    ),
  );
  const expected = {
    inboundCalls: 2,
    offered: 2,
    answered: 1,
    answeredInTime: 1,
    waitAnsweredMs: 5_000,
    lost: 1,
    longestWaitMs: 51_000,
    handled: 1,
    talkMs: 55_000,
    loginMs: 120_000,
    sessionsCut: 2,
    agentTalkMs: 55_000,
    availableMs: 65_000,
  };

  it('ends calls and sessions at the last sign of life, when the next start logs in again who was there', () => {
    const again = [agent('a', 30 * minuteMs, 'AGENTLOGIN'), agent('b', 30 * minuteMs, 'AGENTLOGIN')];
    expect(total([...before, ...again, ...ends])).toEqual({ ...expected, logins: 4 });
  });

  it('does so when the next start only ends the calls that were open', () => {
    expect(total([...before, ...ends])).toEqual({ ...expected, logins: 2 });
  });

  it('leaves the agents who came back in their new session', () => {
    const state = fold([...before, agent('a', 30 * minuteMs, 'AGENTLOGIN'), ...ends]);
    expect(table(rowsAt(state, ten + 31 * minuteMs), 'loginMs')).toEqual({
      '10:00 -a': { loginMs: 2 * minuteMs },
      '10:00 -b': { loginMs: minuteMs },
    });
  });

  it('without any trace is noticed when a call was silent for a day: it ended with its last event', () => {
    const state = fold([...before, ...call('e', [25 * hourMs, start])]);
    expect([...state.calls.keys()]).toEqual(['e']);
    const { handled, talkMs, lost, longestWaitMs } = totalOf(state.rows.values());
    expect({ handled, talkMs, lost, longestWaitMs }).toEqual({
      handled: 1,
      talkMs: 0,
      lost: 1,
      longestWaitMs: 5_000,
    });
  });
});

describe('a log that begins in the middle', () => {
  it('leaves out calls whose beginning it does not have, and tells how many facts', () => {
    const state = fold([
      ...call('c', [0, enter()], [1, connect('a', 1)], [2, complete('a')], [2, over]),
      ...call('d', [3, start], [4, connect('a', 1)], [5, abandon(1)], [6, missed('a', 'busy')], [7, over]),
      ...call('d', [8, { name: 'RECORDFAIL', recordingId: 'r', reason: '' }]),
    ]);
    expect(nonZero(totalOf(state.rows.values()))).toEqual({ inboundCalls: 1 });
    expect(state.ignored).toBe(5);
  });

  it('gives rows only for the time that is asked for, with what was going on when it began', () => {
    const log = [
      agent('a', 0, 'AGENTLOGIN'),
      ...call('c', [0, start], [0, enter()], [hourMs, connect('a', hourMs)], [hourMs, over]),
      ...call('d', [hourMs, start], [hourMs, enter()], [hourMs + 1, abandon(1)]),
      agent('a', 3 * hourMs, 'AGENTLOGOFF'),
    ];
    const state = fold(log, { from: ten + hourMs, until: ten + 2 * hourMs });
    expect(table(state.rows.values(), 'offered', 'answered', 'loginMs')).toEqual({
      '11:00 q-': { offered: 1 },
      '11:00 -a': { loginMs: hourMs },
    });
  });
});

describe('the state', () => {
  it('holds no more than rows and what goes on, however many calls it counts', () => {
    const state = createMetrics(options);
    for (let n = 0; n < 2_000; n++) {
      const at = n * 100;
      for (const event of call(`c${n}`, [at, start], [at, enter()], [at, offer('a')], [at, connect('a', 0)]))
        foldMetrics(state, event);
      for (const event of call(`c${n}`, [at + 50, complete('a')], [at + 50, over])) foldMetrics(state, event);
    }
    expect(state.calls.size).toBe(0);
    expect(state.rows.size).toBe(4); // office, queue, agent, agent in queue
    expect(totalOf(state.rows.values()).talkMs).toBe(100_000);
  });

  it('goes on as before when it is a clone', () => {
    const log = [
      agent('a', 0, 'AGENTLOGIN'),
      ...call('c', [0, start], [0, enter()], [9, offer('a')], [10, connect('a', 10)], [20, hold]),
    ];
    const rest = [
      ...call('c', [30, complete('a')]),
      agent('a', 30, 'WRAPUPSTART', { callId: 'c' }),
      agent('a', 50, 'WRAPUPEND', { callId: 'c' }),
    ];
    const clone = structuredClone(fold(log));
    for (const event of rest) foldMetrics(clone, event);
    expect(clone).toEqual(fold([...log, ...rest]));
  });

  it('forgets intervals that are over, and keeps the one that goes on', () => {
    const log = [0, 1, 2].flatMap((n) => call(`c${n}`, [n * hourMs, start], [n * hourMs, over]));
    const state = fold(log);
    forgetBefore(state, ten + 2 * hourMs);
    expect([...state.rows.values()].map(({ startAt }) => startAt)).toEqual([ten + 2 * hourMs]);
  });

  it('gives hours as days, each queue and agent for itself', () => {
    const log = [0, 1, 20].flatMap((n) => call(`c${n}`, [n * hourMs, start], [n * hourMs, enter()]));
    const days = rowsPer('day', options.timeZone, fold(log).rows.values());
    expect(days.map((row) => [row.endAt - row.startAt, row.queueId, nonZero(row.sums)])).toEqual([
      [dayMs, '', { inboundCalls: 2 }],
      [dayMs, 'q', { offered: 2 }],
      [dayMs, '', { inboundCalls: 1 }],
      [dayMs, 'q', { offered: 1 }],
    ]);
  });

  it('is not begun for a time zone that does not exist', () => {
    expect(() => createMetrics({ ...options, timeZone: 'Nowhere' })).toThrow(RangeError);
  });
});
