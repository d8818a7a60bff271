/** Which calls are shown; the filters stand in the address, so that a view can be shared. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { callResults } from '../../../src/domain/call-result.ts';
import { urlOf } from '../../api/client.ts';
import { SelectField, TextField } from '../../components/form.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { type DeskView, useDeskView } from '../../state/desk-view.ts';
import { live } from '../../state/live.ts';
import { isSupervisor } from '../../state/session.ts';
import { filtersOf, filterText, ranges } from './call-query.ts';

/** Shortest talks to choose from, seconds. */
const lengths = [60, 300, 600, 1800];

export function CallFilters({ query }: { query: Record<string, string> }): VNode {
  const { route, path } = useLocation();
  const [text, setText] = useState(query.text ?? '');
  const [more, setMore] = useState(
    ['trunkId', 'recording', 'longer', 'sound', 'disposition'].some((key) => query[key]),
  );
  const change = (changes: Record<string, string>): void => {
    const next = new URLSearchParams(filterText(query));
    for (const [key, value] of Object.entries(changes)) {
      if (value === '') next.delete(key);
      else next.set(key, value);
    }
    const search = next.toString();
    route(`${path}${search === '' ? '' : `?${search}`}`, true);
  };
  useEffect(() => {
    if (text === (query.text ?? '')) return;
    const timer = setTimeout(() => change({ text }), 300);
    return () => clearTimeout(timer);
  }, [text]);
  const now = live.value;
  const desk = useDeskView();
  const dispositions = dispositionChoices(desk);
  const zone = desk && t('calls.officeDays', { zone: desk.timeZone });
  const select = (
    key: string,
    label: string,
    choices: { value: string; label: string }[],
    also: Record<string, string> = {},
  ): VNode => (
    <SelectField
      label={label}
      value={query[key] ?? ''}
      choices={[{ value: '', label: t('calls.any') }, ...choices]}
      onInput={(value) => change({ [key]: value, ...also })}
    />
  );
  const csv = new URLSearchParams(
    Object.entries(filtersOf(query, desk?.timeZone ?? 'UTC')).map(([key, value]) => [key, String(value)]),
  ).toString();
  return (
    <search class="stack">
      <div class="filters">
        <TextField
          label={t('calls.filterText')}
          value={text}
          onInput={setText}
          type="search"
          maxLength={100}
        />
        <div title={zone}>
          {select(
            'range',
            t('calls.filterRange'),
            Object.keys(ranges).map((value) => ({ value, label: translateCode(`calls.range.${value}`) })),
            { from: '', until: '' },
          )}
        </div>
        {select(
          'result',
          t('calls.filterResult'),
          callResults.map((value) => ({ value, label: translateCode(`callResult.${value}`) })),
        )}
        {select('direction', t('calls.filterDirection'), [
          { value: 'inbound', label: t('direction.inbound') },
          { value: 'outbound', label: t('direction.outbound') },
          { value: 'internal', label: t('direction.internal') },
        ])}
        {select(
          'queueId',
          t('calls.filterQueue'),
          (now?.queues ?? []).map((queue) => ({ value: queue.queueId, label: queue.name })),
        )}
        {select(
          'agentId',
          t('calls.filterAgent'),
          (now?.agents ?? []).map((agent) => ({ value: agent.agentId, label: agent.name })),
        )}
        {more && (
          <>
            {select(
              'trunkId',
              t('call.trunk'),
              (now?.trunks ?? []).map((trunk) => ({ value: trunk.trunkId, label: trunk.name })),
            )}
            {select('recording', t('recording.one'), [
              { value: 'true', label: t('calls.withRecording') },
              { value: 'false', label: t('calls.withoutRecording') },
            ])}
            {select(
              'longer',
              t('calls.filterLonger'),
              lengths.map((seconds) => ({
                value: String(seconds),
                label: t('calls.minutes', { count: seconds / 60 }),
              })),
            )}
            {dispositions.length > 0 && select('disposition', t('desk.disposition'), dispositions)}
            {select('sound', t('leg.mos'), [{ value: 'poor', label: t('calls.poorSound') }])}
            <Day
              label={t('calls.filterFrom')}
              title={zone}
              value={query.from ?? ''}
              onInput={(from) => change({ from, range: '' })}
            />
            <Day
              label={t('calls.filterUntil')}
              title={zone}
              value={query.until ?? ''}
              onInput={(until) => change({ until, range: '' })}
            />
          </>
        )}
      </div>
      <div class="actions">
        <button type="button" class="button button-small" aria-expanded={more} onClick={() => setMore(!more)}>
          {more ? t('calls.fewerFilters') : t('calls.moreFilters')}
        </button>
        {filterText(query) !== '' && (
          <a class="button button-small" href="/calls" onClick={() => setText('')}>
            {t('calls.clearFilters')}
          </a>
        )}
        {isSupervisor.value && (
          <a
            class="button button-small"
            href={`${urlOf('exportCalls')}${csv && `?${csv}`}`}
            download="calls.csv"
          >
            {t('calls.export')}
          </a>
        )}
      </div>
    </search>
  );
}

/** Of the office and of all queues, each once. */
function dispositionChoices(desk: DeskView | undefined): { value: string; label: string }[] {
  const all = [...(desk?.dispositions ?? []), ...(desk?.queues ?? []).flatMap((queue) => queue.dispositions)];
  return [...new Map(all.map(({ code, name }) => [code, { value: code, label: name }])).values()];
}

function Day(props: {
  label: string;
  title: string | undefined;
  value: string;
  onInput: (day: string) => void;
}): VNode {
  return (
    <label class="field" title={props.title}>
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
