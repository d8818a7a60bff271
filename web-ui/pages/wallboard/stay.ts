/** What lets a wall hang for weeks: the screen stays awake, and the page follows an update of the box. */

/** Asks that the screen stays on, again whenever the page comes back to the front; returns how to stop. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  let stopped = false;
  const ask = (): void => {
    if (stopped || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    navigator.wakeLock.request('screen').then(
      (granted) => {
        if (stopped) void granted.release();
        else lock = granted;
      },
      () => undefined, // the system saves power: the wall shows what it shows all the same
    );
  };
  document.addEventListener('visibilitychange', ask);
  ask();
  return () => {
    stopped = true;
    document.removeEventListener('visibilitychange', ask);
    void lock?.release();
  };
}

const scriptPattern = /<script[^>]+src="([^"]+)"/;

/** Whether the box serves other pages than this one was built of. */
export async function hasNewPages(): Promise<boolean> {
  const own = document.querySelector<HTMLScriptElement>('script[src]')?.getAttribute('src');
  try {
    const answer = await fetch('/', { cache: 'no-store', credentials: 'omit' });
    const served = answer.ok ? scriptPattern.exec(await answer.text())?.[1] : undefined;
    return own !== undefined && own !== null && served !== undefined && served !== own;
  } catch {
    return false;
  }
}
