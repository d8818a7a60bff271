/** The naive rows put together as a question asks, by what the office's clock and calendar show for each hour. */
import type { Measure } from '../../src/domain/metrics/measures.ts';
import type { FigureQuestion } from '../../src/domain/metrics/question.ts';
import type { NaiveRows } from './naive-metrics.ts';

export type NaiveSums = Partial<Record<Measure, number>>;
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** @param rows per hour. Keys: queue, agent, hour, weekday (1 Monday) or date (`2026-03-29`), as text */
export function naiveGroups(
  rows: NaiveRows,
  timeZone: string,
  question: FigureQuestion,
): Record<string, NaiveSums> {
  const groups: Record<string, NaiveSums> = {};
  for (const [key, sums] of Object.entries(rows)) {
    const [iso = '', queue = '', agent = ''] = key.split(' ');
    const [queueId, agentId] = [queue, agent].map((id) => (id === '-' ? '' : id));
    const at = Date.parse(iso);
    if (at < question.from || at >= question.until) continue;
    if (question.queueId !== undefined && queueId !== question.queueId) continue;
    if (question.agentId !== undefined && agentId !== question.agentId) continue;
    const group = {
      all: '',
      queue: queueId ?? '',
      agent: agentId ?? '',
      hour: String(Number(shown(at, timeZone, { hour: '2-digit', hourCycle: 'h23' }))),
      weekday: String(weekdays.indexOf(shown(at, timeZone, { weekday: 'short' })) + 1),
      day: naiveDate(at, timeZone),
    }[question.by];
    groups[group] ??= {};
    const into = groups[group];
    for (const [measure, amount] of Object.entries(sums) as [Measure, number][])
      into[measure] =
        measure === 'longestWaitMs' ? Math.max(into[measure] ?? 0, amount) : (into[measure] ?? 0) + amount;
  }
  return groups;
}

/** `2026-03-29` */
export function naiveDate(at: number, timeZone: string): string {
  return shown(at, timeZone, { year: 'numeric', month: '2-digit', day: '2-digit' })
    .split('/')
    .reverse()
    .join('-');
}

function shown(at: number, timeZone: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(at);
}
