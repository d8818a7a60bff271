import { beforeAll, expect, test } from 'vitest';
import { mosWord } from '../../../src/domain/call-result.ts';
import { calendarOf, formatDay } from '../../../src/domain/metrics/calendar.ts';
import { agentLamp, phaseLamp, trunkLamp } from '../../../web-ui/components/lamp.tsx';
import { formatBytes, formatDuration } from '../../../web-ui/components/time.tsx';
import { axisOf, placeOn, stretchesOfCall } from '../../../web-ui/components/timeline/stretches.ts';
import { en } from '../../../web-ui/i18n/en.ts';
import { setCatalogue } from '../../../web-ui/i18n/translate.ts';
import { dayStart, filtersOf, filterText } from '../../../web-ui/pages/calls/call-query.ts';
import { callsHref } from '../../../web-ui/pages/reports/report-query.ts';
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

test('a call is cut into stretches that follow each other without gaps', () => {
  const stretches = stretchesOfCall(endedCall('c', 1_000_000));
  expect(stretches.map(({ kind, from, to }) => [kind, (to ?? 0) - from])).toEqual([
    ['ringing', 400],
    ['ivr', 8_600],
    ['waiting', 29_000],
    ['talking', 123_000],
  ]);
  expect(stretches.slice(1).map(({ from }) => from)).toEqual(stretches.slice(0, -1).map(({ to }) => to));
});

test('a call that nobody answered is ringing from its beginning to its end', () => {
  const { answeredAt: _a, enteredQueueAt: _e, connectedAt: _c, ivrMenuId: _i, ...call } = endedCall('c', 0);
  expect(stretchesOfCall(call)).toEqual([{ kind: 'ringing', from: 0, to: 161_000 }]);
});

test('a running call is open at its end, and its line grows until now', () => {
  const { endedAt: _, ...call } = { ...endedCall('c', 0), phase: 'talking' as const, talkMs: 0 };
  const stretches = stretchesOfCall(call);
  expect(stretches.at(-1)).toEqual({ kind: 'talking', from: 38_000, id: 'anna' });
  const axis = axisOf(stretches, 50_000);
  expect(axis).toEqual({ from: 0, to: 50_000 });
  expect([-1, 0, 25_000, 99_999].map((at) => placeOn(axis, at))).toEqual([0, 0, 50, 100]);
});

const office = 'Europe/Budapest';

test('a day in the address becomes midnights of the office, the last day included, wherever the reader sits', () => {
  const from = dayStart('2026-03-29', office);
  const until = dayStart('2026-03-29', office, 1);
  // The clocks go forward in it: 23 hours.
  expect(from).toBe(Date.parse('2026-03-28T23:00:00Z'));
  expect(until).toBe(Date.parse('2026-03-29T22:00:00Z'));
  expect(dayStart('yesterday', office)).toBeUndefined();
  expect(dayStart('2026-02-30', office)).toBeUndefined();
});

test('the link from a report asks for the very window that the report counts', () => {
  for (const timeZone of [office, 'America/Los_Angeles', 'Pacific/Auckland', 'UTC']) {
    const calendar = calendarOf(timeZone);
    const { startAt, endAt } = calendar.intervalAt(Date.parse('2026-03-29T12:00:00Z'), 'day');
    const date = formatDay(calendar.dayAt(startAt));
    const href = callsHref({ by: 'queue' }, { date, to: date }, 'sales');
    const query = Object.fromEntries(new URLSearchParams(href.slice(href.indexOf('?'))));
    expect(filtersOf(query, timeZone)).toEqual({ queueId: 'sales', from: startAt, until: endAt });
  }
});

test('filters of the address are taken only as the API knows them', () => {
  expect(
    filtersOf(
      {
        direction: 'sideways',
        queueId: 'sales',
        number: '+36 (1) 234',
        abandoned: 'true',
        from: 'x',
      },
      office,
    ),
  ).toEqual({ queueId: 'sales', text: '+36 (1) 234', result: 'abandoned' });
  const wrong = { result: 'good', longer: '-3', recording: 'maybe', sound: 'nice', range: 'decade', t: '12' };
  expect(filtersOf(wrong, office)).toEqual({});
  const right = { result: 'failed', longer: '300', recording: 'false', sound: 'poor', trunkId: 't1' };
  expect(filtersOf(right, office)).toEqual({
    result: 'failed',
    minTalkMs: 300_000,
    hasRecording: 'false',
    sound: 'poor',
    trunkId: 't1',
  });
});

test('a range of days ends with today, also over a change of the clocks, and the second of a link is no filter', () => {
  // Already Monday in the office, still Sunday in Greenwich.
  const now = Date.parse('2026-03-29T22:30:00Z');
  const monday = Date.parse('2026-03-29T22:00:00Z');
  const sunday = Date.parse('2026-03-28T23:00:00Z');
  expect(filtersOf({ range: 'today' }, office, now)).toEqual({ from: monday });
  expect(filtersOf({ range: 'yesterday' }, office, now)).toEqual({ from: sunday, until: monday });
  const week = filtersOf({ range: 'week', from: '2020-01-01' }, office, now);
  expect(week.from).toBe(Date.parse('2026-03-23T23:00:00Z'));
  expect(filterText({ text: 'a b', t: '83' })).toBe('text=a+b');
});

test('sound is called good from 4.0 and poor below 3.1', () => {
  expect([4.4, 4, 3.99, 3.1, 3.09].map(mosWord)).toEqual(['good', 'good', 'fair', 'fair', 'poor']);
});
