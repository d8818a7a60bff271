/** Backups of the office. */
import type { BackupPort } from '../ports.ts';
import type { HandlersOf } from '../routes.ts';
import type { SettingsEditor } from '../settings-editor.ts';

export function backupHandlers(parts: {
  backup: BackupPort;
  editor: SettingsEditor;
}): HandlersOf<'backupState' | 'prepareBackup' | 'downloadBackup'> {
  const { backup, editor } = parts;
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
  };
}
