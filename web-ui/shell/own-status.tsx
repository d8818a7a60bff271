/** The agent who sits here: lamp and status, always in sight. */
import type { VNode } from 'preact';
import { AgentStatusControl } from '../components/agent-status.tsx';
import { agentLamp, LampDot } from '../components/lamp.tsx';
import { live } from '../state/live.ts';
import { user } from '../state/session.ts';

export function OwnStatus(): VNode | null {
  const agentId = user.value?.agentId;
  const agent = live.value?.agents.find((candidate) => candidate.agentId === agentId);
  if (!agent) return null;
  return (
    <span class="strip-item">
      <LampDot state={agentLamp(agent)} />
      <AgentStatusControl agent={agent} />
    </span>
  );
}
