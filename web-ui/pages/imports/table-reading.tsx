/** The second step of an import: how the file is read, and what each of its columns holds. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { EndpointBody } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { toast } from '../../components/feedback.tsx';
import { CheckField, type Choice, SelectField } from '../../components/form.tsx';
import { Table as RowTable } from '../../components/table.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import type { Table } from './file-picker.tsx';

export type TableChoices = EndpointBody<'readUpload'>;

const encodings: Choice<Table['encoding']>[] = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'utf-16le', label: 'UTF-16 LE' },
  { value: 'utf-16be', label: 'UTF-16 BE' },
  { value: 'windows-1250', label: 'Windows-1250' },
  { value: 'windows-1251', label: 'Windows-1251' },
  { value: 'windows-1252', label: 'Windows-1252' },
  { value: 'windows-1254', label: 'Windows-1254' },
  { value: 'windows-1257', label: 'Windows-1257' },
];
const delimiterKeys = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const;

/** What was told from the file, and the way to say otherwise. */
export function TableReading(props: { table: Table; onTable: (table: Table) => void }): VNode {
  const { table } = props;
  const [busy, setBusy] = useState(false);
  const read = async (change: TableChoices): Promise<void> => {
    setBusy(true);
    try {
      const { encoding, delimiter, header } = table;
      const body = { encoding, delimiter, header, ...change };
      props.onTable(await api('readUpload', { params: { id: table.fileId }, body }));
    } catch (error) {
      toast(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <fieldset class="reading" disabled={busy}>
      <legend class="sr-only">{t('import.reading')}</legend>
      <SelectField
        label={t('import.encoding')}
        help={t('import.encodingHelp')}
        value={table.encoding}
        choices={encodings}
        onInput={(encoding) => void read({ encoding })}
      />
      <SelectField
        label={t('import.delimiter')}
        value={table.delimiter}
        choices={([',', ';', '\t', '|'] as const).map((value) => ({
          value,
          label: translateCode(`delimiter.${delimiterKeys[value]}`),
        }))}
        onInput={(delimiter) => void read({ delimiter })}
      />
      <CheckField
        label={t('import.header')}
        value={table.header}
        onInput={(header) => void read({ header })}
      />
    </fieldset>
  );
}

/** Why a file cannot be imported as it is. */
export function TableFault({ table }: { table: Table }): VNode | null {
  if (!table.fault) return null;
  return (
    <div class="error-summary" role="alert">
      <strong>{translateCode(`tableFault.${table.fault.code}`)}</strong>
      {table.fault.line > 1 && <p>{t('import.faultLine', { line: String(table.fault.line) })}</p>}
    </div>
  );
}

/** The name of a column: its header, else its number. */
export function columnName(columns: readonly string[], column: number): string {
  return columns[column] || t('import.columnNumber', { number: column + 1 });
}

/** More columns than these are folded to those that are used. */
const shownColumns = 12;

/** Each column of the file with its first values, and a choice of what it holds. */
export function ColumnRoles<Role extends string>(props: {
  table: Table;
  roles: (Role | null)[];
  choices: Choice<Role>[];
  /** A role that several columns may have. */
  repeatable?: Role;
  onRoles: (roles: (Role | null)[]) => void;
}): VNode {
  const { table, roles } = props;
  const [all, setAll] = useState(roles.length <= shownColumns);
  const choose = (column: number, role: Role | ''): void => {
    props.onRoles(
      roles.map((old, at) => {
        if (at === column) return role === '' ? null : role;
        // A role moves to the column it was given to last.
        return old === role && role !== props.repeatable ? null : old;
      }),
    );
  };
  const rows = roles.map((role, column) => ({ role, column })).filter(({ role }) => all || role !== null);
  return (
    <div class="stack">
      <RowTable
        label={t('import.columns')}
        rows={rows}
        rowKey={({ column }) => String(column)}
        columns={[
          { key: 'name', label: t('import.column'), cell: ({ column }) => columnName(table.columns, column) },
          {
            key: 'values',
            label: t('import.firstValues'),
            cell: ({ column }) => <span class="quiet first-values">{firstValues(table, column)}</span>,
          },
          {
            key: 'role',
            label: t('import.holds'),
            cell: ({ role, column }) => (
              <select
                class="select"
                aria-label={t('import.columnHolds', { column: columnName(table.columns, column) })}
                value={role ?? ''}
                onChange={(event) => choose(column, event.currentTarget.value as Role | '')}
              >
                <option value="" selected={role === null}>
                  {t('import.unused')}
                </option>
                {props.choices.map((choice) => (
                  <option key={choice.value} value={choice.value} selected={choice.value === role}>
                    {choice.label}
                  </option>
                ))}
              </select>
            ),
          },
        ]}
      />
      {!all && (
        <div class="actions">
          <button type="button" class="button button-small" onClick={() => setAll(true)}>
            {t('import.allColumns', { count: roles.length })}
          </button>
        </div>
      )}
    </div>
  );
}

function firstValues(table: Table, column: number): string {
  return table.sample
    .map((row) => row.cells[column]?.trim() ?? '')
    .filter(Boolean)
    .slice(0, 3)
    .join(' · ')
    .slice(0, 120);
}
