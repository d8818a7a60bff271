/** A quiet office, and what of it is different. */
import type { Call } from '../../../../src/domain/call.ts';
import type { LampWorld } from '../../../../src/domain/lamps/facts.ts';
import type { LiveSnapshot } from '../../../../src/domain/live.ts';

const quiet: LiveSnapshot = {
  version: 1,
  at: 0,
  calls: [],
  agents: [],
  queues: [],
  trunks: [],
  phones: [],
  faults: [],
  hours: { night: null, schedules: [] },
};

export function world(live: Partial<LiveSnapshot> = {}, more: Partial<LampWorld> = {}): LampWorld {
  return {
    live: { ...quiet, ...live },
    numbers: new Map(),
    emergencyNumbers: new Set(['112']),
    serviceLevels: undefined,
    diskFree: undefined,
    banned: undefined,
    campaigns: undefined,
    simulated: false,
    ...more,
  };
}

export function call(change: Partial<Call>): Call {
  return {
    callId: 'c1',
    direction: 'internal',
    from: '101',
    to: '102',
    phase: 'ringing',
    phaseSince: 0,
    startedAt: 0,
    offers: [],
    waitMs: 0,
    talkMs: 0,
    abandoned: false,
    legs: [],
    recordings: [],
    trace: [],
    ...change,
  };
}
