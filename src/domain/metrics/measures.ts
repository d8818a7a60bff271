/**
 * What is counted of the call log. A measure adds up over any set of rows (intervals, queues, agents), so every
 * figure of `figures.ts` is computed from sums and never from other figures: no average of averages.
 *
 * Glossary. **visit**: one stay of a call in one queue; a call that overflows into a second queue makes two.
 * **contact**: the talk that a visit may end in, with its hold and its wrap-up. A visit and its contact count in the
 * interval in which the caller entered the queue, an offer in that in which the phone began to ring, a call outside
 * queues in that in which it began; an agent's time counts where it was spent, cut at the borders of intervals.
 */

/**
 * Each with its meaning in plain English, for formulas; the gaps are the targets of `state.ts`, in seconds. Names
 * ending in `Ms` are milliseconds, all others counts.
 */
export const measureTexts = {
  offered: 'entered the queue',
  answered: 'answered by an agent',
  answeredInTime: 'answered within {answerWithinS} s',
  abandoned: 'abandoned after {shortAbandonS} s or more',
  abandonedShort: 'abandoned before {shortAbandonS} s',
  abandonedInTime: 'abandoned within {answerWithinS} s',
  overflowed: 'went on to the overflow',
  lost: 'cut off while waiting',
  waitAnsweredMs: 'waiting time of those answered',
  waitAbandonedMs: 'waiting time of those who abandoned after {shortAbandonS} s or more',
  longestWaitMs: 'longest wait',
  handled: 'talks that are over',
  talkMs: 'talk without hold',
  holdMs: 'hold',
  wrapUpMs: 'wrap-up',
  transferred: 'passed on',
  offers: 'offers to agents',
  offersAnswered: 'offers answered',
  offersMissed: 'offers not answered',
  offersRejected: 'offers refused',
  offersFailed: 'offers to a busy or unreachable phone',
  offersCanceled: 'offers taken back',
  ringAnsweredMs: 'ringing until the answer',
  logins: 'log-ins',
  sessionsCut: 'sessions whose end nobody saw',
  loginMs: 'time logged in',
  pauseMs: 'time on break',
  availableMs: 'time available',
  agentTalkMs: 'time talking',
  agentHoldMs: 'time with the caller on hold',
  agentWrapUpMs: 'time in wrap-up',
  inboundCalls: 'calls from outside',
  internalCalls: 'calls within the office',
  directConnected: 'calls outside queues that were answered',
  directEnded: 'talks outside queues that are over',
  directTalkMs: 'talk outside queues, without hold',
  directHoldMs: 'hold outside queues',
  outboundAttempts: 'outgoing calls begun',
  outboundConnected: 'outgoing calls answered',
  outboundFailed: 'outgoing calls that nobody answered',
  outboundEnded: 'outgoing talks that are over',
  outboundTalkMs: 'talk of outgoing calls, without hold',
  outboundHoldMs: 'hold of outgoing calls',
} as const;

export type Measure = keyof typeof measureTexts;
export const measures = Object.keys(measureTexts) as Measure[];

/** Of these the largest stands for the whole; all others add up. */
const maxima: ReadonlySet<Measure> = new Set<Measure>(['longestWaitMs']);

/** Whether the largest stands for the whole, instead of the sum. */
export function isMaximum(measure: Measure): boolean {
  return maxima.has(measure);
}

export type Sums = Record<Measure, number>;

/** What was measured of one interval, queue and agent. `''`: of no queue, of no agent. */
export interface MetricRow {
  startAt: number;
  endAt: number;
  queueId: string;
  agentId: string;
  sums: Sums;
}

const nothing = Object.fromEntries(measures.map((measure) => [measure, 0])) as Sums;

export function noSums(): Sums {
  return { ...nothing };
}

/** Adds `more` to `sums`, in place. */
export function addSums(sums: Sums, more: Readonly<Sums>): void {
  for (const measure of measures) {
    if (maxima.has(measure)) sums[measure] = Math.max(sums[measure], more[measure]);
    else sums[measure] += more[measure];
  }
}

/** All rows together. */
export function totalOf(rows: Iterable<MetricRow>): Sums {
  const total = noSums();
  for (const row of rows) addSums(total, row.sums);
  return total;
}

/** The rows of each key together, in the order in which the keys come up; rows with an undefined key are left out. */
export function totalsBy<K>(
  rows: Iterable<MetricRow>,
  keyOf: (row: MetricRow) => K | undefined,
): Map<K, Sums> {
  const totals = new Map<K, Sums>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === undefined) continue;
    const known = totals.get(key);
    if (known) addSums(known, row.sums);
    else totals.set(key, { ...row.sums });
  }
  return totals;
}
