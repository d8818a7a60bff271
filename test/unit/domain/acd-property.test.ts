import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Call, foldCall } from '../../../src/domain/call.ts';
import { type CallEvent, isCallEvent, type LogEvent } from '../../../src/domain/call-event.ts';
import { randomSteps, runDay } from './random-day.ts';

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
      fc.property(randomSteps(120), (steps) => {
        expect(runDay(steps).breaches).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('everybody is served in the end, every agent waits for the next call, no timer is left', () => {
    fc.assert(
      fc.property(randomSteps(80), (steps) => {
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
      fc.property(randomSteps(80), (steps) => {
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
