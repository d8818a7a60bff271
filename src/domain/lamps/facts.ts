/** Each fact that a lamp can show, as a word of the language of lamps. */
import type { CampaignLive } from '../campaign/live.ts';
import type { WhyCode } from '../campaign/why.ts';
import type { LiveAgent, LiveHours, LiveQueue, LiveSnapshot, LiveTrunk } from '../live.ts';
import type { LampFact } from '../settings/lamps.ts';
import type { LampWord } from './words.ts';

/** What is known at a moment. Undefined: not known. */
export interface LampWorld {
  live: LiveSnapshot;
  /** Numbers of the office's phones, by the id of their extension. */
  numbers: ReadonlyMap<string, string>;
  emergencyNumbers: ReadonlySet<string>;
  /** Since midnight, by queue; '' is all of them. Null: no call yet. */
  serviceLevels: ReadonlyMap<string, number | null> | undefined;
  /** 0..1 */
  diskFree: number | undefined;
  /** Sources that the guard shuts out. */
  banned: readonly string[] | undefined;
  campaigns: readonly CampaignLive[] | undefined;
  /** Somebody tries how an alarm looks. */
  simulated: boolean;
}

export interface Reading {
  word: LampWord;
  /** What makes it an alarm; each can be acknowledged. */
  causes?: readonly string[];
  /** Beyond its threshold; kept until it comes back. */
  over?: boolean;
  /** When it changes by itself, on the clock of `live.at`. */
  nextAt?: number;
}

const stale: Reading = { word: 'stale' };
const nothing: Reading = { word: 'nothing' };
const simulatedCause = 'simulated';

/** @param wasOver what the last reading of this fact on this lamp said of its threshold */
export function read(fact: LampFact, world: LampWorld, wasOver: boolean): Reading {
  const { live } = world;
  switch (fact.fact) {
    case 'waiting':
      return waiting(queuesOf(live, fact.queueId));
    case 'longest-wait':
      return longestWait(queuesOf(live, fact.queueId), fact, live.at, wasOver);
    case 'service-level': {
      const level = world.serviceLevels?.get(fact.queueId ?? '');
      if (level === undefined) return stale;
      return level === null ? nothing : below(level, fact, wasOver, `service-level ${fact.queueId ?? ''}`);
    }
    case 'agent':
      return { word: agentWord(live.agents.find((agent) => agent.agentId === fact.agentId)) };
    case 'extension':
      return { word: extensionWord(live, fact.extensionId, world.numbers.get(fact.extensionId)) };
    case 'trunks':
      return { word: trunksWord(live.trunks) };
    case 'trunk': {
      const trunk = live.trunks.find((one) => one.trunkId === fact.trunkId);
      return trunk ? { word: trunksWord([trunk]) } : stale;
    }
    case 'night':
      return { word: nightWord(live.hours) };
    case 'campaign': {
      const campaign = world.campaigns?.find((one) => one.campaignId === fact.campaignId);
      return campaign ? campaignReading(campaign) : stale;
    }
    case 'faults':
      return { word: live.faults.length > 0 ? 'fault' : 'nothing' };
    case 'disk':
      if (live.faults.some(({ code }) => code.startsWith('disk.'))) return { word: 'fault' };
      return world.diskFree === undefined ? stale : below(world.diskFree, fact, wasOver, 'disk');
    case 'guard':
      if (world.banned === undefined && !world.simulated) return stale;
      return alarm(
        (world.banned ?? []).map((source) => `guard ${source}`),
        world.simulated,
      );
    case 'emergency':
      return alarm(
        live.calls
          .filter((call) => call.direction !== 'inbound' && world.emergencyNumbers.has(call.to))
          .map((call) => `emergency ${call.callId}`),
        world.simulated,
      );
  }
}

/** Undefined: the queue does not exist. */
function queuesOf(live: LiveSnapshot, queueId: string | undefined): LiveQueue[] | undefined {
  if (queueId === undefined) return live.queues;
  const queue = live.queues.find((one) => one.queueId === queueId);
  return queue && [queue];
}

/** Dark, steady, flashing when more wait in one of the queues than its threshold. */
function waiting(queues: LiveQueue[] | undefined): Reading {
  if (!queues) return stale;
  const causes = queues
    .filter((queue) => queue.waiting > queue.waitingThreshold)
    .map((queue) => `waiting ${queue.queueId}`);
  if (causes.length > 0) return { word: 'waitingTooMany', causes };
  return queues.some((queue) => queue.waiting > 0) ? { word: 'waiting' } : nothing;
}

function longestWait(
  queues: LiveQueue[] | undefined,
  { overMs, backMs }: { overMs: number; backMs: number },
  at: number,
  wasOver: boolean,
): Reading {
  if (!queues) return stale;
  const entered = queues.flatMap((queue) => queue.oldestEnteredAt ?? []);
  if (entered.length === 0) return nothing;
  const first = Math.min(...entered);
  const waitedMs = at - first;
  if (waitedMs >= overMs || (wasOver && waitedMs > backMs))
    return {
      word: 'waitingTooMany',
      over: true,
      causes: queues
        .filter((queue) => at - (queue.oldestEnteredAt ?? at) > backMs)
        .map((queue) => `longest-wait ${queue.queueId} ${queue.oldestEnteredAt}`),
    };
  return { word: 'waiting', nextAt: first + overMs };
}

/** Green, or flashing once the value is under its threshold, until it has come back. */
function below(
  value: number,
  { under, back }: { under: number; back: number },
  wasOver: boolean,
  cause: string,
): Reading {
  return value < under || (wasOver && value < back)
    ? { word: 'waitingTooMany', over: true, causes: [cause] }
    : { word: 'inOrder' };
}

/** An agent who is there but whose phone is not is neither in order nor away: not known. */
function agentWord(agent: LiveAgent | undefined): LampWord {
  if (!agent) return 'stale';
  if (agent.holding) return 'holding';
  switch (agent.state) {
    case 'in-call':
      return 'talking';
    case 'offered':
      return 'offered';
    case 'wrap-up':
      return 'wrapUp';
    case 'waiting':
      break;
  }
  if (agent.status === 'logged-out') return 'nothing';
  if (agent.status === 'on-break') return 'paused';
  if (!agent.reachable) return 'stale';
  return agent.missedUntil === undefined ? 'inOrder' : 'paused';
}

/** As the busy lamp of a desk phone: dark without a phone, green idle, flashing while it rings, blue in a call. */
function extensionWord(live: LiveSnapshot, extensionId: string, number: string | undefined): LampWord {
  if (number === undefined) return 'stale';
  let word: LampWord | undefined;
  for (const { legs } of live.calls) {
    for (const leg of legs) {
      if (leg.party !== number || leg.endedAt !== undefined || leg.signalling === 'https') continue;
      if (leg.answeredAt === undefined && leg.role !== 'caller') return 'offered';
      if (word !== 'talking') word = leg.held ? 'holding' : 'talking';
    }
  }
  if (word) return word;
  const phone = live.phones.find((one) => one.extensionId === extensionId);
  return phone && phone.contacts.length > 0 ? 'inOrder' : 'nothing';
}

/** Red when one that should be up is down; not known while one has not said yet; dark without any. */
function trunksWord(trunks: readonly LiveTrunk[]): LampWord {
  const enabled = trunks.filter((trunk) => trunk.state !== 'disabled');
  if (enabled.length === 0) return 'nothing';
  if (enabled.some((trunk) => trunk.state === 'down')) return 'fault';
  return enabled.some((trunk) => trunk.state === 'unknown') ? 'stale' : 'inOrder';
}

/** Amber while somebody has decided against the hours, green while any of them is open. */
function nightWord({ night, schedules }: LiveHours): LampWord {
  if (night) return 'paused';
  return schedules.some((schedule) => schedule.open) ? 'inOrder' : 'nothing';
}

/** Causes that go by themselves, or that somebody meant; every other waits for a person. */
const patient: ReadonlySet<WhyCode> = new Set([
  'emergency-stop',
  'retry',
  'callback',
  'callback-agent',
  'hours',
  'day-limit',
  'no-agent-free',
  'inbound-first',
  'inbound-calm',
  'trunk-full',
  'trunk-rests',
  'lines-full',
  'box-full',
  'no-queue-of-leads',
] satisfies WhyCode[]);

/** Green while it dials, amber while it waits or is paused, flashing when it dials nothing until somebody acts. */
function campaignReading({ campaignId, state, why, lines }: CampaignLive): Reading {
  if (state === 'draft' || state === 'finished') return nothing;
  if (state === 'paused') return { word: 'paused' };
  if (lines.length > 0 || why.length === 0) return { word: 'inOrder' };
  const hard = why.filter(({ code }) => !patient.has(code));
  if (hard.length === 0) return { word: 'paused' };
  return {
    word: 'waitingTooMany',
    causes: hard.map(({ code }) => `campaign ${campaignId} ${code}`),
  };
}

function alarm(causes: readonly string[], simulated: boolean): Reading {
  const all = simulated ? [...causes, simulatedCause] : causes;
  return all.length > 0 ? { word: 'alarm', causes: all } : nothing;
}
