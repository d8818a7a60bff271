/** What a recording looks like, and where nobody speaks, from the loudest sample of each step. */

export interface SilenceRule {
  /** Time that one peak stands for. */
  stepMs: number;
  /** A pause shorter than this belongs to speaking. */
  shortestMs: number;
  /** What stays of a pause before and after the words. */
  marginMs: number;
  /** Peaks below this (of 32768) are no voice. */
  threshold: number;
}

export const usualSilence: Omit<SilenceRule, 'stepMs'> = {
  shortestMs: 1500,
  marginMs: 300,
  // -38 dB of full scale: above the noise of a line, below a quiet voice.
  threshold: 410,
};

/**
 * Where neither channel holds a voice, [from, to] in milliseconds.
 * @param left, right peaks of each step, linear 16 bit
 */
export function silencesOf(
  left: ArrayLike<number>,
  right: ArrayLike<number>,
  rule: SilenceRule,
): [number, number][] {
  const silences: [number, number][] = [];
  const steps = Math.max(left.length, right.length);
  let from: number | undefined;
  for (let step = 0; step <= steps; step++) {
    const quiet = step < steps && Math.max(left[step] ?? 0, right[step] ?? 0) < rule.threshold;
    if (quiet) {
      from ??= step;
      continue;
    }
    if (from !== undefined) {
      const begin = from === 0 ? 0 : from * rule.stepMs + rule.marginMs;
      const end = step === steps ? step * rule.stepMs : step * rule.stepMs - rule.marginMs;
      if ((step - from) * rule.stepMs >= rule.shortestMs) silences.push([begin, end]);
    }
    from = undefined;
  }
  return silences;
}

/** Peaks of steps `factor` times as long: each the loudest of those it stands for. */
export function coarser(peaks: Uint16Array, factor: number): Uint16Array {
  const result = new Uint16Array(Math.ceil(peaks.length / factor));
  for (let at = 0; at < peaks.length; at++) {
    const to = Math.floor(at / factor);
    result[to] = Math.max(result[to] ?? 0, peaks[at] ?? 0);
  }
  return result;
}

/** One byte a peak on a square-root scale, so that quiet words are seen too. */
export function drawnPeaks(peaks: Uint16Array): Uint8Array {
  return Uint8Array.from(peaks, (peak) => Math.min(255, Math.round(255 * Math.sqrt(peak / 32_768))));
}
