import { describe, expect, it } from 'vitest';
import { dialler } from '../../../../src/domain/campaign/dialler.ts';
import type {
  DiallerEffect,
  DiallerFact,
  DiallerWorld,
  WorldAgent,
} from '../../../../src/domain/campaign/dialler-events.ts';
import { type DiallerState, emptyDiallerState } from '../../../../src/domain/campaign/dialler-state.ts';
import type { Lead } from '../../../../src/domain/campaign/lead.ts';
import { agentsOf, obstacles, whyOfAgents } from '../../../../src/domain/campaign/obstacles.ts';
import { type CampaignInput, campaignSchema } from '../../../../src/domain/settings/campaigns.ts';

const lead = (leadId: number): Lead => ({
  leadId,
  listId: 'l',
  number: `+3630123456${leadId}`,
  name: '',
  note: '',
  fields: {},
  zone: null,
  zones: ['Europe/Budapest'],
  state: 'new',
  dueAt: null,
  agentId: null,
  attempts: 0,
  lastAttemptAt: null,
  lastResult: null,
  doNotCall: false,
});

class Desk {
  state: DiallerState = emptyDiallerState;
  at = 0;
  agents: WorldAgent[] = ['anna', 'bela'].map((agentId, n) => ({
    agentId,
    name: agentId,
    notFree: undefined,
    idleSince: n,
    isLeaving: false,
  }));
  waiting = 0;
  trunk = { trunkId: 't', name: 'T', isUp: true, calls: 0, maxCalls: 0 };
  boxFull: string | undefined;
  readonly plan;

  constructor(campaign: Partial<CampaignInput> = {}, start = true) {
    const parsed = campaignSchema.parse({
      id: 'c',
      name: 'C',
      listIds: ['l'],
      agentIds: ['anna', 'bela'],
      ...campaign,
    });
    this.plan = { campaign: parsed, agentIds: parsed.agentIds, queueIds: ['q'] };
    this.tell({ type: 'configured', plans: [this.plan] });
    if (start) this.tell({ type: 'run', run: { campaignId: 'c', state: 'running', at: 0, who: 'Ada' } });
  }

  get world(): DiallerWorld {
    return {
      agents: new Map(this.agents.map((agent) => [agent.agentId, agent])),
      waiting: new Map([['q', this.waiting]]),
      trunks: [this.trunk],
      boxFull: this.boxFull,
    };
  }

  tell(fact: DiallerFact): string[] {
    const { state, effects } = dialler(this.state, { at: this.at, world: this.world, ...fact });
    this.state = state;
    for (const effect of effects) this.#follow(effect);
    return effects.filter(({ type }) => type !== 'card' && type !== 'set-timer').map(({ type }) => type);
  }

  agent(agentId: string, change: Partial<WorldAgent>): void {
    this.agents = this.agents.map((agent) => (agent.agentId === agentId ? { ...agent, ...change } : agent));
  }

  lineOf(agentId: string): string {
    return this.state.lines.get(agentId)?.lineId ?? 'none';
  }

  /** Anna's line up to the call that goes out. */
  dialling(leadId = 1): string {
    const lineId = this.lineOf('anna');
    this.tell({ type: 'chosen', lineId, lead: lead(leadId), nextAt: null, done: false });
    this.tell({ type: 'agent-answered', lineId });
    this.tell({ type: 'committed', lineId, attemptId: `t${leadId}` });
    return lineId;
  }

  why(): string[] {
    const record = this.state.campaigns.get('c');
    if (!record) return [];
    const causes = obstacles(this.state, record, this.world, this.at);
    return [...causes, ...whyOfAgents(agentsOf(record, this.world))].map(({ code }) => code);
  }

  #follow(effect: DiallerEffect): void {
    if (effect.type === 'reserve') this.agent(effect.agentId, { notFree: 'offered' });
    if (effect.type === 'give-back')
      this.agent(effect.agentId, {
        notFree: effect.talked ? 'wrapUp' : effect.missed ? 'missed' : undefined,
      });
  }
}

describe('progressive dialling', () => {
  it('begins one line for each free agent, and no second one', () => {
    const desk = new Desk();
    expect([...desk.state.lines.keys()]).toEqual(['anna', 'bela']);
    expect(desk.tell({ type: 'wake' })).toEqual([]);
  });

  it('rings the agent first, writes the intent, and only then dials', () => {
    const desk = new Desk();
    const lineId = desk.lineOf('anna');
    expect(desk.tell({ type: 'chosen', lineId, lead: lead(1), nextAt: null, done: false })).toEqual([
      'ring-agent',
    ]);
    expect(desk.tell({ type: 'agent-answered', lineId })).toEqual(['commit']);
    expect(desk.tell({ type: 'committed', lineId, attemptId: 't1' })).toEqual(['dial']);
    expect(desk.tell({ type: 'customer-answered', lineId })).toEqual(['talk', 'join']);
    expect(desk.tell({ type: 'joined', lineId, voiceMs: 20 })).toEqual(['result']);
    expect(desk.tell({ type: 'customer-over', lineId, result: 'cancelled', reason: 'hung-up' })).toEqual([
      'hang-up-agent',
      'give-back',
    ]);
    expect(desk.agents[0]?.notFree).toBe('wrapUp');
  });

  it('keeps the agent connected for the next lead when nobody answered', () => {
    const desk = new Desk();
    const lineId = desk.dialling();
    expect(desk.tell({ type: 'customer-over', lineId, result: 'busy', reason: 'busy' })).toEqual([
      'result',
      'choose',
    ]);
    expect(desk.tell({ type: 'chosen', lineId, lead: lead(2), nextAt: null, done: false })).toEqual([
      'commit',
    ]);
  });

  it('gives no lead to two lines, though both asked at the same moment', () => {
    const desk = new Desk();
    desk.tell({ type: 'chosen', lineId: desk.lineOf('anna'), lead: lead(1), nextAt: null, done: false });
    const second = desk.tell({
      type: 'chosen',
      lineId: desk.lineOf('bela'),
      lead: lead(1),
      nextAt: null,
      done: false,
    });
    expect(second).toEqual(['choose']);
  });

  it('takes the ringing call back when the agent hangs up, and writes what became of it', () => {
    const desk = new Desk();
    const lineId = desk.dialling();
    expect(desk.tell({ type: 'agent-over', lineId })).toEqual(['hang-up-customer']);
    expect(desk.tell({ type: 'customer-over', lineId, result: 'cancelled', reason: 'agent-left' })).toEqual([
      'result',
      'give-back',
    ]);
  });

  it('calls it abandoned when the answer crosses the agent hanging up', () => {
    const desk = new Desk();
    const lineId = desk.dialling();
    desk.tell({ type: 'agent-over', lineId });
    expect(desk.tell({ type: 'customer-answered', lineId })).toEqual(['hang-up-customer']);
    const { effects } = dialler(desk.state, {
      at: 0,
      world: desk.world,
      type: 'customer-over',
      lineId,
      result: 'cancelled',
      reason: 'agent-left',
    });
    expect(effects).toContainEqual(expect.objectContaining({ type: 'result', result: 'abandoned' }));
  });

  it('dials nothing for an intent that was written while the agent left, and says so in the log', () => {
    const desk = new Desk();
    const lineId = desk.lineOf('anna');
    desk.tell({ type: 'chosen', lineId, lead: lead(1), nextAt: null, done: false });
    desk.tell({ type: 'agent-answered', lineId });
    desk.agent('anna', { isLeaving: true, notFree: 'onBreak' });
    expect(desk.tell({ type: 'wake' })).toEqual(['hang-up-agent']);
    const after = desk.tell({ type: 'committed', lineId, attemptId: 't1' });
    expect(after).toContain('result');
    expect(after).not.toContain('dial');
  });

  it('passes an agent over whose phone nobody picks up: the lead was not called', () => {
    const desk = new Desk();
    const lineId = desk.lineOf('anna');
    desk.tell({ type: 'chosen', lineId, lead: lead(1), nextAt: null, done: false });
    expect(desk.tell({ type: 'agent-over', lineId, missed: 'no-answer' })).toEqual(['give-back']);
    expect(desk.agents[0]?.notFree).toBe('missed');
  });

  it('lets a trunk that takes no calls rest, longer each time, and says so', () => {
    const desk = new Desk();
    const lineId = desk.dialling();
    desk.tell({ type: 'customer-over', lineId, result: 'congested', reason: 'unreachable', sipStatus: 503 });
    expect(desk.why()).toContain('trunk-rests');
    desk.at = 9_999;
    expect(desk.tell({ type: 'wake' })).toEqual([]);
    desk.at = 10_000;
    expect(desk.tell({ type: 'timer', key: 'rest:t' })).toContain('reserve');
  });

  it('stops at once in an emergency: what rings is taken back, a talk goes on', () => {
    const desk = new Desk();
    const talking = desk.dialling();
    desk.tell({ type: 'customer-answered', lineId: talking });
    const other = desk.lineOf('bela');
    desk.tell({ type: 'chosen', lineId: other, lead: lead(2), nextAt: null, done: false });
    desk.tell({ type: 'agent-answered', lineId: other });
    desk.tell({ type: 'committed', lineId: other, attemptId: 't2' });
    const stop = desk.tell({ type: 'run', run: { campaignId: '*', state: 'stopped', at: 0, who: 'Ada' } });
    expect(stop).toEqual(['hang-up-agent', 'hang-up-customer']);
    expect(desk.state.lines.get('anna')?.phase).toBe('talking');
    expect(desk.why()).toContain('emergency-stop');
  });

  it('finishes a call that rings when it is paused, and begins no other', () => {
    const desk = new Desk();
    const lineId = desk.dialling();
    desk.tell({ type: 'run', run: { campaignId: 'c', state: 'paused', at: 0, who: 'Ada' } });
    expect(desk.state.lines.get('anna')?.phase).toBe('dialling');
    expect(desk.tell({ type: 'customer-over', lineId, result: 'busy', reason: 'busy' })).toEqual([
      'result',
      'hang-up-agent',
      'give-back',
    ]);
  });

  it('holds back while callers wait, and for a while after the last was served', () => {
    const desk = new Desk({ resumeAfterMs: 10_000 }, false);
    desk.waiting = 1;
    desk.tell({ type: 'run', run: { campaignId: 'c', state: 'running', at: 0, who: 'Ada' } });
    expect(desk.why()).toEqual(['inbound-first']);
    desk.waiting = 0;
    desk.at = 1_000;
    expect(desk.tell({ type: 'wake' })).toEqual([]);
    expect(desk.why()).toEqual(['inbound-calm']);
    desk.at = 11_000;
    expect(desk.tell({ type: 'timer', key: 'calm:c' })).toContain('reserve');
  });

  it('an edit while it runs counts from the next line on; a campaign taken away begins nothing more', () => {
    const desk = new Desk();
    const lineId = desk.dialling();
    desk.tell({ type: 'configured', plans: [] });
    expect(desk.state.lines.get('anna')?.phase).toBe('dialling');
    expect(desk.tell({ type: 'customer-over', lineId, result: 'busy', reason: 'busy' })).not.toContain(
      'choose',
    );
    expect(desk.state.lines.size).toBe(0);
  });

  it('without leads waits until some are due, and is finished when nothing is left', () => {
    const desk = new Desk({ agentIds: ['anna'] });
    const lineId = desk.lineOf('anna');
    expect(desk.tell({ type: 'chosen', lineId, lead: null, nextAt: 60_000, done: false })).toEqual([
      'give-back',
    ]);
    desk.at = 59_999;
    expect(desk.tell({ type: 'wake' })).toEqual([]);
    desk.at = 60_000;
    expect(desk.tell({ type: 'timer', key: 'dry:c' })).toEqual(['reserve', 'choose']);
    const end = desk.tell({
      type: 'chosen',
      lineId: desk.lineOf('anna'),
      lead: null,
      nextAt: null,
      done: true,
    });
    expect(end).toEqual(['give-back', 'finish']);
  });
});

describe('why nothing is dialled', () => {
  it.each<[string, (desk: Desk) => void, string]>([
    [
      'the trunk is down',
      (desk) => {
        desk.trunk = { ...desk.trunk, isUp: false };
      },
      'no-trunk',
    ],
    [
      'the trunk has no line to spare',
      (desk) => {
        desk.trunk = { ...desk.trunk, calls: 2, maxCalls: 2 };
      },
      'trunk-full',
    ],
    [
      'the machine has too much to do',
      (desk) => {
        desk.boxFull = 'calls';
      },
      'box-full',
    ],
    [
      'everybody is on break',
      (desk) => {
        for (const { agentId } of desk.agents) desk.agent(agentId, { notFree: 'onBreak', isLeaving: true });
      },
      'no-agent-free',
    ],
  ])('when %s', (_, hinder, code) => {
    const desk = new Desk({}, false);
    hinder(desk);
    desk.tell({ type: 'run', run: { campaignId: 'c', state: 'running', at: 0, who: 'Ada' } });
    expect(desk.state.lines.size).toBe(0);
    expect(desk.why()).toEqual([code]);
  });

  it('when as many lines as allowed are up', () => {
    const desk = new Desk({ maxLines: 1 });
    expect(desk.state.lines.size).toBe(1);
    expect(desk.why()).toContain('lines-full');
  });
});
