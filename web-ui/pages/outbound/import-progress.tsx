/** An import of leads: how far the look through the file is, what was found, and the word to store it. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError, api, errorText, urlOf } from '../../api/client.ts';
import { toast } from '../../components/feedback.tsx';
import { Icon } from '../../components/icon.tsx';
import { Card, LoadFailed } from '../../components/page.tsx';
import { Progress } from '../../components/progress.tsx';
import { Stat, Stats } from '../../components/stat.tsx';
import { Table } from '../../components/table.tsx';
import { hasText, t, translateCode } from '../../i18n/translate.ts';
import { type BadRow, badRowsCsv, FaultList, saveFile } from '../imports/bad-rows.tsx';
import type { LeadImport } from './lead-import.tsx';

const askEveryMs = 400;

export function ImportProgress(props: {
  first: LeadImport;
  columns: string[];
  /** Back to the columns of the same file. */
  onBack: () => void;
  onAnother: () => void;
}): VNode {
  const [view, setView] = useState(props.first);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const params = { id: view.importId };
  const under = view.state === 'checking' || view.state === 'importing';

  useEffect(() => {
    if (!under || error) return;
    let over = false;
    const ask = (): void => {
      api('getLeadImport', { params }).then(
        (next) => {
          if (over) return;
          setView(next);
          if (next.state === 'checking' || next.state === 'importing') timer = setTimeout(ask, askEveryMs);
        },
        (cause: unknown) => {
          if (!over) setError(cause);
        },
      );
    };
    let timer = setTimeout(ask, askEveryMs);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [view.importId, under, error]);

  const back = async (): Promise<void> => {
    await api('discardLeadImport', { params }).catch(() => undefined);
    props.onBack();
  };
  const commit = async (): Promise<void> => {
    setBusy(true);
    try {
      setView(await api('commitLeadImport', { params }));
    } catch (cause) {
      if (cause instanceof ApiError && cause.code === 'import.gone') setError(cause);
      toast(errorText(cause));
    } finally {
      setBusy(false);
    }
  };

  if (error) return <LoadFailed text={errorText(error)} retry={() => setError(undefined)} />;
  if (view.state === 'failed') return <Failed view={view} onBack={() => void back()} />;
  if (under)
    return (
      <Card title={view.fileName}>
        <Progress
          label={t('leadImport.checking')}
          done={view.rowsDone}
          of={view.rows}
          text={t('leadImport.rowsDone', { done: view.rowsDone, rows: view.rows })}
          onStop={() => void back()}
        />
      </Card>
    );
  const done = view.state === 'done';
  const doNotCall = view.listId === '';
  return (
    <Card title={done ? t('leadImport.done', { count: view.leads }) : t('import.preview')}>
      <div class="stack-wide import-found">
        <Stats>
          <Stat
            label={done ? t('leadImport.added') : t('leadImport.willAdd')}
            value={view.leads.toLocaleString()}
          />
          <Stat label={t('leadImport.leftOut')} value={view.badRows.toLocaleString()} />
          {!doNotCall && (
            <Stat
              label={t('place.doNotCall')}
              value={view.doNotCall.toLocaleString()}
              note={t('leadImport.doNotCallNote')}
            />
          )}
        </Stats>
        <Problems view={view} />
        {!done && <Samples view={view} columns={props.columns} />}
      </div>
      <div class="actions">
        {done ? (
          <>
            <a class="button button-primary" href={doNotCall ? '/do-not-call' : `/lists/${view.listId}`}>
              {doNotCall ? t('dnc.show') : t('leadImport.show')}
            </a>
            <button type="button" class="button" onClick={props.onAnother}>
              {t('import.otherFile')}
            </button>
          </>
        ) : (
          <>
            <button
              type="button"
              class="button button-primary"
              disabled={busy || view.leads === 0}
              onClick={() => void commit()}
            >
              {busy ? t('state.saving') : t('leadImport.action', { count: view.leads })}
            </button>
            <button type="button" class="button" disabled={busy} onClick={() => void back()}>
              {t('leadImport.back')}
            </button>
          </>
        )}
        {view.badRows > 0 && <BadRowsButton view={view} columns={props.columns} />}
      </div>
    </Card>
  );
}

function Failed({ view, onBack }: { view: LeadImport; onBack: () => void }): VNode {
  const failure = view.failure;
  const key = [`tableFault.${failure?.code}`, `error.${failure?.code}`].find(hasText);
  return (
    <Card title={view.fileName}>
      <div class="error-summary" role="alert">
        <strong>{key ? translateCode(key) : failure?.message}</strong>
        {failure?.line !== undefined && <p>{t('import.faultLine', { line: String(failure.line) })}</p>}
      </div>
      <div class="actions">
        <button type="button" class="button" onClick={onBack}>
          {t('leadImport.back')}
        </button>
      </div>
    </Card>
  );
}

function Problems({ view }: { view: LeadImport }): VNode | null {
  if (view.problems.length === 0) return null;
  return (
    <Table
      label={t('leadImport.problems')}
      rows={view.problems}
      rowKey={({ code, warning }) => `${code} ${warning}`}
      columns={[
        {
          key: 'count',
          label: t('leadImport.rows'),
          numeric: true,
          cell: ({ count }) => count.toLocaleString(),
        },
        {
          key: 'what',
          label: t('leadImport.problem'),
          cell: ({ code }) => translateCode(`problem.${code}`, {}, translateCode(`cellFault.${code}`)),
        },
        {
          key: 'fate',
          label: t('import.outcome'),
          cell: ({ warning }) => (warning ? t('leadImport.taken') : t('leadImport.leftOut')),
        },
      ]}
    />
  );
}

function Samples({ view, columns }: { view: LeadImport; columns: string[] }): VNode {
  return (
    <>
      {view.sample.length > 0 && (
        <>
          <h3>{t('leadImport.firstLeads')}</h3>
          <Table
            label={t('leadImport.firstLeads')}
            rows={view.sample}
            rowKey={({ line }) => String(line)}
            columns={[
              { key: 'line', label: t('import.line'), numeric: true, cell: ({ line }) => line },
              {
                key: 'number',
                label: t('field.number'),
                cell: ({ number }) => <span class="mono">{number}</span>,
              },
              { key: 'name', label: t('field.personName'), cell: ({ name }) => name },
              {
                key: 'fields',
                label: t('leadImport.fields'),
                cell: ({ fields, note }) => [...Object.values(fields), note].filter(Boolean).join(' · '),
              },
            ]}
          />
        </>
      )}
      {view.badSample.length > 0 && (
        <>
          <h3>{t('leadImport.firstBad')}</h3>
          <Table
            label={t('leadImport.firstBad')}
            rows={view.badSample.slice(0, 20)}
            rowKey={({ line }) => String(line)}
            columns={[
              { key: 'line', label: t('import.line'), numeric: true, cell: ({ line }) => line },
              {
                key: 'cells',
                label: t('leadImport.row'),
                cell: ({ cells }) => cells.filter(Boolean).join(' · '),
              },
              {
                key: 'faults',
                label: t('import.reason'),
                cell: ({ faults }) => <FaultList faults={faults} columns={columns} />,
              },
            ]}
          />
        </>
      )}
    </>
  );
}

function BadRowsButton({ view, columns }: { view: LeadImport; columns: string[] }): VNode {
  const [busy, setBusy] = useState(false);
  const download = async (): Promise<void> => {
    setBusy(true);
    try {
      const answer = await fetch(urlOf('leadImportBadRows', { id: view.importId }), {
        credentials: 'same-origin',
      });
      if (!answer.ok) return toast(t('error.import.gone'));
      const rows = (await answer.text())
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as BadRow);
      saveFile('rows-left-out.csv', badRowsCsv(columns, rows));
    } catch {
      toast(t('error.ui.unreachable'));
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" class="button" disabled={busy} onClick={() => void download()}>
      <Icon name="download" />
      {t('import.badRows', { count: view.badRows })}
    </button>
  );
}
