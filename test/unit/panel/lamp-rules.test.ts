import { describe, expect, it } from 'vitest';
import type { LiveAgent, LiveQueue, LiveSnapshot, LiveTrunk } from '../../../src/domain/live.ts';
import type { LampAssignment } from '../../../src/domain/settings.ts';
import { defaultLayout, lampsFor, lampWords } from '../../../src/panel/lamp-rules.ts';

const empty: LiveSnapshot = {
  version: 1,
  at: 0,
  calls: [],
  agents: [],
  queues: [],
  trunks: [],
  phones: [],
  faults: [],
  hours: { night: null, schedules: [] },
};
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

const lamp = (shows: LampAssignment['shows'], snapshot: Partial<LiveSnapshot> | undefined) =>
  lampsFor(snapshot && { ...empty, ...snapshot }, [{ lamp: 5, shows }]).get(5);

describe('the lamp of an agent', () => {
  it.each<[string, Partial<LiveAgent>, keyof typeof lampWords]>([
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
    expect(lamp({ fact: 'agent', agentId: 'anna' }, { agents: [agent(change)] })).toEqual(lampWords[word]);
  });

  it('who does not exist is not known', () => {
    expect(lamp({ fact: 'agent', agentId: 'nobody' }, { agents: [agent()] })).toEqual(lampWords.stale);
  });
});

describe('the lamp for calls waiting', () => {
  it.each<[string, LiveQueue[], string | undefined, keyof typeof lampWords]>([
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
    const shows: LampAssignment['shows'] =
      queueId === undefined ? { fact: 'waiting' } : { fact: 'waiting', queueId };
    expect(lamp(shows, { queues })).toEqual(lampWords[word]);
  });
});

describe('the lamp of the trunks', () => {
  it.each<[string, LiveTrunk[], keyof typeof lampWords]>([
    ['is green when all are up', trunks('up', 'up'), 'inOrder'],
    ['is red when one is down', trunks('up', 'down', 'unknown'), 'fault'],
    ['is not known while one has not said', trunks('up', 'unknown'), 'stale'],
    ['does not count what is disabled', trunks('up', 'disabled'), 'inOrder'],
    ['is dark without any', trunks('disabled'), 'nothing'],
  ])('%s', (_, list, word) => {
    expect(lamp({ fact: 'trunks' }, { trunks: list })).toEqual(lampWords[word]);
  });
});

describe('the lamp for faults', () => {
  it('is dark without and red with one', () => {
    expect(lamp({ fact: 'faults' }, {})).toEqual(lampWords.nothing);
    const faults = [{ code: 'disk.full', message: 'full', since: 0 }];
    expect(lamp({ fact: 'faults' }, { faults })).toEqual(lampWords.fault);
  });
});

describe('the language of lamps', () => {
  it('has red for faults only, and different words look different', () => {
    const red = Object.entries(lampWords).filter(([, state]) => state.colour === 'red');
    expect(red.map(([word]) => word)).toEqual(['fault']);
    const { waiting: _, ...others } = lampWords; // amber steady on its own lamp, as "paused" on an agent's
    const looks = Object.values(others).map((state) => `${state.colour} ${state.pattern}`);
    expect(new Set(looks).size).toBe(looks.length);
  });

  it('shows everything as not known when nothing is known', () => {
    const lamps = lampsFor(undefined, defaultLayout(['anna']));
    expect([...lamps.values()]).toEqual(new Array(4).fill(lampWords.stale));
  });
});

describe('the default layout', () => {
  it('is waiting, trunks, faults, then one lamp for each agent', () => {
    expect(defaultLayout(['anna', 'bela'])).toEqual([
      { lamp: 0, shows: { fact: 'waiting' } },
      { lamp: 1, shows: { fact: 'trunks' } },
      { lamp: 2, shows: { fact: 'faults' } },
      { lamp: 3, shows: { fact: 'agent', agentId: 'anna' } },
      { lamp: 4, shows: { fact: 'agent', agentId: 'bela' } },
    ]);
  });

  it('ends with the last lamp of the panel', () => {
    expect(defaultLayout(['a', 'b', 'c'], 4)).toHaveLength(4);
  });
});
