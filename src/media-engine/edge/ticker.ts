/**
 * The one beat of 20 ms that paces everything we send ourselves. Beats lie on an absolute grid of the monotonic
 * clock, so that lateness of one never moves the next: the interval errs, the rate does not.
 */
import type { Clock, Timer } from '../../base/clock.ts';

/** Length of a beat. */
export const tickMs = 20;
/** Samples of a beat at 8 kHz. */
export const tickSamples = 160;
/** After a stall at most this many beats are made up for at once; the others are left out. */
export const maxCatchUpTicks = 3;
/** A timer that comes this much early still counts: waiting again would cost more than it gains. */
const earlyMs = 0.6;

export class Ticker {
  readonly #clock: Clock;
  readonly #onTick: (tick: number, nowMs: number) => void;
  #timer: Timer | undefined;
  #next = 0;
  #worstLateMs = 0;

  /** @param options.onTick gets the beat's number on the grid (monotonic time / 20 ms) and the present time */
  constructor(options: { clock: Clock; onTick: (tick: number, nowMs: number) => void }) {
    this.#clock = options.clock;
    this.#onTick = options.onTick;
  }

  start(): void {
    if (this.#timer) return;
    this.#next = Math.floor(this.#clock.monotonic() / tickMs) + 1;
    this.#arm();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** How late the latest of the beats since the last call of this was. */
  takeWorstLateMs(): number {
    const worst = this.#worstLateMs;
    this.#worstLateMs = 0;
    return worst;
  }

  #arm(): void {
    const waitMs = Math.max(0, this.#next * tickMs - this.#clock.monotonic());
    this.#timer = this.#clock.after(waitMs, () => this.#run());
  }

  #run(): void {
    const nowMs = this.#clock.monotonic();
    this.#worstLateMs = Math.max(this.#worstLateMs, nowMs - this.#next * tickMs);
    const due = Math.floor((nowMs + earlyMs) / tickMs);
    if (due - this.#next >= maxCatchUpTicks) this.#next = due - maxCatchUpTicks + 1;
    while (this.#next <= due && this.#timer) {
      this.#onTick(this.#next, nowMs);
      this.#next++;
    }
    if (this.#timer) this.#arm();
  }
}
