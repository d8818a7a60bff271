/** Every recording, newest first, with its player. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Call } from '../../src/domain/call.ts';
import { api, errorText } from '../api/client.ts';
import { CallParties } from '../components/call-bits.tsx';
import { Empty, LoadFailed, Page, Skeleton } from '../components/page.tsx';
import { RecordingPlayer } from '../components/player/recording-player.tsx';
import { RecordingRoom } from '../components/recording-settings.tsx';
import { Moment } from '../components/time.tsx';
import { t } from '../i18n/translate.ts';
import { useNames } from '../state/names.ts';
import { isAdmin } from '../state/session.ts';

const pageSize = 25;

interface Found {
  calls: Call[];
  next: string | null;
}

async function find(cursor: string | undefined): Promise<Found> {
  const calls: Call[] = [];
  let next: string | null = cursor ?? null;
  do {
    const page: Awaited<ReturnType<typeof api<'listCalls'>>> = await api('listCalls', {
      query: { limit: pageSize, hasRecording: 'true', ...(next === null ? {} : { cursor: next }) },
    });
    calls.push(...page.items);
    next = page.next;
  } while (next !== null && calls.length < pageSize);
  return { calls, next };
}

export function RecordingsPage(): VNode {
  const names = useNames();
  const [found, setFound] = useState<Found>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [roomOpen, setRoomOpen] = useState(false);
  const load = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const more = await find(found?.next ?? undefined);
      setFound({ calls: [...(found?.calls ?? []), ...more.calls], next: more.next });
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => void load(), []);

  return (
    <Page title={t('place.recordings')} intro={t('recording.intro')}>
      {isAdmin.value && (
        <details class="card" onToggle={(event) => setRoomOpen(event.currentTarget.open)}>
          <summary>{t('recording.room')}</summary>
          {roomOpen && <RecordingRoom />}
        </details>
      )}
      {error !== undefined && <LoadFailed text={errorText(error)} retry={() => void load()} />}
      {!found && error === undefined && <Skeleton lines={8} />}
      {found && found.calls.length === 0 && (
        <section class="card">
          <Empty title={t('recording.none')} text={t('recording.noneText')} />
        </section>
      )}
      {found && found.calls.length > 0 && (
        <ul class="card lines">
          {found.calls.map((call) => (
            <li key={call.callId} class="line-block recording-line">
              <div>
                <a href={`/calls/${encodeURIComponent(call.callId)}`}>
                  <CallParties call={call} />
                </a>
                <div class="quiet">
                  <Moment at={call.startedAt} />
                  {call.queueId && ` · ${names.queue(call.queueId)}`}
                  {call.agentId && ` · ${names.agent(call.agentId)}`}
                </div>
              </div>
              <div class="stack">
                {call.recordings.map((recording) => (
                  <RecordingPlayer
                    key={recording.recordingId}
                    recording={recording}
                    onDeleted={() =>
                      setFound((now) => now && { ...now, calls: now.calls.filter((each) => each !== call) })
                    }
                    linkTo={(second) => `/calls/${encodeURIComponent(call.callId)}?t=${second}`}
                  />
                ))}
              </div>
            </li>
          ))}
        </ul>
      )}
      {found?.next && (
        <div class="actions">
          <button type="button" class="button" disabled={busy} onClick={() => void load()}>
            {t('calls.more')}
          </button>
        </div>
      )}
    </Page>
  );
}
