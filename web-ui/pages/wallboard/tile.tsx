/** One tile: a figure of this moment or of the day, or a list. */
import type { ComponentChildren, VNode } from 'preact';
import { agentLamp, LampDot } from '../../components/lamp.tsx';
import { formatDuration, useTicking } from '../../components/time.tsx';
import { hasText, language, t, translateCode } from '../../i18n/translate.ts';
import type { BoardProps } from './board.tsx';
import { AgentList, AgentStates, QueueTable } from './tables.tsx';
import { figureIdOf, valueOnWall, type WallView } from './wall-values.ts';

type Tile = WallView['tiles'][number];
type Props = BoardProps & { tile: Tile };
/** How a figure stands to its limit, in the one language of lamps. */
type Level = 'plain' | 'amber' | 'over' | 'fault';

/** The name of a tile, for the wall and its editor. */
export function tileName(shows: string, definitions: BoardProps['definitions']): string {
  if (hasText(`wallTile.${shows}`)) return translateCode(`wallTile.${shows}`);
  return definitions?.find(({ id }) => id === shows)?.name ?? shows;
}

export function WallTile(props: Props): VNode {
  const { tile, live, definitions } = props;
  const queue = live.queues.find(({ queueId }) => queueId === tile.queueId)?.name ?? tile.queueId;
  const title = tileName(tile.shows, definitions) + (queue === undefined ? '' : ` · ${queue}`);
  switch (tile.shows) {
    case 'waiting-now':
      return <Waiting {...props} title={title} />;
    case 'longest-waiting-now':
      return <LongestWaiting {...props} title={title} />;
    case 'agents-free':
      return <Figure title={title} value={numberText(agentsFree(props))} />;
    case 'calls-now':
      return <Figure title={title} value={numberText(live.calls.filter(ofQueue(tile)).length)} />;
    case 'agents':
      return <AgentList title={title} agents={live.agents} shown={props.wall.showAgents} />;
    case 'agents-by-state':
      return <AgentStates title={title} agents={live.agents} shown={props.wall.showAgents} />;
    case 'queues':
      return <QueueTable {...props} title={title} />;
    case 'trunks': {
      const used = live.trunks.filter(({ state }) => state !== 'disabled');
      const up = used.filter(({ state }) => state === 'up').length;
      const level = used.some(({ state }) => state === 'down') ? 'fault' : 'plain';
      return <Figure title={title} value={`${up}/${used.length}`} level={level} />;
    }
    case 'faults': {
      const count = live.faults.length;
      return <Figure title={title} value={numberText(count)} level={count > 0 ? 'fault' : 'plain'} />;
    }
    case 'clock':
      return <Clock timeZone={props.wall.timeZone} />;
    default:
      return <DayFigure {...props} title={title} />;
  }
}

const ofQueue =
  (tile: Tile) =>
  ({ queueId }: { queueId?: string }): boolean =>
    tile.queueId === undefined || queueId === tile.queueId;

function numberText(value: number | undefined): string {
  return value === undefined ? '–' : new Intl.NumberFormat(language.value).format(value);
}

/** Undefined: a wall that shows no agents cannot tell over several queues, whose agents are partly the same. */
function agentsFree({ tile, live, wall }: Props): number | undefined {
  const queues = live.queues.filter(ofQueue(tile));
  if (tile.queueId !== undefined || queues.length === 1) return queues[0]?.agentsAvailable;
  if (!wall.showAgents) return undefined;
  return live.agents.filter((agent) => agentLamp(agent) === 'available').length;
}

function Waiting(props: Props & { title: string }): VNode {
  const queues = props.live.queues.filter(ofQueue(props.tile));
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const over = queues.some((queue) => queue.waiting > queue.waitingThreshold);
  const level = over ? 'over' : waiting > 0 ? 'amber' : 'plain';
  return <Figure title={props.title} value={numberText(waiting)} level={level} />;
}

function LongestWaiting(props: Props & { title: string }): VNode {
  const now = useTicking();
  const { limits } = props.figures ?? {};
  let longestMs: number | undefined;
  let level: Level = 'plain';
  for (const { queueId, oldestEnteredAt } of props.live.queues.filter(ofQueue(props.tile))) {
    if (oldestEnteredAt === undefined) continue;
    const waitedMs = Math.max(0, now - oldestEnteredAt);
    longestMs = Math.max(longestMs ?? 0, waitedMs);
    const limitMs = limits?.queues[queueId] ?? limits?.answerWithinMs;
    if (level !== 'over') level = limitMs !== undefined && waitedMs > limitMs ? 'over' : 'amber';
  }
  const value = longestMs === undefined ? '–' : formatDuration(longestMs);
  return <Figure title={props.title} value={value} level={level} />;
}

function DayFigure(props: Props & { title: string }): VNode {
  const { tile, figures, definitions, wall } = props;
  const value = figures && valueOnWall(figures, tile.shows, tile.queueId);
  const id = figureIdOf(tile.shows, figures);
  const unit = definitions?.find((each) => each.id === id)?.unit;
  const isLevel = id?.startsWith('service-level') ?? false;
  const low = isLevel && typeof value === 'number' && value < wall.serviceLevelGoal;
  const note =
    figures?.counted != null ? t('wall.counting') : isLevel ? goalText(wall.serviceLevelGoal) : undefined;
  return (
    <Figure
      title={props.title}
      value={figureText(value, unit)}
      level={low ? 'amber' : 'plain'}
      {...(note === undefined ? {} : { note })}
    />
  );
}

function percent(share: number): string {
  return new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 0 }).format(share);
}

function goalText(goal: number): string {
  return t('wall.goal', { goal: percent(goal) });
}

export function figureText(value: number | null | undefined, unit: string | undefined): string {
  if (value === null || value === undefined) return '–';
  if (unit === 'ms') return formatDuration(value);
  return unit === 'share' ? percent(value) : numberText(value);
}

function Clock({ timeZone }: { timeZone: string }): VNode {
  const at = new Date(useTicking());
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(language.value, { timeZone, hourCycle: 'h23', ...options }).format(at);
  return (
    <Figure
      title={part({ weekday: 'long', day: 'numeric', month: 'long' })}
      value={part({ hour: '2-digit', minute: '2-digit' })}
    />
  );
}

/** A name and its figure, as big as the tile. */
function Figure(props: { title: string; value: ComponentChildren; level?: Level; note?: string }): VNode {
  const { level = 'plain' } = props;
  const length = String(props.value).length;
  return (
    <dl class={`wall-figure wall-figure-${level}`} style={`--length: ${Math.max(2, length)}`}>
      <dt>
        {level === 'fault' && <LampDot state="fault" />}
        {props.title}
      </dt>
      <dd>
        <span class="wall-value">{props.value}</span>
        {props.note && <span class="wall-note">{props.note}</span>}
      </dd>
    </dl>
  );
}
