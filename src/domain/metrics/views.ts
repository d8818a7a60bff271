/** Which figures say something about what was asked, and their values. */
import { evaluate, type Figure, type FigureId, type FigureValue, figureIds, figures } from './figures.ts';
import { addSums, type Measure, noSums, type Sums } from './measures.ts';
import type { Grouping } from './question.ts';

export type FigureValues = Partial<Record<FigureId, FigureValue>>;

/** What a set of sums is about. */
export interface View {
  by: Grouping;
  queueId?: string | undefined;
  agentId?: string | undefined;
}

/**
 * The figures of one group of this view (of `all`: of the whole). The time of agents belongs to no queue: a queue has
 * it only where its agents' time was added (`withTimeOf`).
 */
export function idsOf({ by, queueId, agentId }: View, hasTimeOfAgents: boolean): FigureId[] {
  const ofQueue = by === 'queue' || queueId !== undefined;
  const ofAgent = by === 'agent' || agentId !== undefined;
  return figureIds.filter((id) => {
    const { scopes }: Figure = figures[id];
    if (ofQueue && ofAgent) return scopes.includes('queue') && scopes.includes('agent');
    if (ofAgent) return scopes.includes('agent');
    if (ofQueue) return scopes.includes('queue') || (hasTimeOfAgents && scopes.includes('agent'));
    return true;
  });
}

export function valuesOf(ids: readonly FigureId[], sums: Readonly<Sums>): FigureValues {
  const values: Partial<Record<FigureId, FigureValue>> = {};
  for (const id of ids) values[id] = evaluate(id, sums);
  return values;
}

const timeOfAgents = [
  'logins',
  'sessionsCut',
  'loginMs',
  'pauseMs',
  'availableMs',
  'agentTalkMs',
  'agentHoldMs',
  'agentWrapUpMs',
] as const satisfies Measure[];

/** The sums of a queue, and the time of these agents, whatever queues they served in it. */
export function withTimeOf(agents: Iterable<Readonly<Sums> | undefined>, queue: Readonly<Sums>): Sums {
  const sums = { ...queue };
  for (const agent of agents) {
    if (!agent) continue;
    const time = noSums();
    for (const measure of timeOfAgents) time[measure] = agent[measure];
    addSums(sums, time);
  }
  return sums;
}
