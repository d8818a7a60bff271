/** Asks before changes not yet saved are left behind: by a link, and by the browser's own way back. */
import { useEffect, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { hasUnsaved, mayLeave } from '../components/draft.ts';

let onPop: ((event: PopStateEvent) => void) | undefined;
// Heard before the router does, which begins to listen when it is first drawn: on a window listeners are called in
// the order they came, capture or not.
addEventListener('popstate', (event) => onPop?.(event));

export function useLeaveGuard(): void {
  const { url, route } = useLocation();
  const here = useRef(url);
  here.current = url;

  useEffect(() => {
    const leave = (to: string): void => {
      void mayLeave().then((yes) => {
        if (yes) route(to);
      });
    };
    const onClick = (event: MouseEvent): void => {
      const link = (event.target as HTMLElement).closest('a');
      if (!link || !hasUnsaved() || link.origin !== location.origin || link.target || link.download) return;
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      leave(link.pathname + link.search);
    };
    onPop = (event) => {
      if (!hasUnsaved()) return;
      event.stopImmediatePropagation();
      const wanted = location.pathname + location.search;
      // The browser has gone already: back to where the form is, then ask.
      history.pushState(null, '', here.current);
      leave(wanted);
    };
    // In the capture phase, before the router follows.
    document.addEventListener('click', onClick, true);
    return () => {
      document.removeEventListener('click', onClick, true);
      onPop = undefined;
    };
  }, [route]);
}
