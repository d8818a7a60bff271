/** Lists of a wallboard: they never scroll; what does not fit is counted. */
import type { ComponentChildren, VNode } from 'preact';
import type { LiveAgent } from '../../../src/domain/live.ts';
import { agentLamp, LampDot, type LampState, WaitingCapsule } from '../../components/lamp.tsx';
import { Elapsed } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import type { BoardProps } from './board.tsx';
import { figureText } from './tile.tsx';
import { valueOnWall } from './wall-values.ts';

const mostAgents = 60;
const mostQueues = 12;

function Listed(props: { title: string; class: string; style: string; children: ComponentChildren }): VNode {
  return (
    <div class="wall-list">
      <h2>{props.title}</h2>
      <div class={props.class} style={props.style}>
        {props.children}
      </div>
    </div>
  );
}

/** Who is busy or free comes before who is away; within that the order of the office stays. */
const rank: Record<LampState, number> = {
  ringing: 0,
  talking: 1,
  hold: 1,
  'wrap-up': 1,
  available: 2,
  waiting: 2,
  menu: 2,
  paused: 3,
  fault: 4,
  stale: 4,
  dark: 5,
};

export function AgentList(props: { title: string; agents: LiveAgent[]; shown: boolean }): VNode {
  if (!props.shown) return <NotShown title={props.title} />;
  const sorted = props.agents.toSorted((a, b) => rank[agentLamp(a)] - rank[agentLamp(b)]);
  const cut = sorted.length > mostAgents ? sorted.slice(0, mostAgents - 1) : sorted;
  const cells = cut.length + (cut.length < sorted.length ? 1 : 0);
  const columns = cells <= 8 ? 1 : cells <= 20 ? 2 : 3;
  const rows = Math.max(4, Math.ceil(cells / columns));
  return (
    <Listed title={props.title} class="wall-agents" style={`--columns: ${columns}; --rows: ${rows}`}>
      {cut.map((agent) => (
        <span key={agent.agentId} class="wall-agent">
          <LampDot state={agentLamp(agent)} />
          <span class="wall-agent-name">{agent.name}</span>
          <Elapsed since={agent.since} />
        </span>
      ))}
      {cut.length < sorted.length && (
        <span class="wall-agent">{t('wall.more', { count: sorted.length - cut.length })}</span>
      )}
      {cells === 0 && <span class="wall-agent">{t('wall.noAgents')}</span>}
    </Listed>
  );
}

const states: LampState[] = ['available', 'ringing', 'talking', 'wrap-up', 'paused', 'stale', 'dark'];

export function AgentStates(props: { title: string; agents: LiveAgent[]; shown: boolean }): VNode {
  if (!props.shown) return <NotShown title={props.title} />;
  const counts = new Map<LampState, number>();
  for (const agent of props.agents) {
    const lamp = agentLamp(agent);
    const state = lamp === 'hold' ? 'talking' : lamp;
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const seldom: LampState[] = ['ringing', 'stale', 'dark'];
  const shown = states.filter((state) => !seldom.includes(state) || counts.has(state));
  return (
    <Listed title={props.title} class="wall-states" style={`--columns: ${shown.length}`}>
      {shown.map((state) => (
        <span key={state} class="wall-state">
          <span class="wall-state-count">
            <LampDot state={state} />
            {counts.get(state) ?? 0}
          </span>
          <span class="wall-state-name">{translateCode(`agentLamp.${state}`)}</span>
        </span>
      ))}
    </Listed>
  );
}

export function QueueTable(props: BoardProps & { title: string }): VNode {
  const { live, figures, definitions } = props;
  const cut = live.queues.slice(0, live.queues.length > mostQueues ? mostQueues - 1 : mostQueues);
  const level = figures?.serviceLevel;
  const unit = definitions?.find(({ id }) => id === level)?.unit ?? 'share';
  const rows = Math.max(5, cut.length + 1 + (cut.length < live.queues.length ? 1 : 0));
  return (
    <Listed title={props.title} class="wall-queues" style={`--rows: ${rows}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('wall.queue')}</th>
            <th scope="col">{t('wall.waiting')}</th>
            <th scope="col">{t('wall.longest')}</th>
            <th scope="col">{t('wall.free')}</th>
            <th scope="col">{t('wall.level')}</th>
          </tr>
        </thead>
        <tbody>
          {cut.map((queue) => {
            const value = figures && valueOnWall(figures, 'service-level', queue.queueId);
            const low = typeof value === 'number' && value < props.wall.serviceLevelGoal;
            return (
              <tr key={queue.queueId}>
                <th scope="row">{queue.name}</th>
                <td>
                  <WaitingCapsule count={queue.waiting} over={queue.waiting > queue.waitingThreshold} />
                </td>
                <td>
                  {queue.oldestEnteredAt === undefined ? '–' : <Elapsed since={queue.oldestEnteredAt} />}
                </td>
                <td>{queue.agentsAvailable}</td>
                <td class={low ? 'wall-low' : ''}>{figureText(value, unit)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {cut.length < live.queues.length && (
        <span class="quiet">{t('wall.more', { count: live.queues.length - cut.length })}</span>
      )}
      {live.queues.length === 0 && <span class="quiet">{t('wall.noQueues')}</span>}
    </Listed>
  );
}

/** The link was made without agents. */
function NotShown({ title }: { title: string }): VNode {
  return (
    <div class="wall-list">
      <h2>{title}</h2>
      <span class="quiet">{t('wall.agentsHidden')}</span>
    </div>
  );
}
