/** The course of a call as far as the call itself tells it; the box's own account of it has the holds too. */
import type { Call } from '../../../src/domain/call.ts';
import type { Stretch, StretchKind } from '../../../src/domain/call-course.ts';

/** Without gaps, from the first ring to the end, or open at its end while the call lasts. */
export function stretchesOfCall(call: Call): Stretch[] {
  const { endedAt } = call;
  const stretches: Stretch[] = [];
  const points: [kind: StretchKind, from: number | undefined, id?: string | undefined][] = [
    ['ringing', call.startedAt],
    ['ivr', call.ivrMenuId === undefined ? undefined : (call.answeredAt ?? call.startedAt), call.ivrMenuId],
    ['waiting', call.enteredQueueAt, call.queueId],
    ['talking', call.connectedAt, call.agentId],
    ['hold', call.phase === 'held' ? call.phaseSince : undefined, call.agentId],
  ];
  for (const [kind, from, id] of points) {
    if (from === undefined) continue;
    const last = stretches.at(-1);
    if (last) {
      last.to = Math.max(last.from, from);
      if (last.to === last.from) stretches.pop();
    }
    stretches.push({ kind, from, ...(id === undefined ? {} : { id }) });
  }
  const last = stretches.at(-1);
  if (last && endedAt !== undefined) last.to = Math.max(last.from, endedAt);
  return stretches;
}

/** A part of time drawn from edge to edge. */
export interface Axis {
  from: number;
  to: number;
}

/** Percent of the way, held within the drawing. */
export function placeOn(axis: Axis, at: number): number {
  const length = Math.max(1, axis.to - axis.from);
  return Math.min(100, Math.max(0, (100 * (at - axis.from)) / length));
}

/** The whole of a course; `now` ends what still lasts. */
export function axisOf(stretches: readonly Stretch[], now: number): Axis {
  const from = stretches[0]?.from ?? now;
  return { from, to: Math.max(from + 1, ...stretches.map((stretch) => stretch.to ?? now)) };
}
