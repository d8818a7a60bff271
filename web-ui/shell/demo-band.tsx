/** Says on every page of a demo that it is one. */
import type { VNode } from 'preact';
import { t } from '../i18n/translate.ts';
import { officeStatus } from '../state/session.ts';

export function DemoBand(): VNode | null {
  return officeStatus.value?.demo ? (
    <p class="demo-band" role="note">
      {t('shell.demo')}
    </p>
  ) : null;
}
