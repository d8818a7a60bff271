/**
 * How much of the live picture somebody may see. A supervisor sees all of it; an agent their own calls, their queues
 * with who waits in them, and which colleagues are there; a wallboard its queues, with callers' numbers only if its
 * link allows that.
 *
 * Whether a call is seen depends on the call and the scope alone, so that a change can be told without a look at all
 * other calls.
 */
import type { Call, CallLeg } from './call.ts';
import type { LiveAgent, LivePhone, LiveSnapshot, LiveTrunk } from './live.ts';
import type { Wallboard } from './settings/wallboards.ts';
import type { Settings } from './settings.ts';

/** The kinds of things in the live picture, each a list of it. */
export type LiveListName = 'calls' | 'agents' | 'queues' | 'trunks' | 'phones';

interface Part {
  /** Scopes of the same key see the same. */
  key: string;
}
/** All of it. */
export interface FullScope extends Part {
  kind: 'full';
}
export interface AgentScope extends Part {
  kind: 'agent';
  agentId: string | undefined;
  extensionId: string | undefined;
  /** Of their phone: what it dialled and was dialled for outside the queues is theirs too. */
  extensionNumber: string | undefined;
  /** Who sits at the page: calls made in their browser are theirs. */
  userName: string | undefined;
  queueIds: ReadonlySet<string>;
}
export interface WallScope extends Part {
  kind: 'wall';
  /** Null: every queue, and calls that are in none. */
  queueIds: ReadonlySet<string> | null;
  agentIds: ReadonlySet<string> | null;
  showNumbers: boolean;
}
export type LiveScope = FullScope | AgentScope | WallScope;

export const fullScope: FullScope = { kind: 'full', key: 'full' };

export function agentScope(settings: Settings, agentId: string | undefined, userName?: string): AgentScope {
  const extensionId = settings.agents.find((agent) => agent.id === agentId)?.extensionId;
  const extensionNumber = settings.extensions.find(({ id }) => id === extensionId)?.number;
  const queues = settings.queues.filter((queue) => agentId !== undefined && queue.agentIds.includes(agentId));
  const queueIds = queues.map((queue) => queue.id);
  return {
    kind: 'agent',
    key: `agent ${agentId ?? ''} ${extensionId ?? ''} ${extensionNumber ?? ''} ${queueIds.join(' ')} ${userName ?? ''}`,
    agentId,
    extensionId,
    extensionNumber,
    userName,
    queueIds: new Set(queueIds),
  };
}

export function wallScope(settings: Settings, wall: Omit<Wallboard, 'tokenHash'>): WallScope {
  const all = wall.queueIds.length === 0;
  const agentIds = !wall.showAgents
    ? []
    : all
      ? null
      : settings.queues
          .filter((queue) => wall.queueIds.includes(queue.id))
          .flatMap((queue) => queue.agentIds);
  return {
    kind: 'wall',
    key: `wall ${wall.queueIds.join(' ')};${agentIds?.join(' ') ?? '*'};${wall.showNumbers}`,
    queueIds: all ? null : new Set(wall.queueIds),
    agentIds: agentIds && new Set(agentIds),
    showNumbers: wall.showNumbers,
  };
}

/** A leg that is over is nobody's: a missed offer tells no more of what becomes of the call. */
function isOwnLeg({ extensionNumber, userName }: AgentScope, leg: CallLeg): boolean {
  if (leg.endedAt !== undefined) return false;
  return leg.party === (leg.signalling === 'https' ? userName : extensionNumber);
}

/** Whether an agent talks in a call, is offered it, or may be offered it next. */
function concernsAgent(scope: AgentScope, call: Call): boolean {
  const { agentId } = scope;
  if (agentId !== undefined && (call.agentId === agentId || call.offers.some((o) => o.agentId === agentId)))
    return true;
  if (call.legs.some((leg) => isOwnLeg(scope, leg))) return true;
  const waits = call.phase === 'queued' || call.phase === 'offering';
  return waits && call.queueId !== undefined && scope.queueIds.has(call.queueId);
}

/** A call as a wall shows it: how far it is, and nothing of what was said or by whom. */
function callOnWall(scope: WallScope, call: Call): Call {
  const { fromName: _, termination: _end, notes: _notes, disposition: _how, agentId, ...rest } = call;
  const named = agentId !== undefined && (scope.agentIds === null || scope.agentIds.has(agentId));
  return {
    ...rest,
    from: scope.showNumbers ? call.from : '',
    to: scope.showNumbers ? call.to : '',
    ...(named ? { agentId } : {}),
    offers: [],
    legs: [],
    recordings: [],
    trace: [],
  };
}

/** A call as far as the scope goes; undefined when it is none of theirs. */
export function callIn(scope: LiveScope, call: Call): Call | undefined {
  switch (scope.kind) {
    case 'full':
      return call;
    case 'agent':
      return concernsAgent(scope, call) ? call : undefined;
    case 'wall': {
      const seen =
        scope.queueIds === null || (call.queueId !== undefined && scope.queueIds.has(call.queueId));
      return seen ? callOnWall(scope, call) : undefined;
    }
  }
}

function agentIn(scope: LiveScope, agent: LiveAgent): LiveAgent | undefined {
  if (scope.kind === 'full' || (scope.kind === 'agent' && agent.agentId === scope.agentId)) return agent;
  if (scope.kind === 'wall' && scope.agentIds !== null && !scope.agentIds.has(agent.agentId))
    return undefined;
  const { callId: _, ...rest } = agent;
  return rest;
}

function phoneIn(scope: LiveScope, phone: LivePhone): LivePhone | undefined {
  return scope.kind === 'full' || (scope.kind === 'agent' && phone.extensionId === scope.extensionId)
    ? phone
    : undefined;
}

/** Whether a line is up is everybody's; to where it leads is not. */
function trunkIn(scope: LiveScope, trunk: LiveTrunk): LiveTrunk {
  return scope.kind === 'full' ? trunk : withoutReason(trunk);
}

/** One item of the live picture as far as the scope goes; undefined when it is not seen. */
export function itemIn<Name extends LiveListName>(
  scope: LiveScope,
  list: Name,
  item: LiveSnapshot[Name][number],
): LiveSnapshot[Name][number] | undefined {
  switch (list) {
    case 'calls':
      return callIn(scope, item as Call);
    case 'agents':
      return agentIn(scope, item as LiveAgent);
    case 'phones':
      return phoneIn(scope, item as LivePhone);
    case 'trunks':
      return trunkIn(scope, item as LiveTrunk);
    default: {
      const { queueId } = item as { queueId: string };
      return scope.kind === 'full' || scope.queueIds === null || scope.queueIds.has(queueId)
        ? item
        : undefined;
    }
  }
}

/** Faults are told to all who look; their details, which may name addresses and files, on no wall. */
export function faultsIn(scope: LiveScope, faults: LiveSnapshot['faults']): LiveSnapshot['faults'] {
  return scope.kind === 'wall' ? faults.map((fault) => ({ ...fault, message: '' })) : faults;
}

/** Opening hours: a wall shows whether the office is open, not who pressed the night button. */
export function hoursIn(scope: LiveScope, hours: LiveSnapshot['hours']): LiveSnapshot['hours'] {
  if (scope.kind !== 'wall' || !hours.night) return hours;
  return {
    night: { ...hours.night, who: '' },
    schedules: hours.schedules.map((schedule) => ({
      ...schedule,
      reason: { ...schedule.reason, params: { ...schedule.reason.params, who: '' } },
    })),
  };
}

/** The live picture as far as the scope goes. */
export function snapshotIn(scope: LiveScope, now: LiveSnapshot): LiveSnapshot {
  if (scope.kind === 'full') return now;
  const part = <Name extends LiveListName>(list: Name): LiveSnapshot[Name] =>
    now[list].flatMap((item) => itemIn(scope, list, item) ?? []) as LiveSnapshot[Name];
  return {
    version: now.version,
    at: now.at,
    calls: part('calls'),
    agents: part('agents'),
    queues: part('queues'),
    trunks: part('trunks'),
    phones: part('phones'),
    faults: faultsIn(scope, now.faults),
    hours: hoursIn(scope, now.hours),
  };
}

/** What a provider said is for those who mend the line. */
function withoutReason({ reason: _, ...trunk }: LiveTrunk): LiveTrunk {
  return { ...trunk, detail: '' };
}
