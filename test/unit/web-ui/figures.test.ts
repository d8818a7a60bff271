import { beforeAll, expect, test } from 'vitest';
import { agentLamp, phaseLamp, trunkLamp } from '../../../web-ui/components/lamp.tsx';
import { formatBytes, formatDuration } from '../../../web-ui/components/time.tsx';
import { en } from '../../../web-ui/i18n/en.ts';
import { setCatalogue } from '../../../web-ui/i18n/translate.ts';
import { dayStart, filtersOf } from '../../../web-ui/pages/calls/call-query.ts';
import { mosWord } from '../../../web-ui/pages/calls/legs.tsx';
import { stretchesOf } from '../../../web-ui/pages/calls/stretches.ts';
import { endedCall } from '../../support/ui-fixture-office.ts';

beforeAll(() => setCatalogue('en', en));

test('durations count minutes, and hours from the first on', () => {
  expect([0, 7_900, 60_000, 3_599_999, 3_723_000, -5].map(formatDuration)).toEqual([
    '0:00',
    '0:07',
    '1:00',
    '59:59',
    '1:02:03',
    '0:00',
  ]);
});

test('bytes are written in the unit a person expects', () => {
  expect([512, 1_968_058, 21_400_000_000].map(formatBytes)).toEqual(['512 byte', '2 MB', '21 GB']);
});

test('an agent’s lamp follows calls before status: a call on break is still a call', () => {
  const agent = { status: 'on-break', state: 'in-call', holding: false, reachable: true } as const;
  expect(agentLamp(agent)).toBe('talking');
  expect(agentLamp({ ...agent, holding: true })).toBe('hold');
  expect(agentLamp({ ...agent, state: 'offered' })).toBe('ringing');
  expect(agentLamp({ ...agent, state: 'wrap-up' })).toBe('wrap-up');
  expect(agentLamp({ ...agent, state: 'waiting' })).toBe('paused');
  expect(agentLamp({ ...agent, status: 'logged-out', state: 'waiting' })).toBe('dark');
});

test('an agent is free only when calls can reach them: with a phone, and not passed over after a missed call', () => {
  const agent = { status: 'available', state: 'waiting', holding: false, reachable: true } as const;
  expect(agentLamp(agent)).toBe('available');
  expect(agentLamp({ ...agent, reachable: false })).toBe('stale');
  expect(agentLamp({ ...agent, missedUntil: 1 })).toBe('paused');
});

test('a trunk not yet asked is shown as not known, never as in order or as a fault', () => {
  expect(trunkLamp({ state: 'unknown' })).toBe('stale');
  expect(trunkLamp({ state: 'down' })).toBe('fault');
  expect(trunkLamp({ state: 'disabled' })).toBe('dark');
});

test('a caller who waits does not wear the lamp of an agent who is paused', () => {
  expect(phaseLamp('queued')).toBe('waiting');
});

test('a call is cut into stretches that add up to its length', () => {
  const call = endedCall('c', 1_000_000);
  const stretches = stretchesOf(call, Number.POSITIVE_INFINITY);
  expect(stretches).toEqual([
    { kind: 'ringing', durationMs: 400 },
    { kind: 'ivr', durationMs: 8_600 },
    { kind: 'waiting', durationMs: 29_000 },
    { kind: 'talking', durationMs: 123_000 },
  ]);
});

test('a call that nobody answered is ringing from its beginning to its end', () => {
  const { answeredAt: _a, enteredQueueAt: _e, connectedAt: _c, ivrMenuId: _i, ...call } = endedCall('c', 0);
  expect(stretchesOf(call, 0)).toEqual([{ kind: 'ringing', durationMs: 161_000 }]);
});

test('a running call grows until now', () => {
  const { endedAt: _, ...call } = { ...endedCall('c', 0), phase: 'talking' as const, talkMs: 0 };
  expect(stretchesOf(call, 50_000).at(-1)).toEqual({ kind: 'talking', durationMs: 12_000 });
});

test('a day in the address becomes local midnights, the last day included', () => {
  const from = dayStart('2026-03-29');
  const until = dayStart('2026-03-29', 1);
  expect(from).toBe(new Date(2026, 2, 29).getTime());
  expect(until).toBe(new Date(2026, 2, 30).getTime());
  expect(dayStart('yesterday')).toBeUndefined();
});

test('filters of the address are taken only as the API knows them', () => {
  expect(
    filtersOf({
      direction: 'sideways',
      queueId: 'sales',
      number: '+36 (1) 234',
      abandoned: 'true',
      from: 'x',
    }),
  ).toEqual({ queueId: 'sales', number: '+361234', abandoned: 'true' });
});

test('sound is called good from 4.0 and poor below 3.1', () => {
  expect([4.4, 4, 3.99, 3.1, 3.09].map(mosWord)).toEqual(['good', 'good', 'fair', 'fair', 'poor']);
});
