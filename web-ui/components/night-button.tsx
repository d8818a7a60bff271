/** The night button: closes or opens the whole office against its hours, until they rule again. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { api, errorText } from '../api/client.ts';
import { traceText } from '../i18n/reasons.ts';
import { t } from '../i18n/translate.ts';
import { live } from '../state/live.ts';
import { isSupervisor } from '../state/session.ts';
import { toast } from './feedback.tsx';
import { CheckField } from './form.tsx';
import { Moment } from './time.tsx';

type Mode = 'auto' | 'closed' | 'open';

export function NightButton(): VNode | null {
  const [stays, setStays] = useState(false);
  const [busy, setBusy] = useState(false);
  const hours = live.value?.hours;
  if (!hours) return null;
  const { night, schedules } = hours;
  const press = async (mode: Mode): Promise<void> => {
    setBusy(true);
    try {
      await api('pressNightButton', { body: { mode, ends: stays ? 'stays' : 'next-opening' } });
    } catch (error) {
      toast(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="stack">
      <p>
        {!night ? (
          t('night.auto')
        ) : (
          <>
            <strong>{night.mode === 'closed' ? t('night.closed') : t('night.open')}</strong>{' '}
            {t('night.by', { who: night.who })} <Moment at={night.since} />
            {'. '}
            {night.ends === 'stays' ? t('night.stays') : t('night.untilOpening')}
          </>
        )}
      </p>
      {schedules.length > 0 ? (
        <ul class="hours-now">
          {schedules.map((schedule) => (
            <li key={schedule.scheduleId}>{traceText(schedule.reason.code, schedule.reason.params)}</li>
          ))}
        </ul>
      ) : (
        <p class="quiet">{t('night.noSchedules')}</p>
      )}
      {isSupervisor.value && (
        <>
          <CheckField label={t('night.keep')} value={stays} onInput={setStays} />
          <div class="actions">
            {night?.mode !== 'closed' && (
              <button type="button" class="button" disabled={busy} onClick={() => void press('closed')}>
                {t('night.closeNow')}
              </button>
            )}
            {night?.mode !== 'open' && (
              <button type="button" class="button" disabled={busy} onClick={() => void press('open')}>
                {t('night.openNow')}
              </button>
            )}
            {night && (
              <button
                type="button"
                class="button button-primary"
                disabled={busy}
                onClick={() => void press('auto')}
              >
                {t('night.follow')}
              </button>
            )}
          </div>
        </>
      )}
    </div>
  );
}
