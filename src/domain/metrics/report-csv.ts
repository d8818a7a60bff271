/**
 * A report as a table for spreadsheets (RFC 4180): UTF-8 with the mark that spreadsheets want, decimal points, times of
 * the office. Names that a spreadsheet would take for a formula are defused.
 */
import { Calendar } from './calendar.ts';
import { type FigureId, type FigureUnit, figureIds, figures, figureTexts } from './figures.ts';
import type { CountedOffice, Report, ReportBy } from './report.ts';

const byteOrderMark = '\u{feff}';
const units: Record<FigureUnit, string> = { count: '', ms: ' (s)', share: ' (%)' };
const heads = { queue: 'Queue', agent: 'Agent', hour: 'Hour', day: 'Day', weekday: 'Weekday' };
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export function reportCsv(
  report: Report,
  by: ReportBy,
  office: Pick<CountedOffice, 'queues' | 'agents'>,
): string {
  const calendar = new Calendar(report.timeZone);
  const shown = figureIds.filter((id) => report.total[id] ?? report.rows.some((row) => row.figures[id]));
  const line = (name: string, from: number, until: number, values: Report['total']): string[] => [
    name,
    localTime(from, calendar),
    localTime(until, calendar),
    ...shown.map((id) => cellOf(id, values)),
  ];
  const nameOf = (key: string): string => {
    if (by === 'queue') return office.queues.find(({ id }) => id === key)?.name ?? key;
    if (by === 'agent') return office.agents.find(({ id }) => id === key)?.name ?? key;
    if (by === 'weekday') return weekdays[Number(key) - 1] ?? key;
    if (by === 'hour') return `${key.padStart(2, '0')}:00`;
    return key;
  };
  const lines = [
    [heads[by], 'From', 'Until', ...shown.map((id) => figureTexts[id] + units[figures[id].unit])],
    ...report.rows.map(({ key, from = report.from, until = report.until, figures: values }) =>
      line(nameOf(key), from, until, values),
    ),
    line('Total', report.from, report.until, report.total),
  ];
  return byteOrderMark + lines.map((cells) => `${cells.map(escaped).join(',')}\r\n`).join('');
}

/** Counts whole, durations in seconds, shares in percent; empty where there is nothing to tell. */
function cellOf(id: FigureId, values: Report['total']): string {
  const value = values[id]?.value ?? null;
  if (value === null) return '';
  switch (figures[id].unit) {
    case 'count':
      return String(value);
    case 'ms':
      return (value / 1000).toFixed(1);
    case 'share':
      return (value * 100).toFixed(2);
  }
}

/** `2026-03-29 14:00` on the office's clock. */
function localTime(at: number, calendar: Calendar): string {
  return new Date(at + calendar.offsetMs(at)).toISOString().slice(0, 16).replace('T', ' ');
}

/** A cell that begins like a formula gets an apostrophe, which spreadsheets show as text. */
export function escaped(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
