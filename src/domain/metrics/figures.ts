/**
 * Every figure that Live, wallboard and reports show, as data: what is divided by what. The same table computes the
 * figure and writes its formula, so what the page explains is what was computed.
 */
import { type Measure, measureTexts, type Sums } from './measures.ts';

/** `ms`: a duration in milliseconds; `share`: 0..1. */
export type FigureUnit = 'count' | 'ms' | 'share';
/** What a figure says something about. */
export type FigureScope = 'queue' | 'agent' | 'office';

/** Measures to add up, each with its factor (1, or -1 to take away). */
export type Terms = Partial<Record<Measure, 1 | -1>>;

export interface Figure {
  unit: FigureUnit;
  scopes: readonly FigureScope[];
  numerator: Terms;
  /** Absent: the figure is the numerator itself. */
  denominator?: Terms;
  /** Without any of these there is nothing to tell. */
  needs?: Terms;
}

const queue = ['queue'] as const;
const agent = ['agent'] as const;
const office = ['office'] as const;
const contact = ['queue', 'agent'] as const;

/** Visits that are over, however they ended. One that still waits has neither met nor missed a target. */
const settled = { answered: 1, abandoned: 1, abandonedShort: 1, overflowed: 1, lost: 1 } as const;
const handling = { agentTalkMs: 1, agentHoldMs: 1, agentWrapUpMs: 1 } as const;

function sum(unit: FigureUnit, scopes: readonly FigureScope[], measure: Measure): Figure {
  return { unit, scopes, numerator: { [measure]: 1 } };
}

function mean(scopes: readonly FigureScope[], measure: Measure, per: Measure): Figure {
  return { unit: 'ms', scopes, numerator: { [measure]: 1 }, denominator: { [per]: 1 } };
}

function share(scopes: readonly FigureScope[], numerator: Terms, denominator: Terms): Figure {
  return { unit: 'share', scopes, numerator, denominator };
}

/** By id. The names are those of the field; `figureTexts` says each in plain words. */
export const figures = {
  offered: sum('count', queue, 'offered'),
  answered: sum('count', contact, 'answered'),
  abandoned: sum('count', queue, 'abandoned'),
  'abandoned-short': sum('count', queue, 'abandonedShort'),
  overflowed: sum('count', queue, 'overflowed'),
  lost: sum('count', queue, 'lost'),
  waiting: {
    unit: 'count',
    scopes: queue,
    numerator: {
      offered: 1,
      answered: -1,
      abandoned: -1,
      abandonedShort: -1,
      overflowed: -1,
      lost: -1,
    },
  },
  'answer-rate': share(queue, { answered: 1 }, settled),
  'abandon-rate': share(queue, { abandoned: 1 }, settled),
  'service-level-reached': share(queue, { answeredInTime: 1, abandonedInTime: 1 }, settled),
  'service-level-of-answered': share(queue, { answeredInTime: 1 }, { answered: 1 }),
  'service-level-of-offered': share(queue, { answeredInTime: 1 }, settled),
  'service-level-without-early': share(queue, { answeredInTime: 1 }, { ...settled, abandonedInTime: -1 }),
  'service-level-with-short': share(queue, { answeredInTime: 1, abandonedShort: 1 }, settled),
  'service-level-without-short': share(
    queue,
    { answeredInTime: 1 },
    { answered: 1, abandoned: 1, overflowed: 1, lost: 1 },
  ),
  asa: mean(contact, 'waitAnsweredMs', 'answered'),
  'wait-of-abandoned': mean(queue, 'waitAbandonedMs', 'abandoned'),
  'longest-wait': {
    unit: 'ms',
    scopes: queue,
    numerator: { longestWaitMs: 1 },
    needs: { offered: 1, ...settled },
  },
  handled: sum('count', contact, 'handled'),
  aht: {
    unit: 'ms',
    scopes: contact,
    numerator: { talkMs: 1, holdMs: 1, wrapUpMs: 1 },
    denominator: { handled: 1 },
  },
  talk: sum('ms', contact, 'talkMs'),
  hold: sum('ms', contact, 'holdMs'),
  'wrap-up': sum('ms', contact, 'wrapUpMs'),
  'talk-mean': mean(contact, 'talkMs', 'handled'),
  'hold-mean': mean(contact, 'holdMs', 'handled'),
  'wrap-up-mean': mean(contact, 'wrapUpMs', 'handled'),
  transferred: sum('count', contact, 'transferred'),
  'transfer-rate': share(contact, { transferred: 1 }, { handled: 1 }),
  offers: sum('count', contact, 'offers'),
  'offers-missed': sum('count', contact, 'offersMissed'),
  'offers-rejected': sum('count', contact, 'offersRejected'),
  'offers-failed': sum('count', contact, 'offersFailed'),
  'offers-canceled': sum('count', contact, 'offersCanceled'),
  'missed-rate': share(
    contact,
    { offersMissed: 1, offersRejected: 1 },
    { offersAnswered: 1, offersMissed: 1, offersRejected: 1 },
  ),
  'ring-mean': mean(contact, 'ringAnsweredMs', 'offersAnswered'),
  logins: sum('count', agent, 'logins'),
  'sessions-cut': sum('count', agent, 'sessionsCut'),
  'login-time': sum('ms', agent, 'loginMs'),
  'pause-time': sum('ms', agent, 'pauseMs'),
  'available-time': sum('ms', agent, 'availableMs'),
  'talk-time': sum('ms', agent, 'agentTalkMs'),
  'hold-time': sum('ms', agent, 'agentHoldMs'),
  'wrap-up-time': sum('ms', agent, 'agentWrapUpMs'),
  occupancy: share(agent, handling, { ...handling, availableMs: 1 }),
  'pause-share': share(agent, { pauseMs: 1 }, { loginMs: 1 }),
  'inbound-calls': sum('count', office, 'inboundCalls'),
  'internal-calls': sum('count', office, 'internalCalls'),
  'direct-connected': sum('count', office, 'directConnected'),
  'direct-talk-mean': mean(office, 'directTalkMs', 'directEnded'),
  'outbound-attempts': sum('count', office, 'outboundAttempts'),
  'outbound-connected': sum('count', office, 'outboundConnected'),
  'connect-rate': share(office, { outboundConnected: 1 }, { outboundConnected: 1, outboundFailed: 1 }),
  'outbound-talk': sum('ms', office, 'outboundTalkMs'),
  'outbound-talk-mean': mean(office, 'outboundTalkMs', 'outboundEnded'),
} as const satisfies Record<string, Figure>;

export type FigureId = keyof typeof figures;
export const figureIds = Object.keys(figures) as FigureId[];

/** The ways to compute a service level that are in use; the same day may score 81 % by one and 86 % by another. */
export const serviceLevels = [
  'service-level-reached',
  'service-level-of-answered',
  'service-level-of-offered',
  'service-level-without-early',
  'service-level-with-short',
  'service-level-without-short',
] as const satisfies FigureId[];
export type ServiceLevelId = (typeof serviceLevels)[number];
export const defaultServiceLevel: ServiceLevelId = 'service-level-reached';

/** Names in plain English: the source of what the pages say in every language. */
export const figureTexts: Record<FigureId, string> = {
  offered: 'Offered',
  answered: 'Answered',
  abandoned: 'Abandoned',
  'abandoned-short': 'Abandoned at once',
  overflowed: 'Overflowed',
  lost: 'Cut off while waiting',
  waiting: 'Waiting',
  'answer-rate': 'Answered, share',
  'abandon-rate': 'Abandoned, share',
  'service-level-reached': 'Service level',
  'service-level-of-answered': 'Service level of those answered',
  'service-level-of-offered': 'Service level of all offered',
  'service-level-without-early': 'Service level without those who left in time',
  'service-level-with-short': 'Service level, leaving at once counted as served',
  'service-level-without-short': 'Service level without those who left at once',
  asa: 'Average speed of answer',
  'wait-of-abandoned': 'Average wait of those who abandoned',
  'longest-wait': 'Longest wait',
  handled: 'Handled',
  aht: 'Average handling time',
  talk: 'Talk',
  hold: 'Hold',
  'wrap-up': 'Wrap-up',
  'talk-mean': 'Average talk',
  'hold-mean': 'Average hold',
  'wrap-up-mean': 'Average wrap-up',
  transferred: 'Passed on',
  'transfer-rate': 'Passed on, share',
  offers: 'Offers',
  'offers-missed': 'Offers missed',
  'offers-rejected': 'Offers refused',
  'offers-failed': 'Offers without a ready phone',
  'offers-canceled': 'Offers taken back',
  'missed-rate': 'Offers missed or refused, share',
  'ring-mean': 'Average ringing until the answer',
  logins: 'Log-ins',
  'sessions-cut': 'Sessions whose end nobody saw',
  'login-time': 'Logged in',
  'pause-time': 'On break',
  'available-time': 'Available',
  'talk-time': 'Talking',
  'hold-time': 'Caller on hold',
  'wrap-up-time': 'In wrap-up',
  occupancy: 'Occupancy',
  'pause-share': 'On break, share of the time logged in',
  'inbound-calls': 'Calls from outside',
  'internal-calls': 'Calls within the office',
  'direct-connected': 'Answered outside queues',
  'direct-talk-mean': 'Average talk outside queues',
  'outbound-attempts': 'Outgoing calls',
  'outbound-connected': 'Outgoing calls answered',
  'connect-rate': 'Connect rate',
  'outbound-talk': 'Talk of outgoing calls',
  'outbound-talk-mean': 'Average talk of outgoing calls',
};

/** A figure with what it was computed from. */
export interface FigureValue {
  /** Null: there is nothing to compute it from (nobody answered, nobody logged in …); that is not 0. */
  value: number | null;
  numerator: number;
  denominator?: number;
}

export function evaluate(id: FigureId, sums: Readonly<Sums>): FigureValue {
  const { top, bottom, needs } = termsById[id];
  const numerator = evaluateTerms(top, sums);
  if (bottom) {
    const denominator = evaluateTerms(bottom, sums);
    return { value: denominator > 0 ? numerator / denominator : null, numerator, denominator };
  }
  const isKnown = !needs || evaluateTerms(needs, sums) > 0;
  return { value: isKnown ? numerator : null, numerator };
}

type TermList = readonly (readonly [Measure, 1 | -1])[];

interface Compiled {
  top: TermList;
  bottom: TermList | undefined;
  needs: TermList | undefined;
}

/** The terms as lists: a report computes tens of thousands of figures. */
const termsById = {} as Record<FigureId, Compiled>;
for (const id of figureIds) {
  const { numerator, denominator, needs }: Figure = figures[id];
  termsById[id] = {
    top: termsOf(numerator),
    bottom: denominator && termsOf(denominator),
    needs: needs && termsOf(needs),
  };
}

function evaluateTerms(terms: TermList, sums: Readonly<Sums>): number {
  let total = 0;
  for (const [measure, factor] of terms) total += factor * sums[measure];
  return total;
}

/**
 * The formula of a figure in words, e.g. `(talk + hold) ÷ handled`. `textOf` says a measure in the reader's
 * language; without it, in English with the gaps left open.
 */
export function formulaOf(
  id: FigureId,
  textOf = (measure: Measure): string => measureTexts[measure],
): string {
  const { numerator, denominator }: Figure = figures[id];
  if (!denominator) return termsText(numerator, textOf);
  return `${inParentheses(numerator, textOf)} ÷ ${inParentheses(denominator, textOf)}`;
}

function termsOf(terms: Terms): [Measure, 1 | -1][] {
  return Object.entries(terms) as [Measure, 1 | -1][];
}

function inParentheses(terms: Terms, textOf: (measure: Measure) => string): string {
  const text = termsText(terms, textOf);
  return Object.keys(terms).length > 1 ? `(${text})` : text;
}

function termsText(terms: Terms, textOf: (measure: Measure) => string): string {
  return termsOf(terms)
    .map(([measure, factor], i) => `${factor < 0 ? '− ' : i > 0 ? '+ ' : ''}${textOf(measure)}`)
    .join(' ');
}

/** Limits as a formula says them; those of several queues may differ. */
export interface LimitsInWords {
  answerWithinMs: readonly number[];
  shortAbandonMs: number;
}

/** What fills the gaps of `measureTexts`: seconds, those of several queues as `20/60`. */
export function gapsOf({ answerWithinMs, shortAbandonMs }: LimitsInWords): Record<string, string> {
  const distinct = [...new Set(answerWithinMs)].sort((a, b) => a - b);
  return {
    answerWithinS: distinct.map((ms) => String(ms / 1000)).join('/'),
    shortAbandonS: String(shortAbandonMs / 1000),
  };
}

/** A measure in plain English with its gaps filled, for formulas. */
export function measureTextWith(limits: LimitsInWords): (measure: Measure) => string {
  const gaps = gapsOf(limits);
  return (measure) => measureTexts[measure].replace(/\{(\w+)\}/g, (gap, key: string) => gaps[key] ?? gap);
}
