/** The pages of the place one is in, above the page. */
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso/router';
import { t } from '../i18n/translate.ts';
import { myPlaces } from './my-places.ts';
import { whereIs } from './way.ts';

export function PlaceTabs(): VNode | null {
  const { path } = useLocation();
  const here = whereIs(myPlaces.value, path);
  if (!here || here.place.pages.length < 2) return null;
  return (
    <nav class="tabs place-tabs" aria-label={t(here.place.key as 'place.live')}>
      {here.place.pages.map((page) => (
        <a
          key={page.path}
          class="tab"
          href={page.path}
          aria-current={page.path === here.page.path ? 'page' : undefined}
        >
          {t(page.key as 'place.live')}
        </a>
      ))}
    </nav>
  );
}
