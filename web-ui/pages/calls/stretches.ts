/** What a call went through, and how long each part took. */
import type { Call } from '../../../src/domain/call.ts';

export interface Stretch {
  kind: 'ringing' | 'ivr' | 'waiting' | 'talking';
  durationMs: number;
}

/** Cuts a call into its stretches by the times it carries; `now` ends what still runs. */
export function stretchesOf(call: Call, now: number): Stretch[] {
  const end = call.endedAt ?? Math.max(now, call.startedAt);
  const stretches: Stretch[] = [];
  const add = (kind: Stretch['kind'], from: number, to: number): void => {
    if (to > from) stretches.push({ kind, durationMs: to - from });
  };
  const answered = Math.min(call.answeredAt ?? end, end);
  const queued = call.enteredQueueAt;
  const talkFrom = call.connectedAt;
  const talkTo = talkFrom === undefined ? end : call.talkMs > 0 ? Math.min(end, talkFrom + call.talkMs) : end;
  const beforeTalk = talkFrom ?? end;
  const beforeQueue = Math.min(queued ?? beforeTalk, beforeTalk);
  const ringEnd = Math.min(answered, beforeQueue);
  add('ringing', call.startedAt, ringEnd);
  add(call.ivrMenuId ? 'ivr' : 'ringing', ringEnd, beforeQueue);
  if (queued !== undefined) add('waiting', queued, beforeTalk);
  if (talkFrom !== undefined) add('talking', talkFrom, talkTo);
  return stretches;
}
