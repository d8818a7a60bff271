/** A small office for tests of call distribution: feeds events, keeps the time, gathers what was asked for. */
import { acd } from '../../../src/domain/acd/acd.ts';
import type { AcdEffect, AcdFact } from '../../../src/domain/acd/acd-events.ts';
import { type AcdState, emptyAcdState } from '../../../src/domain/acd/acd-state.ts';
import { type Agent, agentSchema, type Queue, queueSchema } from '../../../src/domain/settings.ts';

export const startMs = Date.UTC(2026, 0, 5, 8, 0, 0);

export function makeQueue(changes: Partial<Queue> = {}): Queue {
  return queueSchema.parse({
    id: 'sales',
    name: 'Sales',
    agentIds: ['anna', 'bela', 'cili'],
    wrapUpMs: 0,
    announcePosition: false,
    ...changes,
  });
}

export function makeAgent(id: string): Agent {
  return agentSchema.parse({ id, name: id.toUpperCase(), extensionId: `ext-${id}` });
}

export type EffectOf<Type extends AcdEffect['type']> = Extract<AcdEffect, { type: Type }>;

export class Office {
  state: AcdState = emptyAcdState;
  at = startMs;
  queues: Queue[];
  agents: Agent[];
  /** Every effect since the beginning. */
  readonly all: AcdEffect[] = [];

  constructor(options: { queues?: Queue[]; agents?: string[]; ready?: string[] } = {}) {
    this.queues = options.queues ?? [makeQueue()];
    this.agents = (options.agents ?? ['anna', 'bela', 'cili']).map(makeAgent);
    this.configure();
    for (const agentId of options.ready ?? []) this.ready(agentId);
  }

  /** Sends one event; returns what it caused. */
  do(fact: AcdFact): AcdEffect[] {
    const step = acd(this.state, { at: this.at, ...fact });
    this.state = step.state;
    this.all.push(...step.effects);
    return step.effects;
  }

  configure(): AcdEffect[] {
    return this.do({ type: 'configured', rules: { queues: this.queues, agents: this.agents } });
  }

  /** Logs the agent in with a phone; one second apart, so that idle times differ. */
  ready(agentId: string): AcdEffect[] {
    this.at += 1000;
    return [
      ...this.do({ type: 'agent-reachable', agentId, reachable: true }),
      ...this.do({ type: 'agent-status', agentId, status: 'available' }),
    ];
  }

  enter(callId: string, queueId = 'sales'): AcdEffect[] {
    return this.do({ type: 'call-entered', callId, queueId });
  }

  /** Answers and connects the offer that rings at this agent. */
  answer(agentId: string): AcdEffect[] {
    const offerId = this.offerAt(agentId);
    const callId = this.state.offers.get(offerId)?.callId ?? '';
    return [
      ...this.do({ type: 'offer-answered', offerId }),
      ...this.do({ type: 'connected', callId, offerId }),
    ];
  }

  /** The one offer that rings at this agent; '' when none does. */
  offerAt(agentId: string): string {
    return this.state.agents.get(agentId)?.offerId ?? '';
  }

  /** Lets the timer of this kind run, after its delay. */
  runTimer(kind: string): AcdEffect[] {
    const key = effectsOf(this.all, 'set-timer')
      .map((e) => e.key)
      .findLast((k) => k.startsWith(`${kind}/`) && this.state.timers.has(k));
    if (key === undefined) throw new Error(`no timer ${kind} is armed`);
    const set = effectsOf(this.all, 'set-timer').find((e) => e.key === key);
    this.at += set?.delayMs ?? 0;
    return this.do({ type: 'timer', key });
  }

  stateOf(agentId: string): string | undefined {
    return this.state.agents.get(agentId)?.state;
  }

  waitingIn(queueId = 'sales'): readonly string[] {
    return this.state.queues.get(queueId)?.waiting ?? [];
  }
}

export function effectsOf<Type extends AcdEffect['type']>(
  effects: readonly AcdEffect[],
  type: Type,
): EffectOf<Type>[] {
  return effects.filter((effect): effect is EffectOf<Type> => effect.type === type);
}

/** Who is offered which call, as `agent<-call`. */
export function offered(effects: readonly AcdEffect[]): string[] {
  return effectsOf(effects, 'offer').map((e) => `${e.agentId}<-${e.callId}`);
}

/** Names of logged facts, with the agent where there is one. */
export function logged(effects: readonly AcdEffect[]): string[] {
  return effectsOf(effects, 'log').map(({ event }) =>
    'agentId' in event ? `${event.name} ${event.agentId}` : event.name,
  );
}

export function traced(effects: readonly AcdEffect[]): string[] {
  return effectsOf(effects, 'trace').map((e) => e.note.code);
}
