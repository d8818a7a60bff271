/** Imports into lists of leads and the do-not-call list, and the latter as a file. */
import { csvByteOrderMark, csvDelimiterFor, csvLine } from '../../codec/csv-write.ts';
import type { LeadImportView } from '../../domain/imports/lead-import-view.ts';
import type { ApiPorts } from '../ports.ts';
import { invalidRequest } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import type { SettingsEditor } from '../settings-editor.ts';

export function leadImportHandlers(parts: {
  ports: Pick<ApiPorts, 'tables' | 'imports' | 'leads' | 'dialler'>;
  editor: SettingsEditor;
}): HandlersOf<
  | 'beginLeadImport'
  | 'beginDoNotCallImport'
  | 'getLeadImport'
  | 'commitLeadImport'
  | 'discardLeadImport'
  | 'leadImportBadRows'
  | 'exportDoNotCall'
> {
  const { editor } = parts;
  const { tables, imports, leads, dialler } = parts.ports;

  /** Rows to come, for the progress. @throws CordboardError for a file that cannot be read to its end */
  const rowsOf = async (body: {
    fileId: string;
    choices: Parameters<typeof tables.view>[1];
  }): Promise<number> => {
    const table = await tables.view(body.fileId, body.choices);
    if (table.fault)
      throw invalidRequest([
        {
          path: 'fileId',
          message: `the file cannot be read on from line ${table.fault.line}: ${table.fault.code}`,
        },
      ]);
    return table.rows;
  };
  const mustHaveNumber = (roles: readonly (string | null)[]): void => {
    if (!roles.includes('number'))
      throw invalidRequest([{ path: 'roles', message: 'one column must hold the number' }]);
  };

  return {
    beginLeadImport: async ({ params, body, user }) => {
      mustHaveNumber(body.roles);
      const { notInOtherLists, ...source } = body;
      const rows = await rowsOf(body);
      return imports.begin({ ...source, rows, who: user.name, to: { listId: params.id, notInOtherLists } });
    },
    beginDoNotCallImport: async ({ body, user }) => {
      mustHaveNumber(body.roles);
      const { reason, ...source } = body;
      const rows = await rowsOf(body);
      return imports.begin({ ...source, rows, who: user.name, to: { doNotCallReason: reason } });
    },
    getLeadImport: ({ params }) => imports.view(params.id),
    commitLeadImport: async (request) => {
      const done: LeadImportView = await imports.commit(request.params.id);
      const action = done.listId === '' ? 'do-not-call.import' : 'lead-list.import';
      editor.record(request, action, `${done.listId || done.fileName} +${done.leads}`);
      dialler.leadsChanged();
      return done;
    },
    discardLeadImport: async ({ params }) => {
      await imports.discard(params.id);
      return undefined;
    },
    leadImportBadRows: async ({ params }) =>
      new Response(await imports.badRows(params.id), {
        headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' },
      }),

    exportDoNotCall: (request) => {
      editor.record(request, 'do-not-call.export');
      const delimiter = csvDelimiterFor(editor.current.office.language);
      const encoder = new TextEncoder();
      let cursor: string | null | undefined;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          const head = csvLine(['number', 'added', 'by', 'source', 'reason'], delimiter);
          controller.enqueue(encoder.encode(csvByteOrderMark + head));
        },
        async pull(controller) {
          const page = await leads.doNotCall({ limit: 1000, ...(cursor ? { cursor } : {}) });
          const lines = page.items.map(({ number, addedAt, addedBy, source, reason }) =>
            csvLine([number, new Date(addedAt).toISOString(), addedBy, source, reason], delimiter),
          );
          if (lines.length > 0) controller.enqueue(encoder.encode(lines.join('')));
          cursor = page.next;
          if (cursor === null) controller.close();
        },
      });
      return new Response(body, {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="do-not-call.csv"',
          'cache-control': 'no-store',
        },
      });
    },
  };
}
