/** The house: rail, strip and the page asked for. Pages other than Live load when first opened. */
import type { ComponentType, VNode } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Route, Router, useLocation } from 'preact-iso/router';
import { t } from '../i18n/translate.ts';
import { LivePage } from '../pages/live/live.tsx';
import { NotFoundPage } from '../pages/not-found.tsx';
import { forgetLive, startLive } from '../state/live.ts';
import { forgetLists } from '../state/load.ts';
import { user } from '../state/session.ts';
import { ConnectionBanner } from './connection.tsx';
import { DemoBand } from './demo-band.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Keyboard } from './keyboard.tsx';
import { lazyPage, type PageProps } from './lazy-page.tsx';
import { useLeaveGuard } from './leave-guard.ts';
import { PlaceTabs } from './place-tabs.tsx';
import { places } from './places.ts';
import { Rail, railFolded } from './rail.tsx';
import { Strip } from './strip.tsx';
import { placesFor } from './way.ts';

/** Pages by path. Live is at hand from the start; the others are loaded when first opened. */
const components = new Map<string, ComponentType<PageProps>>([['/', LivePage]]);
for (const { path, load } of places.flatMap((place) => place.pages))
  if (load) components.set(path, lazyPage(load));

export function Shell(): VNode {
  const { path, route } = useLocation();
  const main = useRef<HTMLElement>(null);
  const role = user.value?.role;
  // The first route that fits is taken: the longest path first.
  const routes = useMemo(
    () =>
      placesFor(places, role)
        .flatMap((place) => place.pages)
        .map(({ path }) => ({ path, component: components.get(path) }))
        .filter(({ component }) => component !== undefined)
        .sort((a, b) => b.path.length - a.path.length),
    [role],
  );

  useEffect(() => {
    // An agent's first page is the desk.
    if (path === '/' && role === 'agent' && user.value?.agentId !== undefined) route('/desk', true);
    startLive();
    return () => {
      forgetLive();
      forgetLists();
    };
  }, []);

  useLeaveGuard();

  const place = path.split('/')[1];
  useEffect(() => {
    // A new place is announced by moving the focus there; opening an item of a list leaves it.
    if (document.activeElement?.closest('.rail')) main.current?.focus({ preventScroll: true });
  }, [place]);

  return (
    <div class={`shell ${railFolded.value ? 'shell-folded' : ''}`}>
      <a class="skip-link" href="#main">
        {t('shell.skip')}
      </a>
      <Keyboard />
      <Rail />
      <Strip />
      <main class="main" id="main" tabIndex={-1} ref={main}>
        <DemoBand />
        <ConnectionBanner />
        <PlaceTabs />
        <ErrorBoundary key={place}>
          <Router>
            {routes.map(({ path, component }) => (
              <Route
                key={path}
                path={path === '/' ? '/' : `${path}/:id?`}
                component={component ?? NotFoundPage}
              />
            ))}
            <Route default component={NotFoundPage} />
          </Router>
        </ErrorBoundary>
      </main>
    </div>
  );
}
