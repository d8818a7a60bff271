/** The agents: their lamp, since when, and their status. */
import type { VNode } from 'preact';
import type { LiveAgent } from '../../../src/domain/live.ts';
import { AgentStatusControl } from '../../components/agent-status.tsx';
import { agentLamp, agentText, Lamp } from '../../components/lamp.tsx';
import { Card, Empty } from '../../components/page.tsx';
import { Elapsed } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';
import { isSupervisor, user } from '../../state/session.ts';

export function LiveAgents({ agents }: { agents: LiveAgent[] }): VNode {
  return (
    <Card title={t('place.agents')}>
      {agents.length === 0 ? (
        <Empty title={t('agent.none')} text={t('agent.noneText')} />
      ) : (
        <ul class="lines">
          {agents.map((agent) => (
            <li key={agent.agentId} class="line live-agent">
              <strong class="line-main">{agent.name}</strong>
              <Lamp state={agentLamp(agent)} text={agentText(agent)} />
              <span class="line-time">
                <Elapsed since={agent.since} />
              </span>
              {(isSupervisor.value || user.value?.agentId === agent.agentId) && (
                <AgentStatusControl agent={agent} />
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
