import { describe, expect, it } from 'vitest';
import { effectsOf, logged, makeQueue, Office, offered, traced } from './office.ts';

describe('a talk', () => {
  it('is logged as CONNECT only when caller and agent hear each other', () => {
    const office = new Office({ ready: ['anna'] });
    office.enter('c1');
    office.at += 1000;
    office.do({ type: 'offer-ringing', offerId: 'c1.1' });
    office.at += 4000;
    const answered = office.do({ type: 'offer-answered', offerId: 'c1.1' });
    expect(answered[0]).toEqual({
      type: 'connect',
      offerId: 'c1.1',
      callId: 'c1',
      queueId: 'sales',
      agentId: 'anna',
      waitMs: 5000,
      ringMs: 4000,
    });
    expect(logged(answered)).toEqual([]);
    expect(logged(office.do({ type: 'connected', callId: 'c1', offerId: 'c1.1' }))).toEqual(['CONNECT anna']);
    expect(office.do({ type: 'connected', callId: 'c1', offerId: 'c1.1' }).map((e) => e.type)).toEqual([
      'ignored',
    ]);
  });

  it.each([
    ['caller', 'COMPLETECALLER anna'],
    ['agent', 'COMPLETEAGENT anna'],
  ] as const)('ended by the %s is logged so, with its times', (by, name) => {
    const office = new Office({ ready: ['anna'] });
    office.enter('c1');
    office.answer('anna');
    office.at += 90_000;
    const effects = office.do({ type: 'talk-ended', callId: 'c1', by });
    expect(logged(effects)).toEqual([name]);
    expect(effectsOf(effects, 'log')[0]?.event).toMatchObject({ talkMs: 90_000, waitMs: 0 });
    expect(office.state.calls.size).toBe(0);
    expect(office.stateOf('anna')).toBe('waiting');
  });

  it('ended by the system blames nobody', () => {
    const office = new Office({ ready: ['anna'] });
    office.enter('c1');
    office.answer('anna');
    const effects = office.do({ type: 'talk-ended', callId: 'c1', by: 'system' });
    expect(logged(effects)).toEqual([]);
    expect(traced(effects)).toEqual(['queue.ended-by-system']);
  });

  it('counts once, though both sides report its end (double count, Asterisk 1736)', () => {
    const office = new Office({ ready: ['anna'] });
    office.enter('c1');
    office.answer('anna');
    office.do({ type: 'talk-ended', callId: 'c1', by: 'agent' });
    expect(office.do({ type: 'call-left', callId: 'c1' }).map((e) => e.type)).toEqual(['ignored']);
    expect(office.do({ type: 'talk-ended', callId: 'c1', by: 'caller' }).map((e) => e.type)).toEqual([
      'ignored',
    ]);
  });

  it('whose caller is taken elsewhere is ended by the caller', () => {
    const office = new Office({ ready: ['anna'] });
    office.enter('c1');
    office.answer('anna');
    expect(logged(office.do({ type: 'call-left', callId: 'c1' }))).toEqual(['COMPLETECALLER anna']);
    expect(office.stateOf('anna')).toBe('waiting');
  });

  it('that ends before it was told as connected still has both ends in the log', () => {
    const office = new Office({ ready: ['anna'] });
    office.enter('c1');
    office.do({ type: 'offer-answered', offerId: 'c1.1' });
    expect(logged(office.do({ type: 'talk-ended', callId: 'c1', by: 'agent' }))).toEqual([
      'CONNECT anna',
      'COMPLETEAGENT anna',
    ]);
  });
});

describe('a connection that fails', () => {
  it('brings the caller back to the place held before and passes the agent over', () => {
    const office = new Office({ ready: ['anna'] });
    for (const callId of ['c1', 'c2']) office.enter(callId);
    office.do({ type: 'offer-answered', offerId: 'c1.1' });
    expect(office.waitingIn()).toEqual(['c2']);
    const effects = office.do({ type: 'connect-failed', callId: 'c1', offerId: 'c1.1' });
    expect(office.waitingIn()).toEqual(['c1', 'c2']);
    expect(logged(effects)).toEqual(['RINGNOANSWER anna']);
    expect(traced(effects)).toEqual(['queue.connect-failed', 'queue.nobody-free']);
    expect(offered(office.ready('bela'))).toEqual(['bela<-c1']);
  });

  it('leaves the caller at least one more ring time before the overflow', () => {
    const office = new Office({ queues: [makeQueue({ maxWaitMs: 30_000 })], ready: ['anna'] });
    office.enter('c1');
    office.at += 29_000;
    office.do({ type: 'offer-answered', offerId: 'c1.1' });
    const effects = office.do({ type: 'connect-failed', callId: 'c1', offerId: 'c1.1' });
    expect(effectsOf(effects, 'set-timer').filter((e) => e.key.startsWith('longest-wait'))).toMatchObject([
      { delayMs: 20_000 },
    ]);
  });

  it('sends the caller on when the queue was removed meanwhile', () => {
    const overflow = { kind: 'extension', extensionId: 'boss' } as const;
    const office = new Office({ queues: [makeQueue({ overflow })], ready: ['anna'] });
    office.enter('c1');
    office.do({ type: 'offer-answered', offerId: 'c1.1' });
    office.queues = [];
    expect(effectsOf(office.configure(), 'overflow')).toEqual([]);
    const effects = office.do({ type: 'connect-failed', callId: 'c1', offerId: 'c1.1' });
    expect(effectsOf(effects, 'overflow')).toMatchObject([{ callId: 'c1', destination: overflow }]);
    expect(office.state.calls.size).toBe(0);
  });
});

describe('a caller who hangs up', () => {
  it('while a phone rings stops the ringing and abandons (zombie call, FreeSWITCH 2529)', () => {
    const office = new Office({ ready: ['anna'] });
    office.enter('c1');
    office.at += 7000;
    const effects = office.do({ type: 'call-left', callId: 'c1' });
    expect(effectsOf(effects, 'cancel-offer')).toEqual([
      { type: 'cancel-offer', offerId: 'c1.1', cause: 'caller-left' },
    ]);
    expect(effectsOf(effects, 'log').map((e) => e.event)).toMatchObject([
      { name: 'RINGCANCELED', agentId: 'anna' },
      { name: 'ABANDON', position: 1, waitMs: 7000 },
    ]);
    expect(office.state.timers.size).toBe(0);
  });

  it('in the moment of connecting stops the agent’s phone and counts as abandoned', () => {
    const office = new Office({ queues: [makeQueue({ wrapUpMs: 15_000 })], ready: ['anna'] });
    office.enter('c1');
    office.do({ type: 'offer-answered', offerId: 'c1.1' });
    const effects = office.do({ type: 'call-left', callId: 'c1' });
    expect(logged(effects)).toEqual(['RINGCANCELED anna', 'ABANDON']);
    expect(effectsOf(effects, 'cancel-offer')).toHaveLength(1);
    expect(office.stateOf('anna')).toBe('waiting');
    expect(office.do({ type: 'connected', callId: 'c1', offerId: 'c1.1' })[0]?.type).toBe('ignored');
  });

  it('frees the agent for the next caller at once', () => {
    const office = new Office({ ready: ['anna'] });
    for (const callId of ['c1', 'c2']) office.enter(callId);
    expect(offered(office.do({ type: 'call-left', callId: 'c1' }))).toEqual(['anna<-c2']);
  });
});

describe('wrap-up', () => {
  const talking = (): Office => {
    const office = new Office({
      queues: [makeQueue({ wrapUpMs: 15_000 })],
      agents: ['anna'],
      ready: ['anna'],
    });
    for (const callId of ['c1', 'c2']) office.enter(callId);
    office.answer('anna');
    return office;
  };

  it('lasts as long as the queue says, then the next caller is offered (early end, Asterisk 1006)', () => {
    const office = talking();
    const effects = office.do({ type: 'talk-ended', callId: 'c1', by: 'caller' });
    expect(logged(effects)).toEqual(['COMPLETECALLER anna', 'WRAPUPSTART anna']);
    expect(effectsOf(effects, 'set-timer').map((e) => e.delayMs)).toEqual([15_000]);
    expect(offered(effects)).toEqual([]);
    const done = office.runTimer('wrap-up');
    expect(logged(done)).toEqual(['WRAPUPEND anna', 'OFFER anna']);
    expect(offered(done)).toEqual(['anna<-c2']);
  });

  it('is not shortened by a change of settings or by a second queue', () => {
    const office = talking();
    office.queues = [makeQueue({ wrapUpMs: 0 }), makeQueue({ id: 'help', name: 'Help', wrapUpMs: 0 })];
    office.configure();
    office.do({ type: 'talk-ended', callId: 'c1', by: 'caller' });
    office.configure();
    expect(offered(office.enter('c3', 'help'))).toEqual([]);
    expect(office.stateOf('anna')).toBe('wrap-up');
  });

  it('ends when the agent says ready; its timer then means nothing', () => {
    const office = talking();
    const effects = office.do({ type: 'talk-ended', callId: 'c1', by: 'agent' });
    const key = effectsOf(effects, 'set-timer')[0]?.key ?? '';
    const ready = office.do({ type: 'wrap-up-done', agentId: 'anna' });
    expect(effectsOf(ready, 'clear-timer')).toEqual([{ type: 'clear-timer', key }]);
    expect(offered(ready)).toEqual(['anna<-c2']);
    expect(office.do({ type: 'timer', key }).map((e) => e.type)).toEqual(['ignored']);
    expect(office.stateOf('anna')).toBe('offered');
  });

  it('ends when the agent leaves', () => {
    const office = talking();
    office.do({ type: 'talk-ended', callId: 'c1', by: 'agent' });
    const effects = office.do({ type: 'agent-status', agentId: 'anna', status: 'logged-out' });
    expect(logged(effects)).toEqual(['WRAPUPEND anna', 'AGENTLOGOFF anna']);
    expect(office.stateOf('anna')).toBe('waiting');
    expect(office.state.timers.size).toBe(0);
  });
});

describe('a status chosen during a call', () => {
  const talking = (): Office => {
    const office = new Office({
      queues: [makeQueue({ wrapUpMs: 15_000 })],
      agents: ['anna'],
      ready: ['anna'],
    });
    office.enter('c1');
    office.answer('anna');
    return office;
  };

  it('takes effect when the call is over', () => {
    const office = talking();
    expect(office.do({ type: 'agent-status', agentId: 'anna', status: 'on-break', reason: 'lunch' })).toEqual(
      [],
    );
    expect(office.state.agents.get('anna')).toMatchObject({ status: 'available', state: 'in-call' });
    const effects = office.do({ type: 'talk-ended', callId: 'c1', by: 'caller' });
    expect(effectsOf(effects, 'log').at(-1)?.event).toMatchObject({ name: 'PAUSE', reason: 'lunch' });
    expect(office.state.agents.get('anna')).toMatchObject({ status: 'on-break', state: 'waiting' });
  });

  it('can be taken back before that', () => {
    const office = talking();
    office.do({ type: 'agent-status', agentId: 'anna', status: 'logged-out' });
    office.do({ type: 'agent-status', agentId: 'anna', status: 'available' });
    expect(logged(office.do({ type: 'talk-ended', callId: 'c1', by: 'caller' }))).toEqual([
      'COMPLETECALLER anna',
      'WRAPUPSTART anna',
    ]);
  });

  it('does not disturb the call, nor does losing the registration', () => {
    const office = talking();
    office.do({ type: 'agent-status', agentId: 'anna', status: 'logged-out' });
    office.do({ type: 'agent-reachable', agentId: 'anna', reachable: false });
    expect(office.stateOf('anna')).toBe('in-call');
    expect(logged(office.do({ type: 'talk-ended', callId: 'c1', by: 'agent' }))).toEqual([
      'COMPLETEAGENT anna',
      'AGENTLOGOFF anna',
    ]);
  });
});

describe('status changes are logged', () => {
  it.each([
    ['logged-out', 'available', ['AGENTLOGIN anna']],
    ['logged-out', 'on-break', ['AGENTLOGIN anna', 'PAUSE anna']],
    ['available', 'on-break', ['PAUSE anna']],
    ['on-break', 'available', ['UNPAUSE anna']],
    ['on-break', 'logged-out', ['AGENTLOGOFF anna']],
    ['available', 'logged-out', ['AGENTLOGOFF anna']],
    ['available', 'available', []],
  ] as const)('from %s to %s', (from, to, names) => {
    const office = new Office();
    if (from !== 'logged-out') office.do({ type: 'agent-status', agentId: 'anna', status: from });
    expect(logged(office.do({ type: 'agent-status', agentId: 'anna', status: to }))).toEqual(names);
  });
});

describe('a disposition that the queue wants', () => {
  const talking = (more: Partial<Parameters<typeof makeQueue>[0]> = {}): Office => {
    const office = new Office({
      queues: [
        makeQueue({ wrapUpMs: 15_000, dispositionRequired: true, dispositionCapMs: 120_000, ...more }),
      ],
      agents: ['anna'],
      ready: ['anna'],
    });
    for (const callId of ['c1', 'c2']) office.enter(callId);
    office.answer('anna');
    return office;
  };
  const ended = (office: Office) => office.do({ type: 'talk-ended', callId: 'c1', by: 'caller' });
  const dispose = (office: Office, callId = 'c1') =>
    office.do({ type: 'disposition-set', agentId: 'anna', callId });

  it('keeps the agent until the cap, though ready was said', () => {
    const office = talking();
    ended(office);
    expect(office.do({ type: 'wrap-up-done', agentId: 'anna' }).map((e) => e.type)).toEqual(['ignored']);
    expect(
      office.do({ type: 'agent-status', agentId: 'anna', status: 'available' }).map((e) => e.type),
    ).toEqual(['ignored']);
    const before = office.at;
    expect(offered(office.runTimer('wrap-up'))).toEqual(['anna<-c2']);
    expect(office.at - before).toBe(120_000);
  });

  it('made within the time for the work leaves the rest of it, and ready ends it', () => {
    const office = talking();
    ended(office);
    office.at += 5000;
    const effects = dispose(office);
    expect(effectsOf(effects, 'set-timer').map((e) => e.delayMs)).toEqual([10_000]);
    expect(offered(effects)).toEqual([]);
    expect(offered(office.do({ type: 'wrap-up-done', agentId: 'anna' }))).toEqual(['anna<-c2']);
  });

  it('made after it frees the agent at once', () => {
    const office = talking();
    ended(office);
    office.at += 60_000;
    expect(offered(dispose(office))).toEqual(['anna<-c2']);
  });

  it('made during the talk is waited for no more', () => {
    const office = talking({ wrapUpMs: 0 });
    expect(dispose(office, 'c2').map((e) => e.type)).toEqual(['ignored']);
    expect(dispose(office)).toEqual([]);
    expect(offered(ended(office))).toEqual(['anna<-c2']);
  });

  it('comes before the break chosen during the call, which the agent may still take back', () => {
    const office = talking();
    office.do({ type: 'agent-status', agentId: 'anna', status: 'on-break', reason: 'lunch' });
    expect(logged(ended(office))).toEqual(['COMPLETECALLER anna', 'WRAPUPSTART anna']);
    office.at += 60_000;
    expect(logged(dispose(office))).toEqual(['WRAPUPEND anna', 'PAUSE anna']);

    const other = talking();
    other.do({ type: 'agent-status', agentId: 'anna', status: 'on-break', reason: 'lunch' });
    ended(other);
    other.do({ type: 'agent-status', agentId: 'anna', status: 'available' });
    other.at += 60_000;
    expect(logged(dispose(other))).toEqual(['WRAPUPEND anna', 'OFFER anna']);
  });

  it('does not keep whoever logs off', () => {
    const office = talking();
    ended(office);
    office.do({ type: 'agent-status', agentId: 'anna', status: 'logged-out' });
    expect(office.state.agents.get('anna')).toMatchObject({ status: 'logged-out', state: 'waiting' });
    expect(effectsOf(office.all, 'log').map((e) => e.event.name)).toContain('AGENTLOGOFF');
  });
});

describe('more time for the work after a call', () => {
  it('is given once for each call, and not without a wrap-up', () => {
    const office = new Office({
      queues: [makeQueue({ wrapUpMs: 15_000, moreWrapUpMs: 60_000 })],
      agents: ['anna'],
      ready: ['anna'],
    });
    const more = () => office.do({ type: 'wrap-up-more', agentId: 'anna' });
    expect(more().map((e) => e.type)).toEqual(['ignored']);
    office.enter('c1');
    office.answer('anna');
    office.do({ type: 'talk-ended', callId: 'c1', by: 'caller' });
    office.at += 10_000;
    expect(effectsOf(more(), 'set-timer').map((e) => e.delayMs)).toEqual([65_000]);
    expect(more().map((e) => e.type)).toEqual(['ignored']);
    office.runTimer('wrap-up');
    expect(office.stateOf('anna')).toBe('waiting');
  });
});
