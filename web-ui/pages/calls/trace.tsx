/** Every decision of a call in plain words, in order, with its time. */
import type { VNode } from 'preact';
import type { Call } from '../../../src/domain/call.ts';
import { formatDuration, formatPrecise } from '../../components/time.tsx';
import { traceText } from '../../i18n/reasons.ts';
import { t } from '../../i18n/translate.ts';

export function Trace({ call }: { call: Call }): VNode {
  return (
    <section class="stack" aria-label={t('call.trace')}>
      <h3>{t('call.trace')}</h3>
      {call.trace.length === 0 ? (
        <p class="quiet">{t('call.noTrace')}</p>
      ) : (
        <ol class="trace">
          {call.trace.map((note, index) => (
            <li key={`${index}`} class="trace-note">
              <time
                class="trace-at"
                dateTime={new Date(note.at).toISOString()}
                title={formatPrecise(note.at)}
              >
                {formatDuration(note.at - call.startedAt)}
              </time>
              <span>{traceText(note.code, note.params)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
