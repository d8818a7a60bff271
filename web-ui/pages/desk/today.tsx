/** The agent's own day so far, by the figures of the call log. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { Card, LoadFailed, Skeleton } from '../../components/page.tsx';
import { formatDuration } from '../../components/time.tsx';
import { language, t, translateCode } from '../../i18n/translate.ts';
import { useLoad } from '../../state/load.ts';
import { pastChanged } from './desk-state.ts';

type Figures = EndpointResponse<'figures'>['total'];
type Id = keyof Figures;

const counts: Id[] = ['answered', 'offers-missed'];
const shares: Id[] = ['occupancy'];
const durations: Id[] = ['talk', 'aht'];
/** Where the time went. */
const times: Id[] = ['available-time', 'talk-time', 'hold-time', 'wrap-up-time', 'pause-time'];
const everyMs = 30_000;

function useEvery(): number {
  const [round, setRound] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setRound((n) => n + 1), everyMs);
    return () => clearInterval(timer);
  }, []);
  return round;
}

export function Today({ agentId }: { agentId: string }): VNode {
  const round = useEvery();
  const [last, setLast] = useState<Figures>();
  const only = [...counts, ...shares, ...durations, ...times].join(',');
  const loaded = useLoad(`${agentId} ${round} ${pastChanged.value}`, (signal) =>
    api('figures', { query: { agentId, only }, signal }),
  );
  const fresh = loaded.value?.total;
  useEffect(() => {
    if (fresh) setLast(fresh);
  }, [fresh]);
  const shown = fresh ?? last;
  return (
    <Card title={t('desk.today')}>
      {shown ? (
        <dl class="desk-today">
          {[...counts, ...durations, ...shares, ...times].map((id) => (
            <div key={id} class="spread">
              <dt>{translateCode(`deskFigure.${id}`)}</dt>
              <dd>{text(id, shown)}</dd>
            </div>
          ))}
        </dl>
      ) : loaded.error ? (
        <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />
      ) : (
        <Skeleton lines={5} />
      )}
    </Card>
  );
}

function text(id: Id, figures: Figures): string {
  const value = figures[id]?.value;
  if (value === undefined || value === null) return '–';
  if (counts.includes(id)) return new Intl.NumberFormat(language.value).format(value);
  if (!shares.includes(id)) return formatDuration(value);
  return new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 0 }).format(value);
}
