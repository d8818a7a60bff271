/** The mixed load: everything that an office sees in a day, all the time, at a rate that leaves room. */
import type { Random } from '../fuzzers/random.ts';
import { pause } from '../peers/pause.ts';
import type { Carrier } from './carrier.ts';
import type { Outcomes } from './outcomes.ts';
import type { Phone } from './phones.ts';
import type { Strangers } from './strangers.ts';
import type { Watcher } from './watcher.ts';

export interface LoadParts {
  carrier: Carrier;
  agents: Phone[];
  phones: Phone[];
  strangers: Strangers;
  watcher: Watcher;
  outcomes: Outcomes;
  random: Random;
}

const registerExpiresS = 120;

export class Load {
  readonly #parts: LoadParts;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();

  constructor(parts: LoadParts) {
    this.#parts = parts;
  }

  /** @param factor how many times the ordinary rate of calls */
  start(factor: number): void {
    const { carrier, phones, agents, strangers, watcher, random } = this.#parts;
    const all = [...agents, ...phones];
    this.#every(850 / factor, () => carrier.caller());
    this.#every(5000 / factor, () => this.#internalCall());
    this.#every(20_000 / all.length, () => random.pick(all).register(registerExpiresS));
    this.#every(7000, () => this.#comeAndGo(random.pick(phones)));
    this.#every(3000, () =>
      random
        .pick(phones)
        .subscribe(random.pick(['dialog', 'message-summary', 'presence']), random.pick(all).number),
    );
    this.#every(5000, () => strangers.scanner());
    this.#every(20_000, () => strangers.prober());
    this.#every(12_000, () => strangers.guesser());
    this.#every(2000, () => strangers.malformed());
    this.#every(1000, () => strangers.noise(carrier.mediaPorts));
    this.#every(2000, () => strangers.broken());
    this.#every(10_000, () => watcher.look());
    this.#every(60_000, () => watcher.follow());
  }

  /** Begins nothing new, and waits until all calls under way are over. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#parts.carrier.stop();
    await Promise.all(this.#running);
  }

  async #internalCall(): Promise<void> {
    const { phones, random } = this.#parts;
    const caller = random.pick(phones);
    const called = random.pick(phones);
    if (caller !== called && caller.isIdle && called.isIdle)
      await caller.call(called.number, 4000 + random.below(8000));
  }

  /** A phone that is unplugged and plugged in again. */
  async #comeAndGo(phone: Phone): Promise<void> {
    if (!phone.isIdle) return;
    await phone.register(0);
    await pause(1000);
    await phone.register(registerExpiresS);
  }

  /** Again and again at random moments, `meanMs` apart on average. */
  #every(meanMs: number, act: () => Promise<void>): void {
    const { random, outcomes } = this.#parts;
    const again = (): void => {
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer);
          again();
          const running = act().catch((error: unknown) =>
            outcomes.fail('load', error instanceof Error ? (error.stack ?? error.message) : String(error)),
          );
          this.#running.add(running);
          void running.finally(() => this.#running.delete(running));
        },
        // Exponential: arrivals that know nothing of each other.
        -meanMs * Math.log(1 - random.below(1_000_000) / 1_000_001),
      );
      this.#timers.add(timer);
    };
    again();
  }
}
