/** Says when the box is not heard and what is shown is old; goes away by itself. */
import type { VNode } from 'preact';
import { LampDot } from '../components/lamp.tsx';
import { Moment } from '../components/time.tsx';
import { t } from '../i18n/translate.ts';
import { silentSince } from '../state/live.ts';

export function ConnectionBanner(): VNode | null {
  const since = silentSince.value;
  if (since === undefined) return null;
  return (
    <div class="banner" role="alert">
      <LampDot state="stale" />
      <span>
        {t('shell.connectionLost')} <Moment at={since} seconds />. {t('shell.connectionResumes')}
      </span>
    </div>
  );
}
