/** Every call there was, newest first; the one that is open stands beside the list. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Call } from '../../../src/domain/call.ts';
import { errorText } from '../../api/client.ts';
import { CallParties, endText, PhaseLamp } from '../../components/call-bits.tsx';
import { Empty, LoadFailed, Page, Skeleton, Split } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Elapsed, formatDuration, Moment } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import type { PageProps } from '../../shell/lazy-page.tsx';
import { useDeskView } from '../../state/desk-view.ts';
import { type Names, useNames } from '../../state/names.ts';
import { useCallPages } from './call-pages.ts';
import { type Around, CallPanel } from './call-panel.tsx';
import { type Filters, filtersOf, filterText, namesDays } from './call-query.ts';
import { CallFilters } from './filters.tsx';

export function CallsPage(props: PageProps): VNode {
  const { query } = useLocation();
  const id = props.params?.id;
  const names = useNames();
  const timeZone = useDeskView()?.timeZone;
  const suffix = filterText(query);
  const search = suffix === '' ? '' : `?${suffix}`;
  const [around, setAround] = useState<Around>({});
  return (
    <Page title={t('place.calls')}>
      <Split
        list={
          <>
            <CallFilters query={query} />
            {timeZone === undefined && namesDays(query) ? (
              <Skeleton lines={8} />
            ) : (
              <CallList
                key={suffix}
                filters={filtersOf(query, timeZone ?? 'UTC')}
                search={search}
                currentId={id}
                names={names}
                onAround={setAround}
              />
            )}
          </>
        }
        panel={
          id ? <CallPanel key={id} callId={id} backHref={`/calls${search}`} around={around} /> : undefined
        }
      />
    </Page>
  );
}

function CallList(props: {
  filters: Filters;
  search: string;
  currentId: string | undefined;
  names: Names;
  onAround: (around: Around) => void;
}): VNode {
  const pages = useCallPages(props.filters);
  const rows = pages.calls;
  const hrefOf = (callId: string): string => `/calls/${encodeURIComponent(callId)}${props.search}`;
  const here = rows?.findIndex((call) => call.callId === props.currentId) ?? -1;
  const newer = here > 0 ? rows?.[here - 1]?.callId : undefined;
  const older = here >= 0 ? rows?.[here + 1]?.callId : undefined;
  useEffect(() => {
    props.onAround({
      ...(newer === undefined ? {} : { newer: hrefOf(newer) }),
      ...(older === undefined ? {} : { older: hrefOf(older) }),
    });
  }, [newer, older]);

  if (!rows)
    return pages.error !== undefined ? (
      <LoadFailed text={errorText(pages.error)} retry={pages.retry} />
    ) : (
      <Skeleton lines={10} />
    );
  if (rows.length === 0 && !pages.hasMore)
    return (
      <section class="card">
        {props.search ? (
          <Empty title={t('calls.noneFound')} text={t('calls.noneFoundText')}>
            <a class="button" href="/calls">
              {t('calls.clearFilters')}
            </a>
          </Empty>
        ) : (
          <Empty title={t('calls.none')} text={t('calls.noneText')} />
        )}
      </section>
    );
  const { names } = props;
  return (
    <>
      <Table
        label={t('place.calls')}
        rows={rows}
        rowKey={(call) => call.callId}
        href={(call) => hrefOf(call.callId)}
        currentKey={props.currentId}
        columns={[
          { key: 'parties', label: t('calls.parties'), cell: (call) => <CallParties call={call} /> },
          { key: 'at', label: t('calls.at'), cell: (call) => <Moment at={call.startedAt} /> },
          {
            key: 'direction',
            label: t('calls.filterDirection'),
            extra: true,
            cell: (call) => translateCode(`direction.${call.direction}`),
          },
          {
            key: 'where',
            extra: true,
            label: t('calls.where'),
            cell: (call) =>
              [names.queue(call.queueId), names.agent(call.agentId)].filter(Boolean).join(' · '),
          },
          {
            key: 'wait',
            extra: true,
            label: t('calls.wait'),
            numeric: true,
            cell: (call) => (call.queueId ? formatDuration(call.waitMs) : ''),
          },
          {
            key: 'talk',
            extra: true,
            label: t('calls.talk'),
            numeric: true,
            cell: (call) => talk(call),
          },
          {
            key: 'end',
            label: t('calls.end'),
            cell: (call) => (call.phase === 'ended' ? endText(call) : <PhaseLamp call={call} />),
          },
        ]}
      />
      {pages.error !== undefined && <LoadFailed text={errorText(pages.error)} retry={pages.retry} />}
      {pages.hasMore && (
        <div class="actions" role="status">
          <button type="button" class="button" disabled={pages.busy} onClick={pages.more}>
            {t('calls.more')}
          </button>
          {pages.lookedBackTo !== undefined && (
            <span class="quiet">
              {t('calls.lookedBackTo')} <Moment at={pages.lookedBackTo} />
            </span>
          )}
        </div>
      )}
    </>
  );
}

function talk(call: Call): VNode | string {
  if (call.talkSince !== undefined) return <Elapsed since={call.talkSince - call.talkMs} />;
  return call.talkMs > 0 ? formatDuration(call.talkMs) : '';
}
