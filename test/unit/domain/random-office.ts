/**
 * An office run at random for property tests: it carries out what call distribution asks for, as call control does,
 * with a virtual clock, and checks after every event what must always hold.
 */
import type { Timer } from '../../../src/base/clock.ts';
import { VirtualClock } from '../../../src/base/clock.ts';
import { acd } from '../../../src/domain/acd/acd.ts';
import type { AcdEffect, AcdFact, OfferFailure } from '../../../src/domain/acd/acd-events.ts';
import { type AcdState, emptyAcdState } from '../../../src/domain/acd/acd-state.ts';
import { whyNotFree } from '../../../src/domain/acd/agent.ts';
import type { LogEvent } from '../../../src/domain/call-event.ts';
import type { Agent, Queue } from '../../../src/domain/settings.ts';
import { makeAgent, makeQueue } from './office.ts';

export type Step =
  | { do: 'enter'; queue: number }
  | { do: 'leave' | 'connect' | 'connect-fail' | 'end-talk' | 'late-answer'; pick: number }
  | { do: 'answer' | 'ring'; pick: number }
  | { do: 'fail'; pick: number; cause: OfferFailure }
  | { do: 'status'; agent: number; status: 'available' | 'on-break' | 'logged-out' }
  | { do: 'reachable' | 'busy'; agent: number; on: boolean }
  | { do: 'ready' | 'more' | 'dispose'; agent: number }
  | { do: 'settings'; queues: number[]; agents: number[]; maxWaitMs: number; ringAll: boolean }
  | { do: 'pass'; ms: number };

const agentIds = ['a0', 'a1', 'a2', 'a3', 'a4'];

export function randomQueue(n: number, agents: number[], maxWaitMs: number, ringAll: boolean): Queue {
  return makeQueue({
    id: `q${n}`,
    name: `Queue ${n}`,
    agentIds: agents.map((a) => `a${a}`),
    strategy: ringAll === (n === 1) ? 'ring-all' : 'longest-idle',
    wrapUpMs: n === 2 ? 0 : 5000,
    dispositionRequired: n === 1,
    dispositionCapMs: 20_000,
    moreWrapUpMs: 4000,
    missedPauseMs: n === 0 ? 0 : 10_000,
    announcePosition: n !== 2,
    announceEveryMs: 15_000,
    maxWaitMs,
    overflow: { kind: 'hang-up' },
  });
}

export class RandomOffice {
  readonly clock = new VirtualClock();
  state: AcdState = emptyAcdState;
  readonly log: LogEvent[] = [];
  readonly breaches: string[] = [];
  readonly #timers = new Map<string, Timer>();
  /** Offers whose phones ring, calls being joined and talks, as the world outside sees them. */
  readonly #ringing = new Map<string, { callId: string; agentId: string }>();
  readonly #joining = new Map<string, string>();
  readonly #talks = new Map<string, string>();
  readonly #waiting = new Set<string>();
  readonly #cancelled: string[] = [];
  readonly #told = new Map<string, number>();
  #calls = 0;

  apply(step: Step): void {
    if (step.do === 'pass') this.clock.advance(step.ms);
    else if (step.do === 'settings') this.configure(step.queues, step.agents, step.maxWaitMs, step.ringAll);
    else {
      const fact = this.#factOf(step);
      if (fact) this.send(fact);
    }
  }

  /** What the world outside tells; undefined when there is nothing it could be about. */
  #factOf(step: Exclude<Step, { do: 'pass' | 'settings' }>): AcdFact | undefined {
    switch (step.do) {
      case 'enter': {
        this.#calls += 1;
        const callId = `c${this.#calls}`;
        this.#waiting.add(callId);
        return { type: 'call-entered', callId, queueId: `q${step.queue}` };
      }
      case 'leave': {
        const callId = pick([...this.#waiting, ...this.#talks.keys()], step.pick);
        if (callId === undefined) return undefined;
        this.#forget(callId);
        return { type: 'call-left', callId };
      }
      case 'ring': {
        const offerId = pick([...this.#ringing.keys()], step.pick);
        return offerId === undefined ? undefined : { type: 'offer-ringing', offerId };
      }
      case 'answer': {
        const offerId = pick([...this.#ringing.keys()], step.pick);
        return offerId === undefined ? undefined : { type: 'offer-answered', offerId };
      }
      case 'fail': {
        const offerId = pick([...this.#ringing.keys()], step.pick);
        if (offerId === undefined) return undefined;
        this.#ringing.delete(offerId);
        return { type: 'offer-failed', offerId, cause: step.cause };
      }
      case 'late-answer': {
        const offerId = pick(this.#cancelled, step.pick);
        return offerId === undefined ? undefined : { type: 'offer-answered', offerId };
      }
      case 'connect':
      case 'connect-fail': {
        const callId = pick([...this.#joining.keys()], step.pick);
        if (callId === undefined) return undefined;
        const offerId = this.#joining.get(callId) ?? '';
        this.#joining.delete(callId);
        if (step.do === 'connect') {
          this.#talks.set(callId, offerId);
          return { type: 'connected', callId, offerId };
        }
        this.#waiting.add(callId);
        return { type: 'connect-failed', callId, offerId };
      }
      case 'end-talk': {
        const callId = pick([...this.#talks.keys()], step.pick);
        if (callId === undefined) return undefined;
        this.#forget(callId);
        const by = (['caller', 'agent', 'system'] as const)[step.pick % 3] ?? 'caller';
        return { type: 'talk-ended', callId, by };
      }
      case 'status':
        return { type: 'agent-status', agentId: `a${step.agent}`, status: step.status };
      case 'reachable':
        return { type: 'agent-reachable', agentId: `a${step.agent}`, reachable: step.on };
      case 'busy':
        return { type: 'agent-busy', agentId: `a${step.agent}`, busy: step.on, callId: 'outside' };
      case 'ready':
        return { type: 'wrap-up-done', agentId: `a${step.agent}` };
      case 'more':
        return { type: 'wrap-up-more', agentId: `a${step.agent}` };
      case 'dispose': {
        const agentId = `a${step.agent}`;
        return { type: 'disposition-set', agentId, callId: this.state.agents.get(agentId)?.callId ?? 'none' };
      }
    }
  }

  configure(queues: number[], agents: number[], maxWaitMs: number, ringAll: boolean): void {
    const rules: { queues: Queue[]; agents: Agent[] } = {
      queues: queues.map((n) => randomQueue(n, n === 0 ? agents : agents.slice(n - 1), maxWaitMs, ringAll)),
      agents: agents.map((n) => makeAgent(`a${n}`)),
    };
    this.send({ type: 'configured', rules });
  }

  /** Everybody at work, every call brought to its end: what must be true then is the caller's to check. */
  settle(): void {
    this.configure([0, 1, 2], [0, 1, 2, 3, 4], 0, false);
    for (const agentId of agentIds) {
      this.send({ type: 'agent-busy', agentId, busy: false, callId: 'outside' });
      this.send({ type: 'agent-reachable', agentId, reachable: true });
      this.send({ type: 'agent-status', agentId, status: 'available' });
    }
    for (let round = 0; round < 400 && this.state.calls.size > 0; round++) {
      for (const offerId of [...this.#ringing.keys()]) this.send({ type: 'offer-answered', offerId });
      while (this.#joining.size > 0) this.apply({ do: 'connect', pick: 0 });
      for (const callId of [...this.#talks.keys()]) {
        this.#forget(callId);
        this.send({ type: 'talk-ended', callId, by: 'caller' });
      }
      this.clock.advance(1000);
    }
    // A status chosen during a call came into force after it: everybody comes back to work.
    for (const agentId of agentIds) this.send({ type: 'agent-status', agentId, status: 'available' });
    this.clock.advance(60_000);
  }

  get armedTimers(): number {
    return this.#timers.size;
  }

  send(fact: AcdFact): void {
    const { state, effects } = acd(this.state, { at: this.clock.now(), ...fact });
    this.state = state;
    for (const effect of effects) this.#carryOut(effect);
    this.#check(fact);
  }

  #forget(callId: string): void {
    this.#waiting.delete(callId);
    this.#joining.delete(callId);
    this.#talks.delete(callId);
  }

  #carryOut(effect: AcdEffect): void {
    switch (effect.type) {
      case 'offer':
        for (const other of this.#ringing.values())
          if (other.agentId === effect.agentId) this.breaches.push(`${effect.agentId} is offered two calls`);
        this.#ringing.set(effect.offerId, { callId: effect.callId, agentId: effect.agentId });
        break;
      case 'cancel-offer':
        this.#ringing.delete(effect.offerId);
        this.#cancelled.push(effect.offerId);
        break;
      case 'connect':
        if (this.#talks.has(effect.callId) || this.#joining.has(effect.callId))
          this.breaches.push(`${effect.callId} is in two talks`);
        if (!this.#ringing.delete(effect.offerId)) this.breaches.push(`${effect.offerId} did not ring`);
        this.#waiting.delete(effect.callId);
        this.#joining.set(effect.callId, effect.offerId);
        break;
      case 'overflow':
        this.#forget(effect.callId);
        break;
      case 'announce-position': {
        const before = this.#told.get(effect.callId);
        if (before !== undefined && effect.position > before)
          this.breaches.push(`${effect.callId} is told a worse position`);
        this.#told.set(effect.callId, effect.position);
        break;
      }
      case 'set-timer':
        if (this.#timers.has(effect.key)) this.breaches.push(`the timer ${effect.key} is armed twice`);
        this.#timers.set(
          effect.key,
          this.clock.after(effect.delayMs, () => {
            this.#timers.delete(effect.key);
            this.send({ type: 'timer', key: effect.key });
          }),
        );
        break;
      case 'clear-timer':
        this.#timers.get(effect.key)?.cancel();
        this.#timers.delete(effect.key);
        break;
      case 'log':
        this.log.push(effect.event);
        break;
      case 'trace':
      case 'ignored':
        break;
    }
  }

  #check(fact: AcdFact): void {
    const { agents, calls, offers, queues } = this.state;
    const breach = (text: string): void => void this.breaches.push(`after ${fact.type}: ${text}`);
    if (offers.size !== this.#ringing.size) breach('the phones that ring are not the open offers');
    if (this.state.timers.size !== this.#timers.size) breach('the armed timers are not those remembered');
    for (const callId of this.#waiting) if (!calls.has(callId)) breach(`${callId} is forgotten`);
    for (const timer of this.state.timers.values()) {
      if ('callId' in timer && (calls.get(timer.callId)?.talk ?? !calls.has(timer.callId)))
        breach(`the timer ${timer.kind} of ${timer.callId} outlives its wait`);
      if (timer.kind === 'ring-guard' && !offers.has(timer.offerId)) breach('a guard outlives its offer');
      if ('agentId' in timer && !agents.has(timer.agentId)) breach('a timer outlives its agent');
    }
    const talking = new Map<string, string>();
    for (const call of calls.values()) {
      const isInLine = queues.get(call.queueId)?.waiting.includes(call.callId) ?? false;
      if (isInLine === (call.talk !== undefined)) breach(`${call.callId} waits and talks, or neither`);
      for (const offerId of call.offerIds)
        if (offers.get(offerId)?.callId !== call.callId) breach(`${offerId} is not an offer of its call`);
      if (!call.talk) continue;
      if (talking.has(call.talk.agentId)) breach(`${call.talk.agentId} is in two talks`);
      talking.set(call.talk.agentId, call.callId);
    }
    for (const [agentId, record] of agents) {
      if ((record.state === 'offered') !== (record.offerId !== undefined)) breach(`${agentId}: offered?`);
      if (record.offerId !== undefined && offers.get(record.offerId)?.agentId !== agentId)
        breach(`${agentId} waits for an offer that is over`);
      if ((record.state === 'in-call') !== talking.has(agentId)) breach(`${agentId}: in a call?`);
      if (record.state === 'wrap-up' && !this.#timers.has(record.wrapUp?.timer ?? ''))
        breach(`${agentId} is in wrap-up without an end`);
      if ((record.state === 'wrap-up') !== (record.wrapUp !== undefined)) breach(`${agentId}: in wrap-up?`);
      if (record.missed && !this.#timers.has(record.missed.timer))
        breach(`${agentId} is passed over for ever`);
    }
    for (const { queue, waiting } of queues.values()) {
      const free = queue.agentIds.some((id) => {
        const record = agents.get(id);
        return record && !whyNotFree(record);
      });
      const unserved = waiting.some((callId) => calls.get(callId)?.offerIds.length === 0);
      if (free && unserved) breach(`somebody waits in ${queue.id} though an agent is free`);
    }
  }
}

function pick<T>(items: readonly T[], index: number): T | undefined {
  return items.length === 0 ? undefined : items[index % items.length];
}
