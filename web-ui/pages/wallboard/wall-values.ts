/** Figures of the day as a tile shows them. */
import type { EndpointResponse } from '../../../src/api/contract.ts';

export type WallFigures = EndpointResponse<'figures'>;
export type WallView = EndpointResponse<'wall'>;
export type FigureDefinitions = EndpointResponse<'figureDefinitions'>['items'];
type FigureId = keyof WallFigures['total'];

/** What the tiles of a wallboard without any are. */
export const usualTiles: WallView['tiles'] = [
  { shows: 'waiting-now', size: 'large' },
  { shows: 'longest-waiting-now', size: 'large' },
  { shows: 'service-level', size: 'normal' },
  { shows: 'answered', size: 'normal' },
  { shows: 'abandoned', size: 'normal' },
  { shows: 'clock', size: 'normal' },
  { shows: 'agents-by-state', size: 'normal' },
  { shows: 'queues', size: 'normal' },
];

export function figureIdOf(shows: string, figures: WallFigures | undefined): FigureId | undefined {
  if (shows === 'service-level') return figures?.serviceLevel;
  return shows as FigureId;
}

/**
 * The value of a figure: of a queue, or of all that the wall may see. A wall of some queues has no total: it is put
 * together from what its queues were computed from.
 */
export function valueOnWall(
  figures: WallFigures,
  shows: string,
  queueId: string | undefined,
): number | null | undefined {
  const id = figureIdOf(shows, figures);
  if (id === undefined) return undefined;
  if (queueId !== undefined)
    return figures.groups.find((group) => group.id === queueId)?.figures[id]?.value ?? null;
  const total = figures.total[id];
  if (total) return total.value;
  const parts = figures.groups.flatMap((group) => group.figures[id] ?? []);
  if (parts.length === 0) return null;
  if (id === 'longest-wait') {
    const known = parts.flatMap(({ value }) => (value === null ? [] : [value]));
    return known.length === 0 ? null : Math.max(...known);
  }
  const numerator = parts.reduce((sum, part) => sum + part.numerator, 0);
  if (parts.every((part) => part.denominator === undefined)) return numerator;
  const denominator = parts.reduce((sum, part) => sum + (part.denominator ?? 0), 0);
  return denominator > 0 ? numerator / denominator : null;
}
