/** Opening hours: when the office is open, and where calls go when it is not. */
import { z } from 'zod';
import { destinationSchema, id, name } from './values.ts';

/** Wall clock of the office, `08:30`; `24:00` is the end of the day. */
const time = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'a time like 08:30, 24:00 at the latest');

const windowShape = { from: time, until: time };
const isForward = (w: { from: string; until: string }): boolean => w.from < w.until;
const forward = { message: 'the end must be later than the beginning', path: ['until'] };

/** Open from `from` (included) to `until` (excluded). Over midnight: one until 24:00, the next day's from 00:00. */
export const openWindowSchema = z.object(windowShape).refine(isForward, forward);
export type OpenWindow = z.infer<typeof openWindowSchema>;

const noOverlap = (
  windows: readonly OpenWindow[],
  context: z.RefinementCtx,
  path: (string | number)[],
  indexOf: (at: number) => number = (at) => at,
): void => {
  windows.forEach((window, i) => {
    if (windows.some((other, j) => j < i && other.from < window.until && window.from < other.until))
      context.addIssue({
        code: 'custom',
        path: [...path, indexOf(i), 'from'],
        message: 'overlaps another opening of this day',
      });
  });
};

/** A day, or days in a row, that are not like the others: a holiday, or other hours than in the week. */
export const specialDaySchema = z
  .object({
    name,
    from: z.iso.date(),
    /** The last day; absent: only `from`. */
    until: z.iso.date().optional(),
    /** The same days each year. */
    yearly: z.boolean().default(false),
    /** None: closed. */
    windows: z.array(openWindowSchema).max(10).default([]),
  })
  .refine((day) => day.until === undefined || day.yearly || day.from <= day.until, {
    message: 'the last day must not be before the first',
    path: ['until'],
  })
  .superRefine((day, context) => noOverlap(day.windows, context, ['windows']));
export type SpecialDay = z.infer<typeof specialDaySchema>;

export const scheduleSchema = z
  .object({
    id,
    name,
    /** `day` counts from Monday (1) to Sunday (7). */
    week: z
      .array(z.object({ day: z.number().int().min(1).max(7), ...windowShape }).refine(isForward, forward))
      .max(70)
      .default([]),
    /** The first that holds a date rules it. */
    days: z.array(specialDaySchema).max(400).default([]),
  })
  .superRefine((schedule, context) => {
    for (let day = 1; day <= 7; day++) {
      const places = schedule.week.flatMap((window, i) => (window.day === day ? [i] : []));
      const windows = places.flatMap((i) => schedule.week[i] ?? []);
      noOverlap(windows, context, ['week'], (i) => places[i] ?? i);
    }
  });
export type Schedule = z.infer<typeof scheduleSchema>;

/** What a number, trunk or menu does outside the hours of a schedule. */
export const hoursSchema = z.object({
  scheduleId: id,
  closed: destinationSchema.default({ kind: 'announcement', promptId: 'closed' }),
});
export type Hours = z.infer<typeof hoursSchema>;
