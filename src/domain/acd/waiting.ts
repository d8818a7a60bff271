/** A caller's place in the line: entering, leaving, coming back to it, and the longest wait. */
import { seconds, traceNote } from '../trace-notes.ts';
import type { AcdDraft } from './acd-draft.ts';
import type { QueuedCall, QueueRecord } from './acd-state.ts';
import { announceOnEntry, armAnnouncement } from './position.ts';

/** 1 = next; 0 when the call is not in the line. */
export function positionOf(queue: QueueRecord | undefined, callId: string): number {
  return queue ? queue.waiting.indexOf(callId) + 1 : 0;
}

export function enterLine(draft: AcdDraft, callId: string, record: QueueRecord): void {
  const { queue } = record;
  const waiting = [...record.waiting, callId];
  draft.putQueue({ queue, waiting });
  draft.log({ callId, name: 'ENTERQUEUE', queueId: queue.id, position: waiting.length });
  const call = draft.putCall({
    callId,
    queueId: queue.id,
    enteredAt: draft.at,
    order: draft.nextSequence(),
    offerIds: [],
    offersMade: 0,
    waitTimer:
      queue.maxWaitMs > 0 ? draft.setTimer({ kind: 'longest-wait', callId }, queue.maxWaitMs) : undefined,
    announceTimer: undefined,
    announced: undefined,
    talk: undefined,
  });
  announceOnEntry(draft, call, queue, waiting.length);
}

/** Takes the call out of the line and stops its timers; the call itself stays known. */
export function leaveLine(draft: AcdDraft, call: QueuedCall): QueuedCall {
  draft.clearTimer(call.waitTimer);
  draft.clearTimer(call.announceTimer);
  const record = draft.queues.get(call.queueId);
  const at = record ? record.waiting.indexOf(call.callId) : -1;
  if (record && at >= 0) draft.putQueue({ queue: record.queue, waiting: record.waiting.toSpliced(at, 1) });
  return draft.putCall({ ...call, waitTimer: undefined, announceTimer: undefined });
}

/**
 * Back to the place held before, by order of entry. A caller whose longest wait is over meanwhile still gets one
 * more ring time: somebody had answered already.
 */
export function returnToLine(draft: AcdDraft, call: QueuedCall, record: QueueRecord): void {
  const { queue, waiting } = record;
  const isBehind = (id: string): boolean => (draft.calls.get(id)?.order ?? 0) > call.order;
  const at = waiting.findIndex(isBehind);
  const place = at < 0 ? waiting.length : at;
  draft.putQueue({ queue, waiting: [...waiting.slice(0, place), call.callId, ...waiting.slice(place)] });
  const back = draft.putCall({
    ...call,
    talk: undefined,
    waitTimer: armLongestWait(draft, call, record, true),
  });
  armAnnouncement(draft, back, queue);
}

/** Arms what is left of the longest wait; undefined when there is no limit. */
export function armLongestWait(
  draft: AcdDraft,
  call: QueuedCall,
  { queue }: QueueRecord,
  oneMoreRing: boolean,
): string | undefined {
  if (queue.maxWaitMs === 0) return undefined;
  const leftMs = queue.maxWaitMs - draft.since(call.enteredAt);
  const delayMs = oneMoreRing ? Math.max(leftMs, queue.ringTimeoutMs) : leftMs;
  return draft.setTimer({ kind: 'longest-wait', callId: call.callId }, delayMs);
}

/** The caller goes on to the overflow. Offers must be closed already. */
export function overflowCall(
  draft: AcdDraft,
  call: QueuedCall,
  { queue }: QueueRecord,
  why: 'queue.longest-wait' | 'queue.removed',
): void {
  const { callId } = call;
  leaveLine(draft, call);
  draft.removeCall(callId);
  const waitMs = draft.since(call.enteredAt);
  draft.trace(callId, traceNote(why, { queue: queue.name, waitS: seconds(waitMs) }));
  draft.log({ callId, name: 'EXITWITHTIMEOUT', queueId: queue.id, waitMs });
  // A removed queue cannot take over from itself.
  const intoNothing =
    why === 'queue.removed' && queue.overflow.kind === 'queue' && queue.overflow.queueId === queue.id;
  draft.emit({
    type: 'overflow',
    callId,
    queueId: queue.id,
    destination: intoNothing ? { kind: 'hang-up' } : queue.overflow,
    waitMs,
  });
}
