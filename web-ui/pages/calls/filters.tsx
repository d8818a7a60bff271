/** Which calls are shown; the filters stand in the address, so that a view can be shared. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { SelectField, TextField } from '../../components/form.tsx';
import { t } from '../../i18n/translate.ts';
import { live } from '../../state/live.ts';
import type { Names } from '../../state/names.ts';

export function CallFilters(props: { query: Record<string, string>; names: Names }): VNode {
  const { route, path } = useLocation();
  const { query } = props;
  const [number, setNumber] = useState(query.number ?? '');
  const set = (key: string, value: string): void => {
    const next = new URLSearchParams(query);
    if (value === '') next.delete(key);
    else next.set(key, value);
    const text = next.toString();
    route(`${path}${text === '' ? '' : `?${text}`}`, true);
  };
  useEffect(() => {
    if (number === (query.number ?? '')) return;
    const timer = setTimeout(() => set('number', number), 300);
    return () => clearTimeout(timer);
  }, [number]);
  const now = live.value;
  return (
    <search class="filters">
      <TextField label={t('calls.filterNumber')} value={number} onInput={setNumber} type="search" />
      <SelectField
        label={t('calls.filterDirection')}
        value={query.direction ?? ''}
        choices={[
          { value: '', label: t('calls.any') },
          { value: 'inbound', label: t('direction.inbound') },
          { value: 'outbound', label: t('direction.outbound') },
          { value: 'internal', label: t('direction.internal') },
        ]}
        onInput={(value) => set('direction', value)}
      />
      <SelectField
        label={t('calls.filterQueue')}
        value={query.queueId ?? ''}
        choices={[
          { value: '', label: t('calls.any') },
          ...(now?.queues ?? []).map((queue) => ({ value: queue.queueId, label: queue.name })),
        ]}
        onInput={(value) => set('queueId', value)}
      />
      <SelectField
        label={t('calls.filterAgent')}
        value={query.agentId ?? ''}
        choices={[
          { value: '', label: t('calls.any') },
          ...(now?.agents ?? []).map((agent) => ({ value: agent.agentId, label: agent.name })),
        ]}
        onInput={(value) => set('agentId', value)}
      />
      <SelectField
        label={t('calls.filterEnd')}
        value={query.abandoned ?? ''}
        choices={[
          { value: '', label: t('calls.any') },
          { value: 'true', label: t('calls.onlyAbandoned') },
        ]}
        onInput={(value) => set('abandoned', value)}
      />
      <Day label={t('calls.filterFrom')} value={query.from ?? ''} onInput={(day) => set('from', day)} />
      <Day label={t('calls.filterUntil')} value={query.until ?? ''} onInput={(day) => set('until', day)} />
    </search>
  );
}

function Day(props: { label: string; value: string; onInput: (day: string) => void }): VNode {
  return (
    <label class="field">
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
