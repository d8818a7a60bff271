/** Who the telephone server does not listen to, why, and how to let them in again. */
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { confirmAct, toast } from '../../components/feedback.tsx';
import { Card, Empty, LoadFailed, Skeleton } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Moment } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { useLoad } from '../../state/load.ts';

type Ban = EndpointResponse<'guard'>['bans'][number];

const refreshMs = 10_000;

export function Guard(): VNode {
  const guard = useLoad('guard', (signal) => api('guard', { signal }));
  useEffect(() => {
    const timer = setInterval(guard.reload, refreshMs);
    return () => clearInterval(timer);
  }, []);
  if (!guard.value)
    return guard.error ? (
      <LoadFailed text={errorText(guard.error)} retry={guard.reload} />
    ) : (
      <Skeleton lines={8} />
    );
  const { active, bans, counters } = guard.value;
  const release = async (ban: Ban): Promise<void> => {
    const yes = await confirmAct({
      title: t('guard.releaseTitle', { source: ban.source }),
      text: t('guard.releaseText'),
      action: t('guard.release'),
    });
    if (!yes) return;
    try {
      await api('releaseSource', { params: { source: ban.id } });
      toast(t('guard.released', { source: ban.source }));
    } catch (error) {
      toast(errorText(error));
    }
    guard.reload();
  };
  return (
    <div class="live">
      {bans.length === 0 ? (
        <section class="card">
          <Empty
            title={active ? t('guard.none') : t('guard.inactive')}
            text={active ? t('guard.noneText') : t('guard.inactiveText')}
          />
        </section>
      ) : (
        <Table
          label={t('system.guard')}
          rows={bans}
          rowKey={(ban) => ban.id}
          columns={[
            {
              key: 'source',
              label: t('guard.source'),
              cell: (ban) => <span class="mono">{ban.source}</span>,
            },
            {
              key: 'reason',
              label: t('guard.reason'),
              cell: (ban) => translateCode(`guardReason.${ban.reason}`),
            },
            { key: 'since', label: t('guard.since'), cell: (ban) => <Moment at={ban.since} seconds /> },
            { key: 'until', label: t('guard.until'), cell: (ban) => <Moment at={ban.until} /> },
            { key: 'count', label: t('guard.count'), numeric: true, cell: (ban) => ban.count },
            {
              key: 'release',
              label: '',
              cell: (ban) => (
                <button
                  type="button"
                  class="button button-small"
                  aria-label={t('guard.releaseThing', { source: ban.source })}
                  onClick={() => void release(ban)}
                >
                  {t('guard.release')}
                </button>
              ),
            },
          ]}
        />
      )}
      <Card title={t('guard.counters')}>
        <dl class="facts">
          <dt>{t('guard.bans')}</dt>
          <dd>{counters.bans}</dd>
          <dt>{t('guard.banned')}</dt>
          <dd>{counters.banned}</dd>
          <dt>{t('guard.scanners')}</dt>
          <dd>{counters.scanners}</dd>
          <dt>{t('guard.failures')}</dt>
          <dd>{counters.failures}</dd>
          <dt>{t('guard.limited')}</dt>
          <dd>{counters.limited}</dd>
        </dl>
      </Card>
    </div>
  );
}
