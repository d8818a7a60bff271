/**
 * The monotonic clock that all threads of the process share. `performance.now()` is quick but counts from each
 * thread's own beginning; `hrtime` counts from the machine's.
 */
import type { Clock, Timer } from '../../base/clock.ts';

const offsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Wall clock and the machine's monotonic clock, comparable between threads. */
export const processClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now() + offsetMs,
  after(delayMs, action): Timer {
    const handle = setTimeout(action, Math.min(delayMs, 0x7fffffff));
    return { cancel: () => clearTimeout(handle) };
  },
};
