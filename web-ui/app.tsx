/** Decides what a visitor sees: a wallboard, claim, sign in, first run, or the house itself. */
import { h, type VNode } from 'preact';
import { LocationProvider, useLocation } from 'preact-iso/router';
import { ConfirmHost, ToastHost } from './components/feedback.tsx';
import { ClaimPage } from './pages/claim.tsx';
import { FirstRunPage } from './pages/first-run.tsx';
import { LoginPage } from './pages/login.tsx';
import { UnreachablePage } from './pages/unreachable.tsx';
import { ErrorBoundary } from './shell/error-boundary.tsx';
import { lazyPage } from './shell/lazy-page.tsx';
import { Shell } from './shell/shell.tsx';
import { firstRun, officeStatus, startError, user } from './state/session.ts';

const Wallboard = lazyPage(async () => {
  const { WallboardPage } = await import('./pages/wallboard/wallboard.tsx');
  return ({ id = '' }) => h(WallboardPage, { id });
});
const EnrolPage = lazyPage(async () => (await import('./pages/account/enrol.tsx')).EnrolPage);

function Face(): VNode {
  const wallId = /^\/wall\/([a-z0-9-]+)\/?$/.exec(useLocation().path)?.[1];
  if (wallId !== undefined) return <Wallboard id={wallId} />;
  if (startError.value || !officeStatus.value) return <UnreachablePage />;
  if (!officeStatus.value.claimed) return <ClaimPage />;
  if (!user.value) return <LoginPage />;
  if (user.value.mustEnrol) return <EnrolPage />;
  if (firstRun.value) return <FirstRunPage />;
  return <Shell key={user.value.id} />;
}

export function App(): VNode {
  return (
    <LocationProvider>
      <ErrorBoundary>
        <Face />
      </ErrorBoundary>
      <ConfirmHost />
      <ToastHost />
    </LocationProvider>
  );
}
