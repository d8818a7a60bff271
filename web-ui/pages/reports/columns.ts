/** Which figures a report shows at first, and what of them can be seen call by call. */
import type { FigureId } from '../../../src/domain/metrics/figures.ts';
import type { ReportBy } from './report-query.ts';

const ofQueues = (serviceLevel: FigureId): FigureId[] => [
  'offered',
  'answered',
  'abandoned',
  'abandoned-short',
  serviceLevel,
  'asa',
  'longest-wait',
  'aht',
  'transfer-rate',
];

/** At first; the rest is shown on demand. */
export function usualColumns(by: ReportBy, serviceLevel: FigureId): FigureId[] {
  if (by === 'queue') return [...ofQueues(serviceLevel), 'occupancy'];
  if (by === 'agent')
    return [
      'answered',
      'handled',
      'aht',
      'missed-rate',
      'transfer-rate',
      'login-time',
      'pause-time',
      'occupancy',
    ];
  return [...ofQueues(serviceLevel), 'occupancy', 'outbound-attempts', 'connect-rate'];
}

/** Above the table. */
export function tiles(by: ReportBy, serviceLevel: FigureId): FigureId[] {
  return by === 'agent'
    ? ['answered', 'aht', 'missed-rate', 'transfer-rate', 'occupancy']
    : [serviceLevel, 'offered', 'answered', 'abandoned', 'asa', 'aht', 'occupancy', 'connect-rate'];
}

/** Filters of the calls list that show the calls behind a figure; undefined where none does. */
export const callsBehind: { readonly [Id in FigureId]?: Record<string, string> } = {
  offered: {},
  answered: { result: 'answered' },
  handled: { result: 'answered' },
  abandoned: { result: 'abandoned' },
  'inbound-calls': { direction: 'inbound' },
  'internal-calls': { direction: 'internal' },
  'outbound-attempts': { direction: 'outbound' },
};
