import type { Clock, Timer } from '../base/clock.ts';
import { heartbeatIntervalMs } from '../base/heartbeat.ts';

export interface PulseOptions {
  clock: Clock;
  /** No beat for `silentMs`: the process hangs. Told once; then nothing is watched until the next `start`. */
  lost(silentMs: number): void;
}

/** A process that is up may be silent this long. */
export const pulseLimitMs = 5_000;
/** A process that is starting reads, migrates and repairs; its event loop may stand still for this long. */
export const startingPulseLimitMs = 60_000;

/**
 * Notices that a process hangs without dying. What counts is looks, not time: one look a second, and only looks at
 * which this process itself was on time. So neither a suspended machine nor a clock set anew nor a stopped supervisor
 * looks like a child that hangs.
 */
export class Pulse {
  readonly #options: PulseOptions;
  #timer: Timer | undefined;
  #limitMs = startingPulseLimitMs;
  #silentMs = 0;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  /** The process has been started. */
  start(): void {
    this.#limitMs = startingPulseLimitMs;
    this.#silentMs = 0;
    this.#look();
  }

  /** It is ready, and has no reason to be silent any more. */
  ready(): void {
    this.#limitMs = pulseLimitMs;
    this.#silentMs = 0;
  }

  beat(): void {
    this.#silentMs = 0;
  }

  /** Idempotent. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #look(): void {
    const { clock, lost } = this.#options;
    this.stop();
    const dueMs = clock.monotonic() + heartbeatIntervalMs;
    this.#timer = clock.after(heartbeatIntervalMs, () => {
      // Late ourselves: whatever kept us kept the child, and its beats still wait to be read.
      const isOnTime = clock.monotonic() - dueMs < heartbeatIntervalMs;
      this.#silentMs = isOnTime ? this.#silentMs + heartbeatIntervalMs : 0;
      // More than the limit, as the last beat came somewhere between two looks.
      if (this.#silentMs > this.#limitMs) {
        this.stop();
        lost(this.#silentMs);
      } else this.#look();
    });
  }
}
