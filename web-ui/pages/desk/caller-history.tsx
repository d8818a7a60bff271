/** What has been with this caller before: read while the phone rings. */
import type { VNode } from 'preact';
import { api, errorText } from '../../api/client.ts';
import { LoadFailed, Skeleton } from '../../components/page.tsx';
import { formatDuration, Moment } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';
import { useLoad } from '../../state/load.ts';
import { useNames } from '../../state/names.ts';
import { isSupervisor, user } from '../../state/session.ts';
import { pastChanged } from './desk-state.ts';

export function CallerHistory({ number, exceptCallId }: { number: string; exceptCallId: string }): VNode {
  const names = useNames();
  const digits = number.replace(/\D/g, '');
  const round = pastChanged.value;
  const loaded = useLoad(`${digits} ${round}`, (signal) =>
    digits === ''
      ? Promise.resolve({ items: [] })
      : api('callerHistory', { params: { number: digits }, query: { limit: 20 }, signal }),
  );
  const items = loaded.value?.items.filter((call) => call.callId !== exceptCallId);
  return (
    <section class="desk-history" aria-label={t('desk.history')}>
      <h3>{t('desk.history')}</h3>
      {loaded.error !== undefined && <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />}
      {!items && loaded.error === undefined && <Skeleton lines={3} />}
      {items?.length === 0 && <p class="quiet">{t('desk.noHistory')}</p>}
      {items && items.length > 0 && (
        <ol class="desk-past">
          {items.map((call) => (
            <li key={call.callId}>
              <div class="spread">
                {isSupervisor.value || call.agentId === user.value?.agentId ? (
                  <a href={`/calls/${encodeURIComponent(call.callId)}`}>
                    <Moment at={call.startedAt} />
                  </a>
                ) : (
                  <Moment at={call.startedAt} />
                )}
                <span class="quiet">
                  {call.connectedAt === undefined
                    ? call.direction === 'outbound'
                      ? t('desk.notReached')
                      : t('desk.notAnswered')
                    : formatDuration(call.talkMs)}
                </span>
              </div>
              <div class="quiet">
                {[
                  call.direction === 'outbound' ? t('desk.outgoing') : names.queue(call.queueId),
                  names.agent(call.agentId),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </div>
              {call.disposition && (
                <span class={`desk-outcome desk-outcome-${call.disposition.kind}`}>
                  {call.disposition.label}
                </span>
              )}
              {call.notes?.map((note) => (
                <p key={note.at} class="desk-past-note">
                  {note.text}
                </p>
              ))}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
