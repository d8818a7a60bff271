/**
 * Tries of passwords and codes under their limits. A name may be tried again soon, so that nobody can lock a
 * colleague out; a source waits for longer. Where somebody signed in before, they are counted for themselves: neither
 * a stranger who guesses at their name from elsewhere, nor a colleague behind the same router, keeps them out.
 */
import { CordboardError } from '../base/errors.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** Each argon2id run takes a core and 19 MB: no more of them at once. */
const maxHashing = 8;

export type Limits = readonly (readonly [RateLimiter, string])[];

export class Attempts {
  #hashing = 0;

  /**
   * Runs an attempt under the limits of these keys; it answers undefined when it failed.
   * @throws CordboardError auth.rate-limited
   */
  async run<T>(limits: Limits, attempt: () => Promise<T | undefined>): Promise<T | undefined> {
    const busyMs = this.#hashing >= maxHashing ? 1_000 : 0;
    const waitMs = Math.max(busyMs, ...limits.map(([limiter, key]) => limiter.waitMs(key)));
    if (waitMs > 0) throw tooMany(waitMs);
    const settle = limits.map(([limiter, key]) => limiter.begin(key));
    this.#hashing += 1;
    let outcome: 'success' | 'failure' = 'failure';
    try {
      const result = await attempt();
      if (result !== undefined) outcome = 'success';
      return result;
    } finally {
      this.#hashing -= 1;
      for (const done of settle) done(outcome);
    }
  }
}

export function tooMany(waitMs: number): CordboardError {
  const retryAfterS = Math.ceil(waitMs / 1000);
  return new CordboardError('auth.rate-limited', `Too many attempts. Try again in ${retryAfterS} s.`, {
    details: { retryAfterS },
  });
}
