/**
 * One language of lamps: the same state has the same colour and the same shape everywhere, never colour alone.
 */
import type { VNode } from 'preact';
import type { CallPhase } from '../../src/domain/call.ts';
import type { LiveAgent, LiveTrunk } from '../../src/domain/live.ts';
import { t, translateCode } from '../i18n/translate.ts';

export type LampState =
  | 'dark'
  | 'available'
  | 'ringing'
  | 'talking'
  | 'hold'
  | 'wrap-up'
  | 'paused'
  | 'waiting'
  | 'menu'
  | 'fault'
  | 'stale';

function shape(state: LampState): VNode {
  switch (state) {
    case 'dark':
      return <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2" />;
    case 'available':
      return <circle cx="8" cy="8" r="7" fill="currentColor" />;
    case 'ringing':
      return (
        <>
          <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2" />
          <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
        </>
      );
    case 'talking':
      return <rect x="1" y="1" width="14" height="14" rx="4" fill="currentColor" />;
    case 'hold':
    case 'paused':
      return <path d="M2 1h4.5v14H2zM9.5 1H14v14H9.5z" fill="currentColor" />;
    case 'waiting':
      return (
        <rect x="1" y="4" width="14" height="8" rx="4" fill="none" stroke="currentColor" stroke-width="2" />
      );
    case 'menu':
      return (
        <path d="M2 2h3v3H2zM11 2h3v3h-3zM2 11h3v3H2zM11 11h3v3h-3zM6.5 6.5h3v3h-3z" fill="currentColor" />
      );
    case 'wrap-up':
      return (
        <path
          d="M8 2a6 6 0 1 1-6 6"
          fill="none"
          stroke="currentColor"
          stroke-width="3.5"
          stroke-linecap="round"
        />
      );
    case 'fault':
      return <path d="M8 1l7.5 14H.5z" fill="currentColor" />;
    case 'stale':
      return (
        <circle
          cx="8"
          cy="8"
          r="6"
          fill="none"
          stroke="currentColor"
          stroke-width="2"
          stroke-dasharray="3 2.5"
        />
      );
  }
}

/** The lamp alone, where a text beside it says the state. */
export function LampDot({ state }: { state: LampState }): VNode {
  return (
    <svg class={`lamp lamp-${state}`} viewBox="0 0 16 16" aria-hidden="true">
      {shape(state)}
    </svg>
  );
}

/** A lamp with its words. */
export function Lamp({ state, text }: { state: LampState; text: string }): VNode {
  return (
    <span class="lamp-label">
      <LampDot state={state} />
      {text}
    </span>
  );
}

/** Calls waiting: a count in a capsule, amber from one on, inverted above the threshold. */
export function WaitingCapsule({ count, over }: { count: number; over: boolean }): VNode {
  const look = over ? 'capsule-over' : count > 0 ? 'capsule-waiting' : '';
  return (
    <span class={`capsule ${look}`} title={over ? t('lamp.waitingOver') : t('lamp.waiting')}>
      {count}
    </span>
  );
}

type LampAgent = Pick<LiveAgent, 'status' | 'state' | 'holding' | 'reachable' | 'missedUntil'>;

/** The lamp of an agent, from what the person chose and what calls do; as the panel's rules have it. */
export function agentLamp(agent: LampAgent): LampState {
  if (agent.state === 'offered') return 'ringing';
  if (agent.state === 'in-call') return agent.holding ? 'hold' : 'talking';
  if (agent.state === 'wrap-up') return 'wrap-up';
  if (agent.status === 'logged-out') return 'dark';
  if (agent.status === 'on-break') return 'paused';
  if (!agent.reachable) return 'stale';
  return agent.missedUntil === undefined ? 'available' : 'paused';
}

/** What an agent's lamp says, in words. */
export function agentText(agent: LampAgent): string {
  const lamp = agentLamp(agent);
  return lamp === 'paused' && agent.status === 'available'
    ? t('agent.passedOver')
    : translateCode(`agentLamp.${lamp}`);
}

export function trunkLamp(trunk: Pick<LiveTrunk, 'state'>): LampState {
  if (trunk.state === 'up') return 'available';
  if (trunk.state === 'down') return 'fault';
  return trunk.state === 'disabled' ? 'dark' : 'stale';
}

export function phaseLamp(phase: CallPhase): LampState {
  switch (phase) {
    case 'ringing':
    case 'offering':
      return 'ringing';
    case 'ivr':
      return 'menu';
    case 'queued':
      return 'waiting';
    case 'talking':
      return 'talking';
    case 'held':
      return 'hold';
    case 'ended':
      return 'dark';
  }
}
