/**
 * How long packets should wait before they are played. A packet's delay is its transit (arrival less timestamp)
 * over the least one of the latest 12 s, which follows the peer's clock wherever it drifts; the target covers 97 %
 * of the delays of the latest ten seconds or so, and one beat, because a packet must be there when the beat begins
 * in which its first sample falls. It rises at once and falls slowly.
 */

const bucketMs = 1500;
const buckets = 8;
const binMs = 5;
const bins = 64;
const beatMs = 20;
const percentile = 0.97;
/** Weight of a packet against the next one's: half of it is forgotten in 350 packets. */
const growth = 1 / 0.998;
/** Sum of weights at which all are scaled down. */
const rescaleAt = 1e9;
/** What a late packet asked for holds this long, */
const peakHoldMs = 4000;
/** and then falls so fast; the delay itself follows as fast as what is heard allows. */
const fallMsPerMs = 0.02;

export interface DelayLimits {
  minMs: number;
  maxMs: number;
  /** Until something has been measured. */
  initialMs: number;
}

export class DelayEstimator {
  readonly #limits: DelayLimits;
  readonly #least = new Float64Array(buckets).fill(Number.POSITIVE_INFINITY);
  #bucket = 0;
  #bucketEndMs = 0;
  readonly #histogram = new Float64Array(bins);
  #weight = 1;
  #total = 0;
  #peakMs = 0;
  #peakUntilMs = 0;
  /** The least transit, milliseconds; what a packet without delay would have. */
  baseMs = Number.POSITIVE_INFINITY;
  targetMs: number;

  constructor(limits: DelayLimits) {
    this.#limits = limits;
    this.targetMs = limits.initialMs;
  }

  /** A new timeline: transits cannot be compared with those before, jitter can. */
  rebase(transitMs: number, arrivalMs: number): void {
    this.#least.fill(Number.POSITIVE_INFINITY);
    this.#least[this.#bucket] = transitMs;
    this.#bucketEndMs = arrivalMs + bucketMs;
    this.baseMs = transitMs;
  }

  /** Takes a packet's transit. @returns its delay, milliseconds */
  observe(transitMs: number, arrivalMs: number): number {
    if (arrivalMs >= this.#bucketEndMs) this.#rotate(arrivalMs);
    if (transitMs < (this.#least[this.#bucket] as number)) this.#least[this.#bucket] = transitMs;
    if (transitMs < this.baseMs) this.baseMs = transitMs;
    const delayMs = transitMs - this.baseMs;
    // Longer than anybody would wait is an outage or another timeline, and says nothing of jitter.
    if (delayMs > this.#limits.maxMs) return delayMs;
    const bin = Math.min(bins - 1, Math.floor(delayMs / binMs));
    this.#histogram[bin] = (this.#histogram[bin] as number) + this.#weight;
    this.#total += this.#weight;
    this.#weight *= growth;
    if (this.#total > rescaleAt) this.#rescale();
    const wanted = this.#clamp(this.#percentileMs());
    if (wanted > this.targetMs) this.targetMs = wanted;
    return delayMs;
  }

  /** A packet came after its place had been played. */
  late(delayMs: number, nowMs: number): void {
    if (delayMs > this.#limits.maxMs) return;
    const wanted = this.#clamp(delayMs + beatMs);
    this.#peakMs = Math.max(this.#peakMs, wanted);
    this.#peakUntilMs = nowMs + peakHoldMs;
    if (wanted > this.targetMs) this.targetMs = wanted;
  }

  /** Time passes: the target falls towards what is needed. */
  relax(elapsedMs: number, nowMs: number): void {
    if (nowMs > this.#peakUntilMs) this.#peakMs = 0;
    const wanted = Math.max(this.#peakMs, this.#clamp(this.#percentileMs()));
    if (wanted < this.targetMs) this.targetMs = Math.max(wanted, this.targetMs - elapsedMs * fallMsPerMs);
  }

  #percentileMs(): number {
    let above = this.#total * (1 - percentile);
    for (let bin = bins - 1; bin >= 0; bin--) {
      above -= this.#histogram[bin] as number;
      if (above < 0) return (bin + 1) * binMs + beatMs;
    }
    return beatMs;
  }

  #clamp(ms: number): number {
    return Math.max(this.#limits.minMs, Math.min(this.#limits.maxMs, ms));
  }

  #rotate(arrivalMs: number): void {
    this.#bucket = (this.#bucket + 1) % buckets;
    this.#least[this.#bucket] = Number.POSITIVE_INFINITY;
    this.#bucketEndMs = arrivalMs + bucketMs;
    let least = Number.POSITIVE_INFINITY;
    for (const value of this.#least) if (value < least) least = value;
    this.baseMs = least;
  }

  #rescale(): void {
    const scale = 1 / this.#weight;
    for (let bin = 0; bin < bins; bin++) this.#histogram[bin] = (this.#histogram[bin] as number) * scale;
    this.#total *= scale;
    this.#weight = 1;
  }
}
