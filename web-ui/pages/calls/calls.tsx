/** Every call there was, newest first; the one that is open stands beside the list. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Call } from '../../../src/domain/call.ts';
import { api, errorText } from '../../api/client.ts';
import { CallParties, endText, PhaseLamp } from '../../components/call-bits.tsx';
import { toast } from '../../components/feedback.tsx';
import { Empty, LoadFailed, Page, Skeleton, Split } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Elapsed, formatDuration, Moment } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import type { PageProps } from '../../shell/lazy-page.tsx';
import { live } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
import { type Names, useNames } from '../../state/names.ts';
import { CallPanel } from './call-panel.tsx';
import { type Filters, filtersOf } from './call-query.ts';
import { CallFilters } from './filters.tsx';

const pageSize = 50;

export function CallsPage(props: PageProps): VNode {
  const { query } = useLocation();
  const id = props.params?.id;
  const filters = filtersOf(query);
  const names = useNames();
  const suffix = new URLSearchParams(query).toString();
  const search = suffix === '' ? '' : `?${suffix}`;
  return (
    <Page title={t('place.calls')}>
      <Split
        list={
          <>
            <CallFilters query={query} names={names} />
            <CallList key={suffix} filters={filters} search={search} currentId={id} names={names} />
          </>
        }
        panel={id ? <CallPanel key={id} callId={id} backHref={`/calls${search}`} /> : undefined}
      />
    </Page>
  );
}

function CallList(props: {
  filters: Filters;
  search: string;
  currentId: string | undefined;
  names: Names;
}): VNode {
  const first = useLoad('first', (signal) =>
    api('listCalls', { query: { ...props.filters, limit: pageSize }, signal }),
  );
  const [more, setMore] = useState<{ items: Call[]; next: string | null }>();
  const [busy, setBusy] = useState(false);

  // A call that began or ended changes the first page; while older pages are open they stay put.
  const callIds = live.value?.calls.map((call) => call.callId).join(' ');
  useEffect(() => {
    if (callIds !== undefined && !more) first.reload();
  }, [callIds]);

  if (!first.value)
    return first.error ? (
      <LoadFailed text={errorText(first.error)} retry={first.reload} />
    ) : (
      <Skeleton lines={10} />
    );
  const known = new Set<string>();
  const rows = [...first.value.items, ...(more?.items ?? [])]
    .filter((call) => !known.has(call.callId) && known.add(call.callId))
    .map((call) => live.value?.calls.find((running) => running.callId === call.callId) ?? call);
  const next = more ? more.next : first.value.next;
  if (rows.length === 0)
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
  const loadMore = async (cursor: string): Promise<void> => {
    setBusy(true);
    try {
      const page = await api('listCalls', { query: { ...props.filters, limit: pageSize, cursor } });
      setMore({ items: [...(more?.items ?? []), ...page.items], next: page.next });
    } catch (error) {
      toast(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  const { names } = props;
  return (
    <>
      <Table
        label={t('place.calls')}
        rows={rows}
        rowKey={(call) => call.callId}
        href={(call) => `/calls/${encodeURIComponent(call.callId)}${props.search}`}
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
      {next && (
        <div class="actions">
          <button type="button" class="button" disabled={busy} onClick={() => void loadMore(next)}>
            {t('calls.more')}
          </button>
        </div>
      )}
    </>
  );
}

function talk(call: Call): VNode | string {
  if (call.talkSince !== undefined) return <Elapsed since={call.talkSince - call.talkMs} />;
  return call.talkMs > 0 ? formatDuration(call.talkMs) : '';
}
