/**
 * Two weeks that the demo office has behind it, so that reports have something to tell: invented calls, in the call
 * log's own vocabulary. No agent is in two calls at once, and nobody works at night.
 */
import { timeOrderedId } from '../../src/base/ids.ts';
import type { CallEvent, CallFact, LogEvent } from '../../src/domain/call-event.ts';
import type { Random } from '../fuzzers/random.ts';
import { habits, numbers } from './office.ts';
import { about } from './people.ts';

const days = 14;
const dayMs = 86_400_000;
const minuteMs = 60_000;
/** Calls in each hour of a weekday, from eight in the morning. */
const perHour = [24, 45, 62, 57, 36, 41, 55, 48, 33, 16];
const firstHour = 8;
const teams = {
  sales: ['anna', 'ben', 'clara', 'fatma'],
  support: ['dmitri', 'elena', 'fatma', 'george'],
} as const;

/** Everything until a few minutes before `nowMs`, in order of time; all calls have ended, and everybody has gone. */
export function pastWeeks(nowMs: number, random: Random): LogEvent[] {
  const events: LogEvent[] = [];
  const today = new Date(nowMs);
  for (let ago = days; ago >= 0; ago--) {
    const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate() - ago).getTime();
    const weekday = new Date(midnight).getDay();
    const until = Math.min(midnight + dayMs, nowMs - 5 * minuteMs);
    if (weekday !== 0) events.push(...day(midnight, until, weekday === 6 ? 0.3 : 1, random));
  }
  return events.sort((a, b) => a.at - b.at);
}

function day(midnight: number, until: number, share: number, random: Random): LogEvent[] {
  const opens = midnight + firstHour * 60 * minuteMs;
  const events: LogEvent[] = [];
  const freeAt = new Map<string, number>();
  for (const { id } of habits) {
    const lunch = opens + about(random, 240 * minuteMs);
    const came = opens - random.below(10) * minuteMs;
    const goes = Math.min(opens + perHour.length * 60 * minuteMs + 30 * minuteMs, until);
    if (came < goes) events.push({ at: came, agentId: id, name: 'AGENTLOGIN' });
    if (lunch + 30 * minuteMs < goes) {
      events.push({ at: Math.round(lunch), agentId: id, name: 'PAUSE', reason: 'lunch' });
      events.push({ at: Math.round(lunch) + 30 * minuteMs, agentId: id, name: 'UNPAUSE' });
    }
    if (came < goes) events.push({ at: goes, agentId: id, name: 'AGENTLOGOFF' });
    freeAt.set(id, opens);
  }
  const starts = perHour.flatMap((count, hour) =>
    Array.from(
      { length: Math.round(count * share) },
      () => opens + hour * 60 * minuteMs + random.below(60 * minuteMs),
    ),
  );
  for (const start of starts.sort((a, b) => a - b)) {
    const made = call(start, freeAt, random);
    if ((made.at(-1)?.at ?? until) < until) events.push(...made);
  }
  return events;
}

function call(start: number, freeAt: Map<string, number>, random: Random): LogEvent[] {
  const callId = timeOrderedId(start);
  const events: LogEvent[] = [];
  let at = Math.round(start);
  const tell = (afterMs: number, fact: CallFact): void => {
    at += Math.round(afterMs);
    events.push({ at, callId, ...fact } as CallEvent);
  };
  const from = `+4420794600${10 + random.below(90)}`;
  tell(0, { name: 'CALLSTART', direction: 'inbound', from, to: numbers.main, trunkId: 'carrier' });
  tell(0, { name: 'LEGSTART', legId: `${callId}-a`, role: 'caller', party: from });
  tell(60, { name: 'LEGANSWER', legId: `${callId}-a` });
  tell(0, { name: 'ANSWER' });
  tell(0, { name: 'IVRENTER', ivrMenuId: 'welcome' });
  const end = (class_: 'success', reason: string): LogEvent[] => {
    tell(0, { name: 'LEGEND', legId: `${callId}-a`, termination: { class: class_, reason } });
    tell(0, { name: 'CALLEND', termination: { class: class_, reason } });
    return events;
  };
  if (random.oneIn(16)) {
    tell(about(random, 6000), { name: 'IVREXIT', ivrMenuId: 'welcome', cause: 'left' });
    return end('success', 'caller-hung-up');
  }
  const queueId = random.oneIn(3) ? 'support' : 'sales';
  tell(about(random, 7000), {
    name: 'IVRDIGIT',
    ivrMenuId: 'welcome',
    digit: queueId === 'sales' ? '1' : '2',
  });
  tell(0, { name: 'IVREXIT', ivrMenuId: 'welcome', cause: 'digit' });
  tell(0, { name: 'ENTERQUEUE', queueId, position: 1 });
  const entered = at;
  const [agentId] = [...teams[queueId]].sort((a, b) => (freeAt.get(a) ?? 0) - (freeAt.get(b) ?? 0));
  const free = Math.max(at, freeAt.get(agentId as string) ?? 0);
  const patienceMs = about(random, 110_000);
  const ringMs = Math.round(about(random, habits.find(({ id }) => id === agentId)?.answersAfterMs ?? 3000));
  if (!agentId || free + ringMs - entered > patienceMs) {
    tell(patienceMs, { name: 'ABANDON', queueId, position: 1, waitMs: Math.round(patienceMs) });
    return end('success', 'caller-hung-up');
  }
  const offerId = `${callId}-o`;
  tell(free - at, { name: 'OFFER', queueId, agentId, offerId });
  tell(0, { name: 'LEGSTART', legId: `${callId}-b`, role: 'agent', party: agentId });
  tell(ringMs, { name: 'LEGANSWER', legId: `${callId}-b` });
  const waitMs = at - entered;
  tell(0, { name: 'CONNECT', queueId, agentId, offerId, waitMs, ringMs });
  const talkMs = Math.round(about(random, 190_000));
  tell(talkMs, {
    name: random.oneIn(3) ? 'COMPLETEAGENT' : 'COMPLETECALLER',
    queueId,
    agentId,
    waitMs,
    talkMs,
  });
  tell(0, {
    name: 'LEGEND',
    legId: `${callId}-b`,
    termination: { class: 'success', reason: 'caller-hung-up' },
  });
  end('success', 'caller-hung-up');
  const wrapUpEnd = at + Math.round(about(random, 15_000));
  events.push({ at, agentId, name: 'WRAPUPSTART', callId });
  events.push({ at: wrapUpEnd, agentId, name: 'WRAPUPEND', callId });
  freeAt.set(agentId, wrapUpEnd);
  return events;
}
