/**
 * Cutting and repeating where it is quiet: a delay shrinks or grows by a piece that nobody misses.
 */

/** Below this (RMS of linear 16 bit) it is quiet anywhere. */
const quietLevel = 30;
/** Above the background by no more than this factor it is quiet as well. */
const overBackground = 2.5;
/** A joint is faded over this share of a beat (5 ms). */
const jointShare = 1 / 4;

/** Whether the beat at `at` is about as quiet as `background` (RMS). */
export function isQuiet(samples: Int16Array, at: number, count: number, background: number): boolean {
  const limit = Math.max(quietLevel, overBackground * background) ** 2 * count;
  let energy = 0;
  for (let i = at; i < at + count; i++) {
    energy += (samples[i] as number) ** 2;
    if (energy > limit) return false;
  }
  return true;
}

/** Copies a beat, leaving out `cut` samples (which must be there) by a fade. @returns samples used up */
export function copySkipping(
  from: Int16Array,
  at: number,
  into: Int16Array,
  offset: number,
  count: number,
  cut: number,
): number {
  const joint = cut > 0 ? count * jointShare : 0;
  for (let i = 0; i < joint; i++) {
    const share = (i + 1) / (joint + 1);
    into[offset + i] = (from[at + i] as number) * (1 - share) + (from[at + cut + i] as number) * share;
  }
  for (let i = joint; i < count; i++) into[offset + i] = from[at + cut + i] as number;
  return count + cut;
}

/** Copies a beat, its first `repeated` samples (at most half of it) twice. @returns samples used up */
export function copyRepeating(
  from: Int16Array,
  at: number,
  into: Int16Array,
  offset: number,
  count: number,
  repeated: number,
): number {
  const joint = count * jointShare;
  for (let i = 0; i < count; i++) {
    const share = Math.max(0, Math.min(1, (i - repeated + 1) / (joint + 1)));
    const late = share > 0 ? (from[at + i - repeated] as number) : 0;
    into[offset + i] = (from[at + i] as number) * (1 - share) + late * share;
  }
  return count - repeated;
}
