/** The call log of the example office: two weeks of working days up to now, by chance but always the same. */
import type { CallFact, LogEvent } from '../../src/domain/call-event.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const over = { class: 'success', reason: 'caller-hung-up' } as const;
/** Calls in each hour from 8 to 17. */
const callsByHour = [3, 7, 9, 8, 5, 4, 7, 8, 5, 2];

export function fixtureLog(now: number): LogEvent[] {
  let seed = 20_260_105;
  const random = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 31;
  };
  const events: LogEvent[] = [];
  const today = Math.floor(now / dayMs) * dayMs;
  for (let day = today - 13 * dayMs; day <= today; day += dayMs) {
    const weekday = new Date(day).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    for (const agentId of ['anna', 'ben', 'cleo']) {
      events.push({ at: day + 7 * hourMs + random() * 600_000, agentId, name: 'AGENTLOGIN' });
      events.push({ at: day + 11 * hourMs, agentId, name: 'PAUSE', reason: 'lunch' });
      events.push({ at: day + 11.5 * hourMs, agentId, name: 'UNPAUSE' });
      events.push({ at: day + 17 * hourMs, agentId, name: 'AGENTLOGOFF' });
    }
    callsByHour.forEach((calls, hour) => {
      for (let n = 0; n < calls; n++) {
        const at = Math.round(day + (hour + 7 + random()) * hourMs);
        events.push(...queueCall(`d${day / dayMs}-${hour}-${n}`, at, random));
      }
    });
    for (let n = 0; n < 6; n++)
      events.push(...outgoingCall(`o${day / dayMs}-${n}`, Math.round(day + (8 + n * 1.3) * hourMs), random));
  }
  return events
    .map((event) => ({ ...event, at: Math.round(event.at) }))
    .filter(({ at }) => at <= now)
    .sort((a, b) => a.at - b.at);
}

function queueCall(callId: string, at: number, random: () => number): LogEvent[] {
  const queueId = random() < 0.7 ? 'sales' : 'support';
  const waitMs = Math.round(2_000 + random() ** 3 * 90_000);
  const talkMs = Math.round(40_000 + random() * 300_000);
  const agentId =
    queueId === 'support' ? 'ben' : (['anna', 'ben', 'cleo'][Math.floor(random() * 3)] ?? 'anna');
  const offer = { queueId, agentId, offerId: `${callId}-o` };
  const said: LogEvent[] = [];
  const say = (ms: number, fact: CallFact): void =>
    void said.push({ at: at + ms, callId, ...fact } as LogEvent);
  say(0, { name: 'CALLSTART', direction: 'inbound', from: '+36301112233', to: '3615550100' });
  say(0, { name: 'ENTERQUEUE', queueId, position: 1 });
  if (random() < 0.12) {
    say(waitMs, { name: 'ABANDON', queueId, position: 1, waitMs });
    say(waitMs, { name: 'CALLEND', termination: over });
    return said;
  }
  say(Math.max(0, waitMs - 4_000), { name: 'OFFER', ...offer });
  say(waitMs, { name: 'CONNECT', ...offer, waitMs, ringMs: 4_000 });
  say(waitMs + talkMs, { name: 'COMPLETECALLER', queueId, agentId, waitMs, talkMs });
  say(waitMs + talkMs, { name: 'CALLEND', termination: over });
  said.push({ at: at + waitMs + talkMs, agentId, name: 'WRAPUPSTART', callId });
  said.push({ at: at + waitMs + talkMs + 15_000, agentId, name: 'WRAPUPEND', callId });
  return said;
}

function outgoingCall(callId: string, at: number, random: () => number): LogEvent[] {
  const answered = random() < 0.6;
  return [
    { at, callId, name: 'CALLSTART', direction: 'outbound', from: '101', to: '3615559999' },
    ...(answered
      ? [{ at: at + 9_000, callId, name: 'BRIDGE' as const, legIds: ['a', 'b'] as [string, string] }]
      : []),
    { at: at + 120_000, callId, name: 'CALLEND', termination: over },
  ];
}
