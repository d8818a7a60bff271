/** Call logs at random for property tests: every kind of call and agent, in order of time, with a failure if wanted. */
import fc from 'fast-check';
import type { AgentEvent, CallEvent, CallFact, LogEvent } from '../../src/domain/call-event.ts';

const success = { class: 'success', reason: 'caller-hung-up' } as const;
const failure = { class: 'server', reason: 'appliance-failed' } as const;
const secondMs = 1000;

/** Durations as they occur, with the thresholds and no time at all among them. */
const duration = fc.oneof(
  fc.constantFrom(0, 5_000, 20_000),
  fc.integer({ min: 0, max: 90_000 }),
  fc.integer({ min: 0, max: 2 * 3_600_000 }),
);
const agentId = fc.constantFrom('a0', 'a1', 'a2');
const queueId = fc.constantFrom('q0', 'q1');
const holds = fc.array(fc.record({ leg: fc.constantFrom('caller', 'agent'), afterMs: duration }), {
  maxLength: 5,
});

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('queue' as const),
      queueId,
      waitMs: duration,
      missed: fc.array(
        fc.record({
          agentId,
          cause: fc.constantFrom('no-answer', 'rejected', 'busy', 'unreachable', 'canceled', 'open'),
        }),
        { maxLength: 3 },
      ),
      outcome: fc.constantFrom('connect', 'connect', 'connect', 'abandon', 'timeout', 'none'),
      agentId,
      ringMs: duration,
      holds,
      talkMs: duration,
      end: fc.constantFrom('COMPLETEAGENT', 'COMPLETECALLER', 'none'),
      wrapUpMs: fc.option(duration),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('bridge' as const),
      afterMs: duration,
      holds,
      talkMs: duration,
    }),
  },
);
const randomCall = fc.record({
  startMs: fc.integer({ min: 0, max: 5 * 3_600_000 }),
  direction: fc.constantFrom('inbound', 'inbound', 'outbound', 'internal'),
  steps: fc.array(step, { maxLength: 3 }),
  ends: fc.boolean(),
});
const agentDay = fc.record({
  agentId,
  startMs: fc.integer({ min: 0, max: 3_600_000 }),
  steps: fc.array(
    fc.record({
      afterMs: duration,
      name: fc.constantFrom('AGENTLOGIN', 'PAUSE', 'UNPAUSE', 'AGENTLOGOFF', 'UNPAUSE'),
    }),
    { maxLength: 8 },
  ),
});

type RandomCall = typeof randomCall extends fc.Arbitrary<infer T> ? T : never;
type AgentDay = typeof agentDay extends fc.Arbitrary<infer T> ? T : never;

/** @param startAt ms since the epoch; the log covers some hours from there */
export function randomLog(startAt: number): fc.Arbitrary<LogEvent[]> {
  return fc
    .record({
      calls: fc.array(randomCall, { maxLength: 8 }),
      agents: fc.uniqueArray(agentDay, { maxLength: 3, selector: (day) => day.agentId }),
      failsMs: fc.option(fc.integer({ min: 0, max: 6 * 3_600_000 }), { freq: 2 }),
      downMs: duration,
    })
    .map(({ calls, agents, failsMs, downMs }) => {
      const events = [
        ...calls.flatMap((call, i) => eventsOf(call, `c${i}`, startAt)),
        ...agents.flatMap((day) => sessionOf(day, startAt)),
      ];
      const log = withoutFalseStarts(events.sort((a, b) => a.at - b.at));
      return failsMs === null ? log : withFailure(log, startAt + failsMs, downMs);
    });
}

function eventsOf(call: RandomCall, callId: string, startAt: number): LogEvent[] {
  let at = startAt + call.startMs;
  const events: LogEvent[] = [];
  const say = (fact: CallFact): void => void events.push({ at, callId, ...fact } as CallEvent);
  const talk = (held: { leg: string; afterMs: number }[], talkMs: number): void => {
    const heldLegs = new Set<string>();
    for (const { leg, afterMs } of held) {
      at += afterMs;
      say({ name: heldLegs.has(leg) ? 'RESUME' : 'HOLD', legId: leg });
      if (!heldLegs.delete(leg)) heldLegs.add(leg);
    }
    at += talkMs;
  };
  say({ name: 'CALLSTART', direction: call.direction as 'inbound', from: '1', to: '2' });
  call.steps.forEach((one, n) => {
    if (one.kind === 'bridge') {
      at += one.afterMs;
      say({ name: 'BRIDGE', legIds: ['caller', 'callee'] });
      talk(one.holds, one.talkMs);
      return;
    }
    const { queueId, agentId, waitMs, ringMs } = one;
    const offerId = `${callId}-${n}`;
    say({ name: 'ENTERQUEUE', queueId, position: 1 });
    at += waitMs;
    one.missed.forEach((offer, i) => {
      const of = { queueId, agentId: offer.agentId, offerId: `${offerId}-${i}` };
      say({ name: 'OFFER', ...of });
      if (offer.cause === 'canceled') say({ name: 'RINGCANCELED', ...of, ringMs });
      else if (offer.cause !== 'open')
        say({ name: 'RINGNOANSWER', ...of, ringMs, cause: offer.cause as 'busy' });
    });
    if (one.outcome === 'abandon') say({ name: 'ABANDON', queueId, position: 1, waitMs });
    if (one.outcome === 'timeout') say({ name: 'EXITWITHTIMEOUT', queueId, waitMs });
    if (one.outcome !== 'connect') return;
    say({ name: 'OFFER', queueId, agentId, offerId });
    say({ name: 'CONNECT', queueId, agentId, offerId, waitMs, ringMs });
    const from = at;
    talk(one.holds, one.talkMs);
    if (one.end !== 'none')
      say({ name: one.end as 'COMPLETEAGENT', queueId, agentId, waitMs, talkMs: at - from });
    if (one.wrapUpMs === null) return;
    events.push({ at, agentId, name: 'WRAPUPSTART', callId });
    events.push({ at: at + one.wrapUpMs, agentId, name: 'WRAPUPEND', callId });
  });
  at += secondMs;
  if (call.ends) {
    say({ name: 'LEGEND', legId: 'agent', termination: success });
    say({ name: 'CALLEND', termination: success });
  }
  return events;
}

/** A session as agents have it: no second log-in before a log-off. */
function sessionOf(day: AgentDay, startAt: number): LogEvent[] {
  let at = startAt + day.startMs;
  let isIn = false;
  return day.steps.flatMap(({ afterMs, name }) => {
    at += afterMs;
    if (name === 'AGENTLOGIN' && isIn) return [];
    isIn = name !== 'AGENTLOGOFF';
    return [{ at, agentId: day.agentId, name, ...(name === 'PAUSE' ? { reason: '' } : {}) } as AgentEvent];
  });
}

/** Who is logged in already logs in again at a start only; then nothing of before goes on. */
function withoutFalseStarts(log: readonly LogEvent[]): LogEvent[] {
  const loggedIn = new Set<string>();
  return log.filter((event) => {
    if (event.name === 'AGENTLOGIN' && loggedIn.has(event.agentId)) return false;
    if (event.name === 'AGENTLOGOFF') loggedIn.delete(event.agentId);
    else if (event.name === 'AGENTLOGIN' || impliesSession(event)) loggedIn.add(event.agentId);
    return true;
  });
}

function impliesSession(event: LogEvent): event is AgentEvent {
  return event.name === 'PAUSE' || event.name === 'UNPAUSE' || event.name === 'WRAPUPSTART';
}

/** What was going on at `failsAt` never goes on; at the next start the log says what ended. */
function withFailure(log: readonly LogEvent[], failsAt: number, downMs: number): LogEvent[] {
  const before = log.filter(({ at }) => at <= failsAt);
  const startsAt = failsAt + downMs;
  const isOpen = (callId: string): boolean =>
    before.some((e) => e.name === 'CALLSTART' && e.callId === callId) &&
    !before.some((e) => e.name === 'CALLEND' && e.callId === callId);
  const known = new Set(before.flatMap((e) => ('callId' in e ? [e.callId] : [])));
  const logins = ['a0', 'a1', 'a2'].flatMap((agentId): LogEvent[] => {
    const last = before.findLast(
      (e) => 'agentId' in e && e.agentId === agentId && (isLogInOrOff(e) || impliesSession(e)),
    );
    return last && last.name !== 'AGENTLOGOFF' ? [{ at: startsAt, agentId, name: 'AGENTLOGIN' }] : [];
  });
  const ends = [...known].filter(isOpen).flatMap((callId): LogEvent[] => [
    { at: startsAt, callId, name: 'LEGEND', legId: 'caller', termination: failure },
    { at: startsAt, callId, name: 'CALLEND', termination: failure },
  ]);
  const begunAfter = new Set(
    log.flatMap((e) => (e.name === 'CALLSTART' && e.at > startsAt ? [e.callId] : [])),
  );
  const after = log.filter((e) => e.at > startsAt && (!('callId' in e) || begunAfter.has(e.callId)));
  return [...before, ...withoutFalseStarts([...logins, ...ends, ...after])];
}

function isLogInOrOff({ name }: LogEvent): boolean {
  return name === 'AGENTLOGIN' || name === 'AGENTLOGOFF';
}
