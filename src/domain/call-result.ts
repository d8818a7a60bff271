/** What a list of calls says of one at a glance: how it came out, and how its worst party sounded. */
import type { Call } from './call.ts';

export const callResults = ['running', 'answered', 'abandoned', 'unanswered', 'failed'] as const;
/**
 * `abandoned`: gave up in a queue; `unanswered`: nobody was reached, and nothing was wrong (busy, no answer, hung up in
 * a menu); `failed`: this box, a trunk or a phone was at fault.
 */
export type CallResult = (typeof callResults)[number];

export function resultOf(
  call: Pick<Call, 'phase' | 'connectedAt' | 'abandoned' | 'termination'>,
): CallResult {
  if (call.phase !== 'ended') return 'running';
  if (call.connectedAt !== undefined) return 'answered';
  if (call.abandoned) return 'abandoned';
  const how = call.termination?.class;
  return how === 'success' || how === 'client' ? 'unanswered' : 'failed';
}

/** Mean opinion scores from here on are good, and from here on fair; below that nearly everybody is dissatisfied. */
export const goodMos = 4;
export const fairMos = 3.1;

/** The word for a mean opinion score (ITU-T G.107). */
export function mosWord(mos: number): 'good' | 'fair' | 'poor' {
  if (mos >= goodMos) return 'good';
  return mos >= fairMos ? 'fair' : 'poor';
}

/** The lowest score of its parties; undefined while none is known. */
export function lowestMos(call: Pick<Call, 'legs'>): number | undefined {
  const scores = call.legs.flatMap((leg) => leg.quality?.mos ?? []);
  return scores.length === 0 ? undefined : Math.min(...scores);
}
