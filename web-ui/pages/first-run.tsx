/** After claiming: a working example to try at once, or an empty office. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { api, errorText } from '../api/client.ts';
import { toast } from '../components/feedback.tsx';
import { t } from '../i18n/translate.ts';
import { firstRun } from '../state/session.ts';
import { Gate } from './gate.tsx';

export function FirstRunPage(): VNode {
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const sample = async (): Promise<void> => {
    setBusy(true);
    try {
      await api('createSampleOffice');
      route('/extensions');
      firstRun.value = false;
    } catch (error) {
      toast(errorText(error));
      setBusy(false);
    }
  };
  const empty = (): void => {
    route('/');
    firstRun.value = false;
  };
  return (
    <Gate title={t('firstRun.title')} intro={t('firstRun.intro')}>
      <div class="stack">
        <button type="button" class="button button-primary" disabled={busy} onClick={() => void sample()}>
          {t('firstRun.sample')}
        </button>
        <p class="quiet">{t('firstRun.sampleText')}</p>
        <button type="button" class="button" disabled={busy} onClick={empty}>
          {t('firstRun.empty')}
        </button>
        <p class="quiet">{t('firstRun.emptyText')}</p>
      </div>
    </Gate>
  );
}
