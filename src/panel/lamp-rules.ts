/**
 * What the lamps show: one language for panel, keys and pages. Red is for faults only; what is not known is shown
 * as not known.
 */
import type { LampState } from '../codec/panel-message.ts';
import type { LiveAgent, LiveQueue, LiveSnapshot, LiveTrunk } from '../domain/live.ts';
import type { LampAssignment } from '../domain/settings.ts';

const fullBrightness = 255;
/** Dim, as the panel itself shows what it does not know (`hardware/panel-protocol.md` section 4). */
const staleBrightness = 64;

const lit = (colour: LampState['colour'], pattern: LampState['pattern']): LampState => ({
  colour,
  pattern,
  brightness: fullBrightness,
});

/** The words of the language. */
export const lampWords = {
  nothing: { colour: 'off', pattern: 'steady', brightness: 0 },
  inOrder: lit('green', 'steady'),
  offered: lit('amber', 'fast'),
  talking: lit('blue', 'steady'),
  holding: lit('blue', 'double'),
  wrapUp: lit('blue', 'slow'),
  paused: lit('amber', 'steady'),
  waiting: lit('amber', 'steady'),
  waitingTooMany: lit('amber', 'slow'),
  fault: lit('red', 'steady'),
  stale: { colour: 'white', pattern: 'breathing', brightness: staleBrightness },
} as const satisfies Record<string, LampState>;

/**
 * The lamps of the assignments, by lamp number. Of two assignments for one lamp the later counts.
 * @param snapshot undefined: nothing is known, every assigned lamp is stale
 */
export function lampsFor(
  snapshot: LiveSnapshot | undefined,
  assignments: readonly LampAssignment[],
): Map<number, LampState> {
  return new Map(
    assignments.map(({ lamp, shows }) => [lamp, snapshot ? lampFor(snapshot, shows) : lampWords.stale]),
  );
}

function lampFor(snapshot: LiveSnapshot, shows: LampAssignment['shows']): LampState {
  switch (shows.fact) {
    case 'waiting':
      return waitingLamp(
        shows.queueId === undefined
          ? snapshot.queues
          : snapshot.queues.filter((queue) => queue.queueId === shows.queueId),
        shows.queueId !== undefined,
      );
    case 'agent':
      return agentLamp(snapshot.agents.find((agent) => agent.agentId === shows.agentId));
    case 'trunks':
      return trunksLamp(snapshot.trunks);
    case 'faults':
      return snapshot.faults.length > 0 ? lampWords.fault : lampWords.nothing;
  }
}

/** Dark, steady, flashing when more wait in one of the queues than its threshold. */
function waitingLamp(queues: readonly LiveQueue[], isOneQueue: boolean): LampState {
  if (isOneQueue && queues.length === 0) return lampWords.stale;
  if (queues.some((queue) => queue.waiting > queue.waitingThreshold)) return lampWords.waitingTooMany;
  return queues.some((queue) => queue.waiting > 0) ? lampWords.waiting : lampWords.nothing;
}

/** An agent who is there but whose phone is not is neither in order nor away: not known. */
function agentLamp(agent: LiveAgent | undefined): LampState {
  if (!agent) return lampWords.stale;
  if (agent.holding) return lampWords.holding;
  switch (agent.state) {
    case 'in-call':
      return lampWords.talking;
    case 'offered':
      return lampWords.offered;
    case 'wrap-up':
      return lampWords.wrapUp;
    case 'waiting':
      break;
  }
  if (agent.status === 'logged-out') return lampWords.nothing;
  if (agent.status === 'on-break') return lampWords.paused;
  if (!agent.reachable) return lampWords.stale;
  return agent.missedUntil === undefined ? lampWords.inOrder : lampWords.paused;
}

/** Red when one that should be up is down; not known while one has not said yet; dark without any. */
function trunksLamp(trunks: readonly LiveTrunk[]): LampState {
  const enabled = trunks.filter((trunk) => trunk.state !== 'disabled');
  if (enabled.length === 0) return lampWords.nothing;
  if (enabled.some((trunk) => trunk.state === 'down')) return lampWords.fault;
  return enabled.some((trunk) => trunk.state === 'unknown') ? lampWords.stale : lampWords.inOrder;
}

/** The layout of a panel that nobody has laid out: waiting, trunks, faults, then the agents in their order. */
export function defaultLayout(agentIds: readonly string[], lampCount = 32): LampAssignment[] {
  const shows: LampAssignment['shows'][] = [
    { fact: 'waiting' },
    { fact: 'trunks' },
    { fact: 'faults' },
    ...agentIds.map((agentId) => ({ fact: 'agent' as const, agentId })),
  ];
  return shows.slice(0, lampCount).map((one, lamp) => ({ lamp, shows: one }));
}
