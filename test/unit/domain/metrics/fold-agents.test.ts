import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../../../../src/domain/call-event.ts';
import { evaluate } from '../../../../src/domain/metrics/figures.ts';
import { foldMetrics } from '../../../../src/domain/metrics/fold-metrics.ts';
import { totalOf } from '../../../../src/domain/metrics/measures.ts';
import { forgetBefore, rowsAt, rowsPer } from '../../../../src/domain/metrics/snapshot.ts';
import { createMetrics } from '../../../../src/domain/metrics/state.ts';
import {
  abandon,
  agent,
  call,
  complete,
  connect,
  dayMs,
  enter,
  failed,
  fold,
  hold,
  hourMs,
  minuteMs,
  missed,
  nonZero,
  offer,
  options,
  over,
  resume,
  start,
  table,
  ten,
  total,
} from './hand-made-log.ts';

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

  it('is left as it is by asking long after, also a wrap-up that nobody ended', () => {
    const state = fold([
      agent('a', 0, 'AGENTLOGIN'),
      ...call('c', [0, start], [0, enter()], [0, connect('a', 0)], [9_000, complete('a')], [9_000, over]),
      agent('a', 9_000, 'WRAPUPSTART', { callId: 'c' }),
      agent('a', 12_000, 'PAUSE', { reason: '' }),
    ]);
    const before = structuredClone(state);
    expect(totalOf(rowsAt(state, ten + 8 * dayMs))).toMatchObject({ loginMs: 12_000, sessionsCut: 1 });
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

  it('does not run backwards with the clock, and goes on from where the clock was set to', () => {
    const log = [
      agent('a', 0, 'AGENTLOGIN'),
      agent('a', 60_000, 'PAUSE', { reason: '' }),
      agent('b', -hourMs, 'AGENTLOGIN'),
      agent('a', 20_000 - hourMs, 'AGENTLOGOFF'),
    ];
    expect(table(fold(log).rows.values(), ...times)).toEqual({
      '10:00 -a': { loginMs: 60_000, availableMs: 60_000 },
      '09:00 -a': { loginMs: 20_000, pauseMs: 20_000 },
    });
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

  it('leaves no contact that a later wrap-up could belong to', () => {
    const state = fold([
      ...before,
      ...ends,
      agent('a', 31 * minuteMs, 'AGENTLOGIN'),
      agent('a', 32 * minuteMs, 'WRAPUPSTART', { callId: 'c' }),
      agent('a', 33 * minuteMs, 'WRAPUPEND', { callId: 'c' }),
    ]);
    expect(totalOf(state.rows.values())).toMatchObject({ wrapUpMs: 0, agentWrapUpMs: minuteMs });
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

  it('forgets intervals that are over, for good, and keeps the one that goes on', () => {
    const log = [0, 1, 2].flatMap((n) => call(`c${n}`, [n * hourMs, start], [n * hourMs, enter()]));
    const state = fold(log);
    forgetBefore(state, ten + 2 * hourMs + minuteMs);
    for (const n of [0, 1, 2])
      for (const event of call(`c${n}`, [3 * hourMs, connect('a', 1)])) foldMetrics(state, event);
    expect(table(state.rows.values(), 'offered', 'answered', 'agentTalkMs')).toEqual({
      '12:00 q-': { offered: 1 },
      '12:00 q-a': { answered: 1 },
    });
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
