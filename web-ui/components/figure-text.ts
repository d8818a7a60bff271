/** Figures of the call log in the reader's words: name, value, formula, what it was computed from, and its window. */
import {
  type FigureId,
  type FigureUnit,
  figures,
  formulaOf,
  gapsOf,
} from '../../src/domain/metrics/figures.ts';
import { language, t, translateCode } from '../i18n/translate.ts';
import { formatDuration } from './time.tsx';

export interface FigureValue {
  value: number | null;
  numerator: number;
  denominator?: number | undefined;
}
export type FigureValues = { readonly [Id in FigureId]?: FigureValue | undefined };

/** What an answer of the API says about all its figures. */
export interface Frame {
  from: number;
  until: number;
  at: number;
  timeZone: string;
  limits: { answerWithinMs: number; shortAbandonMs: number; queues: Record<string, number> };
}

export function figureName(id: FigureId): string {
  return translateCode(`figure.${id}`);
}

/** `42`, `0:37`, `87.5 %`; undefined where there is nothing to tell. */
export function figureText(id: FigureId, figure: FigureValue | undefined, digits = 1): string | undefined {
  const value = figure?.value ?? null;
  return value === null ? undefined : amountText(value, figures[id].unit, digits);
}

export function amountText(value: number, unit: FigureUnit, digits = 1): string {
  switch (unit) {
    case 'count':
      return new Intl.NumberFormat(language.value).format(value);
    case 'ms':
      return formatDuration(value);
    case 'share':
      return new Intl.NumberFormat(language.value, {
        style: 'percent',
        maximumFractionDigits: digits,
      }).format(value);
  }
}

/** How it is computed, e.g. `answered within 20 s ÷ answered by an agent`. Without a queue: of all of them. */
export function formulaText(id: FigureId, { limits }: Pick<Frame, 'limits'>, queueId?: string): string {
  const own = Object.values(limits.queues);
  const all = own.length > 0 ? own : [limits.answerWithinMs];
  const gaps = gapsOf({
    answerWithinMs: queueId === undefined ? all : [limits.queues[queueId] ?? limits.answerWithinMs],
    shortAbandonMs: limits.shortAbandonMs,
  });
  return formulaOf(id, (measure) => translateCode(`measure.${measure}`, gaps));
}

/** `41 ÷ 50`: the formula with its numbers; empty for plain counts. */
export function numbersText(id: FigureId, figure: FigureValue | undefined): string {
  if (figure?.denominator === undefined) return '';
  const unit = figures[id].unit;
  // A mean divides a duration by a count, a share divides like by like.
  const isOfTime = unit === 'ms' || id === 'occupancy' || id === 'pause-share';
  const top = amountText(figure.numerator, isOfTime ? 'ms' : 'count');
  const bottom = amountText(figure.denominator, isOfTime && unit === 'share' ? 'ms' : 'count');
  return `${top} ÷ ${bottom}`;
}

/** Formula, numbers and exact window in one text. */
export function explanation(
  id: FigureId,
  figure: FigureValue | undefined,
  frame: Frame,
  queueId?: string,
): string {
  return [formulaText(id, frame, queueId), numbersText(id, figure), windowText(frame)]
    .filter((part) => part !== '')
    .join(' · ');
}

/** `23 Nov 2026, 00:00 – 24 Nov 2026, 00:00, Europe/Budapest`, as the office's clock has it, and until when counted. */
export function windowText({ from, until, at, timeZone }: Omit<Frame, 'limits'>): string {
  const format = new Intl.DateTimeFormat(language.value, {
    timeZone,
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
  });
  const window = `${format.formatRange(from, until)}, ${timeZone}`;
  if (at >= until) return window;
  const clock = new Intl.DateTimeFormat(language.value, { timeZone, timeStyle: 'short', hourCycle: 'h23' });
  return `${window}, ${t('figures.upTo', { time: clock.format(at) })}`;
}
