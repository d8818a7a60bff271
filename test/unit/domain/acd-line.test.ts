import { describe, expect, it } from 'vitest';
import { acd } from '../../../src/domain/acd/acd.ts';
import { liveAgents, liveQueues } from '../../../src/domain/acd/live-view.ts';
import { effectsOf, logged, makeQueue, Office, offered, traced } from './office.ts';

describe('the longest wait', () => {
  const overflow = { kind: 'extension', extensionId: 'boss' } as const;

  it('sends the caller to the overflow and stops the phones that ring', () => {
    const office = new Office({ queues: [makeQueue({ maxWaitMs: 10_000, overflow })], ready: ['anna'] });
    office.enter('c1');
    const effects = office.runTimer('longest-wait');
    expect(effectsOf(effects, 'overflow')).toEqual([
      { type: 'overflow', callId: 'c1', queueId: 'sales', destination: overflow, waitMs: 10_000 },
    ]);
    expect(effectsOf(effects, 'cancel-offer').map((e) => e.cause)).toEqual(['overflow']);
    expect(logged(effects)).toEqual(['RINGCANCELED anna', 'EXITWITHTIMEOUT']);
    expect(office.state.calls.size + office.state.offers.size + office.state.timers.size).toBe(0);
  });

  it('means nothing once an agent has answered', () => {
    const office = new Office({ queues: [makeQueue({ maxWaitMs: 10_000 })], ready: ['anna'] });
    const key =
      effectsOf(office.enter('c1'), 'set-timer').find((e) => e.key.startsWith('longest-wait'))?.key ?? '';
    office.do({ type: 'offer-answered', offerId: 'c1.1' });
    expect(office.do({ type: 'timer', key }).map((e) => e.type)).toEqual(['ignored']);
    expect(office.stateOf('anna')).toBe('in-call');
  });

  it('has no limit when the queue sets none', () => {
    const office = new Office();
    expect(effectsOf(office.enter('c1'), 'set-timer')).toEqual([]);
  });

  it('follows a change of settings for those who wait already', () => {
    const office = new Office();
    office.enter('c1');
    office.at += 25_000;
    office.queues = [makeQueue({ maxWaitMs: 60_000 })];
    expect(effectsOf(office.configure(), 'set-timer').map((e) => e.delayMs)).toEqual([35_000]);
    office.queues = [makeQueue({ maxWaitMs: 0 })];
    expect(effectsOf(office.configure(), 'clear-timer')).toHaveLength(1);
  });
});

describe('settings changed in mid-day', () => {
  it('send the callers of a removed queue to its overflow', () => {
    const overflow = { kind: 'ivr', ivrMenuId: 'main' } as const;
    const office = new Office({ queues: [makeQueue({ overflow })], ready: ['anna'] });
    for (const callId of ['c1', 'c2']) office.enter(callId);
    office.queues = [];
    const effects = office.configure();
    expect(effectsOf(effects, 'overflow').map((e) => [e.callId, e.destination])).toEqual([
      ['c1', overflow],
      ['c2', overflow],
    ]);
    expect(traced(effects)).toEqual(['queue.removed', 'queue.removed']);
    expect(office.stateOf('anna')).toBe('waiting');
  });

  it('hang up rather than send callers of a removed queue to itself', () => {
    const office = new Office({ queues: [makeQueue({ overflow: { kind: 'queue', queueId: 'sales' } })] });
    office.enter('c1');
    office.queues = [];
    expect(effectsOf(office.configure(), 'overflow')[0]?.destination).toEqual({ kind: 'hang-up' });
  });

  it('let a removed agent finish the call, then forget the agent', () => {
    const office = new Office({ queues: [makeQueue({ wrapUpMs: 15_000 })], ready: ['anna'] });
    office.enter('c1');
    office.answer('anna');
    office.agents = office.agents.filter((a) => a.id !== 'anna');
    office.configure();
    expect(office.stateOf('anna')).toBe('in-call');
    expect(logged(office.do({ type: 'talk-ended', callId: 'c1', by: 'caller' }))).toEqual([
      'COMPLETECALLER anna',
      'AGENTLOGOFF anna',
    ]);
    expect(office.state.agents.has('anna')).toBe(false);
  });

  it('offer waiting calls to an agent who was added to the queue', () => {
    const office = new Office({ queues: [makeQueue({ agentIds: ['anna'] })], ready: ['bela'] });
    office.enter('c1');
    office.queues = [makeQueue({ agentIds: ['anna', 'bela'] })];
    expect(offered(office.configure())).toEqual(['bela<-c1']);
  });

  it('let a talk of a removed queue end as usual', () => {
    const office = new Office({ queues: [makeQueue({ wrapUpMs: 15_000 })], ready: ['anna'] });
    office.enter('c1');
    office.answer('anna');
    office.queues = [];
    office.configure();
    expect(logged(office.do({ type: 'talk-ended', callId: 'c1', by: 'caller' }))).toContain(
      'WRAPUPSTART anna',
    );
  });
});

describe('the position', () => {
  const announcing = (): Office =>
    new Office({ queues: [makeQueue({ announcePosition: true, announceEveryMs: 30_000 })] });
  const told = (effects: readonly { type: string; position?: number }[]): (number | undefined)[] =>
    effects.flatMap((e) => (e.type === 'announce-position' ? [e.position] : []));

  it('is told at entry', () => {
    const office = announcing();
    office.enter('c1');
    expect(told(office.enter('c2'))).toEqual([2]);
  });

  it('is told again at the interval when it is still the same', () => {
    const office = announcing();
    office.enter('c1');
    const heard = [1, 2, 3, 4, 5, 6].map(() => told(office.runTimer('announce')));
    expect(heard).toEqual([[], [], [1], [], [], [1]]);
  });

  it('is told within ten seconds when it has improved', () => {
    const office = announcing();
    for (const callId of ['c1', 'c2']) office.enter(callId);
    office.do({ type: 'call-left', callId: 'c1' });
    expect(told(office.runTimer('announce'))).toEqual([1]);
  });

  it('is never told when it has become worse', () => {
    const office = announcing();
    office.ready('anna');
    office.enter('c1');
    office.do({ type: 'offer-answered', offerId: 'c1.1' });
    office.enter('c2');
    office.do({ type: 'connect-failed', callId: 'c1', offerId: 'c1.1' });
    office.do({ type: 'agent-status', agentId: 'anna', status: 'logged-out' });
    expect(office.waitingIn()).toEqual(['c1', 'c2']);
    const keys = [...office.state.timers].filter(([, t]) => t.kind === 'announce' && t.callId === 'c2');
    office.at += 60_000;
    expect(told(office.do({ type: 'timer', key: keys[0]?.[0] ?? '' }))).toEqual([]);
  });

  it('is told at the interval though the wall clock was set back', () => {
    const office = announcing();
    office.enter('c1');
    office.at -= 3_600_000;
    expect(told(office.runTimer('announce'))).toEqual([1]);
  });
});

describe('what cannot be', () => {
  it('sends a caller on whose queue does not exist', () => {
    const office = new Office();
    const effects = office.enter('c1', 'nowhere');
    expect(effectsOf(effects, 'overflow').map((e) => e.destination)).toEqual([{ kind: 'hang-up' }]);
  });

  it.each([
    { type: 'agent-status', agentId: 'nobody', status: 'available' },
    { type: 'agent-reachable', agentId: 'nobody', reachable: true },
    { type: 'agent-busy', agentId: 'nobody', busy: true, callId: 'x' },
    { type: 'wrap-up-done', agentId: 'nobody' },
    { type: 'wrap-up-done', agentId: 'anna' },
    { type: 'call-left', callId: 'nothing' },
    { type: 'offer-ringing', offerId: 'nothing' },
    { type: 'offer-failed', offerId: 'nothing', cause: 'busy' },
    { type: 'connected', callId: 'nothing', offerId: 'nothing' },
    { type: 'connect-failed', callId: 'nothing', offerId: 'nothing' },
    { type: 'talk-ended', callId: 'nothing', by: 'agent' },
    { type: 'timer', key: 'nothing' },
    { type: 'agent-busy', agentId: 'anna', busy: false, callId: 'x' },
  ] as const)('is ignored with a reason and changes nothing: %o', (fact) => {
    const office = new Office();
    const before = office.state;
    const effects = office.do(fact);
    expect(effects).toHaveLength(1);
    expect(effects[0]).toMatchObject({ type: 'ignored', event: fact, why: expect.stringMatching(/\w/) });
    expect(office.state).toEqual(before);
  });

  it('is a caller entering twice', () => {
    const office = new Office();
    office.enter('c1');
    expect(office.enter('c1').map((e) => e.type)).toEqual(['ignored']);
    expect(office.waitingIn()).toEqual(['c1']);
  });
});

describe('the state', () => {
  it('of before an event stays as it was', () => {
    const office = new Office({ ready: ['anna'] });
    const before = office.state;
    const copy = structuredClone(before);
    acd(before, { at: office.at, type: 'call-entered', callId: 'c1', queueId: 'sales' });
    expect(before).toEqual(copy);
  });
});

describe('the live view', () => {
  it('shows agents with what they do, and queues with who waits', () => {
    const office = new Office({ ready: ['anna', 'bela', 'cili'] });
    office.enter('c1');
    office.do({ type: 'agent-busy', agentId: 'bela', busy: true, callId: 'x1' });
    const { at } = office;
    expect(liveAgents(office.state, new Set(['bela']))).toEqual([
      {
        agentId: 'anna',
        name: 'ANNA',
        status: 'available',
        state: 'offered',
        since: at,
        reachable: true,
        holding: false,
        callId: 'c1',
      },
      {
        agentId: 'bela',
        name: 'BELA',
        status: 'available',
        state: 'in-call',
        since: at,
        reachable: true,
        holding: true,
        callId: 'x1',
      },
      {
        agentId: 'cili',
        name: 'CILI',
        status: 'available',
        state: 'waiting',
        since: at,
        reachable: true,
        holding: false,
      },
    ]);
    expect(liveQueues(office.state)).toEqual([
      {
        queueId: 'sales',
        name: 'Sales',
        waiting: 1,
        oldestEnteredAt: at,
        agentsAvailable: 1,
        waitingThreshold: 3,
      },
    ]);
  });

  it('shows a status to come and a pause after a missed call', () => {
    const office = new Office({ ready: ['anna', 'bela'] });
    office.enter('c1');
    office.do({ type: 'offer-failed', offerId: 'c1.1', cause: 'no-answer' });
    office.answer('bela');
    office.do({ type: 'agent-status', agentId: 'bela', status: 'on-break' });
    expect(liveAgents(office.state)).toMatchObject([
      { agentId: 'anna', missedUntil: office.at + 10_000 },
      { agentId: 'bela', state: 'in-call', status: 'available', nextStatus: 'on-break' },
      { agentId: 'cili' },
    ]);
  });
});
