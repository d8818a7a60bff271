import { describe, expect, it } from 'vitest';
import { ringGraceMs } from '../../../src/domain/acd/offer.ts';
import { effectsOf, logged, makeQueue, Office, offered, traced } from './office.ts';

describe('longest idle', () => {
  it('offers the call to the agent who is free for the longest, and says why', () => {
    const office = new Office({ ready: ['bela', 'anna', 'cili'] });
    office.at += 60_000;
    const effects = office.enter('c1');
    expect(effectsOf(effects, 'offer')).toEqual([
      {
        type: 'offer',
        offerId: 'c1.1',
        callId: 'c1',
        queueId: 'sales',
        agentId: 'bela',
        ringTimeoutMs: 20_000,
      },
    ]);
    expect(logged(effects)).toEqual(['ENTERQUEUE', 'OFFER bela']);
    expect(effectsOf(effects, 'trace')).toEqual([
      {
        type: 'trace',
        callId: 'c1',
        note: { code: 'queue.longest-idle', params: { agent: 'BELA', idleS: 62, free: 3 } },
      },
    ]);
  });

  it('counts idle time from the end of the last call, not from login', () => {
    const office = new Office({ ready: ['anna', 'bela'] });
    office.enter('c1');
    office.answer('anna');
    office.at += 5000;
    office.do({ type: 'talk-ended', callId: 'c1', by: 'caller' });
    office.at += 5000;
    expect(offered(office.enter('c2'))).toEqual(['bela<-c2']);
  });

  it('keeps the idle time through a change of settings (last-call reset, Asterisk 607)', () => {
    const office = new Office({ ready: ['anna', 'bela'] });
    office.enter('c1');
    office.answer('anna');
    office.at += 5000;
    office.do({ type: 'talk-ended', callId: 'c1', by: 'caller' });
    office.at += 1000;
    office.queues = [makeQueue({ ringTimeoutMs: 10_000 })];
    office.agents = office.agents.map((agent) => ({ ...agent }));
    office.configure();
    expect(offered(office.enter('c2'))).toEqual(['bela<-c2']);
  });

  it('rings as many agents at once as there are free agents and waiting calls (no serial queue)', () => {
    const office = new Office();
    for (const callId of ['c1', 'c2', 'c3', 'c4']) office.enter(callId);
    const effects = ['anna', 'bela', 'cili'].flatMap((agentId) => office.ready(agentId));
    expect(offered(effects)).toEqual(['anna<-c1', 'bela<-c2', 'cili<-c3']);
    expect(office.state.offers.size).toBe(3);
  });

  it('gives an agent of two queues the caller who has waited longest, whichever the queue', () => {
    const queues = [makeQueue({ id: 'sales' }), makeQueue({ id: 'help', name: 'Help' })];
    const office = new Office({ queues, ready: [] });
    office.enter('c1', 'help');
    office.at += 1;
    office.enter('c2', 'sales');
    expect(offered(office.ready('anna'))).toEqual(['anna<-c1']);
  });

  it('lets no queue without free agents of its own hold up the others', () => {
    const queues = [
      makeQueue({ agentIds: ['anna'] }),
      makeQueue({ id: 'help', name: 'Help', agentIds: ['bela'] }),
    ];
    const office = new Office({ queues });
    office.enter('c1', 'sales');
    office.enter('c2', 'help');
    expect(offered(office.ready('bela'))).toEqual(['bela<-c2']);
  });
});

describe('ring all', () => {
  const ringAll = (): Office =>
    new Office({ queues: [makeQueue({ strategy: 'ring-all' })], ready: ['anna', 'bela'] });

  it('rings every free agent at once', () => {
    const office = ringAll();
    const effects = office.enter('c1');
    expect(offered(effects)).toEqual(['anna<-c1', 'bela<-c1']);
    expect(traced(effects)).toEqual(['queue.ring-all']);
  });

  it('adds an agent who becomes free while it rings', () => {
    const office = ringAll();
    office.enter('c1');
    expect(offered(office.ready('cili'))).toEqual(['cili<-c1']);
    expect(office.state.calls.get('c1')?.offerIds).toHaveLength(3);
  });

  it('gives the call to the first answer and takes the other offers back', () => {
    const office = ringAll();
    office.enter('c1');
    const effects = office.answer('bela');
    expect(effectsOf(effects, 'connect').map((e) => e.agentId)).toEqual(['bela']);
    expect(effectsOf(effects, 'cancel-offer')).toEqual([
      { type: 'cancel-offer', offerId: 'c1.1', cause: 'answered-elsewhere' },
    ]);
    expect(logged(effects)).toEqual(['RINGCANCELED anna', 'CONNECT bela']);
    expect(office.stateOf('anna')).toBe('waiting');
  });

  it('refuses a second agent who answers in the same moment (two agents one call, Asterisk 176)', () => {
    const office = ringAll();
    office.enter('c1');
    const late = office.offerAt('anna');
    office.answer('bela');
    const effects = office.do({ type: 'offer-answered', offerId: late });
    expect(effectsOf(effects, 'connect')).toEqual([]);
    expect(effectsOf(effects, 'cancel-offer')).toEqual([
      { type: 'cancel-offer', offerId: late, cause: 'too-late' },
    ]);
    expect(logged(effects)).toEqual([]);
    expect(office.state.calls.get('c1')?.talk?.agentId).toBe('bela');
  });

  it('keeps ringing the others when one refuses (ring-all drop, Asterisk 1557)', () => {
    const office = ringAll();
    office.enter('c1');
    const effects = office.do({ type: 'offer-failed', offerId: office.offerAt('anna'), cause: 'rejected' });
    expect(effectsOf(effects, 'cancel-offer')).toEqual([]);
    expect(office.stateOf('bela')).toBe('offered');
    expect(office.waitingIn()).toEqual(['c1']);
  });

  it('offers the next caller to those whose phones stopped ringing', () => {
    const office = ringAll();
    office.enter('c1');
    office.enter('c2');
    expect(offered(office.answer('anna'))).toEqual(['bela<-c2']);
  });
});

describe('an offer that comes to nothing', () => {
  it('is logged once, marks the agent, and the next agent rings', () => {
    const office = new Office({ ready: ['anna', 'bela'] });
    office.enter('c1');
    office.do({ type: 'offer-ringing', offerId: 'c1.1' });
    office.at += 20_000;
    const effects = office.do({ type: 'offer-failed', offerId: 'c1.1', cause: 'no-answer' });
    expect(effectsOf(effects, 'log')[0]?.event).toMatchObject({
      name: 'RINGNOANSWER',
      agentId: 'anna',
      offerId: 'c1.1',
      ringMs: 20_000,
      cause: 'no-answer',
    });
    expect(offered(effects)).toEqual(['bela<-c1']);
    expect(effectsOf(effects, 'set-timer').map((e) => e.delayMs)).toContain(10_000);
    expect(office.do({ type: 'offer-failed', offerId: 'c1.1', cause: 'no-answer' })[0]?.type).toBe('ignored');
  });

  it('offers to the same agent again only when the pause after the miss is over', () => {
    const office = new Office({ ready: ['anna'] });
    office.enter('c1');
    const effects = office.do({ type: 'offer-failed', offerId: 'c1.1', cause: 'rejected' });
    expect(offered(effects)).toEqual([]);
    expect(effectsOf(effects, 'trace').at(-1)?.note).toEqual({
      code: 'queue.nobody-free',
      params: {
        total: 3,
        loggedOut: 2,
        onBreak: 0,
        inCall: 0,
        offered: 0,
        wrapUp: 0,
        unreachable: 0,
        missed: 1,
      },
    });
    expect(offered(office.runTimer('missed'))).toEqual(['anna<-c1']);
  });

  it('puts who missed behind the others', () => {
    const office = new Office({ queues: [makeQueue({ missedPauseMs: 0 })], ready: ['anna', 'bela'] });
    office.enter('c1');
    office.at += 20_000;
    expect(offered(office.do({ type: 'offer-failed', offerId: 'c1.1', cause: 'no-answer' }))).toEqual([
      'bela<-c1',
    ]);
  });

  it.each(['rejected', 'busy', 'unreachable'] as const)(
    'passes a phone that is %s by itself over for at least a second, though the queue sets no pause',
    (cause) => {
      const office = new Office({ queues: [makeQueue({ missedPauseMs: 0 })], ready: ['anna'] });
      office.enter('c1');
      const effects = office.do({ type: 'offer-failed', offerId: 'c1.1', cause });
      expect(offered(effects)).toEqual([]);
      expect(effectsOf(effects, 'set-timer').map((e) => e.delayMs)).toEqual([1000]);
    },
  );

  it('is given up when the phone says nothing at all (agent stuck, FreeSWITCH 2540)', () => {
    const office = new Office({ ready: ['anna', 'bela'] });
    const before = office.enter('c1');
    expect(effectsOf(before, 'set-timer').map((e) => e.delayMs)).toEqual([20_000 + ringGraceMs]);
    const effects = office.runTimer('ring-guard');
    expect(effectsOf(effects, 'cancel-offer')).toEqual([
      { type: 'cancel-offer', offerId: 'c1.1', cause: 'timeout' },
    ]);
    expect(logged(effects)).toContain('RINGNOANSWER anna');
    expect(offered(effects)).toEqual(['bela<-c1']);
  });

  it('ends the pause when the agent says available again', () => {
    const office = new Office({ ready: ['anna'] });
    office.enter('c1');
    office.do({ type: 'offer-failed', offerId: 'c1.1', cause: 'no-answer' });
    expect(offered(office.do({ type: 'agent-status', agentId: 'anna', status: 'available' }))).toEqual([
      'anna<-c1',
    ]);
    expect([...office.state.timers.values()].map((t) => t.kind)).toEqual(['ring-guard']);
  });
});

describe('an offer is taken back and the next agent rings when the agent', () => {
  it.each([
    ['logs out', { type: 'agent-status', agentId: 'anna', status: 'logged-out' }, 'agent-left'],
    [
      'goes on break',
      { type: 'agent-status', agentId: 'anna', status: 'on-break', reason: 'lunch' },
      'agent-left',
    ],
    ['takes another call', { type: 'agent-busy', agentId: 'anna', busy: true, callId: 'x1' }, 'agent-left'],
    ['loses the phone', { type: 'agent-reachable', agentId: 'anna', reachable: false }, 'agent-unreachable'],
  ] as const)('%s', (_, fact, cause) => {
    const office = new Office({ ready: ['anna', 'bela'] });
    office.enter('c1');
    const effects = office.do(fact);
    expect(effectsOf(effects, 'cancel-offer')).toEqual([{ type: 'cancel-offer', offerId: 'c1.1', cause }]);
    expect(logged(effects)).toContain('RINGCANCELED anna');
    expect(offered(effects)).toEqual(['bela<-c1']);
    expect(office.stateOf('anna')).toBe('waiting');
  });

  it('is removed from the queue or from the settings', () => {
    const office = new Office({ ready: ['anna', 'bela'] });
    office.enter('c1');
    office.queues = [makeQueue({ agentIds: ['bela'] })];
    expect(offered(office.configure())).toEqual(['bela<-c1']);
    office.agents = office.agents.filter((a) => a.id === 'cili');
    const effects = office.configure();
    expect(logged(effects)).toEqual(['AGENTLOGOFF anna', 'RINGCANCELED bela', 'AGENTLOGOFF bela']);
    expect(office.waitingIn()).toEqual(['c1']);
  });
});

describe('an agent gets no offer while', () => {
  it.each([
    ['logged out', { type: 'agent-status', agentId: 'anna', status: 'logged-out' }, 'loggedOut'],
    ['on break', { type: 'agent-status', agentId: 'anna', status: 'on-break' }, 'onBreak'],
    ['without a phone', { type: 'agent-reachable', agentId: 'anna', reachable: false }, 'unreachable'],
    [
      'on a call outside the queue',
      { type: 'agent-busy', agentId: 'anna', busy: true, callId: 'x1' },
      'inCall',
    ],
  ] as const)('%s', (_, fact, reason) => {
    const office = new Office({ agents: ['anna'], ready: ['anna'] });
    office.do(fact);
    const effects = office.enter('c1');
    expect(offered(effects)).toEqual([]);
    expect(effectsOf(effects, 'trace')[0]?.note.params).toMatchObject({ total: 1, [reason]: 1 });
  });

  it('one of several outside calls goes on', () => {
    const office = new Office({ agents: ['anna'], ready: ['anna'] });
    office.do({ type: 'agent-busy', agentId: 'anna', busy: true, callId: 'x1' });
    office.do({ type: 'agent-busy', agentId: 'anna', busy: true, callId: 'x2' });
    office.enter('c1');
    expect(offered(office.do({ type: 'agent-busy', agentId: 'anna', busy: false, callId: 'x1' }))).toEqual(
      [],
    );
    expect(offered(office.do({ type: 'agent-busy', agentId: 'anna', busy: false, callId: 'x2' }))).toEqual([
      'anna<-c1',
    ]);
  });
});
