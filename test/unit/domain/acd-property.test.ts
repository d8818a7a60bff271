import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Call, foldCall } from '../../../src/domain/call.ts';
import { type CallEvent, isCallEvent, type LogEvent } from '../../../src/domain/call-event.ts';
import { RandomOffice, type Step } from './random-office.ts';

const index = fc.nat({ max: 11 });
const agent = fc.nat({ max: 4 });
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });
const step: fc.Arbitrary<Step> = fc.oneof(
  weighted(6, fc.record({ do: fc.constant('enter' as const), queue: fc.nat({ max: 2 }) })),
  weighted(6, fc.record({ do: fc.constantFrom('answer' as const, 'ring' as const), pick: index })),
  weighted(
    10,
    fc.record({
      do: fc.constantFrom(
        'leave' as const,
        'connect' as const,
        'connect' as const,
        'connect-fail' as const,
        'end-talk' as const,
        'late-answer' as const,
      ),
      pick: index,
    }),
  ),
  weighted(
    3,
    fc.record({
      do: fc.constant('fail' as const),
      pick: index,
      cause: fc.constantFrom(
        'no-answer' as const,
        'rejected' as const,
        'busy' as const,
        'unreachable' as const,
      ),
    }),
  ),
  weighted(
    4,
    fc.record({
      do: fc.constant('status' as const),
      agent,
      status: fc.constantFrom(
        'available' as const,
        'available' as const,
        'on-break' as const,
        'logged-out' as const,
      ),
    }),
  ),
  weighted(
    3,
    fc.record({ do: fc.constantFrom('reachable' as const, 'busy' as const), agent, on: fc.boolean() }),
  ),
  weighted(1, fc.record({ do: fc.constant('ready' as const), agent })),
  weighted(
    1,
    fc.record({
      do: fc.constant('settings' as const),
      queues: fc.subarray([0, 1, 2], { minLength: 1 }),
      agents: fc.subarray([0, 1, 2, 3, 4]),
      maxWaitMs: fc.constantFrom(0, 20_000, 60_000),
      ringAll: fc.boolean(),
    }),
  ),
  weighted(
    4,
    fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 500, 3000, 12_000, 25_000) }),
  ),
);

function runDay(steps: readonly Step[]): RandomOffice {
  const office = new RandomOffice();
  office.configure([0, 1, 2], [0, 1, 2, 3, 4], 60_000, false);
  for (const n of [0, 1, 2, 3, 4]) {
    office.apply({ do: 'reachable', agent: n, on: true });
    office.apply({ do: 'status', agent: n, status: 'available' });
  }
  for (const one of steps) office.apply(one);
  return office;
}

/** The calls of a log, each folded with the start and end that call control adds. */
function foldAll(log: readonly LogEvent[]): { call: Call; events: CallEvent[] }[] {
  const byCall = new Map<string, CallEvent[]>();
  for (const event of log.filter(isCallEvent)) {
    const events = byCall.get(event.callId) ?? [];
    byCall.set(event.callId, events);
    events.push(event);
  }
  return [...byCall].map(([callId, events]) => {
    const at = events[0]?.at ?? 0;
    let call = foldCall(undefined, {
      at,
      callId,
      name: 'CALLSTART',
      direction: 'inbound',
      from: '1',
      to: '2',
    });
    for (const event of events) call = foldCall(call, event);
    return { call, events };
  });
}

const count = (events: readonly { name: string }[], ...names: string[]): number =>
  events.filter((event) => names.includes(event.name)).length;

describe('whatever happens in an office', () => {
  it('no agent is offered two calls, no caller is in two talks, nobody waits while an agent is free', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        expect(runDay(steps).breaches).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('everybody is served in the end, every agent waits for the next call, no timer is left', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const office = runDay(steps);
        office.settle();
        expect(office.breaches).toEqual([]);
        expect([...office.state.calls.keys()]).toEqual([]);
        expect([...office.state.offers.keys()]).toEqual([]);
        for (const record of office.state.agents.values())
          expect(record).toMatchObject({ state: 'waiting', status: 'available', missed: undefined });
        expect(office.armedTimers).toBe(0);
        expect(office.clock.armed).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it('the log adds up: each offer ends once, each call and each wrap-up too', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const office = runDay(steps);
        office.settle();
        for (const { call, events } of foldAll(office.log)) {
          const offers = count(events, 'OFFER');
          expect(count(events, 'CONNECT', 'RINGNOANSWER', 'RINGCANCELED')).toBe(offers);
          expect(call.offers).toEqual([]);
          expect(count(events, 'ENTERQUEUE')).toBe(1);
          expect(count(events, 'CONNECT', 'ABANDON', 'EXITWITHTIMEOUT')).toBe(1);
          expect(count(events, 'CONNECT')).toBeGreaterThanOrEqual(
            count(events, 'COMPLETEAGENT', 'COMPLETECALLER'),
          );
          expect(call.abandoned).toBe(count(events, 'ABANDON') === 1);
          expect(call.waitMs).toBeGreaterThanOrEqual(0);
          const ended = foldCall(call, {
            at: office.clock.now(),
            callId: call.callId,
            name: 'CALLEND',
            termination: { class: 'success', reason: 'test' },
          });
          expect(ended.phase).toBe('ended');
        }
        expect(count(office.log, 'WRAPUPSTART')).toBe(count(office.log, 'WRAPUPEND'));
        expect(count(office.log, 'AGENTLOGIN') - count(office.log, 'AGENTLOGOFF')).toBe(
          office.state.agents.size,
        );
      }),
      { numRuns: 200 },
    );
  });
});
