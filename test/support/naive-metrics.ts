/**
 * The figures' sums computed a second time, without any state: each question is asked of the whole list of events.
 * Slow, and written from the definitions in `src/domain/metrics/measures.ts`, not from the code that folds.
 * It expects a log in order of time, without gaps.
 */
import { type CallEvent, isCallEvent, type LogEvent } from '../../src/domain/call-event.ts';
import type { Measure } from '../../src/domain/metrics/measures.ts';
import type { MetricsOptions } from '../../src/domain/metrics/state.ts';

/** Non-zero sums by interval, queue and agent. */
export type NaiveRows = Record<string, Partial<Record<Measure, number>>>;

const minuteMs = 60_000;
type Indexed<E> = E & { index: number };
interface Epoch {
  events: Indexed<LogEvent>[];
  /** When it surely ended; undefined: it goes on. */
  endAt: number | undefined;
}
interface NaiveContact {
  agentId: string;
  callId: string;
  key: string;
  fromAt: number;
  /** Infinity while it goes on. */
  toAt: number;
  endIndex: number;
  isHeldAt(at: number): boolean;
}

/** @param now up to when agents' time counts that goes on */
export function naiveRows(log: readonly LogEvent[], options: MetricsOptions, now: number): NaiveRows {
  const intervals = new NaiveIntervals(options);
  const rows: NaiveRows = {};
  const add = (key: string, measure: Measure, amount: number): void => {
    rows[key] ??= {};
    const row = rows[key];
    if (measure === 'longestWaitMs') row[measure] = Math.max(row[measure] ?? 0, amount);
    else row[measure] = (row[measure] ?? 0) + amount;
  };
  for (const epoch of epochsOf(log)) {
    const contacts = callSums(epoch, options, intervals, add, now);
    const agentIds = new Set(epoch.events.flatMap((event) => ('agentId' in event ? [event.agentId] : [])));
    for (const agentId of agentIds)
      agentSums(
        epoch,
        agentId,
        contacts.filter((one) => one.agentId === agentId),
        intervals,
        add,
        now,
      );
  }
  for (const [key, row] of Object.entries(rows)) {
    const kept = Object.entries(row).filter(([, amount]) => amount !== 0);
    if (kept.length > 0) rows[key] = Object.fromEntries(kept);
    else delete rows[key];
  }
  return rows;
}

type Add = (key: string, measure: Measure, amount: number) => void;

/** The log between two starts of the appliance: the next start logs in, or ends, what is open already. */
function epochsOf(log: readonly LogEvent[]): Epoch[] {
  const epochs: Epoch[] = [{ events: [], endAt: undefined }];
  log.forEach((event, index) => {
    const last = epochs.at(-1) as Epoch;
    if (isAfterStart(event, last.events)) {
      last.endAt = Math.max(...last.events.map(({ at }) => at));
      epochs.push({ events: [], endAt: undefined });
    }
    epochs.at(-1)?.events.push({ ...event, index });
  });
  return epochs;
}

function isAfterStart(event: LogEvent, before: readonly LogEvent[]): boolean {
  if (event.name === 'AGENTLOGIN') {
    const own = before.filter((e) => 'agentId' in e && e.agentId === event.agentId);
    return isSession(own.findLast((e) => sessionNames.includes(e.name))?.name);
  }
  if (event.name !== 'LEGEND' && event.name !== 'CALLEND') return false;
  const own = before.filter((e) => isCallEvent(e) && e.callId === event.callId);
  return (
    event.termination.reason === 'appliance-failed' &&
    own.some(({ name }) => name === 'CALLSTART') &&
    !own.some(({ name }) => name === 'CALLEND')
  );
}

/** What tells whether an agent is logged in: all but the log-off say yes. */
const sessionNames = ['AGENTLOGIN', 'AGENTLOGOFF', 'PAUSE', 'UNPAUSE', 'WRAPUPSTART'];

function isSession(name: string | undefined): boolean {
  return name !== undefined && name !== 'AGENTLOGOFF';
}

function callSums(
  epoch: Epoch,
  options: MetricsOptions,
  intervals: NaiveIntervals,
  add: Add,
  now: number,
): NaiveContact[] {
  const contacts: NaiveContact[] = [];
  const starts = epoch.events.filter((event) => event.name === 'CALLSTART');
  for (const start of starts) {
    const { callId, direction } = start;
    const all = epoch.events.filter(
      (event): event is Indexed<CallEvent> => isCallEvent(event) && event.callId === callId,
    );
    const over = all.findIndex(({ name }) => name === 'CALLEND');
    const events = over < 0 ? all : all.slice(0, over + 1);
    const first = intervals.key(start.at, '', '');
    const after = (index: number, ...names: string[]) =>
      events.find((event) => event.index > index && names.includes(event.name));
    const isHeldAt = (at: number): boolean => {
      const legIds = new Set(events.flatMap((event) => (event.name === 'HOLD' ? [event.legId] : [])));
      return [...legIds].some((legId) => {
        const last = events.findLast(
          (event) =>
            event.at <= at &&
            ['HOLD', 'RESUME', 'LEGEND'].includes(event.name) &&
            'legId' in event &&
            event.legId === legId,
        );
        return last?.name === 'HOLD';
      });
    };
    const heldMs = (fromAt: number, toAt: number): number => {
      const times = [fromAt, ...events.map(({ at }) => at).filter((at) => at > fromAt && at < toAt), toAt];
      return times
        .slice(1)
        .reduce((sum, at, i) => sum + (isHeldAt(times[i] as number) ? at - (times[i] as number) : 0), 0);
    };
    const isOver = over >= 0 || epoch.endAt !== undefined;

    if (direction === 'inbound') add(first, 'inboundCalls', 1);
    if (direction === 'internal') add(first, 'internalCalls', 1);
    const connected = events.some(({ name }) => name === 'BRIDGE' || name === 'CONNECT');
    if (direction === 'outbound') {
      add(first, 'outboundAttempts', 1);
      if (connected) add(first, 'outboundConnected', 1);
      else if (isOver) add(first, 'outboundFailed', 1);
    }

    for (const event of events) {
      const { at, index } = event;
      if (event.name === 'ENTERQUEUE') {
        const { queueId } = event;
        const row = (agentId = ''): string => intervals.key(at, queueId, agentId);
        const { answerWithinMs, shortAbandonMs } = options.queueTargets?.[queueId] ?? options.targets;
        add(row(), 'offered', 1);
        const end = after(index, 'CONNECT', 'ABANDON', 'EXITWITHTIMEOUT', 'ENTERQUEUE', 'BRIDGE', 'CALLEND');
        if (end?.name === 'CONNECT') {
          add(row(end.agentId), 'answered', 1);
          add(row(end.agentId), 'waitAnsweredMs', end.waitMs);
          add(row(end.agentId), 'longestWaitMs', end.waitMs);
          if (end.waitMs <= answerWithinMs) add(row(end.agentId), 'answeredInTime', 1);
          const handedOver = after(
            end.index,
            'COMPLETEAGENT',
            'COMPLETECALLER',
            'ENTERQUEUE',
            'BRIDGE',
            'CALLEND',
          );
          const wrapUp = epoch.events.find(
            (e) =>
              e.name === 'WRAPUPSTART' &&
              e.index > end.index &&
              e.callId === callId &&
              e.agentId === end.agentId,
          );
          const ender = wrapUp && (!handedOver || wrapUp.index < handedOver.index) ? wrapUp : handedOver;
          const toAt = ender?.at ?? epoch.endAt ?? Number.POSITIVE_INFINITY;
          contacts.push({
            agentId: end.agentId,
            callId,
            key: row(end.agentId),
            fromAt: end.at,
            toAt,
            endIndex: ender?.index ?? Number.POSITIVE_INFINITY,
            isHeldAt,
          });
          if (toAt < Number.POSITIVE_INFINITY) {
            const held = heldMs(end.at, toAt);
            add(row(end.agentId), 'handled', 1);
            add(row(end.agentId), 'talkMs', toAt - end.at - held);
            add(row(end.agentId), 'holdMs', held);
          }
          if (after(end.index, 'ENTERQUEUE', 'BRIDGE')) add(row(end.agentId), 'transferred', 1);
        } else if (end?.name === 'ABANDON') {
          add(row(), end.waitMs < shortAbandonMs ? 'abandonedShort' : 'abandoned', 1);
          if (end.waitMs >= shortAbandonMs) add(row(), 'waitAbandonedMs', end.waitMs);
          if (end.waitMs <= answerWithinMs) add(row(), 'abandonedInTime', 1);
          add(row(), 'longestWaitMs', end.waitMs);
        } else if (end?.name === 'EXITWITHTIMEOUT') {
          add(row(), 'overflowed', 1);
          add(row(), 'longestWaitMs', end.waitMs);
        } else if (end || isOver) {
          add(row(), 'lost', 1);
          add(row(), 'longestWaitMs', (end?.at ?? epoch.endAt ?? 0) - at);
        } else {
          add(row(), 'longestWaitMs', now - at);
        }
      } else if (event.name === 'OFFER') {
        const key = intervals.key(at, event.queueId, event.agentId);
        add(key, 'offers', 1);
        const end = events.find(
          (e) => e.index > index && 'offerId' in e && e.name !== 'OFFER' && e.offerId === event.offerId,
        );
        if (end?.name === 'CONNECT') {
          add(key, 'offersAnswered', 1);
          add(key, 'ringAnsweredMs', end.ringMs);
        } else if (end?.name === 'RINGCANCELED') add(key, 'offersCanceled', 1);
        else if (end?.name === 'RINGNOANSWER') {
          const measure = { 'no-answer': 'offersMissed', rejected: 'offersRejected' } as const;
          add(key, end.cause in measure ? measure[end.cause as 'rejected'] : 'offersFailed', 1);
        }
      } else if (event.name === 'BRIDGE') {
        const isNew = !events
          .filter((e) => e.index < index)
          .some((e) => e.name === 'BRIDGE' && (after(e.index, 'ENTERQUEUE')?.index ?? index) >= index);
        if (!isNew) continue;
        const out = direction === 'outbound';
        if (!out) add(first, 'directConnected', 1);
        const toAt = after(index, 'ENTERQUEUE', 'CALLEND')?.at ?? epoch.endAt;
        if (toAt === undefined) continue;
        add(first, out ? 'outboundEnded' : 'directEnded', 1);
        add(first, out ? 'outboundTalkMs' : 'directTalkMs', toAt - at - heldMs(at, toAt));
        add(first, out ? 'outboundHoldMs' : 'directHoldMs', heldMs(at, toAt));
      }
    }
  }
  return contacts;
}

function agentSums(
  epoch: Epoch,
  agentId: string,
  contacts: NaiveContact[],
  intervals: NaiveIntervals,
  add: Add,
  now: number,
): void {
  const events = epoch.events.filter((event) => 'agentId' in event && event.agentId === agentId);
  const isLogged = (event: LogEvent, ...names: string[]): boolean => names.includes(event.name);
  const lastOf = (at: number, ...names: string[]) =>
    events.findLast((event) => event.at <= at && isLogged(event, ...names))?.name;
  const isIn = (at: number): boolean => isSession(lastOf(at, ...sessionNames));

  for (const event of events) {
    if (event.name === 'AGENTLOGIN') add(intervals.key(event.at, '', agentId), 'logins', 1);
    if (event.name !== 'WRAPUPSTART') continue;
    const ended = contacts
      .filter(({ endIndex }) => endIndex <= event.index)
      .sort((a, b) => a.endIndex - b.endIndex)
      .at(-1);
    const end = events.find(
      (e) => e.index > event.index && isLogged(e, 'WRAPUPEND', 'WRAPUPSTART', 'AGENTLOGOFF', 'CONNECT'),
    );
    const toAt = end?.at ?? epoch.endAt;
    if (ended?.callId === event.callId && toAt !== undefined) add(ended.key, 'wrapUpMs', toAt - event.at);
  }

  const endAt = epoch.endAt ?? now;
  if (epoch.endAt !== undefined && isIn(endAt)) add(intervals.key(endAt, '', agentId), 'sessionsCut', 1);
  const times = [...new Set([...epoch.events.map(({ at }) => at), endAt])].sort((a, b) => a - b);
  times.slice(1).forEach((toAt, i) => {
    for (const [from, to] of intervals.split(times[i] as number, toAt)) {
      const key = intervals.key(from, '', agentId);
      if (isIn(from)) add(key, 'loginMs', to - from);
      const talks = contacts.filter(({ fromAt, toAt: end }) => fromAt <= from && from < end);
      const wrapUp = lastOf(from, 'WRAPUPSTART', 'WRAPUPEND', 'AGENTLOGOFF', 'CONNECT') === 'WRAPUPSTART';
      const paused = lastOf(from, 'PAUSE', 'UNPAUSE', 'AGENTLOGIN', 'AGENTLOGOFF') === 'PAUSE';
      if (talks.length > 0)
        add(key, talks.every((talk) => talk.isHeldAt(from)) ? 'agentHoldMs' : 'agentTalkMs', to - from);
      else if (wrapUp) add(key, 'agentWrapUpMs', to - from);
      else if (isIn(from)) add(key, paused ? 'pauseMs' : 'availableMs', to - from);
    }
  });
}

/** Intervals found by reading the clock minute by minute, as one would who knows nothing of offsets. */
export class NaiveIntervals {
  readonly #options: Pick<MetricsOptions, 'timeZone' | 'unit'>;
  readonly #format: Intl.DateTimeFormat;
  readonly #starts = new Map<number, number>();

  constructor(options: Pick<MetricsOptions, 'timeZone' | 'unit'>) {
    this.#options = options;
    this.#format = new Intl.DateTimeFormat('en-GB', {
      timeZone: options.timeZone,
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      ...(options.unit === 'hour' ? { hour: '2-digit', hourCycle: 'h23', timeZoneName: 'longOffset' } : {}),
    });
  }

  startOf(at: number): number {
    let minute = Math.floor(at / minuteMs) * minuteMs;
    const passed: number[] = [];
    while (!this.#starts.has(minute)) {
      passed.push(minute);
      if (this.#begins(minute)) this.#starts.set(minute, minute);
      else minute -= minuteMs;
    }
    const start = this.#starts.get(minute) as number;
    for (const one of passed) this.#starts.set(one, start);
    return start;
  }

  split(fromAt: number, toAt: number): [number, number][] {
    const parts: [number, number][] = [];
    let from = fromAt;
    for (let at = Math.floor(fromAt / minuteMs) * minuteMs + minuteMs; at < toAt; at += minuteMs) {
      if (this.startOf(at) !== at) continue;
      parts.push([from, at]);
      from = at;
    }
    return from < toAt ? [...parts, [from, toAt]] : parts;
  }

  key(at: number, queueId: string, agentId: string): string {
    return `${new Date(this.startOf(at)).toISOString()} ${queueId || '-'} ${agentId || '-'}`;
  }

  #begins(minute: number): boolean {
    const label = this.#format.format(minute);
    if (label === this.#format.format(minute - minuteMs)) return false;
    return this.#options.unit !== 'week' || label.startsWith('Mon');
  }
}
