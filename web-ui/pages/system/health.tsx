/** Faults, processes, disk and versions. */
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { api, errorText } from '../../api/client.ts';
import { Lamp } from '../../components/lamp.tsx';
import { Card, LoadFailed, Skeleton } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Elapsed, formatBytes, Moment } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { live } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
import { Faults } from '../live/faults.tsx';

const refreshMs = 10_000;

export function Health(): VNode {
  const health = useLoad('health', (signal) => api('health', { signal }));
  useEffect(() => {
    const timer = setInterval(health.reload, refreshMs);
    return () => clearInterval(timer);
  }, []);
  if (!health.value)
    return health.error ? (
      <LoadFailed text={errorText(health.error)} retry={health.reload} />
    ) : (
      <Skeleton lines={10} />
    );
  const { faults, versions, startedAt, disk, processes, sip } = health.value;
  const shownFaults = live.value?.faults ?? faults;
  const used = disk.totalBytes > 0 ? 1 - disk.freeBytes / disk.totalBytes : 0;
  return (
    <div class="live">
      <div class="stack-wide">
        {shownFaults.length === 0 ? (
          <section class="card">
            <Lamp state="available" text={t('system.noFaults')} />
          </section>
        ) : (
          <Faults faults={shownFaults} />
        )}
        <Table
          label={t('system.processes')}
          rows={processes}
          rowKey={(process) => process.name}
          columns={[
            { key: 'name', label: t('system.process'), cell: (process) => process.name },
            {
              key: 'state',
              label: t('field.state'),
              cell: (process) => (
                <Lamp
                  state={process.state === 'up' ? 'available' : 'fault'}
                  text={translateCode(`processState.${process.state}`)}
                />
              ),
            },
            {
              key: 'memory',
              label: t('system.memory'),
              numeric: true,
              cell: (process) => (process.memoryBytes === null ? '' : formatBytes(process.memoryBytes)),
            },
            { key: 'pid', label: 'PID', numeric: true, cell: (process) => process.pid ?? '' },
          ]}
        />
      </div>
      <div class="stack-wide">
        <Card title={t('system.disk')}>
          <div class="stack">
            <meter class="disk" min={0} max={1} value={used} aria-label={t('system.diskUsed')} />
            <dl class="facts">
              <dt>{t('system.diskFree')}</dt>
              <dd>
                {t('system.diskFreeOf', {
                  free: formatBytes(disk.freeBytes),
                  total: formatBytes(disk.totalBytes),
                })}
              </dd>
              <dt>{t('place.recordings')}</dt>
              <dd>{formatBytes(disk.recordingsBytes)}</dd>
            </dl>
          </div>
        </Card>
        <Card title={t('system.phones')}>
          <dl class="facts">
            <dt>{t('secret.server')}</dt>
            <dd class="mono">{sip.servers.join(', ')}</dd>
            <dt>{t('secret.port')}</dt>
            <dd class="mono">{sip.port}</dd>
          </dl>
        </Card>
        <Card title={t('system.versions')}>
          <dl class="facts">
            <dt>{t('system.runsSince')}</dt>
            <dd>
              <Moment at={startedAt} /> (<Elapsed since={startedAt} />)
            </dd>
            {Object.entries(versions).map(([name, version]) => (
              <>
                <dt key={name}>{name}</dt>
                <dd class="mono">{version}</dd>
              </>
            ))}
          </dl>
        </Card>
      </div>
    </div>
  );
}
