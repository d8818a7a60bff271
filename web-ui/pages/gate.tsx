/** The frame of the pages before the house: claim, sign in, first run. */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/translate.ts';
import { DemoBand } from '../shell/demo-band.tsx';
import { Preferences } from '../shell/strip.tsx';
import { officeStatus } from '../state/session.ts';

export function Gate(props: { title: string; intro?: string; children: ComponentChildren }): VNode {
  useEffect(() => {
    document.title = `${props.title} · ${t('app.name')}`;
  }, [props.title]);
  return (
    <main class="gate">
      <div class="gate-card">
        <DemoBand />
        <div class="gate-brand">
          <img src="/favicon.svg" alt="" />
          {(officeStatus.value?.claimed && officeStatus.value.officeName) || t('app.name')}
        </div>
        <div class="card stack-wide">
          <div class="stack">
            <h1>{props.title}</h1>
            {props.intro && <p class="quiet">{props.intro}</p>}
          </div>
          {props.children}
        </div>
        <details>
          <summary class="quiet">{t('shell.preferences')}</summary>
          <div class="stack gate-preferences">
            <Preferences />
          </div>
        </details>
      </div>
    </main>
  );
}
