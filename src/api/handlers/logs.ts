/** The box's log. */
import type { LogPort } from '../ports.ts';
import type { HandlersOf } from '../routes.ts';
import type { SettingsEditor } from '../settings-editor.ts';

export function logHandlers(parts: {
  logs: LogPort;
  editor: SettingsEditor;
}): HandlersOf<'readLog' | 'downloadLog'> {
  return {
    readLog: ({ query }) => parts.logs.read(query),
    downloadLog: async (request) => {
      parts.editor.record(request, 'log.download', 'box');
      return new Response(await parts.logs.masked(), {
        headers: {
          'content-type': 'application/jsonl',
          'content-disposition': 'attachment; filename="cordboard-log.jsonl"',
        },
      });
    },
  };
}
