/** Who a campaign calls: what an agent reads before the voice, and a supervisor beside the list. */
import type { VNode } from 'preact';
import { leadFieldKeys } from '../../src/domain/imports/lead-columns.ts';
import { t, translateCode } from '../i18n/translate.ts';
import { Moment } from './time.tsx';

export interface LeadOnCard {
  number: string;
  name: string;
  note: string;
  fields: Record<string, string>;
  attempts: number;
  lastAttemptAt: number | null;
  lastResult: string | null;
}

const ours: readonly string[] = Object.values(leadFieldKeys);

/** The name of a lead's field: ours in the reader's words, others as their file called them. */
export function leadFieldName(key: string): string {
  return ours.includes(key) ? translateCode(`leadField.${key}`) : key;
}

/** @param script what the campaign wants said; shown first */
export function LeadCard(props: { lead: LeadOnCard; campaign?: string; script?: string }): VNode {
  const { lead } = props;
  return (
    <article class="lead-card stack" aria-label={t('lead.card')}>
      {props.campaign && <p class="quiet">{props.campaign}</p>}
      <p class="lead-who">
        <strong>{lead.name || lead.number}</strong>
        {lead.name && <span class="mono">{lead.number}</span>}
      </p>
      {lead.note && <p class="lead-note">{lead.note}</p>}
      {Object.keys(lead.fields).length > 0 && (
        <dl class="facts">
          {Object.entries(lead.fields).map(([key, value]) => (
            <div key={key}>
              <dt>{leadFieldName(key)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <p class="quiet">
        {lead.attempts === 0 ? (
          t('lead.neverCalled')
        ) : (
          <>
            {t('lead.attempts', { count: lead.attempts })}
            {lead.lastAttemptAt !== null && (
              <>
                {' · '}
                <Moment at={lead.lastAttemptAt} />
              </>
            )}
            {lead.lastResult && ` · ${translateCode(`attemptResult.${lead.lastResult}`)}`}
          </>
        )}
      </p>
      {props.script && (
        <section class="lead-script">
          <h3>{t('lead.script')}</h3>
          <p>{props.script}</p>
        </section>
      )}
    </article>
  );
}
