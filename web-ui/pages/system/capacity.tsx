/** How many calls this box takes, and the test that measures it. */
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { confirmAct, toast } from '../../components/feedback.tsx';
import { Card, Empty, LoadFailed, Skeleton } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { formatBytes, Moment } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { capacityNow } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';

type View = EndpointResponse<'capacity'>;
type Step = View['results'][number]['steps'][number];

const refreshMs = 10_000;

export function Capacity(): VNode {
  const loaded = useLoad('capacity', (signal) => api('capacity', { signal }));
  useEffect(() => {
    capacityNow.value = undefined; // what was told before this page was opened is older than what is loaded now
    const timer = setInterval(loaded.reload, refreshMs);
    return () => clearInterval(timer);
  }, []);
  const view = capacityNow.value ?? loaded.value;
  if (!view)
    return loaded.error ? (
      <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />
    ) : (
      <Skeleton lines={8} />
    );
  return (
    <div class="stack-wide">
      <Card title={t('capacity.now')}>
        <div class="stack">
          <dl class="facts">
            <dt>{t('capacity.limit')}</dt>
            <dd>{view.limit}</dd>
            <dt>{t('capacity.source')}</dt>
            <dd>{translateCode(`capacitySource.${view.source}`)}</dd>
            <dt>{t('capacity.refused')}</dt>
            <dd>{view.refused}</dd>
            {view.short.length > 0 && (
              <>
                <dt>{t('capacity.short')}</dt>
                <dd>{view.short.map((each) => translateCode(`fault.overload.${each}`)).join('; ')}</dd>
              </>
            )}
          </dl>
          {view.running ? <Running running={view.running} /> : <Begin view={view} />}
        </div>
      </Card>
      {view.running && view.running.steps.length > 0 && <Steps steps={view.running.steps} />}
      <Results results={view.results} />
    </div>
  );
}

function Begin({ view }: { view: View }): VNode {
  const begin = async (): Promise<void> => {
    const yes = await confirmAct({
      title: t('capacity.beginTitle'),
      text: t('capacity.beginText'),
      action: t('capacity.begin'),
    });
    if (!yes) return;
    try {
      capacityNow.value = await api('testCapacity', {});
    } catch (error) {
      toast(errorText(error));
    }
  };
  return (
    <>
      {view.aborted && <p role="status">{translateCode(`capacityAborted.${view.aborted}`)}</p>}
      <div>
        <button type="button" class="button button-primary" onClick={() => void begin()}>
          {t('capacity.begin')}
        </button>
      </div>
    </>
  );
}

function Running({ running }: { running: NonNullable<View['running']> }): VNode {
  const abort = (): void => {
    api('abortCapacityTest', {}).catch((error: unknown) => toast(errorText(error)));
  };
  return (
    <>
      <p role="status">{t('capacity.running', { calls: running.calls })}</p>
      <progress value={running.steps.length} max={running.stepsInAll} aria-label={t('capacity.progress')} />
      <div>
        <button type="button" class="button" onClick={abort}>
          {t('capacity.abort')}
        </button>
      </div>
    </>
  );
}

function Steps({ steps }: { steps: readonly Step[] }): VNode {
  return (
    <Table
      label={t('capacity.steps')}
      rows={[...steps]}
      rowKey={(step) => String(step.calls)}
      columns={[
        { key: 'calls', label: t('capacity.calls'), numeric: true, cell: (step) => step.calls },
        { key: 'loss', label: t('capacity.loss'), numeric: true, cell: (step) => percent(step.lossShare, 2) },
        {
          key: 'latency',
          label: t('capacity.latency'),
          numeric: true,
          cell: (step) => `${step.latencyP99Ms.toFixed(1)} ms`,
        },
        {
          key: 'processor',
          label: t('capacity.processor'),
          numeric: true,
          cell: (step) => percent(step.processorShare, 0),
        },
        { key: 'failed', label: t('capacity.failed'), numeric: true, cell: (step) => step.failed },
      ]}
    />
  );
}

function Results({ results }: { results: View['results'] }): VNode {
  const [latest] = results;
  if (!latest)
    return (
      <section class="card">
        <Empty title={t('capacity.none')} text={t('capacity.noneText')} />
      </section>
    );
  return (
    <div class="stack-wide">
      <Table
        label={t('capacity.results')}
        rows={results}
        rowKey={(result) => String(result.at)}
        columns={[
          { key: 'at', label: t('capacity.at'), cell: (result) => <Moment at={result.at} /> },
          { key: 'carried', label: t('capacity.carried'), numeric: true, cell: (result) => result.carried },
          { key: 'limit', label: t('capacity.limit'), numeric: true, cell: (result) => result.limit },
          {
            key: 'stop',
            label: t('capacity.stop'),
            cell: (result) => translateCode(`capacityStop.${result.stop}`),
          },
          {
            key: 'machine',
            label: t('capacity.machine'),
            cell: ({ machine, versions }) =>
              `${machine.processors} × ${machine.model}, ${formatBytes(machine.memoryBytes)}; ${versions.cordboard ?? ''}`,
          },
        ]}
      />
      <Steps steps={latest.steps} />
    </div>
  );
}

function percent(share: number, digits: number): string {
  return `${(share * 100).toFixed(digits)} %`;
}
