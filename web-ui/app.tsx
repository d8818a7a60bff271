/** Decides what a visitor sees: claim, sign in, first run, or the house itself. */
import type { VNode } from 'preact';
import { LocationProvider } from 'preact-iso/router';
import { ConfirmHost, ToastHost } from './components/feedback.tsx';
import { ClaimPage } from './pages/claim.tsx';
import { FirstRunPage } from './pages/first-run.tsx';
import { LoginPage } from './pages/login.tsx';
import { UnreachablePage } from './pages/unreachable.tsx';
import { ErrorBoundary } from './shell/error-boundary.tsx';
import { Shell } from './shell/shell.tsx';
import { firstRun, officeStatus, startError, user } from './state/session.ts';

function Face(): VNode {
  if (startError.value || !officeStatus.value) return <UnreachablePage />;
  if (!officeStatus.value.claimed) return <ClaimPage />;
  if (!user.value) return <LoginPage />;
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
