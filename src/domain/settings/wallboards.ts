/**
 * Wallboards: a link opens each, on any screen and without a person signed in. Whoever has the link reads what the
 * wall shows, and nothing else; taken back, the link is dead at once.
 */
import { z } from 'zod';
import { figureIds } from '../metrics/figures.ts';

const id = z.string().regex(/^[a-z0-9-]{1,40}$/, 'lower-case letters, digits and - only, at most 40');

/** What a tile can show of this moment; the other tiles are figures of the day, by their id. */
export const liveTiles = [
  'waiting-now',
  'longest-waiting-now',
  'agents-free',
  'agents',
  'agents-by-state',
  'queues',
  'calls-now',
  'trunks',
  'faults',
  'clock',
] as const;
export const wallTileSchema = z.object({
  /** `service-level`: the one that the office has chosen. */
  shows: z.enum([...liveTiles, 'service-level', ...figureIds]),
  /** Large tiles take twice the room each way. */
  size: z.enum(['normal', 'large']).default('normal'),
  /** Of this queue; absent: of all that the link may see. */
  queueId: id.optional(),
});
export type WallTile = z.infer<typeof wallTileSchema>;

export const wallboardSchema = z.object({
  id,
  name: z.string().trim().min(1).max(80),
  /** SHA-256 of the link's token (256 random bits, so that no slow hash is needed). */
  tokenHash: z
    .string()
    .regex(/^\$sha256\$[0-9a-f]{64}$/, 'not a hash of a token')
    .meta({ hashed: true }),
  tiles: z.array(wallTileSchema).max(24).default([]),
  /** The link tells of these queues and their agents only; empty: of all. */
  queueIds: z.array(id).max(100).default([]),
  /** Callers' numbers hang on no wall unless asked for. */
  showNumbers: z.boolean().default(false),
  /** `auto`: as the screen says. */
  theme: z.enum(['auto', 'light', 'dark']).default('dark'),
  /** A service level below this share is shown in amber. */
  serviceLevelGoal: z.number().min(0).max(1).default(0.8),
  /** Agents by name with their status. */
  showAgents: z.boolean().default(true),
  /** Name of the user who made the link. */
  createdBy: z.string().max(80).default(''),
  /** Wall clock, ms since the epoch. */
  createdAt: z.number().int().min(0).default(0),
});
export type Wallboard = z.infer<typeof wallboardSchema>;

/** Tells of every queue that a wallboard names and the office does not have. */
export function checkWallboards(
  wallboards: readonly Wallboard[],
  queues: ReadonlySet<string>,
  problem: (path: (string | number)[], message: string) => void,
): void {
  wallboards.forEach((wall, i) => {
    const known = (queueId: string | undefined, path: (string | number)[]): void => {
      if (queueId === undefined) return;
      if (!queues.has(queueId)) problem(path, `there is no queue ${queueId}`);
    };
    wall.queueIds.forEach((queueId, j) => {
      known(queueId, ['wallboards', i, 'queueIds', j]);
    });
    wall.tiles.forEach(({ queueId }, j) => {
      const path = ['wallboards', i, 'tiles', j, 'queueId'];
      known(queueId, path);
      if (queueId !== undefined && wall.queueIds.length > 0 && !wall.queueIds.includes(queueId))
        problem(path, `this link does not tell of the queue ${queueId}`);
    });
  });
}
