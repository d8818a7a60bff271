/** Who waits in which queue, the longest first. */
import type { VNode } from 'preact';
import type { Call } from '../../../src/domain/call.ts';
import type { LiveQueue } from '../../../src/domain/live.ts';
import { partyText } from '../../components/call-bits.tsx';
import { WaitingCapsule } from '../../components/lamp.tsx';
import { Card, Empty } from '../../components/page.tsx';
import { Elapsed } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';

export function Waiting({ calls, queues }: { calls: Call[]; queues: LiveQueue[] }): VNode {
  return (
    <Card title={t('live.queues')}>
      {queues.length === 0 ? (
        <Empty title={t('queue.none')} text={t('queue.noneText')} />
      ) : (
        <ul class="lines">
          {queues.map((queue) => {
            const waiting = calls
              .filter((call) => call.queueId === queue.queueId && isWaiting(call))
              .sort((a, b) => (a.enteredQueueAt ?? 0) - (b.enteredQueueAt ?? 0));
            return (
              <li key={queue.queueId} class="line-block">
                <div class="spread">
                  <strong>{queue.name}</strong>
                  <span class="row">
                    <span class="quiet">{t('live.agentsFreeCount', { count: queue.agentsAvailable })}</span>
                    <WaitingCapsule count={queue.waiting} over={queue.waiting > queue.waitingThreshold} />
                  </span>
                </div>
                {waiting.length > 0 && (
                  <ol class="waiting">
                    {waiting.map((call) => (
                      <li key={call.callId} class="spread">
                        <a href={`/calls/${encodeURIComponent(call.callId)}`}>
                          {partyText(call.from, call.fromName)}
                        </a>
                        <Elapsed since={call.enteredQueueAt ?? call.phaseSince} />
                      </li>
                    ))}
                  </ol>
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}

function isWaiting(call: Call): boolean {
  return call.phase === 'queued' || call.phase === 'offering';
}
