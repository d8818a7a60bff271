/**
 * Telling callers their position: at entry, when it has improved, and at the queue's interval; never a worse one
 * than was told before. Instead of speaking to everybody whenever one caller leaves, each call looks at its own
 * position now and then: an announcement interrupts the music, so it is rarer than the line moves.
 */
import type { Queue } from '../settings.ts';
import type { AcdDraft } from './acd-draft.ts';
import type { QueuedCall } from './acd-state.ts';

/** A better position is told after at most this long, and announcements are at least this far apart. */
export const positionLookMs = 10_000;

export function announceOnEntry(draft: AcdDraft, call: QueuedCall, queue: Queue, position: number): void {
  if (!queue.announcePosition) return;
  announce(draft, call, queue, position);
}

/** Looks at the position when the timer has run. */
export function announceAgain(draft: AcdDraft, call: QueuedCall, queue: Queue, position: number): void {
  if (!queue.announcePosition || position === 0) {
    draft.putCall({ ...call, announceTimer: undefined });
    return;
  }
  const told = call.announced;
  const improved = !told || position < told.position;
  const due = !told || position === told.position ? isDue(draft, told?.at, queue) : false;
  if (improved || due) announce(draft, call, queue, position);
  else armAnnouncement(draft, call, queue);
}

/** Arms the next look, when the queue announces at all. */
export function armAnnouncement(draft: AcdDraft, call: QueuedCall, queue: Queue): QueuedCall {
  if (!queue.announcePosition) return draft.putCall({ ...call, announceTimer: undefined });
  const leftMs = call.announced
    ? queue.announceEveryMs - draft.since(call.announced.at)
    : queue.announceEveryMs;
  const delayMs = leftMs > 0 ? Math.min(positionLookMs, leftMs) : positionLookMs;
  const announceTimer = draft.setTimer({ kind: 'announce', callId: call.callId }, delayMs);
  return draft.putCall({ ...call, announceTimer });
}

function announce(draft: AcdDraft, call: QueuedCall, queue: Queue, position: number): void {
  draft.emit({ type: 'announce-position', callId: call.callId, position });
  armAnnouncement(draft, { ...call, announced: { position, at: draft.at } }, queue);
}

function isDue(draft: AcdDraft, toldAt: number | undefined, queue: Queue): boolean {
  if (toldAt === undefined || draft.at < toldAt) return true; // the wall clock was set back
  return draft.at - toldAt >= queue.announceEveryMs;
}
