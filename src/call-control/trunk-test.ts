import type { Trunk } from '../domain/settings.ts';
import type { ActiveCall, CallDeps } from './active-call.ts';

const ringMs = 45_000;
const promptId = 'greeting';

/**
 * A real call over one trunk, for whoever sets it up: it goes to that trunk and no other, plays a prompt to whoever
 * answers, and hangs up. Each step is in the call's trace; what was heard is in the sound record of its leg.
 */
export function testTrunk(
  deps: CallDeps,
  request: { trunk: Trunk; number: string; who: string },
  begin: (options: { from: string; to: string; trunkId: string }) => ActiveCall,
): ActiveCall {
  const { trunk, number, who } = request;
  const from = trunk.callerNumber ?? trunk.username ?? 'test';
  const call = begin({ from, to: number, trunkId: trunk.id });
  call.trace('trunk.test', { who, trunk: trunk.name, number });
  const leg = deps.telephony.dial({
    target: { kind: 'trunk', trunkId: trunk.id, number },
    callerNumber: from,
    timeoutMs: ringMs,
  });
  call.addLeg(leg, 'caller');
  leg.events.on('ringing', () => call.trace('trunk.test-ringing'));
  leg.events.on('early', () => call.trace('trunk.test-early'));
  leg.events.on('digit', (digit) => call.trace('trunk.test-digit', { digit }));
  leg.events.on('answered', () => {
    call.markAnswered();
    const file = deps.prompts.pathFor(promptId, call.language);
    call.trace('trunk.test-answered', { prompt: promptId });
    const playId = leg.play(
      file === undefined ? [{ kind: 'silence', durationMs: 3000 }] : [{ kind: 'file', file }],
    );
    leg.events.on('played', (id) => {
      if (id === playId) call.end({ class: 'success', reason: 'test-over' });
    });
  });
  return call;
}
