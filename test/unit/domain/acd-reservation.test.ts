import { describe, expect, it } from 'vitest';
import { logged, Office, offered } from './office.ts';

const noWork = { workMs: 0, moreMs: 0, capMs: 0 };
const work = { workMs: 30_000, moreMs: 0, capMs: 0 };

describe('an agent lent to the dialler', () => {
  it('gets no offer of the queues, which ring the next one', () => {
    const office = new Office({ ready: ['anna', 'bela'] });
    office.do({ type: 'agent-reserved', agentId: 'anna' });
    expect(office.stateOf('anna')).toBe('offered');
    expect(offered(office.enter('c1'))).toEqual(['bela<-c1']);
  });

  it('is lent once, and not while anything else is going on', () => {
    const office = new Office({ ready: ['anna'] });
    office.enter('c1');
    expect(office.do({ type: 'agent-reserved', agentId: 'anna' }).map((e) => e.type)).toContain('ignored');
    expect(office.state.agents.get('anna')?.reserved).toBe(false);
  });

  it('given back without a talk is offered the caller who waits', () => {
    const office = new Office({ ready: ['anna'] });
    office.do({ type: 'agent-reserved', agentId: 'anna' });
    expect(offered(office.enter('c1'))).toEqual([]);
    expect(offered(office.do({ type: 'agent-given-back', agentId: 'anna', work: noWork }))).toEqual([
      'anna<-c1',
    ]);
  });

  it('has the work after the call when it was talked', () => {
    const office = new Office({ ready: ['anna'] });
    office.do({ type: 'agent-reserved', agentId: 'anna' });
    office.do({ type: 'reserved-talk', agentId: 'anna', callId: 'x1' });
    expect(office.stateOf('anna')).toBe('in-call');
    expect(logged(office.do({ type: 'agent-given-back', agentId: 'anna', work }))).toEqual([
      'WRAPUPSTART anna',
    ]);
    expect(office.stateOf('anna')).toBe('wrap-up');
    expect(office.state.agents.get('anna')?.callId).toBe('x1');
  });

  it('is passed over for a while when the phone was not picked up', () => {
    const office = new Office({ ready: ['anna'] });
    office.do({ type: 'agent-reserved', agentId: 'anna' });
    const missed = { cause: 'no-answer', pauseMs: 10_000 } as const;
    office.do({ type: 'agent-given-back', agentId: 'anna', work: noWork, missed });
    expect(offered(office.enter('c1'))).toEqual([]);
  });

  it('who goes on break keeps the break when given back', () => {
    const office = new Office({ ready: ['anna'] });
    office.do({ type: 'agent-reserved', agentId: 'anna' });
    office.do({ type: 'agent-status', agentId: 'anna', status: 'on-break', reason: 'tea' });
    office.do({ type: 'agent-given-back', agentId: 'anna', work: noWork });
    expect(office.state.agents.get('anna')).toMatchObject({
      state: 'waiting',
      status: 'on-break',
      reserved: false,
    });
  });

  it('is given back once', () => {
    const office = new Office({ ready: ['anna'] });
    expect(office.do({ type: 'agent-given-back', agentId: 'anna', work: noWork }).map((e) => e.type)).toEqual(
      ['ignored'],
    );
  });

  it('who is taken out of the settings stays until given back', () => {
    const office = new Office({ ready: ['anna'] });
    office.do({ type: 'agent-reserved', agentId: 'anna' });
    office.do({ type: 'configured', rules: { queues: [], agents: [] } });
    expect(office.state.agents.get('anna')?.removed).toBe(true);
    office.do({ type: 'agent-given-back', agentId: 'anna', work: noWork });
    expect(office.state.agents.has('anna')).toBe(false);
  });
});
