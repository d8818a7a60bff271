/** The places of the house: a rail on the left that folds to its icons; a bar at the bottom on a phone. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { Icon } from '../components/icon.tsx';
import { t } from '../i18n/translate.ts';
import { officeStatus } from '../state/session.ts';
import { myPlaces } from './my-places.ts';
import type { Place } from './places.ts';
import { whereIs } from './way.ts';

const foldedKey = 'cordboard.rail-folded';
/** Whether the rail shows its icons alone; kept in this browser. */
export const railFolded = signal(localStorage.getItem(foldedKey) === 'yes');

export function foldRail(): void {
  railFolded.value = !railFolded.value;
  localStorage.setItem(foldedKey, railFolded.value ? 'yes' : 'no');
}

/** How many places stand in a phone's bar; the others are behind "More". */
const inBar = 4;

export function Rail(): VNode {
  const { path } = useLocation();
  const [more, setMore] = useState(false);
  const mine = myPlaces.value;
  const shown = mine.filter((place) => !place.apart);
  const here = whereIs(mine, path)?.place;
  useEffect(() => setMore(false), [path]);
  const needsMore = shown.length > inBar + 1;
  const hereBehindMore = needsMore && here !== undefined && shown.indexOf(here) >= inBar;
  return (
    <nav
      class={`rail ${more ? 'rail-more-open' : ''}`}
      aria-label={t('shell.places')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setMore(false);
      }}
    >
      <div class="rail-brand">
        <img src="/favicon.svg" alt="" />
        <span>{officeStatus.value?.officeName || t('app.name')}</span>
      </div>
      {shown.map((place, index) => (
        <RailLink key={place.key} place={place} here={place === here} late={needsMore && index >= inBar} />
      ))}
      {needsMore && (
        <button
          type="button"
          class={`rail-link rail-more ${hereBehindMore ? 'rail-here' : ''}`}
          aria-expanded={more}
          onClick={() => setMore(!more)}
        >
          <Icon name="more" />
          <span>{t('shell.more')}</span>
        </button>
      )}
      <span class="rail-gap" />
      <button
        type="button"
        class="rail-link rail-fold"
        aria-expanded={!railFolded.value}
        title={railFolded.value ? t('shell.unfold') : undefined}
        onClick={foldRail}
      >
        <Icon name={railFolded.value ? 'expand' : 'collapse'} />
        <span>{railFolded.value ? t('shell.unfold') : t('shell.fold')}</span>
      </button>
    </nav>
  );
}

function RailLink({ place, here, late }: { place: Place; here: boolean; late: boolean }): VNode {
  const text = t(place.key as 'place.live');
  return (
    <a
      class={`rail-link ${late ? 'rail-late' : ''}`}
      href={place.pages[0]?.path ?? '/'}
      aria-current={here ? 'page' : undefined}
      title={railFolded.value ? text : undefined}
    >
      <Icon name={place.icon} />
      <span>{text}</span>
    </a>
  );
}
