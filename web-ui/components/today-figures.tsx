/** Today’s figures as tiles: of the office, or of one queue. */
import type { VNode } from 'preact';
import type { FigureId } from '../../src/domain/metrics/figures.ts';
import { t } from '../i18n/translate.ts';
import { useFigures } from '../state/figures.ts';
import { live } from '../state/live.ts';
import { isSupervisor } from '../state/session.ts';
import { FigureStat } from './figure-stat.tsx';
import { Progress } from './progress.tsx';
import { Stat, Stats } from './stat.tsx';
import { Elapsed } from './time.tsx';

const shown = ['answered', 'abandoned', 'asa', 'aht', 'occupancy'] as const satisfies FigureId[];

export function TodayFigures({ queueId }: { queueId?: string }): VNode {
  const only = `service-level,${shown.join(',')}`;
  const answer = useFigures({ by: queueId === undefined ? 'all' : 'queue', queueId, only });
  const values = queueId === undefined ? answer?.total : answer?.groups[0]?.figures;
  const ids: FigureId[] = [answer?.serviceLevel ?? 'service-level-reached', ...shown];
  const report = isSupervisor.value ? { href: `/reports${queueId ? `?queueId=${queueId}` : ''}` } : {};
  return (
    <section aria-label={t('figures.today')} class="stack">
      <Stats>
        <LongestWait {...(queueId === undefined ? {} : { queueId })} />
        {ids.map((id) => (
          <FigureStat
            key={id}
            id={id}
            values={values}
            frame={answer}
            note={t('figures.today')}
            {...report}
            {...(queueId === undefined ? {} : { queueId })}
          />
        ))}
      </Stats>
      {typeof answer?.counted === 'number' && <Counting counted={answer.counted} />}
    </section>
  );
}

/** The log is being counted anew; figures lack what is still to come. */
export function Counting({ counted }: { counted: number }): VNode {
  return <Progress label={t('figures.counting')} done={counted} of={1} />;
}

/** How long the one has waited who has waited longest of those who wait now. */
function LongestWait({ queueId }: { queueId?: string }): VNode {
  const queues =
    live.value?.queues.filter((queue) => queueId === undefined || queue.queueId === queueId) ?? [];
  const entered = queues.flatMap(({ oldestEnteredAt }) => oldestEnteredAt ?? []);
  return (
    <Stat
      label={t('figures.longestNow')}
      value={entered.length > 0 ? <Elapsed since={Math.min(...entered)} /> : undefined}
      note={t('figures.now')}
    />
  );
}
