/**
 * The wallboard: the whole screen, opened by a link `/wall/<id>#<token>` and by nothing else. The token is handed over
 * once for a cookie and taken out of the address; after that the page keeps itself going: it reconnects, says since
 * when it is stale, and loads anew when the box serves newer pages.
 */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError, api, errorText } from '../../api/client.ts';
import { LampDot } from '../../components/lamp.tsx';
import { language, showLanguage, t } from '../../i18n/translate.ts';
import { forgetLive, live, settingsRevision, silentSince, startLive } from '../../state/live.ts';
import { Board } from './board.tsx';
import { hasNewPages, keepAwake } from './stay.ts';
import { useWallFigures } from './use-figures.ts';
import type { WallView } from './wall-values.ts';

const retryMs = 3_000;
const lookForNewPagesMs = 600_000;

/** Opens the wall, again and again while the box is away; an error is that the link is not valid. */
function useWall(wallId: string): { wall: WallView | undefined; error: unknown } {
  const [wall, setWall] = useState<WallView>();
  const [error, setError] = useState<unknown>();
  const revision = settingsRevision.value;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopped = false;
    const open = async (): Promise<void> => {
      const token = location.hash.slice(1);
      try {
        const params = { id: wallId };
        const view =
          token === '' ? await api('wall', { params }) : await api('openWall', { params, body: { token } });
        if (token !== '') history.replaceState(null, '', location.pathname);
        await showLanguage(view.language);
        if (stopped) return;
        setWall(view);
        setError(undefined);
      } catch (failure) {
        if (stopped) return;
        if (failure instanceof ApiError && [401, 403, 404].includes(failure.status)) setError(failure);
        // Also a refused link is tried again: it may be given back, and nobody stands at this screen.
        timer = setTimeout(
          () => void open(),
          retryMs * (failure instanceof ApiError && failure.status ? 10 : 1),
        );
      }
    };
    void open();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [wallId, revision]);
  return { wall, error };
}

export function WallboardPage({ id }: { id: string }): VNode {
  const { wall, error } = useWall(id);
  const isOpen = wall !== undefined;
  useEffect(() => keepAwake(), []);
  useEffect(() => {
    if (!isOpen) return undefined;
    startLive(id);
    return forgetLive;
  }, [isOpen, id]);
  useEffect(() => {
    const theme = wall?.theme ?? 'dark';
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    document.title = wall ? `${wall.name} · ${wall.officeName}` : t('app.name');
  }, [wall]);

  if (error)
    return (
      <main class="wall wall-refused">
        <LampDot state="stale" />
        <h1>{t('wall.refused')}</h1>
        <p>{errorText(error)}</p>
      </main>
    );
  if (!wall || !live.value)
    return (
      <main class="wall wall-refused" aria-busy="true">
        <LampDot state="stale" />
        <h1>{t('wall.connecting')}</h1>
      </main>
    );
  return <OpenWall wall={wall} />;
}

function OpenWall({ wall }: { wall: WallView }): VNode {
  const { figures, definitions } = useWallFigures(wall.id, settingsRevision.value);
  const since = silentSince.value;
  useNewPages(since === undefined);
  const now = live.value;
  return (
    <main class="wall" aria-label={wall.name}>
      {since !== undefined && (
        <div class="wall-stale" role="alert">
          <LampDot state="stale" />
          <span>
            {t('wall.staleSince')} {clockOf(since, wall.timeZone)}
          </span>
        </div>
      )}
      {now && <Board wall={wall} live={now} figures={figures} definitions={definitions} staleSince={since} />}
      <button
        type="button"
        class="button wall-full"
        onClick={() => void document.documentElement.requestFullscreen().catch(() => undefined)}
      >
        {t('wall.fullScreen')}
      </button>
    </main>
  );
}

/** Looks for newer pages each time the box is back, and now and then. */
function useNewPages(heard: boolean): void {
  useEffect(() => {
    if (!heard) return undefined;
    const look = (): void => {
      void hasNewPages().then((newer) => {
        if (newer) location.reload();
      });
    };
    look();
    const timer = setInterval(look, lookForNewPagesMs);
    return () => clearInterval(timer);
  }, [heard]);
}

/** The office's clock, whatever the screen's. */
function clockOf(at: number, timeZone: string): string {
  const options = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(language.value, { ...options, timeZone }).format(new Date(at));
}
