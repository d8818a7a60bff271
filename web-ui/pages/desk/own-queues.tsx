/** Who waits in the agent's queues. */
import type { VNode } from 'preact';
import { WaitingCapsule } from '../../components/lamp.tsx';
import { Card } from '../../components/page.tsx';
import { Elapsed } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';
import { live } from '../../state/live.ts';

export function OwnQueues({ queueIds }: { queueIds: string[] }): VNode {
  const queues = live.value?.queues.filter((queue) => queueIds.includes(queue.queueId)) ?? [];
  return (
    <Card title={t('desk.queues')}>
      {queues.length === 0 && <p class="quiet">{t('desk.noQueues')}</p>}
      <ul class="lines">
        {queues.map((queue) => (
          <li key={queue.queueId} class="line-block spread">
            <strong>{queue.name}</strong>
            <span class="row">
              {queue.oldestEnteredAt !== undefined && <Elapsed since={queue.oldestEnteredAt} />}
              <WaitingCapsule count={queue.waiting} over={queue.waiting > queue.waitingThreshold} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
