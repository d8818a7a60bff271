/**
 * One language of lamps for panel, keys and pages: colour and pattern, never colour alone. Red is for faults and
 * emergencies only; what is not known is shown as not known.
 */
import type { LampState } from '../../codec/panel-message.ts';

const fullBrightness = 255;
/** Dim, as the panel itself shows what it does not know (`hardware/panel-protocol.md` section 4). */
const staleBrightness = 64;

const lit = (colour: LampState['colour'], pattern: LampState['pattern']): LampState => ({
  colour,
  pattern,
  brightness: fullBrightness,
});

/** The words of the language. */
export const lampWords = {
  nothing: { colour: 'off', pattern: 'steady', brightness: 0 },
  inOrder: lit('green', 'steady'),
  offered: lit('amber', 'fast'),
  talking: lit('blue', 'steady'),
  holding: lit('blue', 'double'),
  wrapUp: lit('blue', 'slow'),
  paused: lit('amber', 'steady'),
  waiting: lit('amber', 'steady'),
  waitingTooMany: lit('amber', 'slow'),
  fault: lit('red', 'steady'),
  /** Emergency call, fraud alarm. */
  alarm: lit('red', 'double'),
  stale: { colour: 'white', pattern: 'breathing', brightness: staleBrightness },
} as const satisfies Record<string, LampState>;
export type LampWord = keyof typeof lampWords;

/** The most urgent first; of several facts on one lamp that one is shown. */
const byUrgency: readonly LampWord[] = [
  'alarm',
  'fault',
  'waitingTooMany',
  'offered',
  'waiting',
  'paused',
  'stale',
  'holding',
  'talking',
  'wrapUp',
  'inOrder',
  'nothing',
];

export function isMoreUrgent(one: LampWord, other: LampWord): boolean {
  return byUrgency.indexOf(one) < byUrgency.indexOf(other);
}

/** What an alarm looks like that somebody has taken note of. */
export const acknowledgedAs: Partial<Record<LampWord, LampWord>> = {
  alarm: 'fault',
  waitingTooMany: 'waiting',
};
