/** Figures of the call log: of today for live pages and wallboards, of any period as reports. */
import { z } from 'zod';
import { parseDay } from '../../domain/metrics/calendar.ts';
import { type FigureId, figureIds, serviceLevels } from '../../domain/metrics/figures.ts';
import { periodKinds } from '../../domain/metrics/period.ts';
import { settingsSchema } from '../../domain/settings.ts';
import { timeSchema } from '../domain-schemas.ts';
import { itemId } from './configuration.ts';
import type { Endpoint } from './endpoint.ts';

/** Longest period of one report. */
export const maxReportDays = 1_100;

const figureId = z.enum(figureIds as [FigureId, ...FigureId[]]);
const day = z.string().refine((text) => parseDay(text) !== undefined, 'a day like 2026-03-29');

/** `a,b,c` */
const chosenFigures = z
  .string()
  .max(2000)
  .transform((text) => text.split(','))
  .pipe(z.array(z.union([figureId, z.literal('service-level')])));

export const figureValueSchema = z
  .object({
    /** Count, milliseconds or share (0..1), as `unit` of the definition says; null: nothing to compute it from. */
    value: z.number().nullable(),
    numerator: z.number(),
    /** Absent where the figure is the numerator itself. */
    denominator: z.number().optional(),
  })
  .meta({ id: 'FigureValue', description: 'a figure with what it was computed from' });

/** Only those that make sense of what is asked. */
const figureValuesSchema = z.partialRecord(figureId, figureValueSchema);

const limitsSchema = z.object({
  /** Of queues without their own. */
  answerWithinMs: z.number(),
  shortAbandonMs: z.number(),
  /** By queue id. */
  queues: z.record(z.string(), z.number()),
});

const counted = {
  /** Until when the figures count. */
  at: timeSchema,
  /** The window that was counted. */
  from: timeSchema,
  until: timeSchema,
  timeZone: z.string(),
  /** 0..1 while the log is being counted anew, and the figures lack what is not; null: all is counted. */
  counted: z.number().nullable(),
  /** The figure shown as *the* service level. */
  serviceLevel: z.enum(serviceLevels),
  limits: limitsSchema,
};

const filters = { queueId: itemId.optional(), agentId: itemId.optional() };

export const figuresQuerySchema = z
  .object({
    /** Default: the beginning of today in the office. Moved back to a full hour. */
    from: z.coerce.number().int().min(0).optional(),
    /** Default: the end of today. Moved on to a full hour. */
    until: z.coerce.number().int().min(0).optional(),
    by: z.enum(['all', 'queue', 'agent']).default('all'),
    ...filters,
    /** Ids of figures, commas between; `service-level` is the chosen one. Default: all. */
    only: chosenFigures.optional(),
  })
  .refine(({ from, until }) => from === undefined || until === undefined || from < until, {
    message: 'must be later than from',
    path: ['until'],
  });

export const figuresSchema = z.object({
  ...counted,
  total: figureValuesSchema,
  /** One for each queue or agent; empty when asked for all. */
  groups: z.array(z.object({ id: z.string(), figures: figureValuesSchema })),
});

const reportQuery = z.object({
  period: z.enum(periodKinds).default('day'),
  /** A day of the period, the first one of a custom period. Default: today in the office. */
  date: day.optional(),
  /** Last day of a custom period. */
  to: day.optional(),
  by: z.enum(['queue', 'agent', 'hour', 'day', 'weekday']).default('queue'),
  ...filters,
  /** With the period before. */
  compare: z.enum(['true', 'false']).default('false'),
});
export const reportQuerySchema = reportQuery.superRefine((query, context) => {
  const problem = (path: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [path], message });
  const { period, date, to, by, queueId, agentId } = query;
  if (by === 'hour' && queueId !== undefined && agentId !== undefined)
    problem('agentId', 'hours are known of a queue or of an agent, not of both');
  if (period !== 'custom') return;
  if (date === undefined) problem('date', 'say the first day');
  if (to === undefined) problem('to', 'say the last day');
  const [first, last] = [parseDay(date ?? ''), parseDay(to ?? '')];
  if (first === undefined || last === undefined) return;
  if (last < first) problem('to', 'must not be before the first day');
  if (last - first >= maxReportDays) problem('to', `at most ${maxReportDays} days`);
});

const reportRowSchema = z.object({
  /** Queue or agent id, hour 0 to 23, weekday 1 (Monday) to 7, or day (`2026-03-29`). */
  key: z.string(),
  /** Window of a day. */
  from: timeSchema.optional(),
  until: timeSchema.optional(),
  figures: figureValuesSchema,
});

export const reportSchema = z.object({
  ...counted,
  /** First and last day. */
  date: z.string(),
  to: z.string(),
  total: figureValuesSchema,
  rows: z.array(reportRowSchema),
  /** The period before; as far as this one has come, when it is not over. */
  before: z
    .object({
      from: timeSchema,
      until: timeSchema,
      date: z.string(),
      to: z.string(),
      total: figureValuesSchema,
      rows: z.array(reportRowSchema),
    })
    .nullable(),
  /** In English, of each figure in the answer. */
  formulas: z.partialRecord(figureId, z.string()),
});

const figureSettings = settingsSchema.shape.figures.unwrap();

export const figuresEndpoints = {
  figures: {
    method: 'get',
    path: '/figures',
    access: 'wallboard',
    summary: 'Figures of today or another window, up to now; of agents an agent sees their own',
    query: figuresQuerySchema,
    response: figuresSchema,
  },
  figureDefinitions: {
    method: 'get',
    path: '/figures/definitions',
    access: 'wallboard',
    summary: 'Every figure: unit, name and formula in English',
    response: z.object({
      items: z.array(
        z.object({
          id: figureId,
          unit: z.enum(['count', 'ms', 'share']),
          /** What it says something about. */
          scopes: z.array(z.enum(['queue', 'agent', 'office'])),
          name: z.string(),
          formula: z.string(),
        }),
      ),
    }),
  },
  report: {
    method: 'get',
    path: '/reports',
    access: 'supervisor',
    summary: 'Figures of a period, by queue, agent, hour, day or weekday',
    query: reportQuerySchema,
    response: reportSchema,
  },
  reportCsv: {
    method: 'get',
    path: '/reports.csv',
    access: 'supervisor',
    summary: 'The same as a table for spreadsheets',
    query: reportQuerySchema,
    download: 'text/csv',
  },
  getFigureSettings: {
    method: 'get',
    path: '/figure-settings',
    access: 'admin',
    summary: 'Which service level is shown, and what counts as abandoned at once',
    response: figureSettings,
  },
  replaceFigureSettings: {
    method: 'put',
    path: '/figure-settings',
    access: 'admin',
    summary: 'Changes that; the past is counted anew',
    body: figureSettings,
    response: figureSettings,
  },
} as const satisfies Record<string, Endpoint>;
