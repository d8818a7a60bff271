/** Backups of the office. */
import { maxPieceBytes } from '../endpoints/backup.ts';
import type { BackupPort, SessionsPort } from '../ports.ts';
import { readBytes } from '../request-body.ts';
import type { HandlersOf } from '../routes.ts';
import type { SettingsEditor } from '../settings-editor.ts';

export function backupHandlers(parts: {
  backup: BackupPort;
  editor: SettingsEditor;
  sessions: SessionsPort;
}): HandlersOf<
  | 'backupState'
  | 'prepareBackup'
  | 'downloadBackup'
  | 'beginRestore'
  | 'sendRestore'
  | 'checkRestore'
  | 'applyRestore'
  | 'dropRestore'
  | 'undoRestore'
> {
  const { backup, editor, sessions } = parts;
  /** People may have other rights, or other ids, afterwards: a session of today says nothing of that. */
  const endSessions = (): void => {
    for (const { id } of editor.current.users) sessions.removeOfUser(id);
  };
  return {
    backupState: () => backup.state(),

    prepareBackup: async (request) => {
      const prepared = await backup.prepare(request.body);
      const { recordings, passphrase } = request.body;
      editor.record(request, 'backup.make', 'box', { recordings, secrets: passphrase !== undefined });
      return prepared;
    },

    // The table of routes tells the audit of it, as of every export.
    downloadBackup: ({ params }) => {
      const { fileName, stream } = backup.open(params.id);
      return new Response(stream, {
        headers: {
          'content-type': 'application/x-tar',
          'content-disposition': `attachment; filename="${fileName}"`,
          'cache-control': 'no-store',
        },
      });
    },

    beginRestore: async ({ body }) => ({ ...(await backup.begin(body.bytes)), maxPieceBytes }),

    sendRestore: async ({ params, query, raw }) => {
      await backup.receive(params.id, query.offset, await readBytes(raw, maxPieceBytes));
      return new Response(null, { status: 204 });
    },

    checkRestore: ({ params, body }) => backup.check(params.id, body.passphrase),

    applyRestore: async (request) => {
      const { officeName, at } = await backup.apply(request.params.id, request.body.force);
      editor.record(request, 'backup.restore', 'box', { officeName, madeAt: at });
      endSessions();
      return {};
    },

    dropRestore: async ({ params }) => {
      await backup.drop(params.id);
      return new Response(null, { status: 204 });
    },

    undoRestore: async (request) => {
      await backup.undo(request.body.force);
      editor.record(request, 'backup.undo', 'box');
      endSessions();
      return {};
    },
  };
}
