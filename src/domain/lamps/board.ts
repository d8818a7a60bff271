/**
 * The lamps of a panel over time: which of several facts a lamp shows, what stays until a value has come back, what was
 * acknowledged, and that no lamp flickers. It reads no clock: time comes in with each look.
 */
import type { LampState } from '../../codec/panel-message.ts';
import type { Brightness, LampAssignment } from '../settings/lamps.ts';
import { dimmed } from './brightness.ts';
import { type LampWorld, read } from './facts.ts';
import { acknowledgedAs, isMoreUrgent, type LampWord, lampWords } from './words.ts';

export interface Look {
  /** By lamp number. Of two assignments for one lamp the later counts. */
  lamps: Map<number, LampState>;
  /** Something changes by itself then: look again. Absent: not before the next news. */
  againInMs?: number;
}

interface LampMemory {
  assignment: LampAssignment;
  word: LampWord;
  /** Since when, on the monotonic clock. */
  since: number;
  /** Of each fact, whether it is beyond its threshold. */
  over: boolean[];
}

export class LampBoard {
  #memory = new Map<number, LampMemory>();
  /** Causes of the alarms of the last look. */
  #causes = new Set<string>();
  #acknowledged = new Set<string>();

  /** Takes note of every alarm there is: it stops flashing. @returns how many there were */
  acknowledge(): number {
    const fresh = [...this.#causes].filter((cause) => !this.#acknowledged.has(cause));
    for (const cause of fresh) this.#acknowledged.add(cause);
    return fresh.length;
  }

  /** @param now monotonic, ms */
  look(
    assignments: readonly LampAssignment[],
    world: LampWorld,
    now: number,
    light: { brightness: readonly Brightness[]; timeZone: string },
  ): Look {
    const memory = new Map<number, LampMemory>();
    const causes = new Set<string>();
    let againInMs = Number.POSITIVE_INFINITY;
    const later = (inMs: number): void => {
      againInMs = Math.min(againInMs, Math.max(1, inMs));
    };
    for (const assignment of assignments) {
      const known = this.#memory.get(assignment.lamp);
      const before = known?.assignment === assignment ? known : undefined;
      const over: boolean[] = [];
      let word: LampWord = 'nothing';
      for (const [i, fact] of [assignment.shows, ...assignment.also].entries()) {
        const reading = read(fact, world, before?.over[i] ?? false);
        over.push(reading.over ?? false);
        if (reading.nextAt !== undefined) later(reading.nextAt - world.live.at);
        for (const cause of reading.causes ?? []) causes.add(cause);
        const shown = this.#isAcknowledged(reading.causes)
          ? (acknowledgedAs[reading.word] ?? reading.word)
          : reading.word;
        if (isMoreUrgent(shown, word)) word = shown;
      }
      const heldMs = before && before.word !== word ? before.since + assignment.minMs - now : 0;
      if (before && heldMs > 0) later(heldMs);
      const kept = before && (before.word === word || heldMs > 0);
      memory.set(assignment.lamp, kept ? { ...before, over } : { assignment, word, since: now, over });
    }
    this.#memory = memory;
    this.#causes = causes;
    for (const cause of this.#acknowledged) if (!causes.has(cause)) this.#acknowledged.delete(cause);
    const dim = dimmed(light.brightness, light.timeZone, world.live.at);
    if (dim.changesAt !== undefined) later(dim.changesAt - world.live.at);
    return {
      lamps: new Map([...memory].map(([lamp, { word }]) => [lamp, dim.of(lampWords[word])])),
      ...(Number.isFinite(againInMs) ? { againInMs } : {}),
    };
  }

  #isAcknowledged(causes: readonly string[] | undefined): boolean {
    return (
      causes !== undefined && causes.length > 0 && causes.every((cause) => this.#acknowledged.has(cause))
    );
  }
}
