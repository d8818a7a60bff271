/** Extensions from a CSV file: choose, look, correct, import; undone by one press. */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { EndpointBody, EndpointResponse } from '../../../src/api/contract.ts';
import {
  type ExtensionRole,
  extensionRoles,
  guessExtensionRoles,
} from '../../../src/domain/imports/extension-import.ts';
import { api, errorText } from '../../api/client.ts';
import { toast } from '../../components/feedback.tsx';
import { CheckField, SelectField } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Card, LoadFailed, Page, Skeleton } from '../../components/page.tsx';
import { Table as RowTable } from '../../components/table.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { settingsRevision } from '../../state/live.ts';
import { reloadList } from '../../state/load.ts';
import { badRowsCsv, FaultList, saveFile } from './bad-rows.tsx';
import { FilePicker, type Table } from './file-picker.tsx';
import { ColumnRoles, TableFault, TableReading } from './table-reading.tsx';

type Plan = EndpointResponse<'planExtensionImport'>;
type Body = EndpointBody<'importExtensions'>;
type Roles = (ExtensionRole | null)[];

export function ExtensionImportPage(): VNode {
  const [table, setTable] = useState<Table>();
  const [roles, setRoles] = useState<Roles>([]);
  const [done, setDone] = useState<Plan>();

  const show = (next: Table): void => {
    // The same columns keep what was chosen for them.
    const kept =
      table?.fileId === next.fileId &&
      table.columns.length === next.columns.length &&
      table.header === next.header;
    if (!kept) setRoles(guessExtensionRoles(next.columns));
    setTable(next);
  };

  let content: ComponentChildren;
  if (done) content = <Done plan={done} />;
  else if (!table) content = <FilePicker help={t('extensionImport.help')} onTable={show} />;
  else
    content = (
      <>
        <Card
          title={table.name}
          aside={
            <button type="button" class="button button-small" onClick={() => setTable(undefined)}>
              {t('import.otherFile')}
            </button>
          }
        >
          <TableReading table={table} onTable={show} />
          <TableFault table={table} />
          {table.columns.length > 0 && (
            <ColumnRoles
              table={table}
              roles={roles}
              choices={extensionRoles.map((value) => ({
                value,
                label: translateCode(`extensionRole.${value}`),
              }))}
              onRoles={setRoles}
            />
          )}
        </Card>
        {!table.fault && <Preview key={table.fileId} table={table} roles={roles} onDone={setDone} />}
      </>
    );
  return (
    <Page
      title={t('extensionImport.title')}
      intro={t('extensionImport.intro')}
      actions={
        <a class="button" href="/extensions">
          {t('import.back')}
        </a>
      }
    >
      {content}
    </Page>
  );
}

function Preview(props: { table: Table; roles: Roles; onDone: (plan: Plan) => void }): VNode {
  const { table, roles, onDone } = props;
  const [existing, setExisting] = useState<'update' | 'skip'>('update');
  const [createAgents, setCreateAgents] = useState(false);
  const [plan, setPlan] = useState<Plan>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [round, setRound] = useState(0);
  const hasNumber = roles.includes('number');
  const { encoding, delimiter, header } = table;
  const body: Body = {
    fileId: table.fileId,
    choices: { encoding, delimiter, header },
    roles,
    existing,
    createAgents,
  };
  const asked = JSON.stringify(body);

  useEffect(() => {
    // The import itself changes the settings, and its file is gone then.
    if (!hasNumber || busy) return;
    const abort = new AbortController();
    api('planExtensionImport', { body, signal: abort.signal }).then(
      (answer) => {
        setPlan(answer);
        setError(undefined);
      },
      (cause: unknown) => {
        if (!abort.signal.aborted) setError(cause);
      },
    );
    return () => abort.abort();
  }, [asked, hasNumber, round, settingsRevision.value]);

  const importNow = async (): Promise<void> => {
    if (!plan) return;
    setBusy(true);
    try {
      const result = await api('importExtensions', { body, revision: plan.revision });
      await Promise.all([reloadList('listExtensions'), reloadList('listAgents')]);
      offerUndo(result);
      onDone(result);
    } catch (cause) {
      toast(errorText(cause));
      setBusy(false);
      setRound((n) => n + 1);
    }
  };

  const changes = plan ? plan.counts.create + plan.counts.update : 0;
  return (
    <Card title={t('import.preview')}>
      <div class="reading">
        <SelectField
          label={t('extensionImport.existing')}
          value={existing}
          choices={[
            { value: 'update', label: t('extensionImport.update') },
            { value: 'skip', label: t('extensionImport.skip') },
          ]}
          onInput={setExisting}
        />
        <CheckField
          label={t('extensionImport.createAgents')}
          help={t('extensionImport.createAgentsHelp')}
          value={createAgents}
          onInput={setCreateAgents}
        />
      </div>
      {!hasNumber ? (
        <p class="field-error" role="alert">
          {t('import.needsNumber')}
        </p>
      ) : error ? (
        <LoadFailed text={errorText(error)} retry={() => setRound((n) => n + 1)} />
      ) : !plan ? (
        <Skeleton lines={6} />
      ) : (
        <>
          <PlanCounts plan={plan} />
          <PlanTable plan={plan} />
          <div class="actions">
            <button
              type="button"
              class="button button-primary"
              disabled={busy || changes === 0}
              onClick={() => void importNow()}
            >
              {busy ? t('state.saving') : t('extensionImport.action', { count: changes })}
            </button>
            <BadRowsButton plan={plan} />
          </div>
          {changes === 0 && <p class="quiet">{t('extensionImport.nothing')}</p>}
        </>
      )}
    </Card>
  );
}

/** Undo while nothing else was changed since. */
function offerUndo(result: Plan): void {
  const count = result.counts.create + result.counts.update;
  toast(t('extensionImport.done', { count }), {
    undo: async () => {
      if (settingsRevision.value !== undefined && settingsRevision.value > result.revision)
        return toast(t('extensionImport.undoLate'));
      try {
        await api('rollback', { body: { revision: result.revision - 1 } });
        await Promise.all([reloadList('listExtensions'), reloadList('listAgents')]);
        toast(t('extensionImport.undone'));
      } catch (error) {
        toast(errorText(error));
      }
    },
  });
}

function PlanCounts({ plan }: { plan: Plan }): VNode {
  const { counts } = plan;
  const outcomes = ['create', 'update', 'same', 'skip', 'fault'] as const;
  return (
    <p class="counts" role="status">
      {outcomes
        .filter((outcome) => counts[outcome] > 0)
        .map((outcome) => (
          <span key={outcome} class={outcome === 'fault' ? 'count-bad' : ''}>
            {translateCode(`extensionCount.${outcome}`, { count: counts[outcome] })}
          </span>
        ))}
      {counts.agents > 0 && <span>{t('extensionImport.agents', { count: counts.agents })}</span>}
    </p>
  );
}

function PlanTable({ plan }: { plan: Plan }): VNode {
  return (
    <RowTable
      label={t('import.preview')}
      rows={plan.rows}
      rowKey={(row) => String(row.line)}
      search={(row) => `${row.number} ${row.name} ${translateCode(`extensionOutcome.${row.outcome}`)}`}
      columns={[
        {
          key: 'line',
          label: t('import.line'),
          numeric: true,
          cell: (row) => row.line,
          sort: (row) => row.line,
        },
        { key: 'number', label: t('field.number'), cell: (row) => row.number, sort: (row) => row.number },
        { key: 'name', label: t('field.name'), cell: (row) => row.name, sort: (row) => row.name },
        {
          key: 'outcome',
          label: t('import.outcome'),
          cell: (row) => (
            <span class={row.outcome === 'fault' ? 'count-bad' : ''}>
              {translateCode(`extensionOutcome.${row.outcome}`)}
            </span>
          ),
          sort: (row) => row.outcome,
        },
        {
          key: 'remarks',
          label: t('import.remarks'),
          cell: (row) => <FaultList faults={[...row.faults, ...row.notes]} columns={plan.columns} />,
        },
      ]}
    />
  );
}

function BadRowsButton({ plan }: { plan: Plan }): VNode | null {
  const bad = plan.rows.filter((row) => row.outcome === 'fault');
  if (bad.length === 0) return null;
  return (
    <button
      type="button"
      class="button"
      onClick={() => saveFile('extensions-left-out.csv', badRowsCsv(plan.columns, bad))}
    >
      <Icon name="download" />
      {t('import.badRows', { count: bad.length })}
    </button>
  );
}

function Done({ plan }: { plan: Plan }): VNode {
  const fresh = plan.rows.filter(
    (row) =>
      row.outcome === 'create' &&
      row.notes.some(({ code }) => code === 'secret-new' || code === 'secret-short'),
  );
  return (
    <Card title={t('extensionImport.done', { count: plan.counts.create + plan.counts.update })}>
      <PlanCounts plan={plan} />
      {fresh.length > 0 && <p>{t('extensionImport.freshSecrets', { count: fresh.length })}</p>}
      <div class="actions">
        <a class="button button-primary" href="/extensions">
          {t('extensionImport.show')}
        </a>
        <BadRowsButton plan={plan} />
      </div>
    </Card>
  );
}
