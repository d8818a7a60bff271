/** Reports: figures of a period, by queue, agent, hour, day and weekday, as tiles, bars, a table and a file. */
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { parseDay } from '../../../src/domain/metrics/calendar.ts';
import type { FigureId } from '../../../src/domain/metrics/figures.ts';
import { api, errorText, urlOf } from '../../api/client.ts';
import { FigureStat } from '../../components/figure-stat.tsx';
import { type FigureValues, windowText } from '../../components/figure-text.ts';
import { Icon } from '../../components/icon.tsx';
import { Empty, LoadFailed, Page, Skeleton } from '../../components/page.tsx';
import { Stats } from '../../components/stat.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { Counting } from '../../components/today-figures.tsx';
import { language, t, translateCode } from '../../i18n/translate.ts';
import { settingsRevision } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
import { type Names, useNames } from '../../state/names.ts';
import { type Bar, Bars } from './bars.tsx';
import { tiles } from './columns.ts';
import { PeriodPicker } from './period-picker.tsx';
import { addressOf, callsHref, groupings, queryOf, type ReportBy, type ReportQuery } from './report-query.ts';
import { Change, ReportTable } from './report-table.tsx';

type Report = EndpointResponse<'report'>;

export function ReportsPage(): VNode {
  const { query: address, route } = useLocation();
  const query = queryOf(address);
  const asked = addressOf(query);
  const loaded = useLoad(`${asked} ${settingsRevision.value}`, (signal) => api('report', { query, signal }));
  // What was shown stays until the next answer, so that nothing jumps.
  const last = useRef<{ report: Report; query: ReportQuery }>(undefined);
  if (loaded.value) last.current = { report: loaded.value, query };
  const shown = loaded.error === undefined ? last.current : undefined;
  const show = (next: ReportQuery): void => route(`/reports?${addressOf(next)}`, true);
  return (
    <Page
      title={t('place.reports')}
      actions={
        <>
          <a class="button" href={`${urlOf('reportCsv')}?${asked}`} download>
            <Icon name="download" />
            {t('figures.csv')}
          </a>
          <button type="button" class="button" onClick={() => print()}>
            {t('figures.print')}
          </button>
        </>
      }
    >
      <div class="stack-wide report">
        <PeriodPicker query={query} shown={shown?.report} onChange={show} />
        <Tabs
          label={t('figures.by')}
          parts={groupings.map((name) => ({ name, label: translateCode(`figures.by.${name}`) }))}
          shown={query.by}
          onShow={(by) => show({ ...query, by })}
        >
          {loaded.error !== undefined ? (
            <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />
          ) : shown ? (
            <Shown {...shown} />
          ) : (
            <Skeleton lines={10} />
          )}
        </Tabs>
      </div>
    </Page>
  );
}

function Shown({ report, query }: { report: Report; query: ReportQuery }): VNode {
  const names = useNames();
  const nameOf = (key: string): string => rowName(query.by, key, names);
  return (
    <>
      <p class="report-window">
        {windowText(report)}
        {report.before && (
          <span class="quiet">
            {' '}
            ·{' '}
            {t('figures.comparedWith', {
              window: windowText({ ...report.before, at: report.at, timeZone: report.timeZone }),
            })}
          </span>
        )}
      </p>
      {report.counted !== null && <Counting counted={report.counted} />}
      {isEmpty(report.total) ? (
        <Empty title={t('figures.none')} text={t('figures.noneText')}>
          <a class="button" href={callsHref(query, report, undefined)}>
            {t('place.allCalls')}
          </a>
        </Empty>
      ) : (
        <>
          <Stats>
            {tiles(query.by, report.serviceLevel)
              .filter((id) => report.total[id])
              .map((id) => (
                <FigureStat
                  key={id}
                  id={id}
                  values={report.total}
                  frame={report}
                  {...(query.queueId === undefined ? {} : { queueId: query.queueId })}
                  note={
                    report.before && (
                      <Change id={id} figure={report.total[id]} before={report.before.total[id]} />
                    )
                  }
                />
              ))}
          </Stats>
          <Bars
            label={t('figures.barsTitle')}
            bars={report.rows.map((row) => barOf(row, nameOf))}
            across={query.by === 'queue' || query.by === 'agent'}
          />
          <ReportTable
            report={report}
            query={query}
            label={translateCode(`figures.row.${query.by}`)}
            nameOf={nameOf}
          />
        </>
      )}
    </>
  );
}

const signsOfLife: FigureId[] = [
  'offered',
  'answered',
  'handled',
  'inbound-calls',
  'internal-calls',
  'outbound-attempts',
  'login-time',
];

function isEmpty(total: FigureValues): boolean {
  return signsOfLife.every((id) => !total[id]?.value);
}

function barOf({ key, figures: values }: Report['rows'][number], nameOf: (key: string) => string): Bar {
  const count = (id: FigureId): number => values[id]?.value ?? 0;
  const answered = count('answered');
  const abandoned = count('abandoned');
  return {
    key,
    label: nameOf(key),
    answered,
    abandoned,
    other: Math.max(0, count('offered') - answered - abandoned),
  };
}

function rowName(by: ReportBy, key: string, names: Names): string {
  switch (by) {
    case 'queue':
      return names.queue(key);
    case 'agent':
      return names.agent(key);
    case 'hour':
      return `${key.padStart(2, '0')}:00`;
    case 'weekday': // 5 January 1970 was a Monday
      return dateText((Number(key) + 3) * 86_400_000, { weekday: 'long' });
    case 'day':
      return dateText((parseDay(key) ?? 0) * 86_400_000, {
        weekday: 'short',
        day: 'numeric',
        month: 'short',
      });
  }
}

function dateText(at: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language.value, { timeZone: 'UTC', ...options }).format(at);
}
