/** What the buttons of a panel mean, and when one is stuck. */
import type { ButtonEvent } from '../../codec/panel-message.ts';
import type { ButtonAct, PanelButton } from '../settings/lamps.ts';

/** Held for longer, a button is taken to be stuck. */
export const stuckAfterMs = 60_000;

/**
 * Turns events of buttons into acts. A button with a meaning for a long press acts for a short one when it is let go:
 * until then it cannot be known which it will be.
 */
export class ButtonReader {
  readonly #wereLong = new Set<number>();

  acts(buttons: readonly PanelButton[], { button, action }: ButtonEvent): ButtonAct[] {
    const meant = (when: PanelButton['when']): ButtonAct[] =>
      buttons.filter((one) => one.button === button && one.when === when).map(({ does }) => does);
    const hasLong = meant('long').length > 0;
    switch (action) {
      case 'press':
        this.#wereLong.delete(button);
        return hasLong ? [] : meant('press');
      case 'long':
        this.#wereLong.add(button);
        return meant('long');
      case 'release':
        return this.#wereLong.delete(button) || !hasLong ? [] : meant('press');
    }
  }
}

/** Watches which buttons are down. A panel that starts with one down says so here too, though it tells no press. */
export class StuckButtons {
  readonly #since = new Map<number, number>();

  /**
   * @param held bit 0 = button 0
   * @param now monotonic, ms
   * @returns the buttons that are stuck, in order
   */
  look(held: number, now: number): number[] {
    const stuck: number[] = [];
    for (let button = 0; held >> button > 0 || button < 16; button++) {
      if (((held >> button) & 1) === 0) {
        this.#since.delete(button);
        continue;
      }
      const since = this.#since.get(button) ?? now;
      this.#since.set(button, since);
      if (now - since > stuckAfterMs) stuck.push(button);
    }
    return stuck;
  }

  /** The panel cannot be asked any more. */
  forget(): void {
    this.#since.clear();
  }
}
