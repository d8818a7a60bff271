/**
 * Every reason the rules give, with its English text: the catalogue of `trace.*` translates these keys, and a test
 * there can hold itself against this list. `{gap}` is filled from the note's params; a name ending in `S` is a
 * duration in whole seconds.
 */
import type { TraceNote } from './call-event.ts';

export const traceTexts = {
  'queue.longest-idle': '{agent} is offered the call: free for {idleS} s, the longest of {free} free agents',
  'queue.ring-all': '{count} free agents ring at once: {agents}',
  'queue.nobody-free':
    'No agent is free of {total}: {loggedOut} logged out, {onBreak} on break, {inCall} in a call, {offered} ringing, {wrapUp} in wrap-up, {unreachable} without a phone, {missed} paused after a missed call',
  'queue.no-answer': '{agent} did not answer within the ring time and is passed over for {pauseS} s',
  'queue.rejected': '{agent} refused the call and is passed over for {pauseS} s',
  'queue.busy': 'The phone of {agent} is busy; {agent} is passed over for {pauseS} s',
  'queue.unreachable': 'The phone of {agent} cannot be reached; {agent} is passed over for {pauseS} s',
  'queue.answered': '{agent} answered after {ringS} s of ringing; the caller waited {waitS} s',
  'queue.connect-failed':
    'Caller and {agent} could not be joined; the caller is back at the place held before',
  'queue.agent-left': '{agent} is no longer free, the offer is taken back',
  'queue.agent-unreachable': 'The phone of {agent} went away, the offer is taken back',
  'queue.phone-silent': 'Nothing was heard of the phone of {agent}, the offer is taken back',
  'queue.longest-wait':
    'The caller waited {waitS} s, the longest wait in {queue}, and goes on to the overflow',
  'queue.removed': 'The queue {queue} was removed, its callers go on to its overflow',
  'queue.ended-by-system': 'The talk with {agent} ended after {talkS} s without either of them hanging up',
  'ivr.prompt': 'The menu {menu} is played, {attempt} of {maxTries}',
  'ivr.chosen': 'The caller pressed {digit} in {menu}',
  'ivr.invalid': 'The caller pressed {digit}, which {menu} does not offer',
  'ivr.no-input': 'The caller pressed nothing in {menu} within {timeoutS} s',
  'ivr.gave-up': 'No choice after {maxTries} tries of {menu}: the call goes on as set for that',
  'dial.extension': '{number} is the extension of {name}',
  'dial.queue': '{number} is the queue {name}',
  'dial.ivr': '{number} is the menu {name}',
  'dial.trunk': '{number} is an outside number: it goes out over {trunk}',
  'dial.trunk-not-up': '{number} goes out over {trunk}: no trunk is known to be up, this one is the first',
  'dial.trunk-instead':
    '{number} is an outside number: it goes out over {trunk}, because of the trunks before it none is up ({passedOver})',
  'dial.next-trunk': '{trunk} did not take the call ({reason}): {next} is asked instead',
  'dial.unknown-internal': 'Nothing here has the number {number}, and it is no outside number',
  'dial.no-trunk': '{number} is an outside number, but no trunk can take it',
  'dial.bad-number': '{number} cannot be dialled',
  'dial.number': 'The number {number} has a destination of its own',
  'dial.trunk-inbound': 'No destination is set for {number}: the call goes where {trunk} sends its calls',
  'route.gone': 'The place the call was to go to does not exist any more',
  'ivr.loop': 'The menus lead in a circle, the call is ended',
  'hours.open': '{schedule}: open until {until}',
  'hours.open-day': '{schedule}: open until {until} ({day})',
  'hours.always-open': '{schedule}: always open',
  'hours.closed': '{schedule}: closed until {until}',
  'hours.closed-day': '{schedule}: closed until {until} ({day})',
  'hours.never-open': '{schedule}: closed, and no opening is set within a year',
  'hours.kept-closed': '{schedule}: closed by the night button, pressed by {who} at {since}',
  'hours.kept-closed-until':
    '{schedule}: closed by the night button, pressed by {who} at {since}, until {until}',
  'hours.kept-open': '{schedule}: kept open by {who} since {since}',
  'hours.kept-open-until': '{schedule}: kept open by {who} since {since}, until {until}',
  announcement: 'The caller hears {prompt}, then the call ends',
} as const;

export type TraceCode = keyof typeof traceTexts;

/** A note of the catalogue. */
export function traceNote(code: TraceCode, params: TraceNote['params'] = {}): TraceNote {
  return { code, params };
}

/** Whole seconds for a note. */
export function seconds(durationMs: number): number {
  return Math.round(durationMs / 1000);
}
