/** Uploaded CSV files, and extensions imported from them. */
import { type PlannedExtension, planExtensions } from '../../domain/imports/extension-import.ts';
import { maxExtensionRows, tableLimits } from '../../domain/imports/uploaded-table.ts';
import { agentSchema, extensionSchema, type Settings } from '../../domain/settings.ts';
import type { EndpointParsedBody, EndpointResponse } from '../contract.ts';
import type { TablesPort } from '../ports.ts';
import { invalidRequest } from '../problem.ts';
import { readBytes } from '../request-body.ts';
import type { HandlersOf } from '../routes.ts';
import { itemIdOf, validated } from '../settings-change.ts';
import type { SettingsEditor } from '../settings-editor.ts';
import { newSipSecret } from './configuration.ts';

type Plan = EndpointResponse<'planExtensionImport'>;
type Row = { line: number; cells: string[] };

/** What browsers and scripts call a CSV file. */
const csvTypes = /^(?:text\/|application\/(?:octet-stream|csv|vnd\.ms-excel)\b)/;

export function importHandlers(parts: {
  tables: TablesPort;
  editor: SettingsEditor;
}): HandlersOf<'uploadTable' | 'readUpload' | 'dropUpload' | 'planExtensionImport' | 'importExtensions'> {
  const { tables, editor } = parts;

  const read = async (
    body: EndpointParsedBody<'importExtensions'>,
  ): Promise<{ columns: string[]; rows: Row[] }> => {
    const { columns, rows, more } = await tables.rows(body.fileId, body.choices, maxExtensionRows);
    if (more)
      throw invalidRequest([
        { path: 'fileId', message: `at most ${maxExtensionRows} rows are taken at once` },
      ]);
    if (!body.roles.includes('number'))
      throw invalidRequest([{ path: 'roles', message: 'one column must hold the number' }]);
    return { columns, rows };
  };

  return {
    uploadTable: async ({ raw, query }) => {
      const type = (raw.headers.get('content-type') ?? '').toLowerCase();
      if (!csvTypes.test(type))
        throw invalidRequest([{ path: '', message: 'the body must be a CSV file (text/csv)' }]);
      return tables.keep(query.name, await readBytes(raw, tableLimits.bytes));
    },
    readUpload: ({ params, body }) => tables.view(params.id, body),
    dropUpload: async ({ params }) => {
      await tables.drop(params.id);
      return undefined;
    },

    planExtensionImport: async ({ body }) => {
      const { columns, rows } = await read(body);
      return viewOf(columns, rows, planExtensions(rows, body, editor.current), editor.revision);
    },

    importExtensions: async (request) => {
      const { body } = request;
      const { columns, rows } = await read(body);
      let planned: PlannedExtension[] = [];
      const { revision } = await editor.edit(request, {
        action: 'extension.import',
        target: () => `${planned.filter(isChange).length} extensions`,
        apply(now) {
          planned = planExtensions(rows, body, now);
          if (!planned.some(isChange))
            throw invalidRequest([{ path: 'fileId', message: 'no row of the file changes anything' }]);
          return validated(withPlanned(now, planned));
        },
      });
      await tables.drop(body.fileId);
      return viewOf(columns, rows, planned, revision);
    },
  };
}

function isChange({ outcome }: PlannedExtension): boolean {
  return outcome === 'create' || outcome === 'update';
}

function withPlanned(settings: Settings, planned: readonly PlannedExtension[]): Settings {
  const extensions = [...settings.extensions];
  const agents = [...settings.agents];
  for (const { outcome, number, name, secret, extensionId, agent } of planned) {
    if (outcome !== 'create' && outcome !== 'update') continue;
    let id = extensionId;
    if (id === undefined) {
      id = itemIdOf(name, extensions);
      extensions.push(extensionSchema.parse({ id, number, name, secret: secret ?? newSipSecret() }));
    } else {
      const at = extensions.findIndex((extension) => extension.id === id);
      const before = extensions[at];
      if (before) extensions[at] = { ...before, name, ...(secret === undefined ? {} : { secret }) };
    }
    if (agent) agents.push(agentSchema.parse({ id: itemIdOf(name, agents), name, extensionId: id }));
  }
  return { ...settings, extensions, agents };
}

/** Each row with its cells, so that those left out can be given back as they came. */
function viewOf(
  columns: string[],
  rows: readonly Row[],
  planned: readonly PlannedExtension[],
  revision: number,
): Plan {
  const counts = { create: 0, update: 0, same: 0, skip: 0, fault: 0, agents: 0 };
  for (const row of planned) {
    counts[row.outcome]++;
    if (row.agent && isChange(row)) counts.agents++;
  }
  return {
    columns,
    rows: planned.map(({ secret: _, extensionId: __, ...row }, at) => ({
      ...row,
      cells: rows[at]?.cells ?? [],
    })),
    counts,
    revision,
  };
}
