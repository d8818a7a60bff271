/**
 * Days of dialling in milliseconds: the real rules over the real lead store (in memory), with agents, people and
 * disturbances drawn from a seed. What must never happen is noted in `breaches` when it does.
 */
import { type Timer, VirtualClock } from '../../../../src/base/clock.ts';
import type { AttemptResult } from '../../../../src/domain/campaign/attempt.ts';
import { dialler } from '../../../../src/domain/campaign/dialler.ts';
import type {
  DiallerEffect,
  DiallerFact,
  DiallerWorld,
  WorldAgent,
} from '../../../../src/domain/campaign/dialler-events.ts';
import { type DiallerState, emptyDiallerState } from '../../../../src/domain/campaign/dialler-state.ts';
import { isDone, nextDue } from '../../../../src/domain/campaign/lead-supply.ts';
import { type Campaign, campaignSchema } from '../../../../src/domain/settings/campaigns.ts';
import { openDatabase } from '../../../../src/store/database.ts';
import { type LeadHandlers, leadHandlers } from '../../../../src/store/lead-operations.ts';
import { leadsSchema } from '../../../../src/store/leads-schema.ts';

const zones = ['Europe/Budapest', 'America/New_York', 'Asia/Tokyo', 'Europe/London'];
const minuteMs = 60_000;

export const dayCampaign: Campaign = campaignSchema.parse({
  id: 'c',
  name: 'C',
  agentIds: ['a1', 'a2', 'a3'],
  listIds: ['l'],
  maxAttempts: 3,
  maxAttemptsPerDay: 2,
  windows: [{ days: [1, 2, 3, 4, 5], from: '09:00', until: '18:00' }],
  retry: { busy: { delayMs: 10 * minuteMs, maxAttempts: 3 }, 'no-answer': { delayMs: 30 * minuteMs } },
});

interface Person {
  number: string;
  zone: string;
}

/** A called leg under way. */
interface CalledLeg {
  lineId: string;
  attemptId: string;
  answered: boolean;
  over: boolean;
}

export class DiallingDay {
  readonly clock = new VirtualClock(Date.UTC(2026, 0, 5, 6));
  readonly breaches: string[] = [];
  readonly people: Person[] = [];
  leads: LeadHandlers;
  state: DiallerState = emptyDiallerState;
  /** Dials by number, with the moment. */
  readonly dials: { number: string; at: number; zone: string }[] = [];
  readonly reserved = new Set<string>();
  readonly #random: () => number;
  readonly #database = openDatabase(':memory:', leadsSchema).database;
  readonly #agents = new Map<string, { status: 'here' | 'break' | 'busy' }>();
  #waiting = 0;
  #trunkUp = true;
  #boxFull = false;
  #legs = new Map<string, CalledLeg>();
  readonly #agentLegs = new Map<string, string>();
  #attempts = 0;
  #epoch = 0;
  readonly #refused = new Set<string>();
  readonly #timers = new Map<string, Timer>();
  #queue: DiallerFact[] = [];
  #running = false;

  constructor(seed: number, leads = 30) {
    let s = seed >>> 0;
    this.#random = () => {
      s = (s + 0x6d2b79f5) >>> 0;
      let t = Math.imul(s ^ (s >>> 15), 1 | s);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
    };
    this.leads = leadHandlers(
      () => this.#database,
      () => this.clock.now(),
    );
    this.leads.createList({ listId: 'l', name: 'L', who: 'test' });
    const importId = this.leads.beginImport('l', 'test');
    for (let n = 0; n < leads; n++)
      this.people.push({ number: `+3630${1_000_000 + n}`, zone: zones[n % zones.length] ?? 'UTC' });
    this.leads.addLeads(importId, this.people);
    this.leads.commitImport(importId);
    for (const agentId of dayCampaign.agentIds) this.#agents.set(agentId, { status: 'here' });
    this.#begin();
    this.run('running');
  }

  run(state: 'running' | 'paused'): void {
    this.tell({ type: 'run', run: this.leads.recordRun({ campaignId: 'c', state, who: 'test' }) });
  }

  /** Lets time pass, with something unforeseen now and then. */
  live(hours: number, disturbances: boolean): void {
    for (let i = 0; i < hours * 30; i++) {
      if (disturbances) this.#disturb();
      this.clock.advance(2 * minuteMs);
    }
  }

  /** Everybody is there, nothing hinders. */
  calm(): void {
    for (const agent of this.#agents.values()) agent.status = 'here';
    this.#waiting = 0;
    this.#trunkUp = true;
    this.#boxFull = false;
    this.tell({
      type: 'run',
      run: { campaignId: '*', state: 'released', at: this.clock.now(), who: 'test' },
    });
    this.run('running');
  }

  /** The process dies: what it knew is gone, legs are gone, the disk stays. */
  crash(): void {
    this.#epoch += 1;
    this.#legs = new Map();
    this.#agentLegs.clear();
    this.reserved.clear();
    this.#queue = [];
    for (const timer of this.#timers.values()) timer.cancel();
    this.state = emptyDiallerState;
    this.leads.recover();
    this.#begin();
    for (const run of this.leads.runs()) this.tell({ type: 'run', run });
  }

  rows(): { number: string; attemptId: string; result: string | null; intentAt: number }[] {
    return this.#database
      .prepare(
        `SELECT a.number, a.attempt_id AS attemptId, r.result, a.intent_at AS intentAt
         FROM attempts a LEFT JOIN attempt_results r USING (attempt_id) ORDER BY a.intent_at`,
      )
      .all() as never;
  }

  get openLegs(): number {
    return [...this.#legs.values()].filter((leg) => !leg.over).length;
  }

  tell(fact: DiallerFact): void {
    this.#queue.push(fact);
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      const { state, effects } = dialler(this.state, { at: this.clock.now(), world: this.#world(), ...next });
      this.state = state;
      for (const effect of effects) this.#run(effect);
    }
    this.#running = false;
  }

  #begin(): void {
    const plan = { campaign: dayCampaign, agentIds: dayCampaign.agentIds, queueIds: ['q'] };
    this.tell({ type: 'configured', plans: [plan] });
  }

  #world(): DiallerWorld {
    const agents = new Map<string, WorldAgent>();
    for (const [agentId, { status }] of this.#agents) {
      const notFree = this.reserved.has(agentId)
        ? 'offered'
        : status === 'break'
          ? 'onBreak'
          : status === 'busy'
            ? 'inCall'
            : undefined;
      agents.set(agentId, { agentId, name: agentId, notFree, idleSince: 0, isLeaving: status !== 'here' });
    }
    const trunk = { trunkId: 't', name: 'T', isUp: this.#trunkUp, calls: this.openLegs, maxCalls: 2 };
    return {
      agents,
      waiting: new Map([['q', this.#waiting]]),
      trunks: [trunk],
      boxFull: this.#boxFull ? 'calls' : undefined,
    };
  }

  #after(maxMs: number, action: () => void): void {
    const epoch = this.#epoch;
    this.clock.after(Math.floor(this.#random() * maxMs), () => {
      if (epoch === this.#epoch) action();
    });
  }

  #disturb(): void {
    const dice = this.#random();
    const agentId = dayCampaign.agentIds[Math.floor(this.#random() * 3)] ?? '';
    const agent = this.#agents.get(agentId);
    if (dice < 0.15 && agent) agent.status = agent.status === 'here' ? 'break' : 'here';
    else if (dice < 0.22 && agent) agent.status = agent.status === 'busy' ? 'here' : 'busy';
    else if (dice < 0.3) this.#waiting = Math.floor(this.#random() * 3);
    else if (dice < 0.36) this.#trunkUp = !this.#trunkUp;
    else if (dice < 0.4) this.#boxFull = !this.#boxFull;
    else if (dice < 0.44) this.run(this.#random() < 0.5 ? 'paused' : 'running');
    else if (dice < 0.48) {
      const state = this.#random() < 0.5 ? 'stopped' : 'released';
      this.tell({ type: 'run', run: { campaignId: '*', state, at: this.clock.now(), who: 'test' } });
    } else if (dice < 0.5) {
      const person = this.people[Math.floor(this.#random() * this.people.length)];
      if (person) {
        this.leads.addDoNotCall([{ number: person.number, reason: '' }], { who: 'test', source: 'person' });
        this.#refused.add(person.number);
      }
    } else if (dice < 0.52) this.crash();
    this.tell({ type: 'wake' });
  }

  #run(effect: DiallerEffect): void {
    switch (effect.type) {
      case 'reserve': {
        const isFree =
          this.#agents.get(effect.agentId)?.status === 'here' && !this.reserved.has(effect.agentId);
        if (!isFree) this.breaches.push(`${effect.agentId} is reserved and not free`);
        // Now and then a caller is faster.
        if (this.#random() < 0.05) this.tell({ type: 'reserve-refused', lineId: effect.lineId });
        else this.reserved.add(effect.agentId);
        break;
      }
      case 'give-back':
        if (!this.reserved.delete(effect.agentId))
          this.breaches.push(`${effect.agentId} is given back twice`);
        break;
      case 'choose':
        this.#after(20, () => {
          const lead = this.leads.nextLead(effect.campaign, effect.agentId, effect.exclude);
          const supply = lead ? null : this.leads.supply(effect.campaign, 'UTC');
          const nextAt = supply && nextDue(supply);
          this.tell({
            type: 'chosen',
            lineId: effect.lineId,
            lead,
            nextAt,
            done: supply !== null && isDone(supply),
          });
        });
        break;
      case 'ring-agent':
        this.#agentLegs.set(effect.lineId, effect.agentId);
        this.#after(20_000, () => {
          if (!this.#agentLegs.has(effect.lineId)) return;
          if (this.#random() < 0.8) this.tell({ type: 'agent-answered', lineId: effect.lineId });
          else this.#agentOver(effect.lineId, 'no-answer');
        });
        break;
      case 'hang-up-agent':
        this.#after(50, () => this.#agentOver(effect.lineId));
        break;
      case 'commit':
        this.#after(30, () => this.#commit(effect));
        break;
      case 'dial':
        this.#dial(effect);
        break;
      case 'join':
        this.#after(50, () => {
          const leg = this.#legs.get(effect.lineId);
          if (leg && !leg.over) this.tell({ type: 'joined', lineId: effect.lineId, voiceMs: 10 });
        });
        break;
      case 'hang-up-customer':
        this.#after(50, () => this.#customerOver(effect.lineId, 'cancelled', effect.reason));
        break;
      case 'result': {
        const { type: _, ...record } = effect;
        this.leads.recordResult(record);
        break;
      }
      case 'set-timer':
        this.#timers.get(effect.key)?.cancel();
        this.#timers.set(
          effect.key,
          this.clock.after(effect.delayMs, () => this.tell({ type: 'timer', key: effect.key })),
        );
        break;
      case 'finish':
        this.tell({
          type: 'run',
          run: this.leads.recordRun({ campaignId: effect.campaignId, state: 'finished', who: 'rules' }),
        });
        break;
      default:
        break;
    }
  }

  #commit(effect: Extract<DiallerEffect, { type: 'commit' }>): void {
    const { lineId, agentId, campaign, lead, trunkId } = effect;
    this.#attempts += 1;
    const attemptId = `t${String(this.#attempts).padStart(6, '0')}`;
    const answer = this.leads.commitIntent({
      attemptId,
      leadId: lead.leadId,
      campaign,
      agentId,
      trunkId,
      callerNumber: '',
    });
    if ('refused' in answer) this.tell({ type: 'refused', lineId, refusal: answer.refused });
    else this.tell({ type: 'committed', lineId, attemptId });
  }

  #dial(effect: Extract<DiallerEffect, { type: 'dial' }>): void {
    const { lineId, agentId, attemptId, lead } = effect;
    const { number } = lead;
    if (!this.rows().some((row) => row.attemptId === attemptId && row.result === null))
      this.breaches.push(`${number} is dialled without an open intent`);
    if (this.#refused.has(number)) this.breaches.push(`${number} is on the do-not-call list`);
    if (!this.reserved.has(agentId)) this.breaches.push(`${agentId} is not reserved`);
    const other = [...this.#legs].some(([id, leg]) => !leg.over && id.split('.')[0] === agentId);
    if (other) this.breaches.push(`${agentId} has two lines`);
    const zone = this.people.find((person) => person.number === number)?.zone ?? '';
    this.dials.push({ number, at: this.clock.now(), zone });
    const leg: CalledLeg = { lineId, attemptId, answered: false, over: false };
    this.#legs.set(lineId, leg);
    this.#after(3_000, () => {
      if (!leg.over) this.tell({ type: 'customer-rings', lineId });
    });
    const dice = this.#random();
    const ends: [number, AttemptResult, string][] = [
      [0.25, 'busy', 'busy'],
      [0.5, 'no-answer', 'no-answer'],
      [0.55, 'rejected', 'rejected'],
      [0.6, 'invalid-number', 'not-found'],
      [0.68, 'congested', 'unreachable'],
      [0.7, 'failed', 'upstream-failed'],
    ];
    const end = ends.find(([below]) => dice < below);
    this.#after(25_000, () => {
      if (leg.over) return;
      if (end) {
        this.#customerOver(lineId, end[1], end[2]);
        return;
      }
      leg.answered = true;
      this.tell({ type: 'customer-answered', lineId });
      this.#after(120_000, () => {
        if (this.#random() < 0.5) this.#customerOver(lineId, 'cancelled', 'hung-up');
        else {
          this.#agentOver(lineId);
          this.#customerOver(lineId, 'cancelled', 'agent-hung-up');
        }
      });
    });
  }

  #agentOver(lineId: string, missed?: 'no-answer'): void {
    if (!this.#agentLegs.delete(lineId)) return;
    this.tell({ type: 'agent-over', lineId, ...(missed ? { missed } : {}) });
  }

  #customerOver(lineId: string, result: AttemptResult, reason: string): void {
    const leg = this.#legs.get(lineId);
    if (!leg || leg.over) return;
    leg.over = true;
    this.tell({ type: 'customer-over', lineId, result, reason });
  }
}
