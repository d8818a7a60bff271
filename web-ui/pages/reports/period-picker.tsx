/** Which period, of which queue and agent, and beside what. */
import type { VNode } from 'preact';
import { periodKinds } from '../../../src/domain/metrics/period.ts';
import { CheckField, SelectField } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { live } from '../../state/live.ts';
import { moved, type ReportQuery, withDays, withPeriod } from './report-query.ts';

export function PeriodPicker(props: {
  query: ReportQuery;
  /** Dates of the report shown; undefined before the first. */
  shown: { date: string; to: string } | undefined;
  onChange: (query: ReportQuery) => void;
}): VNode {
  const { query, shown, onChange } = props;
  const dates = shown ?? { date: query.date ?? '', to: query.to ?? query.date ?? '' };
  const isCustom = query.period === 'custom';
  return (
    <search class="filters report-filters">
      <SelectField
        label={t('figures.period')}
        value={query.period}
        choices={periodKinds.map((value) => ({ value, label: translateCode(`figures.period.${value}`) }))}
        onInput={(period) => onChange(withPeriod(query, dates, period))}
      />
      <div class="field report-step">
        <button
          type="button"
          class="button"
          disabled={!shown}
          onClick={() => onChange(moved(query, dates, true))}
        >
          <Icon name="back" />
          <span class="sr-only">{t('figures.earlier')}</span>
        </button>
        <Day
          label={isCustom ? t('figures.firstDay') : t('figures.dayIn')}
          value={dates.date}
          onInput={(date) => onChange(isCustom ? withDays(query, date, dates.to) : { ...query, date })}
        />
        {isCustom && (
          <Day
            label={t('figures.lastDay')}
            value={dates.to}
            onInput={(to) => onChange(withDays(query, dates.date, to))}
          />
        )}
        <button
          type="button"
          class="button"
          disabled={!shown}
          onClick={() => onChange(moved(query, dates, false))}
        >
          <Icon name="chevronRight" />
          <span class="sr-only">{t('figures.later')}</span>
        </button>
      </div>
      <SelectField
        label={t('calls.filterQueue')}
        value={query.queueId ?? ''}
        choices={[
          { value: '', label: t('calls.any') },
          ...(live.value?.queues ?? []).map(({ queueId, name }) => ({ value: queueId, label: name })),
        ]}
        onInput={(queueId) => onChange(chosen(query, 'queueId', queueId))}
      />
      <SelectField
        label={t('calls.filterAgent')}
        value={query.agentId ?? ''}
        choices={[
          { value: '', label: t('calls.any') },
          ...(live.value?.agents ?? []).map(({ agentId, name }) => ({ value: agentId, label: name })),
        ]}
        onInput={(agentId) => onChange(chosen(query, 'agentId', agentId))}
      />
      <CheckField
        label={t('figures.compare')}
        value={query.compare === 'true'}
        onInput={(on) => onChange(chosen(query, 'compare', on ? 'true' : ''))}
      />
    </search>
  );
}

function chosen(query: ReportQuery, key: 'queueId' | 'agentId' | 'compare', value: string): ReportQuery {
  const { [key]: _, ...rest } = query;
  return value === '' ? rest : { ...rest, [key]: value };
}

function Day(props: { label: string; value: string; onInput: (day: string) => void }): VNode {
  return (
    <label class="field">
      <span class="field-legend">{props.label}</span>
      <input
        class="input"
        type="date"
        value={props.value}
        onChange={(event) => {
          if (event.currentTarget.value !== '') props.onInput(event.currentTarget.value);
        }}
      />
    </label>
  );
}
