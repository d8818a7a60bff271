/** Leads, or numbers not to be called, from a CSV file: choose, name the columns, look, import. */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { guessLeadRoles, type LeadRole, leadRoles } from '../../../src/domain/imports/lead-columns.ts';
import { api, errorText } from '../../api/client.ts';
import { toast } from '../../components/feedback.tsx';
import { CheckField, SelectField, TextField } from '../../components/form.tsx';
import { Card, Page } from '../../components/page.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { useLoad } from '../../state/load.ts';
import { FilePicker, type Table } from '../imports/file-picker.tsx';
import { ColumnRoles, TableFault, TableReading } from '../imports/table-reading.tsx';
import { CountryField, countryOfOffice } from './country.tsx';
import { ImportProgress } from './import-progress.tsx';

export type LeadImport = EndpointResponse<'getLeadImport'>;

/** @param doNotCall into the do-not-call list instead of a list of leads */
export function LeadImportPage({ doNotCall = false }: { doNotCall?: boolean }): VNode {
  const { query } = useLocation();
  const [table, setTable] = useState<Table>();
  const [roles, setRoles] = useState<(LeadRole | null)[]>([]);
  const [running, setRunning] = useState<LeadImport>();
  /** The list made for this import; it goes again when the import is not wanted. */
  const [madeList, setMadeList] = useState<string>();
  const back = doNotCall ? '/do-not-call' : '/lists';

  const show = (next: Table): void => {
    const same =
      table?.fileId === next.fileId &&
      table.columns.length === next.columns.length &&
      table.header === next.header;
    if (!same) setRoles(guessed(next, doNotCall));
    setTable(next);
  };

  let content: ComponentChildren;
  if (running)
    content = (
      <ImportProgress
        first={running}
        columns={table?.columns ?? []}
        onBack={() => {
          setRunning(undefined);
          setMadeList(undefined);
          if (madeList !== undefined) dropList(madeList);
        }}
        onAnother={() => {
          setRunning(undefined);
          setMadeList(undefined);
          setTable(undefined);
        }}
      />
    );
  else if (!table)
    content = <FilePicker help={t(doNotCall ? 'dncImport.help' : 'leadImport.help')} onTable={show} />;
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
              repeatable="field"
              choices={leadRoles
                .filter((role) => !doNotCall || role === 'number')
                .map((value) => ({ value, label: translateCode(`leadRole.${value}`) }))}
              onRoles={setRoles}
            />
          )}
        </Card>
        {!table.fault &&
          (doNotCall ? (
            <DoNotCallTarget table={table} roles={roles} onBegun={setRunning} />
          ) : (
            <ListTarget
              table={table}
              roles={roles}
              listId={query.list ?? ''}
              onBegun={(view, made) => {
                setRunning(view);
                setMadeList(made);
              }}
            />
          ))}
      </>
    );
  return (
    <Page
      title={t(doNotCall ? 'dncImport.title' : 'leadImport.title')}
      intro={t('leadImport.intro')}
      actions={
        <a class="button" href={back}>
          {t('import.back')}
        </a>
      }
    >
      {content}
    </Page>
  );
}

function guessed(table: Table, doNotCall: boolean): (LeadRole | null)[] {
  const roles = guessLeadRoles(table.columns);
  if (!doNotCall) return roles;
  const numbers = roles.map((role) => (role === 'number' ? role : null));
  // A list of bare numbers has no header.
  return numbers.length === 1 ? ['number'] : numbers;
}

interface TargetProps {
  table: Table;
  roles: (LeadRole | null)[];
  /** @param madeList the list made for it, if so */
  onBegun: (view: LeadImport, madeList?: string) => void;
}

/** It is empty; should it stay, it does no harm. */
function dropList(id: string): void {
  api('deleteLeadList', { params: { id } }).catch(() => undefined);
}

/** Steps to the preview: what only the whole file shows. */
function CheckButton(props: {
  roles: (LeadRole | null)[];
  ready: boolean;
  begin: () => Promise<void>;
}): VNode {
  const [busy, setBusy] = useState(false);
  const hasNumber = props.roles.includes('number');
  const begin = async (): Promise<void> => {
    setBusy(true);
    try {
      await props.begin();
    } catch (error) {
      toast(errorText(error));
      setBusy(false);
    }
  };
  return (
    <>
      {!hasNumber && (
        <p class="field-error" role="alert">
          {t('import.needsNumber')}
        </p>
      )}
      <div class="actions">
        <button
          type="button"
          class="button button-primary"
          disabled={busy || !hasNumber || !props.ready}
          onClick={() => void begin()}
        >
          {t('leadImport.check')}
        </button>
        <span class="quiet">{t('leadImport.checkHelp')}</span>
      </div>
    </>
  );
}

const newList = '';

function ListTarget(props: TargetProps & { listId: string }): VNode {
  const { table, roles } = props;
  const lists = useLoad('lists', (signal) => api('listLeadLists', { signal }));
  const [listId, setListId] = useState(props.listId);
  const [name, setName] = useState(table.name.replace(/\.\w{2,4}$/, ''));
  const [country, setCountry] = useState<string>();
  const [notInOtherLists, setNotInOtherLists] = useState(false);
  const officeCountry = countryOfOffice();
  const known = country ?? officeCountry;
  useEffect(() => {
    // A list named by the address that is gone by now.
    if (lists.value && !lists.value.items.some((list) => list.listId === listId)) setListId(newList);
  }, [lists.value]);
  const begin = async (): Promise<void> => {
    const made = listId === newList ? (await api('createLeadList', { body: { name } })).listId : undefined;
    const { encoding, delimiter, header } = table;
    const body = {
      fileId: table.fileId,
      choices: { encoding, delimiter, header },
      roles,
      country: known,
      notInOtherLists,
    };
    try {
      props.onBegun(await api('beginLeadImport', { params: { id: made ?? listId }, body }), made);
    } catch (error) {
      if (made !== undefined) dropList(made);
      throw error;
    }
  };
  return (
    <Card title={t('leadImport.where')}>
      <div class="form">
        <SelectField
          label={t('leadImport.list')}
          value={listId}
          choices={[
            { value: newList, label: t('leadImport.newList') },
            ...(lists.value?.items ?? []).map((list) => ({ value: list.listId, label: list.name })),
          ]}
          onInput={setListId}
        />
        {listId === newList && (
          <TextField label={t('leadImport.listName')} value={name} onInput={setName} maxLength={80} />
        )}
        <CountryField value={known} onInput={setCountry} />
        <CheckField
          label={t('leadImport.notInOtherLists')}
          help={t('leadImport.notInOtherListsHelp')}
          value={notInOtherLists}
          onInput={setNotInOtherLists}
        />
        <CheckButton roles={roles} ready={listId !== newList || name.trim() !== ''} begin={begin} />
      </div>
    </Card>
  );
}

function DoNotCallTarget(props: TargetProps): VNode {
  const { table, roles } = props;
  const [country, setCountry] = useState<string>();
  const [reason, setReason] = useState('');
  const known = country ?? countryOfOffice();
  const begin = async (): Promise<void> => {
    const { encoding, delimiter, header } = table;
    const body = {
      fileId: table.fileId,
      choices: { encoding, delimiter, header },
      roles,
      country: known,
      reason,
    };
    props.onBegun(await api('beginDoNotCallImport', { body }));
  };
  return (
    <Card title={t('leadImport.where')}>
      <div class="form">
        <CountryField value={known} onInput={setCountry} />
        <TextField
          label={t('dnc.reason')}
          help={t('dnc.reasonHelp')}
          value={reason}
          onInput={setReason}
          maxLength={200}
        />
        <CheckButton roles={roles} ready begin={begin} />
      </div>
    </Card>
  );
}
