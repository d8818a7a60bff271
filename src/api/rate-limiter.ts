/**
 * Slows guessing down: after `free` failures of a key each further try must wait twice as long as the one before,
 * up to `maxWaitMs`. A key without failures for `forgetMs` is forgotten.
 */
import type { Clock } from '../base/clock.ts';

export interface RateLimit {
  /** Failures without any wait. */
  free: number;
  firstWaitMs: number;
  maxWaitMs: number;
  forgetMs: number;
}

interface Failures {
  count: number;
  lastMs: number;
  /** Tries begun and not yet judged; each counts as a failure until it is. */
  pending: number;
}

/** Keys remembered at most; the one untouched for longest goes first. */
const maxKeys = 10_000;

export class RateLimiter {
  readonly #limit: RateLimit;
  readonly #clock: Clock;
  /** In order of last use. */
  readonly #keys = new Map<string, Failures>();

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Milliseconds this key must wait before it may try again; 0: now. */
  waitMs(key: string): number {
    const failures = this.#keys.get(key);
    if (!failures) return 0;
    const idleMs = this.#clock.monotonic() - failures.lastMs;
    if (failures.pending === 0 && idleMs >= this.#limit.forgetMs) {
      this.#keys.delete(key);
      return 0;
    }
    const over = failures.count + failures.pending - this.#limit.free;
    if (over < 0) return 0;
    const waitMs = Math.min(this.#limit.firstWaitMs * 2 ** Math.min(over, 30), this.#limit.maxWaitMs);
    return Math.max(0, Math.ceil(waitMs - idleMs));
  }

  /** Counts a try that begins; `settle` tells how it ended. */
  begin(key: string): (outcome: 'success' | 'failure') => void {
    const kept = this.#keys.get(key);
    const over = kept?.pending === 0 && this.#clock.monotonic() - kept.lastMs >= this.#limit.forgetMs;
    const failures = kept && !over ? kept : { count: 0, lastMs: 0, pending: 0 };
    this.#keys.delete(key);
    this.#keys.set(key, failures);
    if (this.#keys.size > maxKeys) {
      for (const oldest of this.#keys.keys()) {
        this.#keys.delete(oldest);
        break;
      }
    }
    failures.pending += 1;
    failures.lastMs = this.#clock.monotonic();
    let settled = false;
    return (outcome) => {
      if (settled) return;
      settled = true;
      failures.pending -= 1;
      if (outcome === 'failure') {
        failures.count += 1;
        failures.lastMs = this.#clock.monotonic();
      }
    };
  }

  /** The key has proven itself: its failures are forgotten. */
  forget(key: string): void {
    this.#keys.delete(key);
  }
}

/** The key of a network source: an IPv4 address, or the /64 of an IPv6 address, which one person has at will. */
export function sourceKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!address.includes(':')) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array<string>(zeros).fill('0'), ...back];
  return `${groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
