/** The house: rail, strip and the page asked for. Pages other than Live load when first opened. */
import type { ComponentType, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Route, Router, useLocation } from 'preact-iso/router';
import { hasUnsaved, mayLeave } from '../components/draft.ts';
import { t } from '../i18n/translate.ts';
import { LivePage } from '../pages/live/live.tsx';
import { NotFoundPage } from '../pages/not-found.tsx';
import { forgetLive, startLive } from '../state/live.ts';
import { forgetLists } from '../state/load.ts';
import { isAdmin, isSupervisor } from '../state/session.ts';
import { ConnectionBanner } from './connection.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { lazyPage, type PageProps } from './lazy-page.tsx';
import { Rail } from './rail.tsx';
import { Strip } from './strip.tsx';

const CallsPage = lazyPage(async () => (await import('../pages/calls/calls.tsx')).CallsPage);
const QueuesPage = lazyPage(async () => (await import('../pages/queues.tsx')).QueuesPage);
const AgentsPage = lazyPage(async () => (await import('../pages/agents.tsx')).AgentsPage);
const UsersPage = lazyPage(async () => (await import('../pages/users.tsx')).UsersPage);
const ExtensionsPage = lazyPage(async () => (await import('../pages/extensions.tsx')).ExtensionsPage);
const IvrPage = lazyPage(async () => (await import('../pages/ivr.tsx')).IvrPage);
const TrunksPage = lazyPage(async () => (await import('../pages/trunks.tsx')).TrunksPage);
const NumbersPage = lazyPage(async () => (await import('../pages/numbers.tsx')).NumbersPage);
const RecordingsPage = lazyPage(async () => (await import('../pages/recordings.tsx')).RecordingsPage);
const PromptsPage = lazyPage(async () => (await import('../pages/prompts.tsx')).PromptsPage);
const PanelPage = lazyPage(async () => (await import('../pages/panel/panel.tsx')).PanelPage);
const SystemPage = lazyPage(async () => (await import('../pages/system/system.tsx')).SystemPage);
const SoftphonePage = lazyPage(async () => (await import('../pages/softphone/softphone.tsx')).SoftphonePage);

type PagePath = [pattern: string, page: ComponentType<PageProps>];

const everybodysPages: PagePath[] = [
  ['/', LivePage],
  ['/calls/:id?', CallsPage],
  ['/softphone', SoftphonePage],
];
const supervisorPages: PagePath[] = [['/recordings', RecordingsPage]];
const adminPages: PagePath[] = [
  ['/queues/:id?', QueuesPage],
  ['/agents/:id?', AgentsPage],
  ['/users/:id?', UsersPage],
  ['/extensions/:id?', ExtensionsPage],
  ['/ivr/:id?', IvrPage],
  ['/trunks/:id?', TrunksPage],
  ['/numbers/:id?', NumbersPage],
  ['/prompts', PromptsPage],
  ['/panel', PanelPage],
  ['/system/:id?', SystemPage],
];

export function Shell(): VNode {
  const { path, route } = useLocation();
  const main = useRef<HTMLElement>(null);
  const pages = [
    ...everybodysPages,
    ...(isSupervisor.value ? supervisorPages : []),
    ...(isAdmin.value ? adminPages : []),
  ];

  useEffect(() => {
    startLive();
    return () => {
      forgetLive();
      forgetLists();
    };
  }, []);

  useEffect(() => {
    // In the capture phase, before the router follows the link.
    const guard = (event: MouseEvent): void => {
      const link = (event.target as HTMLElement).closest('a');
      if (!link || !hasUnsaved() || link.origin !== location.origin || link.target || link.download) return;
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      void mayLeave().then((leave) => {
        if (leave) route(link.pathname + link.search);
      });
    };
    document.addEventListener('click', guard, true);
    return () => document.removeEventListener('click', guard, true);
  }, [route]);

  const place = path.split('/')[1];
  useEffect(() => {
    // A new place is announced by moving the focus there; opening an item of a list leaves it.
    if (document.activeElement?.closest('.rail')) main.current?.focus({ preventScroll: true });
  }, [place]);

  return (
    <div class="shell">
      <a class="skip-link" href="#main">
        {t('shell.skip')}
      </a>
      <Rail />
      <Strip />
      <main class="main" id="main" tabIndex={-1} ref={main}>
        <ConnectionBanner />
        <ErrorBoundary key={place}>
          <Router>
            {pages.map(([pattern, page]) => (
              <Route key={pattern} path={pattern} component={page} />
            ))}
            <Route default component={NotFoundPage} />
          </Router>
        </ErrorBoundary>
      </main>
    </div>
  );
}
