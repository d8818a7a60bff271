/** Where somebody is signed in, with the way to end it. */
import type { VNode } from 'preact';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { errorText } from '../../api/client.ts';
import { confirmAct, toast } from '../../components/feedback.tsx';
import { Empty, LoadFailed, Skeleton } from '../../components/page.tsx';
import { Moment } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';
import { useLoad } from '../../state/load.ts';
import { deviceOf } from './device.ts';

type Session = EndpointResponse<'ownSessions'>['items'][number];

export function SessionList(props: {
  /** Whose they are; a new one is loaded anew. */
  of: string;
  load: (signal: AbortSignal) => Promise<EndpointResponse<'ownSessions'>>;
  end: (session: Session) => Promise<unknown>;
  endAll: () => Promise<unknown>;
  endAllLabel: string;
  endAllText: string;
}): VNode {
  const loaded = useLoad(`sessions ${props.of}`, props.load);
  if (!loaded.value)
    return loaded.error ? (
      <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />
    ) : (
      <Skeleton lines={3} />
    );
  const { items } = loaded.value;
  const act = async (action: () => Promise<unknown>, done: string): Promise<void> => {
    try {
      await action();
      toast(done);
    } catch (error) {
      toast(errorText(error));
    }
    loaded.reload();
  };
  const endAll = async (): Promise<void> => {
    const yes = await confirmAct({
      title: props.endAllLabel,
      text: props.endAllText,
      action: props.endAllLabel,
    });
    if (yes) await act(props.endAll, t('sessions.allEnded'));
  };
  if (items.length === 0) return <Empty title={t('sessions.none')} text={t('sessions.noneText')} />;
  return (
    <div class="stack">
      <ul class="lines">
        {items.map((session) => {
          const device = deviceOf(session.userAgent) || t('sessions.unknownDevice');
          return (
            <li key={session.id} class="line session-line">
              <span class="line-main" title={session.userAgent}>
                <strong>{device}</strong>{' '}
                {session.current && <span class="session-here">{t('sessions.here')}</span>}
                <span class="quiet session-facts">
                  <span class="mono">{session.source}</span> · {t('sessions.since')}{' '}
                  <Moment at={session.createdAt} /> · {t('sessions.lastUsed')}{' '}
                  <Moment at={session.lastUsedAt} />
                </span>
              </span>
              {!session.current && (
                <button
                  type="button"
                  class="button button-small"
                  aria-label={t('sessions.endThing', { device })}
                  onClick={() => void act(() => props.end(session), t('sessions.ended', { device }))}
                >
                  {t('sessions.end')}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {items.some((session) => !session.current) && (
        <div class="actions">
          <button type="button" class="button" onClick={() => void endAll()}>
            {props.endAllLabel}
          </button>
        </div>
      )}
    </div>
  );
}
