/** The audit: who did what, when and from where; filters in the address, page after page, and as CSV. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { EndpointQuery, EndpointResponse } from '../../../src/api/contract.ts';
import type { AuditKind } from '../../../src/domain/audit.ts';
import { api, errorText, urlOf } from '../../api/client.ts';
import { Empty, LoadFailed, Page, Skeleton } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Moment } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { useDeskView } from '../../state/desk-view.ts';
import { useList } from '../../state/load.ts';
import { dayStart, namesDays } from '../calls/call-query.ts';
import { actionText } from './action-text.ts';
import { type Change, changeLines, namesWithin } from './setting-changes.ts';

type Entry = EndpointResponse<'audit'>['items'][number];
type Filters = Partial<Pick<EndpointQuery<'audit'>, 'who' | 'kind' | 'from' | 'until' | 'target'>>;

/** As the domain has them; a value import would bring more along. */
const kinds: AuditKind[] = ['sign-in', 'change', 'recording', 'export', 'call', 'agent'];

/** The filters that an address names; days are the office's, as everywhere. */
function filtersOf(query: Record<string, string>, timeZone: string): Filters {
  const from = dayStart(query.from, timeZone);
  const until = dayStart(query.until, timeZone, 1);
  return {
    ...(query.who ? { who: query.who } : {}),
    ...(kinds.includes(query.kind as AuditKind) ? { kind: query.kind as AuditKind } : {}),
    ...(query.target ? { target: query.target } : {}),
    ...(from === undefined ? {} : { from: String(from) }),
    ...(until === undefined ? {} : { until: String(until) }),
  } as Filters;
}

export function AuditPage(): VNode {
  const { query, path, route } = useLocation();
  const users = useList('listUsers').list?.items ?? [];
  const zone = useDeskView()?.timeZone;
  const filters = filtersOf(query, zone ?? 'UTC');
  const isReadable = zone !== undefined || !namesDays(query);
  const key = JSON.stringify(filters);
  const [found, setFound] = useState<{ key: string; items: Entry[]; next: string | null }>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const load = async (after?: { items: Entry[]; next: string | null }): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const cursor = after?.next ?? undefined;
      const page = await api('audit', { query: { ...filters, ...(cursor ? { cursor } : {}) } });
      setFound({ key, items: [...(after?.items ?? []), ...page.items], next: page.next });
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    if (isReadable) void load();
  }, [key, isReadable]);
  const set = (name: string, value: string): void => {
    const next = new URLSearchParams(query);
    if (value === '') next.delete(name);
    else next.set(name, value);
    route(next.size > 0 ? `${path}?${next}` : path, true);
  };
  const shown = found?.key === key ? found : undefined;
  const csv = `${urlOf('exportAudit')}?${new URLSearchParams(filters as Record<string, string>)}`;
  return (
    <Page
      title={t('audit.title')}
      intro={t('audit.intro')}
      actions={
        <a class="button" href={csv} download>
          {t('audit.csv')}
        </a>
      }
    >
      <div class="audit-filters">
        <Choice
          label={t('audit.kind')}
          value={query.kind ?? ''}
          onInput={(kind) => set('kind', kind)}
          choices={kinds.map((kind) => [kind, translateCode(`auditKind.${kind}`)])}
        />
        <Choice
          label={t('audit.who')}
          value={query.who ?? ''}
          onInput={(who) => set('who', who)}
          choices={[...new Set([...users.map((user) => user.name), ...(query.who ? [query.who] : [])])].map(
            (name) => [name, name],
          )}
        />
        <Day
          label={t('audit.from')}
          zone={zone}
          value={query.from ?? ''}
          onInput={(day) => set('from', day)}
        />
        <Day
          label={t('audit.until')}
          zone={zone}
          value={query.until ?? ''}
          onInput={(day) => set('until', day)}
        />
        {Object.keys(filters).length > 0 && (
          <button type="button" class="button" onClick={() => route(path, true)}>
            {t('audit.all')}
          </button>
        )}
      </div>
      {error !== undefined && <LoadFailed text={errorText(error)} retry={() => void load()} />}
      {!shown && error === undefined && <Skeleton lines={8} />}
      {shown && shown.items.length === 0 && (
        <section class="card">
          <Empty title={t('audit.none')} text={t('audit.noneText')} />
        </section>
      )}
      {shown && shown.items.length > 0 && (
        <Table
          label={t('audit.title')}
          rows={shown.items}
          rowKey={(entry) => String(entry.id)}
          columns={[
            { key: 'at', label: t('history.at'), cell: (entry) => <Moment at={entry.at} seconds /> },
            { key: 'who', label: t('audit.who'), cell: (entry) => entry.who || '–' },
            { key: 'what', label: t('audit.what'), cell: (entry) => <What entry={entry} /> },
            {
              key: 'source',
              label: t('audit.source'),
              cell: (entry) => <span class="mono">{entry.source}</span>,
            },
          ]}
        />
      )}
      {shown?.next && (
        <div class="actions">
          <button type="button" class="button" disabled={busy} onClick={() => void load(shown)}>
            {t('calls.more')}
          </button>
        </div>
      )}
    </Page>
  );
}

function Choice(props: {
  label: string;
  value: string;
  choices: [value: string, label: string][];
  onInput: (value: string) => void;
}): VNode {
  return (
    <label class="field">
      <span class="field-legend">{props.label}</span>
      <select
        class="select"
        value={props.value}
        onChange={(event) => props.onInput(event.currentTarget.value)}
      >
        <option value="">{t('audit.any')}</option>
        {props.choices.map(([value, label]) => (
          <option key={value} value={value} selected={value === props.value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

function Day(props: {
  label: string;
  zone: string | undefined;
  value: string;
  onInput: (day: string) => void;
}): VNode {
  return (
    <label class="field" title={props.zone && t('calls.officeDays', { zone: props.zone })}>
      <span class="field-legend">{props.label}</span>
      <input
        class="input"
        type="date"
        value={props.value}
        onChange={(event) => props.onInput(event.currentTarget.value)}
      />
    </label>
  );
}

function What({ entry }: { entry: Entry }): VNode {
  const changes = entry.details?.changes as Change[] | undefined;
  const rest = Object.entries(entry.details ?? {}).filter(([name]) => name !== 'changes');
  return (
    <div>
      {actionText(entry.action)} {entry.target && <span class="mono">{entry.target}</span>}
      {rest.length > 0 && (
        <div class="quiet mono change">
          {rest.map(([name, value]) => `${name}: ${String(value)}`).join(', ')}
        </div>
      )}
      {changes && (
        <details>
          <summary class="quiet">{t('audit.changes', { count: changes.length })}</summary>
          <ul class="changes">
            {changeLines(changes, namesWithin(changes, {})).map((line, i) => (
              <li key={i} class="change">
                {line}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
