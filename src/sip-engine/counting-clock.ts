import type { Clock, Timer } from '../base/clock.ts';

/** A clock that knows how many of its timers are armed, so that a test can prove that none leaked. */
export class CountingClock implements Clock {
  readonly #inner: Clock;
  #armed = 0;

  constructor(inner: Clock) {
    this.#inner = inner;
  }

  get armed(): number {
    return this.#armed;
  }

  now(): number {
    return this.#inner.now();
  }

  monotonic(): number {
    return this.#inner.monotonic();
  }

  after(delayMs: number, action: () => void): Timer {
    let live = true;
    this.#armed++;
    const timer = this.#inner.after(delayMs, () => {
      live = false;
      this.#armed--;
      action();
    });
    return {
      cancel: () => {
        if (!live) return;
        live = false;
        this.#armed--;
        timer.cancel();
      },
    };
  }
}
