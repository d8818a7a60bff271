/** What counts as in time, for the figures. A change restates the past: all is counted anew with the new limits. */
import { z } from 'zod';
import { calendarOf } from '../metrics/calendar.ts';
import { defaultServiceLevel, serviceLevels } from '../metrics/figures.ts';
import { defaultTargets, type MetricsOptions } from '../metrics/state.ts';

/** Of a queue: an answer that takes no longer is in time (service level). */
export const answerWithinSchema = z
  .number()
  .int()
  .min(1_000)
  .max(3_600_000)
  .default(defaultTargets.answerWithinMs);

/** Of the office. */
export const figureSettingsSchema = z
  .object({
    /** Which way of computing the service level is shown as *the* service level. */
    serviceLevel: z.enum(serviceLevels).default(defaultServiceLevel),
    /** Who leaves a queue sooner than this has abandoned at once: wrong number, second thoughts. 0: nobody has. */
    shortAbandonMs: z.number().int().min(0).max(60_000).default(defaultTargets.shortAbandonMs),
  })
  .prefault({});
export type FigureSettings = z.infer<typeof figureSettingsSchema>;

/** How the log is to be counted in an office with these settings. A time zone that nobody knows counts as UTC. */
export function metricsOptionsOf(settings: {
  office: { timeZone: string };
  figures: FigureSettings;
  queues: readonly { id: string; answerWithinMs: number }[];
}): MetricsOptions {
  const { shortAbandonMs } = settings.figures;
  const { answerWithinMs } = defaultTargets;
  // Only those that differ: a new queue with the usual limit is no reason to count everything anew.
  const others = settings.queues.filter((queue) => queue.answerWithinMs !== answerWithinMs);
  return {
    timeZone: isTimeZone(settings.office.timeZone) ? settings.office.timeZone : 'UTC',
    unit: 'hour',
    targets: { answerWithinMs, shortAbandonMs },
    queueTargets: Object.fromEntries(
      others.map((queue) => [queue.id, { answerWithinMs: queue.answerWithinMs, shortAbandonMs }]),
    ),
  };
}

function isTimeZone(name: string): boolean {
  try {
    return calendarOf(name).timeZone === name;
  } catch {
    return false;
  }
}
