/**
 * Keeps a sum of voices within 16 bit: turns down at once when a beat would be too loud, and up again by and by.
 * What is too loud before it has been turned down is bent, not cut.
 */

/** Up to here (-1.4 dB of full scale) nothing is changed. */
export const limitPeak = 28_000;
const headroom = 32_767 - limitPeak;
/** Turned down over this share of a beat (5 ms). */
const attackShare = 1 / 4;
/** Turned up by 0.25 dB a beat: 12 dB a second. */
const release = 10 ** (0.25 / 20);

export class Limiter {
  #gain = 1;

  /** Writes the beat of `sum` to `into`. */
  process(sum: Float64Array, into: Int16Array): void {
    const count = sum.length;
    let peak = 0;
    for (let i = 0; i < count; i++) peak = Math.max(peak, Math.abs(sum[i] as number));
    const from = this.#gain;
    const to = Math.min(1, from * release, peak > limitPeak ? limitPeak / peak : 1);
    const ramp = to < from ? count * attackShare : count;
    for (let i = 0; i < count; i++) {
      const gain = i < ramp ? from + ((to - from) * (i + 1)) / ramp : to;
      into[i] = bend((sum[i] as number) * gain);
    }
    this.#gain = to;
  }
}

function bend(value: number): number {
  if (value > limitPeak) return Math.round(limitPeak + headroom * Math.tanh((value - limitPeak) / headroom));
  if (value < -limitPeak)
    return -Math.round(limitPeak + headroom * Math.tanh((-value - limitPeak) / headroom));
  return Math.round(value);
}
