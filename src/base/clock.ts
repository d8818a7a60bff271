/**
 * Time as the program sees it. Rules never read a clock of their own: they are given one, so that a day of a
 * call center runs in milliseconds in a test.
 */
export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. May jump; for what people read. */
  now(): number;
  /** Monotonic clock, milliseconds with a fraction. Never jumps; for what is measured. */
  monotonic(): number;
  /** Runs `action` once after `delayMs` (>= 0) of monotonic time. */
  after(delayMs: number, action: () => void): Timer;
}

export interface Timer {
  /** Stops the timer; harmless when it has run already. */
  cancel(): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, action) {
    const handle = setTimeout(action, Math.min(delayMs, 0x7fffffff));
    return { cancel: () => clearTimeout(handle) };
  },
};

/** A clock that moves only when told to; for tests and simulations. */
export class VirtualClock implements Clock {
  #nowMs: number;
  readonly #startMs: number;
  #sequence = 0;
  readonly #pending = new Map<number, { dueMs: number; sequence: number; action: () => void }>();

  constructor(startMs = Date.UTC(2026, 0, 5, 8, 0, 0)) {
    this.#nowMs = startMs;
    this.#startMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs - this.#startMs;
  }

  after(delayMs: number, action: () => void): Timer {
    const sequence = ++this.#sequence;
    this.#pending.set(sequence, { dueMs: this.#nowMs + Math.max(0, delayMs), sequence, action });
    return { cancel: () => void this.#pending.delete(sequence) };
  }

  /** How many timers are armed; a finished scenario leaves none. */
  get armed(): number {
    return this.#pending.size;
  }

  /** Moves time on by `durationMs`, running what falls due in order of its due time. */
  advance(durationMs: number): void {
    const endMs = this.#nowMs + durationMs;
    for (;;) {
      let next: { dueMs: number; sequence: number; action: () => void } | undefined;
      for (const timer of this.#pending.values()) {
        if (timer.dueMs > endMs) continue;
        if (
          !next ||
          timer.dueMs < next.dueMs ||
          (timer.dueMs === next.dueMs && timer.sequence < next.sequence)
        ) {
          next = timer;
        }
      }
      if (!next) break;
      this.#pending.delete(next.sequence);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.action();
    }
    this.#nowMs = endMs;
  }
}
