/** Whether the office is open, in the strip; opens the night button. */
import type { VNode } from 'preact';
import { LampDot } from '../components/lamp.tsx';
import { NightButton } from '../components/night-button.tsx';
import { t } from '../i18n/translate.ts';
import { live } from '../state/live.ts';

export function NightItem(): VNode | null {
  const hours = live.value?.hours;
  if (!hours || (hours.schedules.length === 0 && !hours.night)) return null;
  const { night, schedules } = hours;
  const open = schedules.filter((schedule) => schedule.open).length;
  const text = night
    ? night.mode === 'closed'
      ? t('night.stripClosed')
      : t('night.stripOpen')
    : open === schedules.length
      ? t('night.stripIsOpen')
      : open === 0
        ? t('night.stripIsClosed')
        : t('night.stripPartly', { open, all: schedules.length });
  return (
    <details
      class="menu night-menu"
      onFocusOut={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null))
          event.currentTarget.open = false;
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.open = false;
      }}
    >
      <summary>
        <LampDot state={night ? 'paused' : open > 0 ? 'available' : 'dark'} />
        {text}
      </summary>
      <div class="menu-body">
        <NightButton />
      </div>
    </details>
  );
}
