/**
 * What is heard where a packet is missing, in the manner of G.711 appendix I: the last pitch period goes on,
 * after 10 ms the last two, after 20 ms the last three, so that it does not buzz; from 10 ms on it fades, and at
 * 60 ms only the background noise is left. Unlike the appendix we delay nothing: the joint is smoothed in what is
 * made up, not in what has been said.
 */
import { saturate16 } from '../../codec/g722-band.ts';
import type { ComfortNoise } from './comfort-noise.ts';

const minPitchMs = 5;
const maxPitchMs = 15;
/** Stretch that is compared to find the pitch. */
const matchMs = 20;
/** Joints are faded over this long; longer after longer losses. */
const jointMs = 4;
const maxJointMs = 10;
const fadeFromMs = 10;
const fadeToMs = 60;
const maxPeriods = 3;

export class Concealment {
  readonly #perMs: number;
  readonly #noise: ComfortNoise;
  /** The latest three pitch periods and a joint, as they were. */
  readonly #past: Int16Array;
  /** What is repeated, its end faded into its beginning. */
  readonly #loop: Float64Array;
  #pitch = 0;
  #periods = 0;
  #at = 0;
  #made = 0;
  #step = 0;
  #active = false;

  constructor(samplesPerMs: number, noise: ComfortNoise) {
    this.#perMs = samplesPerMs;
    this.#noise = noise;
    this.#past = new Int16Array((maxPeriods * maxPitchMs + jointMs) * samplesPerMs);
    this.#loop = new Float64Array(maxPeriods * maxPitchMs * samplesPerMs);
  }

  /** Whether something made up is being heard. */
  get active(): boolean {
    return this.#active;
  }

  /** Begins after `samples[end - 1]`; at least 50 ms must lie before it. */
  begin(samples: Int16Array, end: number): void {
    this.#past.set(samples.subarray(end - this.#past.length, end));
    this.#pitch = findPitch(samples, end, this.#perMs);
    this.#repeat(1);
    this.#at = 0;
    this.#made = 0;
    this.#step = (samples[end - 1] as number) - (samples[end - 1 - this.#pitch] as number);
    this.#active = true;
  }

  /** Makes `count` samples up. */
  fill(into: Int16Array, at: number, count: number): void {
    for (let i = at; i < at + count; i++) into[i] = saturate16(Math.round(this.#next()));
  }

  /** Ends: what was made up fades into the `count` true samples at `at`. */
  end(samples: Int16Array, at: number, count: number): void {
    const lostMs = this.#made / this.#perMs;
    const joint = Math.min(count, Math.round(this.#perMs * Math.min(maxJointMs, jointMs + lostMs / 10)));
    for (let i = 0; i < joint; i++) {
      const share = (i + 1) / (joint + 1);
      const real = samples[at + i] as number;
      samples[at + i] = saturate16(Math.round(real * share + this.#next() * (1 - share)));
    }
    this.#active = false;
  }

  #next(): number {
    const perMs = this.#perMs;
    const made = this.#made++;
    const joint = jointMs * perMs;
    const gain = fadeGain(made / perMs);
    let value = (1 - gain) * this.#noise.next();
    if (gain > 0) {
      value += gain * (this.#loop[this.#at] as number);
      this.#advance(made);
    }
    return made < joint ? value + this.#step * (1 - (made + 1) / (joint + 1)) : value;
  }

  #advance(made: number): void {
    if (++this.#at < this.#periods * this.#pitch) return;
    // A longer loop ends with the shorter one: switched where that begins, nothing jumps.
    const wanted = Math.min(maxPeriods, 1 + Math.floor(made / (10 * this.#perMs)));
    if (wanted > this.#periods) {
      const before = this.#periods;
      this.#repeat(wanted);
      this.#at = (wanted - before) * this.#pitch;
    } else this.#at = 0;
  }

  #repeat(periods: number): void {
    const length = periods * this.#pitch;
    const start = this.#past.length - length;
    const joint = Math.min(jointMs * this.#perMs, this.#pitch >> 2);
    this.#periods = periods;
    for (let i = 0; i < length; i++) this.#loop[i] = this.#past[start + i] as number;
    for (let j = 0; j < joint; j++) {
      const share = (j + 1) / (joint + 1);
      const at = length - joint + j;
      this.#loop[at] =
        (this.#loop[at] as number) * (1 - share) + (this.#past[start - joint + j] as number) * share;
    }
  }
}

function fadeGain(ms: number): number {
  if (ms <= fadeFromMs) return 1;
  return ms >= fadeToMs ? 0 : (fadeToMs - ms) / (fadeToMs - fadeFromMs);
}

/** The lag at which the latest 20 ms are most like what was before, in samples. */
function findPitch(samples: Int16Array, end: number, perMs: number): number {
  // First every second (16 kHz: fourth) sample and lag, then the neighbours in full.
  const coarse = perMs >> 2;
  let best = bestLag(samples, end, perMs, minPitchMs * perMs, maxPitchMs * perMs, coarse);
  const from = Math.max(minPitchMs * perMs, best - coarse);
  best = bestLag(samples, end, perMs, from, Math.min(maxPitchMs * perMs, best + coarse), 1);
  return best;
}

function bestLag(
  samples: Int16Array,
  end: number,
  perMs: number,
  from: number,
  to: number,
  stride: number,
): number {
  const start = end - matchMs * perMs;
  let best = to;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let lag = from; lag <= to; lag += stride) {
    let product = 0;
    let energy = 1;
    for (let i = start; i < end; i += stride) {
      const past = samples[i - lag] as number;
      product += (samples[i] as number) * past;
      energy += past * past;
    }
    const score = product / Math.sqrt(energy);
    if (score > bestScore) {
      bestScore = score;
      best = lag;
    }
  }
  return best;
}
