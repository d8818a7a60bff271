/** One queue decision among 50 agents and 500 waiting callers: an agent becomes free, the reducer says who is rung. */
import { acd } from '../../src/domain/acd/acd.ts';
import type { AcdFact } from '../../src/domain/acd/acd-events.ts';
import { emptyAcdState } from '../../src/domain/acd/acd-state.ts';
import { settingsSchema } from '../../src/domain/settings.ts';
import { type Figure, percentile } from './figure.ts';

export function measureQueueDecision(times: number): Figure[] {
  const ids = Array.from({ length: 50 }, (_, i) => `a${i}`);
  const settings = settingsSchema.parse({
    version: 1,
    extensions: ids.map((id, i) => ({ id, number: String(200 + i), name: id, secret: 'not-used-here' })),
    agents: ids.map((id) => ({ id, name: id, extensionId: id })),
    queues: [{ id: 'q', name: 'Queue', agentIds: ids, wrapUpMs: 0, missedPauseMs: 0 }],
  });
  let state = emptyAcdState;
  let at = 1_000_000;
  const tell = (fact: AcdFact) => {
    const step = acd(state, { at: ++at, ...fact });
    state = step.state;
    return step.effects;
  };
  tell({ type: 'configured', rules: settings });
  for (const agentId of ids) {
    tell({ type: 'agent-status', agentId, status: 'available' });
    tell({ type: 'agent-reachable', agentId, reachable: true });
  }
  const talking: string[] = [];
  const answer = (effects: ReturnType<typeof tell>): void => {
    for (const effect of effects) {
      if (effect.type === 'offer') answer(tell({ type: 'offer-answered', offerId: effect.offerId }));
      if (effect.type === 'connect') {
        talking.push(effect.callId);
        tell({ type: 'connected', callId: effect.callId, offerId: effect.offerId });
      }
    }
  };
  let calls = 0;
  for (; calls < 550; calls++) answer(tell({ type: 'call-entered', callId: `c${calls}`, queueId: 'q' }));

  const decisionsMs: number[] = [];
  for (let i = 0; i < times; i++) {
    const callId = talking.shift();
    if (callId === undefined) throw new Error('nobody talks: the office stands still');
    const before = performance.now();
    const effects = tell({ type: 'talk-ended', callId, by: 'agent' });
    decisionsMs.push(performance.now() - before);
    answer(effects);
    tell({ type: 'call-entered', callId: `c${calls++}`, queueId: 'q' });
  }
  return [
    {
      what: 'queue decision, 50 agents, 500 waiting, p99',
      measured: percentile(decisionsMs, 0.99),
      unit: 'ms',
      budget: 1,
      ambition: 0.1,
      bound: 'most',
      note: `p50 ${percentile(decisionsMs, 0.5).toFixed(4)} ms`,
    },
  ];
}
