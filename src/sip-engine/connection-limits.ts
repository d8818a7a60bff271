/**
 * How many connections may be open: to all of us, and to one source. Strangers get only half of all places, so that
 * however many they take, phones that are known still get in.
 */
import { sourceKey } from './guard.ts';

/** An office has a phone or two for each of its people; a big one may stand behind one address. */
export const connectionLimits = {
  total: 2048,
  strangers: 1024,
  /** Of one source. */
  known: 1024,
  stranger: 128,
} as const;

export class ConnectionLimits {
  readonly #isKnown: (address: string) => boolean;
  readonly #bySource = new Map<string, number>();
  #count = 0;
  #strangers = 0;

  constructor(options: { isKnown: (address: string) => boolean }) {
    this.#isKnown = options.isKnown;
  }

  /** Takes a place for a connection from `address`. @returns how to give it back, null when there is none */
  take(address: string): (() => void) | null {
    const key = sourceKey(address);
    const own = this.#bySource.get(key) ?? 0;
    const isKnown = this.#isKnown(address);
    const { total, strangers, known, stranger } = connectionLimits;
    if (this.#count >= total || own >= (isKnown ? known : stranger)) return null;
    if (!isKnown && this.#strangers >= strangers) return null;
    this.#count++;
    if (!isKnown) this.#strangers++;
    this.#bySource.set(key, own + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#count--;
      if (!isKnown) this.#strangers--;
      const left = (this.#bySource.get(key) ?? 1) - 1;
      if (left > 0) this.#bySource.set(key, left);
      else this.#bySource.delete(key);
    };
  }
}
