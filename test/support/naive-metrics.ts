/**
 * The figures' sums computed a second time, without any state: each question is asked of the whole list of events.
 * Slow, and written from the definitions in `src/domain/metrics/measures.ts`, not from the code that folds.
 * It expects a log in order of time, without gaps.
 */
import {
  type CallDirection,
  type CallEvent,
  isCallEvent,
  type LogEvent,
} from '../../src/domain/call-event.ts';
import type { Measure } from '../../src/domain/metrics/measures.ts';
import type { MetricsOptions, Targets } from '../../src/domain/metrics/state.ts';
import { NaiveIntervals } from './naive-intervals.ts';

/** Non-zero sums by interval, queue and agent. */
export type NaiveRows = Record<string, Partial<Record<Measure, number>>>;

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

function callSums(epoch: Epoch, options: MetricsOptions, intervals: NaiveIntervals, add: Add, now: number) {
  const contacts: NaiveContact[] = [];
  for (const start of epoch.events) {
    if (start.name !== 'CALLSTART') continue;
    const call = new NaiveCall(epoch, start.callId);
    const first = intervals.key(start.at, '', '');
    directionSums(call, start.direction, first, add);
    for (const event of call.events) {
      if (event.name === 'BRIDGE') bridgeSums(call, event, start.direction, first, add);
      if (event.name === 'OFFER')
        offerSums(call, event, intervals.key(event.at, event.queueId, event.agentId), add);
      if (event.name !== 'ENTERQUEUE') continue;
      const rowOf = (agentId: string): string => intervals.key(event.at, event.queueId, agentId);
      const targets = options.queueTargets?.[event.queueId] ?? options.targets;
      visitSums(call, event, targets, rowOf, add, now);
      const answer = call.endOfVisit(event.index);
      if (answer?.name !== 'CONNECT') continue;
      const contact = contactOf(call, answer, rowOf(answer.agentId));
      contactSums(call, answer, contact, add);
      contacts.push(contact);
    }
  }
  return contacts;
}

/** The events of one call up to its end, and questions about them. */
class NaiveCall {
  readonly epoch: Epoch;
  readonly callId: string;
  readonly events: Indexed<CallEvent>[];
  readonly isOver: boolean;

  constructor(epoch: Epoch, callId: string) {
    const all = epoch.events.filter(
      (event): event is Indexed<CallEvent> => isCallEvent(event) && event.callId === callId,
    );
    const end = all.findIndex(({ name }) => name === 'CALLEND');
    this.epoch = epoch;
    this.callId = callId;
    this.events = end < 0 ? all : all.slice(0, end + 1);
    this.isOver = end >= 0 || epoch.endAt !== undefined;
  }

  after(index: number, ...names: string[]): Indexed<CallEvent> | undefined {
    return this.events.find((event) => event.index > index && names.includes(event.name));
  }

  endOfVisit(index: number): Indexed<CallEvent> | undefined {
    return this.after(index, 'CONNECT', 'ABANDON', 'EXITWITHTIMEOUT', 'ENTERQUEUE', 'BRIDGE', 'CALLEND');
  }

  isHeldAt(at: number): boolean {
    const legIds = new Set(this.events.flatMap((event) => (event.name === 'HOLD' ? [event.legId] : [])));
    return [...legIds].some((legId) => {
      const ofLeg = this.events.filter(
        (event) =>
          (event.name === 'HOLD' || event.name === 'RESUME' || event.name === 'LEGEND') &&
          event.legId === legId,
      );
      return ofLeg.findLast((event) => event.at <= at)?.name === 'HOLD';
    });
  }

  heldMs(fromAt: number, toAt: number): number {
    const within = this.events.map(({ at }) => at).filter((at) => at > fromAt && at < toAt);
    const times = [fromAt, ...within, toAt];
    return times.reduce((sum, at, i) => {
      const next = times[i + 1] ?? at;
      return this.isHeldAt(at) ? sum + next - at : sum;
    }, 0);
  }
}

type Of<Name> = Indexed<Extract<CallEvent, { name: Name }>>;

function directionSums(call: NaiveCall, direction: CallDirection, key: string, add: Add): void {
  if (direction === 'inbound') add(key, 'inboundCalls', 1);
  if (direction === 'internal') add(key, 'internalCalls', 1);
  if (direction !== 'outbound') return;
  add(key, 'outboundAttempts', 1);
  if (call.after(-1, 'BRIDGE', 'CONNECT')) add(key, 'outboundConnected', 1);
  else if (call.isOver) add(key, 'outboundFailed', 1);
}

function visitSums(
  call: NaiveCall,
  enter: Of<'ENTERQUEUE'>,
  { answerWithinMs, shortAbandonMs }: Targets,
  rowOf: (agentId: string) => string,
  add: Add,
  now: number,
): void {
  add(rowOf(''), 'offered', 1);
  const end = call.endOfVisit(enter.index);
  if (end?.name === 'CONNECT') {
    add(rowOf(end.agentId), 'answered', 1);
    add(rowOf(end.agentId), 'waitAnsweredMs', end.waitMs);
    add(rowOf(end.agentId), 'longestWaitMs', end.waitMs);
    if (end.waitMs <= answerWithinMs) add(rowOf(end.agentId), 'answeredInTime', 1);
  } else if (end?.name === 'ABANDON') {
    add(rowOf(''), end.waitMs < shortAbandonMs ? 'abandonedShort' : 'abandoned', 1);
    if (end.waitMs >= shortAbandonMs) add(rowOf(''), 'waitAbandonedMs', end.waitMs);
    if (end.waitMs <= answerWithinMs) add(rowOf(''), 'abandonedInTime', 1);
    add(rowOf(''), 'longestWaitMs', end.waitMs);
  } else if (end?.name === 'EXITWITHTIMEOUT') {
    add(rowOf(''), 'overflowed', 1);
    add(rowOf(''), 'longestWaitMs', end.waitMs);
  } else {
    if (end || call.isOver) add(rowOf(''), 'lost', 1);
    add(rowOf(''), 'longestWaitMs', (end?.at ?? call.epoch.endAt ?? now) - enter.at);
  }
}

function contactOf(call: NaiveCall, { agentId, at, index }: Of<'CONNECT'>, key: string): NaiveContact {
  const { callId, epoch } = call;
  const enders = [
    call.after(index, 'COMPLETEAGENT', 'COMPLETECALLER', 'ENTERQUEUE', 'BRIDGE', 'CALLEND'),
    epoch.events.find(
      (e) => e.name === 'WRAPUPSTART' && e.index > index && e.callId === callId && e.agentId === agentId,
    ),
  ].filter((event) => event !== undefined);
  const ender = enders.sort((a, b) => a.index - b.index)[0];
  return {
    agentId,
    callId,
    key,
    fromAt: at,
    toAt: ender?.at ?? epoch.endAt ?? Number.POSITIVE_INFINITY,
    endIndex: ender?.index ?? Number.POSITIVE_INFINITY,
    isHeldAt: (moment) => call.isHeldAt(moment),
  };
}

function contactSums(call: NaiveCall, answer: Of<'CONNECT'>, contact: NaiveContact, add: Add): void {
  const { key, fromAt, toAt } = contact;
  if (call.after(answer.index, 'ENTERQUEUE', 'BRIDGE')) add(key, 'transferred', 1);
  if (toAt === Number.POSITIVE_INFINITY) return;
  const heldMs = call.heldMs(fromAt, toAt);
  add(key, 'handled', 1);
  add(key, 'talkMs', toAt - fromAt - heldMs);
  add(key, 'holdMs', heldMs);
}

function offerSums(call: NaiveCall, offer: Of<'OFFER'>, key: string, add: Add): void {
  add(key, 'offers', 1);
  const end = call.events.find(
    (e) => e.index > offer.index && e.name !== 'OFFER' && 'offerId' in e && e.offerId === offer.offerId,
  );
  if (end?.name === 'CONNECT') {
    add(key, 'offersAnswered', 1);
    add(key, 'ringAnsweredMs', end.ringMs);
  }
  if (end?.name === 'RINGCANCELED') add(key, 'offersCanceled', 1);
  if (end?.name !== 'RINGNOANSWER') return;
  if (end.cause === 'no-answer') add(key, 'offersMissed', 1);
  else add(key, end.cause === 'rejected' ? 'offersRejected' : 'offersFailed', 1);
}

function bridgeSums(
  call: NaiveCall,
  { index, at }: Of<'BRIDGE'>,
  direction: CallDirection,
  key: string,
  add: Add,
): void {
  const goesOn = call.events.some(
    (e) =>
      e.name === 'BRIDGE' && e.index < index && !(Number(call.after(e.index, 'ENTERQUEUE')?.index) < index),
  );
  if (goesOn) return;
  const isOutbound = direction === 'outbound';
  if (!isOutbound) add(key, 'directConnected', 1);
  const toAt = call.after(index, 'ENTERQUEUE', 'CALLEND')?.at ?? call.epoch.endAt;
  if (toAt === undefined) return;
  const heldMs = call.heldMs(at, toAt);
  add(key, isOutbound ? 'outboundEnded' : 'directEnded', 1);
  add(key, isOutbound ? 'outboundTalkMs' : 'directTalkMs', toAt - at - heldMs);
  add(key, isOutbound ? 'outboundHoldMs' : 'directHoldMs', heldMs);
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
