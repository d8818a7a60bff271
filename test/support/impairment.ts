/**
 * What a bad network does to packets, decided by a seed: the n-th packet of a direction always meets the same fate,
 * whatever the others are set to.
 */
import { Random } from '../../scripts/fuzzers/random.ts';

export interface ImpairmentOptions {
  /** Shares of packets, 0..1. */
  lost?: number;
  duplicated?: number;
  /** Overtakes those that wait. */
  reordered?: number;
  delayMs?: number;
  /** Added to the delay, evenly spread from 0 to this; packets stay in order but for those that overtake. */
  jitterMs?: number;
}

export class Impairment {
  readonly #random: Random;
  #options: ImpairmentOptions = {};
  #isOut = false;
  #lastAtMs = 0;
  dropped = 0;
  passed = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  /** From now on so. */
  set(options: ImpairmentOptions): void {
    this.#options = options;
  }

  /** Nothing passes until it is over. */
  set isOut(isOut: boolean) {
    this.#isOut = isOut;
  }

  /** When to deliver a packet that comes at `nowMs`: once, twice or never. */
  fate(nowMs: number): number[] {
    const { lost = 0, duplicated = 0, reordered = 0, delayMs = 0, jitterMs = 0 } = this.#options;
    const [isLost, isTwice, overtakes, jitter] = [lost, duplicated, reordered, 1].map(
      () => this.#random.next() / 0x1_0000_0000,
    ) as [number, number, number, number];
    if (this.#isOut || isLost < lost) {
      this.dropped++;
      return [];
    }
    this.passed++;
    const freeAtMs = nowMs + delayMs + (overtakes < reordered ? 0 : jitter * jitterMs);
    const atMs = overtakes < reordered ? freeAtMs : Math.max(freeAtMs, this.#lastAtMs);
    if (overtakes >= reordered) this.#lastAtMs = atMs;
    return isTwice < duplicated ? [atMs, atMs + 1] : [atMs];
  }
}
