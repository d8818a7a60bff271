import type { VNode } from 'preact';
import { errorText } from '../api/client.ts';
import { t } from '../i18n/translate.ts';
import { refreshSession, startError } from '../state/session.ts';
import { Gate } from './gate.tsx';

/** The box did not answer the very first questions. */
export function UnreachablePage(): VNode {
  return (
    <Gate title={t('unreachable.title')} intro={t('unreachable.text')}>
      <p>{errorText(startError.value)}</p>
      <button type="button" class="button button-primary" onClick={() => void refreshSession()}>
        {t('action.tryAgain')}
      </button>
    </Gate>
  );
}
