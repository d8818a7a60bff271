import { describe, expect, it } from 'vitest';
import type { Call, CallLeg } from '../../../../src/domain/call.ts';
import type { CampaignLive } from '../../../../src/domain/campaign/live.ts';
import { why } from '../../../../src/domain/campaign/why.ts';
import { type LampWorld, read } from '../../../../src/domain/lamps/facts.ts';
import { type LampWord, lampWords } from '../../../../src/domain/lamps/words.ts';
import type { LiveAgent, LiveQueue, LiveSnapshot, LiveTrunk } from '../../../../src/domain/live.ts';
import type { LampFact } from '../../../../src/domain/settings/lamps.ts';
import { call, world } from './world.ts';

const agent = (change: Partial<LiveAgent> = {}): LiveAgent => ({
  agentId: 'anna',
  name: 'Anna',
  status: 'available',
  state: 'waiting',
  since: 0,
  reachable: true,
  holding: false,
  ...change,
});
const queue = (waiting: number, queueId = 'sales'): LiveQueue => ({
  queueId,
  name: queueId,
  waiting,
  agentsAvailable: 0,
  waitingThreshold: 3,
});
const trunks = (...states: LiveTrunk['state'][]): LiveTrunk[] =>
  states.map((state, i) => ({ trunkId: `t${i}`, name: `T${i}`, state, detail: '' }));

const wordOf = (fact: LampFact, live: Partial<LiveSnapshot>, more: Partial<LampWorld> = {}): LampWord =>
  read(fact, world(live, more), false).word;

describe('the lamp of an agent', () => {
  it.each<[string, Partial<LiveAgent>, LampWord]>([
    ['logged out is dark', { status: 'logged-out' }, 'nothing'],
    ['available is green', {}, 'inOrder'],
    ['whose phone rings flashes amber fast', { state: 'offered' }, 'offered'],
    ['talking is blue', { state: 'in-call' }, 'talking'],
    ['holding flashes blue twice', { state: 'in-call', holding: true }, 'holding'],
    ['in wrap-up flashes blue slowly', { state: 'wrap-up' }, 'wrapUp'],
    ['on break is amber', { status: 'on-break' }, 'paused'],
    ['passed over after a missed call is amber', { missedUntil: 9 }, 'paused'],
    ['available without a phone is not known', { reachable: false }, 'stale'],
    ['logged out without a phone is dark', { status: 'logged-out', reachable: false }, 'nothing'],
    ['on a call of their own during a break is blue', { status: 'on-break', state: 'in-call' }, 'talking'],
  ])('%s', (_, change, word) => {
    expect(wordOf({ fact: 'agent', agentId: 'anna' }, { agents: [agent(change)] })).toBe(word);
  });

  it('who does not exist is not known', () => {
    expect(wordOf({ fact: 'agent', agentId: 'nobody' }, { agents: [agent()] })).toBe('stale');
  });
});

describe('the lamp for calls waiting', () => {
  it.each<[string, LiveQueue[], string | undefined, LampWord]>([
    ['is dark when nobody waits', [queue(0)], undefined, 'nothing'],
    ['is amber when somebody waits', [queue(1)], undefined, 'waiting'],
    ['is still steady at the threshold', [queue(3)], undefined, 'waiting'],
    ['flashes above the threshold', [queue(4)], undefined, 'waitingTooMany'],
    ['does not add queues up', [queue(2), queue(2, 'help')], undefined, 'waiting'],
    ['flashes for one queue among others', [queue(0), queue(4, 'help')], undefined, 'waitingTooMany'],
    ['of one queue does not look at others', [queue(0), queue(4, 'help')], 'sales', 'nothing'],
    ['of a queue that does not exist is not known', [queue(0)], 'gone', 'stale'],
    ['is dark without queues', [], undefined, 'nothing'],
  ])('%s', (_, queues, queueId, word) => {
    const fact: LampFact = queueId === undefined ? { fact: 'waiting' } : { fact: 'waiting', queueId };
    expect(wordOf(fact, { queues })).toBe(word);
  });
});

describe('the lamp of the trunks', () => {
  it.each<[string, LiveTrunk[], LampWord]>([
    ['is green when all are up', trunks('up', 'up'), 'inOrder'],
    ['is red when one is down', trunks('up', 'down', 'unknown'), 'fault'],
    ['is not known while one has not said', trunks('up', 'unknown'), 'stale'],
    ['does not count what is disabled', trunks('up', 'disabled'), 'inOrder'],
    ['is dark without any', trunks('disabled'), 'nothing'],
  ])('%s', (_, list, word) => {
    expect(wordOf({ fact: 'trunks' }, { trunks: list })).toBe(word);
  });
});

describe('the lamp for faults', () => {
  it('is dark without and red with one', () => {
    expect(wordOf({ fact: 'faults' }, {})).toBe('nothing');
    const faults = [{ code: 'disk.full', message: 'full', since: 0 }];
    expect(wordOf({ fact: 'faults' }, { faults })).toBe('fault');
  });
});

describe('the lamp of one trunk', () => {
  it('looks at no other', () => {
    const list = trunks('up', 'down');
    expect(wordOf({ fact: 'trunk', trunkId: 't0' }, { trunks: list })).toBe('inOrder');
    expect(wordOf({ fact: 'trunk', trunkId: 't1' }, { trunks: list })).toBe('fault');
    expect(wordOf({ fact: 'trunk', trunkId: 'gone' }, { trunks: list })).toBe('stale');
  });
});

describe('the lamp of an extension', () => {
  const leg = (change: Partial<CallLeg>): CallLeg => ({
    legId: 'l',
    role: 'callee',
    party: '101',
    startedAt: 0,
    held: false,
    ...change,
  });
  it.each<[string, CallLeg[], boolean, LampWord]>([
    ['is dark without a phone', [], false, 'nothing'],
    ['is green while its phone has nothing to do', [], true, 'inOrder'],
    ['flashes while it rings', [leg({})], true, 'offered'],
    ['is blue while it calls somebody', [leg({ role: 'caller' })], true, 'talking'],
    ['is blue in a call', [leg({ answeredAt: 1 })], true, 'talking'],
    ['flashes blue on hold', [leg({ answeredAt: 1, held: true })], true, 'holding'],
    ['rings though it talks', [leg({ answeredAt: 1 }), leg({})], true, 'offered'],
    ['is green when the leg is over', [leg({ answeredAt: 1, endedAt: 2 })], true, 'inOrder'],
    ['does not look at other phones', [leg({ party: '102' })], true, 'inOrder'],
  ])('%s', (_, legs, registered, word) => {
    const contacts = [{ uri: '', source: '', transport: 'udp', expiresAt: 0, userAgent: '' }];
    const phones = [{ extensionId: 'desk', number: '101', contacts: registered ? contacts : [] }];
    const numbers = new Map([['desk', '101']]);
    expect(
      wordOf({ fact: 'extension', extensionId: 'desk' }, { calls: [call({ legs })], phones }, { numbers }),
    ).toBe(word);
  });
});

describe('the lamp of the longest wait', () => {
  const fact = { fact: 'longest-wait', overMs: 60_000, backMs: 30_000 } as const;
  const waited = (ms: number) => ({ at: 100_000, queues: [{ ...queue(1), oldestEnteredAt: 100_000 - ms }] });
  it.each<[number, boolean, LampWord]>([
    [59_999, false, 'waiting'],
    [60_000, false, 'waitingTooMany'],
    [30_001, true, 'waitingTooMany'],
    [30_000, true, 'waiting'],
    [30_001, false, 'waiting'],
  ])('after %i ms (over before: %s) is %s', (ms, wasOver, word) => {
    expect(read(fact, world(waited(ms)), wasOver).word).toBe(word);
  });

  it('says when it goes over by itself, and is dark when nobody waits', () => {
    expect(read(fact, world(waited(10_000)), false).nextAt).toBe(150_000);
    expect(read(fact, world({ queues: [queue(0)] }), true)).toEqual({ word: 'nothing' });
  });
});

describe('the lamps of service level and disk', () => {
  const level = { fact: 'service-level', under: 0.8, back: 0.85 } as const;
  it.each<[string, number | null | undefined, boolean, LampWord]>([
    ['not known', undefined, false, 'stale'],
    ['no call yet', null, false, 'nothing'],
    ['at its goal', 0.8, false, 'inOrder'],
    ['under it', 0.79, false, 'waitingTooMany'],
    ['between both', 0.84, true, 'waitingTooMany'],
    ['back', 0.85, true, 'inOrder'],
  ])('service level %s', (_, share, wasOver, word) => {
    const serviceLevels = share === undefined ? undefined : new Map([['', share]]);
    expect(read(level, world({}, { serviceLevels }), wasOver).word).toBe(word);
  });

  it('a full disk is a fault, a nearly full one flashes, an unread one is not known', () => {
    const disk = { fact: 'disk', under: 0.1, back: 0.15 } as const;
    const faults = [{ code: 'disk.full', message: '', since: 0 }];
    expect(wordOf(disk, { faults }, { diskFree: 0.5 })).toBe('fault');
    expect(wordOf(disk, {}, { diskFree: 0.09 })).toBe('waitingTooMany');
    expect(wordOf(disk, {}, { diskFree: 0.5 })).toBe('inOrder');
    expect(wordOf(disk, {})).toBe('stale');
  });
});

describe('the lamp of the night button', () => {
  const schedule = (open: boolean) => ({
    scheduleId: 's',
    name: 'S',
    open,
    reason: { code: 'hours.open' as const, params: {} },
  });
  const night = { mode: 'closed', since: 0, who: 'admin', ends: 'stays' } as const;
  it.each<[string, LiveSnapshot['hours'], LampWord]>([
    ['dark without hours', { night: null, schedules: [] }, 'nothing'],
    ['green while open', { night: null, schedules: [schedule(false), schedule(true)] }, 'inOrder'],
    ['dark while closed by its hours', { night: null, schedules: [schedule(false)] }, 'nothing'],
    ['amber while the button rules', { night, schedules: [schedule(false)] }, 'paused'],
  ])('is %s', (_, hours, word) => {
    expect(wordOf({ fact: 'night' }, { hours })).toBe(word);
  });
});

describe('the lamp of a campaign', () => {
  const line = { agentId: 'a', agentName: 'A', phase: 'dialling', since: 0 } as const;
  it.each<[string, Partial<CampaignLive>, LampWord]>([
    ['dark before its start', { state: 'draft' }, 'nothing'],
    ['amber while paused', { state: 'paused' }, 'paused'],
    ['green while it dials', { lines: [line], why: [why('trunk-full')] }, 'inOrder'],
    ['amber while it waits for what comes by itself', { why: [why('no-agent-free')] }, 'paused'],
    ['flashing when somebody must act', { why: [why('hours'), why('no-trunk')] }, 'waitingTooMany'],
  ])('is %s', (_, change, word) => {
    const campaigns = [
      {
        campaignId: 'c',
        name: 'C',
        state: 'running',
        lines: [],
        why: [],
        ...change,
      } as unknown as CampaignLive,
    ];
    expect(wordOf({ fact: 'campaign', campaignId: 'c' }, {}, { campaigns })).toBe(word);
  });

  it('is not known when the campaign is not', () => {
    expect(wordOf({ fact: 'campaign', campaignId: 'gone' }, {}, { campaigns: [] })).toBe('stale');
  });
});

describe('the lamps of alarms', () => {
  it('an emergency call that goes out flashes red twice; one that comes in, or another number, does not', () => {
    const calls = (change: Partial<Call>) => ({ calls: [call(change)] });
    expect(wordOf({ fact: 'emergency' }, calls({ direction: 'outbound', to: '112' }))).toBe('alarm');
    expect(wordOf({ fact: 'emergency' }, calls({ direction: 'inbound', to: '112' }))).toBe('nothing');
    expect(wordOf({ fact: 'emergency' }, calls({ direction: 'outbound', to: '1122' }))).toBe('nothing');
  });

  it('a ban alarms, none is dark, and a guard that does not answer is not known', () => {
    expect(wordOf({ fact: 'guard' }, {}, { banned: ['192.0.2.1'] })).toBe('alarm');
    expect(wordOf({ fact: 'guard' }, {}, { banned: [] })).toBe('nothing');
    expect(wordOf({ fact: 'guard' }, {})).toBe('stale');
  });

  it('one that is tried looks as a true one', () => {
    expect(wordOf({ fact: 'emergency' }, {}, { simulated: true })).toBe('alarm');
    expect(wordOf({ fact: 'guard' }, {}, { simulated: true })).toBe('alarm');
  });
});

describe('the language of lamps', () => {
  it('has red for faults and emergencies only, and different words look different', () => {
    const red = Object.entries(lampWords).filter(([, state]) => state.colour === 'red');
    expect(red.map(([word]) => word)).toEqual(['fault', 'alarm']);
    const { waiting: _, ...others } = lampWords; // amber steady on its own lamp, as "paused" on an agent's
    const looks = Object.values(others).map((state) => `${state.colour} ${state.pattern}`);
    expect(new Set(looks).size).toBe(looks.length);
  });
});
