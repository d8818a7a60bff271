/** One thin line that is always there: lines, callers waiting, faults, the clock and who sits here. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { errorText } from '../api/client.ts';
import { mayLeave } from '../components/draft.ts';
import { toast } from '../components/feedback.tsx';
import { Icon } from '../components/icon.tsx';
import { LampDot, WaitingCapsule } from '../components/lamp.tsx';
import { WallClock } from '../components/time.tsx';
import { language, languageNames, t, type UiLanguage } from '../i18n/translate.ts';
import { figures, live, silentSince } from '../state/live.ts';
import { chooseLanguage, signOut, user } from '../state/session.ts';
import { chooseTheme, type Theme, theme } from '../state/theme.ts';
import { floating } from './keyboard.tsx';
import { NightItem } from './night-item.tsx';
import { OwnStatus } from './own-status.tsx';

export function Strip(): VNode {
  const now = figures.value;
  const known = live.value !== undefined && silentSince.value === undefined;
  return (
    <header class="strip">
      <a class="strip-item" href={user.value?.role === 'admin' ? '/trunks' : '/'}>
        <LampDot
          state={!known ? 'stale' : now.trunksDown > 0 ? 'fault' : now.trunksUp > 0 ? 'available' : 'dark'}
        />
        {now.trunks === 0 ? t('strip.noTrunks') : t('strip.trunks', { up: now.trunksUp, all: now.trunks })}
      </a>
      <a class="strip-item" href="/">
        <WaitingCapsule count={now.waiting} over={now.overThreshold} />
        <span class="strip-word">{t('strip.waiting')}</span>
      </a>
      {now.faults > 0 && (
        <a class="strip-item" href="/">
          <LampDot state="fault" />
          {t('strip.faults', { count: now.faults })}
        </a>
      )}
      <NightItem />
      <span class="strip-gap" />
      <button
        type="button"
        class="strip-find"
        aria-keyshortcuts="Control+K"
        onClick={() => {
          floating.value = 'palette';
        }}
      >
        <Icon name="search" />
        <span class="strip-name">{t('shell.find')}</span>
        <kbd>Ctrl K</kbd>
      </button>
      <OwnStatus />
      <span class="strip-item strip-wide">
        <WallClock />
      </span>
      <WhoAmI />
    </header>
  );
}

function WhoAmI(): VNode {
  const [open, setOpen] = useState(false);
  const leave = async (): Promise<void> => {
    if (!(await mayLeave())) return;
    try {
      await signOut();
    } catch (error) {
      toast(errorText(error));
    }
  };
  return (
    <details
      class="menu"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      onFocusOut={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOpen(false);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false);
      }}
    >
      <summary>
        <Icon name="user" />
        <span class="strip-name">{user.value?.name}</span>
      </summary>
      <div class="menu-body">
        <Preferences />
        <a class="button" href="/account" onClick={() => setOpen(false)}>
          {t('place.account')}
        </a>
        <button
          type="button"
          class="button"
          onClick={() => {
            setOpen(false);
            floating.value = 'keys';
          }}
        >
          <Icon name="keyboard" />
          {t('keys.title')}
        </button>
        <button type="button" class="button" onClick={() => void leave()}>
          {t('action.signOut')}
        </button>
      </div>
    </details>
  );
}

/** Language and light or dark; kept in this browser. */
export function Preferences(): VNode {
  return (
    <>
      <label class="field">
        <span class="field-legend">{t('shell.language')}</span>
        <select
          class="select"
          value={language.value}
          onChange={(event) => void chooseLanguage(event.currentTarget.value as UiLanguage)}
        >
          {Object.entries(languageNames).map(([code, name]) => (
            <option key={code} value={code} selected={code === language.value}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span class="field-legend">{t('shell.theme')}</span>
        <select
          class="select"
          value={theme.value}
          onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}
        >
          <option value="auto">{t('theme.auto')}</option>
          <option value="light">{t('theme.light')}</option>
          <option value="dark">{t('theme.dark')}</option>
        </select>
      </label>
    </>
  );
}
