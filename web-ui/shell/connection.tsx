/** Says when the box is not heard and what is shown is old; goes away by itself, and says that too. */
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { toast } from '../components/feedback.tsx';
import { LampDot } from '../components/lamp.tsx';
import { Elapsed, Moment } from '../components/time.tsx';
import { t } from '../i18n/translate.ts';
import { reconnect, silentSince } from '../state/live.ts';

/** A shorter silence is a restart or a change of network: nobody needs to be told that it is over. */
const worthTellingMs = 3_000;

export function ConnectionBanner(): VNode | null {
  const since = silentSince.value;
  const lostAt = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (since !== undefined) lostAt.current = Date.now();
    else if (lostAt.current !== undefined) {
      if (Date.now() - lostAt.current > worthTellingMs) toast(t('shell.connectionBack'));
      lostAt.current = undefined;
    }
  }, [since]);
  useEffect(() => {
    // The browser has a network again: no need to wait for the next try.
    addEventListener('online', reconnect);
    return () => removeEventListener('online', reconnect);
  }, []);
  if (since === undefined) return null;
  return (
    <div class="banner" role="alert">
      <LampDot state="stale" />
      <p>
        {t('shell.connectionLost')} <Moment at={since} seconds />. {t('shell.connectionResumes')}
      </p>
      <span class="banner-time" aria-hidden="true">
        <Elapsed since={since} />
      </span>
      <button type="button" class="button button-small" onClick={reconnect}>
        {t('action.tryNow')}
      </button>
    </div>
  );
}
