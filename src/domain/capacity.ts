/** What the capacity test of this machine measures, and what its figures say: rules only. */

/** Why it went no further. `ceiling`: the highest step went well; `ports`: RTP ports would not have sufficed. */
export const capacityStops = ['set-up', 'loss', 'latency', 'processor', 'ports', 'ceiling'] as const;
export type CapacityStop = (typeof capacityStops)[number];

/** One step: so many recorded two-party calls at once, for some seconds. */
export interface CapacityStep {
  calls: number;
  /** Of all packets, 0..1. */
  lossShare: number;
  /** From one party to the other through the box, 99th percentile. */
  latencyP99Ms: number;
  /** Of all processors of the machine, by everything that runs on it, 0..1. */
  processorShare: number;
  /** Calls that could not be set up, or broke. */
  failed: number;
}

export interface CapacityResult {
  at: number;
  durationMs: number;
  machine: { processors: number; model: string; memoryBytes: number };
  versions: Record<string, string>;
  steps: CapacityStep[];
  stop: CapacityStop;
  /** The highest step that went well; 0: none did. */
  carried: number;
  /** Calls admitted from now on. */
  limit: number;
}

/** Calls of each step; the last is more than an office of 50 agents can have. */
const steps = [5, 10, 20, 30, 45, 60, 80, 100, 125, 150, 180, 210, 250];
/** A packet in a thousand is not heard yet. */
const maxLossShare = 0.001;
const maxLatencyP99Ms = 20;
const maxProcessorShare = 0.85;
/** Admitted of what was carried: pages, reports and codecs want their share, too. */
const headroom = 0.7;
const smallestLimit = 2;

/** The steps to try. @param portPairs free ones; a call takes two */
export function capacitySteps(portPairs: number): { steps: number[]; end: 'ports' | 'ceiling' } {
  const possible = steps.filter((calls) => calls * 2 <= portPairs);
  return { steps: possible, end: possible.length < steps.length ? 'ports' : 'ceiling' };
}

/** What is wrong with a step; undefined when it went well. */
export function faultOf(step: CapacityStep): CapacityStop | undefined {
  if (step.failed > 0) return 'set-up';
  if (step.lossShare > maxLossShare) return 'loss';
  if (step.latencyP99Ms > maxLatencyP99Ms) return 'latency';
  return step.processorShare > maxProcessorShare ? 'processor' : undefined;
}

/** Calls to admit on a machine that carried so many. */
export function limitOf(carried: number): number {
  return Math.max(smallestLimit, Math.floor(carried * headroom));
}

/** Share of the processors used before the test, from which on a bad outcome says nothing of this machine. */
const busyShare = 0.6;

/**
 * Whether an outcome counts: a machine that was busy with something else before the test, and then did badly, has
 * not been measured.
 */
export function isMeasured(before: number, carried: number): boolean {
  return carried > 0 || before < busyShare;
}

/** Number that a loop call of the test dials; only the test knows the token. */
export function loopNumber(token: string, call: number, side: 'a' | 'b'): string {
  return `selftest-${token}-${call}-${side}`;
}

/** Which call of the test, and which side of it; undefined when it is none. */
export function parseLoopNumber(
  number: string,
  token: string,
): { call: string; side: 'a' | 'b' } | undefined {
  const prefix = `selftest-${token}-`;
  if (token === '' || !number.startsWith(prefix)) return undefined;
  const match = /^(\d{1,5})-([ab])$/.exec(number.slice(prefix.length));
  return match?.[1] === undefined ? undefined : { call: match[1], side: match[2] as 'a' | 'b' };
}
