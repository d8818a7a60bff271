/** What the supply of leads means for when to look again. */
import type { LeadSupply } from './lead-store.ts';

/** When time alone gives a lead. */
export function nextDue({ outsideHours, retry, callback }: LeadSupply): number | null {
  const moments = [outsideHours.nextAt, retry.nextAt, callback.nextAt].filter((at) => at !== null);
  return moments.length === 0 ? null : Math.min(...moments);
}

/** Nothing is left that time or people could make callable, but numbers taken off the do-not-call list. */
export function isDone({ counts, exhausted }: LeadSupply): boolean {
  const { new: fresh, retry, callback, dialling, unknown } = counts.byState;
  return counts.total > 0 && fresh + retry + callback + dialling + unknown <= exhausted + counts.doNotCall;
}
