/** What a person before the simulated panel sees: the colour of a lamp, and how it blinks. */
import type { LampColour, LampPattern } from '../../src/codec/panel-message.ts';
import type { FirmwareLine } from './panel-firmware.ts';
import { lightOf } from './simulated-panel.ts';

/** A lamp that has not changed for so long is steady: no pattern rests longer. */
const steadyMs = 750;
/** Undefined while that cannot be told yet. */
export function seenLamp(
  lines: readonly FirmwareLine[],
  lamp: number,
): { colour: LampColour; pattern: LampPattern } | undefined {
  const changes = changesOf(lines, lamp);
  const last = changes.at(-1);
  if (!last) return undefined;
  if (performance.now() - last.readAt > steadyMs) {
    const colour = colourOf(last.light);
    return colour && { colour, pattern: 'steady' };
  }
  const pattern = patternOf(changes);
  // A window in which the lamp went on or off may have a part of its colour only.
  const sum = ({ light }: Change): number => light.reduce((all, power) => all + power, 0);
  const brightest = changes.slice(-8).reduce((most, change) => (sum(change) > sum(most) ? change : most));
  const colour = colourOf(brightest.light);
  return pattern && colour && { colour, pattern };
}

interface Change {
  light: readonly number[];
  t: number;
  readAt: number;
}

/** The newest changes of a lamp's light, oldest first. */
function changesOf(lines: readonly FirmwareLine[], lamp: number): Change[] {
  const changes: Change[] = [];
  for (let i = lines.length - 1; i >= 0 && changes.length < 40; i--) {
    const { lamps, t = 0, readAt } = lines[i] ?? { readAt: 0 };
    if (lamps === undefined) continue;
    const light = lightOf(lamps, lamp);
    // Read backwards: of lines that show the same, the oldest is when it began.
    if (changes[0] && `${changes[0].light}` === `${light}`) changes[0] = { light, t, readAt };
    else changes.unshift({ light, t, readAt });
  }
  return changes;
}

/** By the last four times that it was lit or dark: a whole double flash. */
function patternOf(changes: readonly Change[]): LampPattern | undefined {
  const edges = changes.filter((change, i) => isLit(change) !== isLit(changes[i - 1]));
  if (edges.length < 5) return changes.length >= 40 ? 'breathing' : undefined;
  const lasted = edges.slice(-5).flatMap((edge, i, all) => (i === 0 ? [] : [edge.t - (all[i - 1]?.t ?? 0)]));
  if (lasted.every((ms) => ms < 180)) return 'fast';
  if (lasted.every((ms) => ms > 470 && ms < 530)) return 'slow';
  if (lasted.every((ms) => ms < 180 || (ms > 620 && ms < 680))) return 'double';
  return undefined;
}

function isLit(change: Change | undefined): boolean {
  return change?.light.some((power) => power > 0) ?? false;
}

/** Undefined in the window of a change, which holds parts of two colours. */
function colourOf([red = 0, green = 0, blue = 0]: readonly number[]): LampColour | undefined {
  const lit = [red, green, blue].map((power) => (power > 0 ? 1 : 0)).join('');
  const colours: Record<string, LampColour> = {
    '000': 'off',
    '111': 'white',
    '100': 'red',
    '110': 'amber',
    '010': 'green',
    '001': 'blue',
  };
  return colours[lit];
}
