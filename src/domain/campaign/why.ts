/**
 * Why a campaign dials nothing (or no more than it does): every cause that stands in the way at this moment, with its
 * figures. `{gap}` is filled from the params; a name ending in `At` is a moment (ms since the epoch), one ending in
 * `S` a duration in whole seconds. Pages translate by code (`why.*`); the texts here are the English ones.
 */
import type { LeadSupply } from './lead-store.ts';
import type { CampaignState } from './live.ts';

export const whyTexts = {
  'emergency-stop': '{who} stopped all dialling',
  draft: 'The campaign has not been started yet',
  paused: '{who} paused the campaign',
  finished: 'The campaign is finished',
  'no-lists': 'The campaign has no list',
  'list-gone': '{count} of its lists no longer exist',
  'list-empty': 'Its lists hold no leads',
  'all-done': 'All {count} leads are done',
  retry: '{count} leads wait for their next attempt, the first until {nextAt}',
  callback: '{count} agreed callbacks are not due yet, the first at {nextAt}',
  'callback-agent': '{count} callbacks are due that other agents promised',
  exhausted: '{count} leads have had all attempts that the campaign allows',
  hours: '{count} leads are where nobody may be called now; the first can be called at {nextAt}',
  'hours-never': '{count} leads are in zones whose calling hours never overlap: name their zone',
  'do-not-call': '{count} leads are on the do-not-call list',
  'day-limit': '{count} leads have been called as often as one day allows',
  unknown: '{count} calls ended with this box stopping; a person must decide whether to call again',
  'unknown-number': '{count} leads share their number with a call of unknown outcome',
  'no-agents': 'Nobody serves the campaign: name a queue or agents',
  'no-agent-free':
    'No agent is free of {total}: {loggedOut} logged out, {onBreak} on break, {inCall} in a call, {offered} ringing, {wrapUp} in wrap-up, {unreachable} without a phone, {missed} paused after a missed call',
  'inbound-first': '{waiting} callers wait for these agents and go first',
  'inbound-calm': 'Callers waited a moment ago; dialling goes on at {nextAt} if no more come',
  'no-trunk': 'None of its {count} trunks is up',
  'trunk-full': 'All lines of the trunk are in use ({lines})',
  'trunk-rests': 'The trunk took no calls; it is tried again at {nextAt}',
  'lines-full': 'As many lines as the campaign may have are in use ({lines})',
  'box-full': 'This machine has too much to do to take another call ({what})',
  store: 'The list of leads cannot be read or written: {message}',
  'no-queue-of-leads': 'The next lead is being looked for',
} as const;

export type WhyCode = keyof typeof whyTexts;

export interface Why {
  code: WhyCode;
  params: Record<string, string | number>;
}

export function why(code: WhyCode, params: Why['params'] = {}): Why {
  return { code, params };
}

/** Causes in what people decided. */
export function whyOfState(
  stopped: { at: number; who: string } | null,
  run: { state: CampaignState; who: string; at: number },
): Why[] {
  const causes: Why[] = [];
  if (stopped) causes.push(why('emergency-stop', { who: stopped.who, sinceAt: stopped.at }));
  if (run.state !== 'running') causes.push(why(run.state, { who: run.who, sinceAt: run.at }));
  return causes;
}

/**
 * Causes in the leads. While some can be called at once only what waits for a person is told: the others hinder
 * nothing yet.
 */
export function whyOfLeads(supply: LeadSupply): Why[] {
  const { counts, retry, callback, outsideHours } = supply;
  const causes: Why[] = [];
  const say = (code: WhyCode, count: number, nextAt?: number | null): void => {
    if (count > 0) causes.push(why(code, { count, ...(typeof nextAt === 'number' ? { nextAt } : {}) }));
  };
  say('unknown', counts.byState.unknown);
  say('list-gone', supply.listsGone);
  say('hours-never', supply.neverOpen);
  if (supply.callable > 0) return causes;
  if (supply.lists === 0) return [...causes, why('no-lists')];
  if (counts.total === 0 && supply.lists > supply.listsGone) return [...causes, why('list-empty')];
  say('hours', outsideHours.count, outsideHours.nextAt);
  say('retry', retry.count, retry.nextAt);
  say('callback', callback.count, callback.nextAt);
  say(
    'callback-agent',
    supply.personal.reduce((sum, { count }) => sum + count, 0),
  );
  say('do-not-call', counts.doNotCall);
  say('day-limit', supply.dayLimit);
  say('unknown-number', supply.numberOpen);
  say('exhausted', supply.exhausted);
  const { new: fresh, retry: again, callback: agreed, dialling, unknown } = counts.byState;
  if (counts.total > 0 && fresh + again + agreed + dialling + unknown === 0) say('all-done', counts.total);
  return causes;
}
