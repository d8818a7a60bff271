/** Bans of the SIP server's guard. */
import type { GuardPort } from '../ports.ts';
import { notFound } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import type { SettingsEditor } from '../settings-editor.ts';

export function guardHandlers(parts: {
  guard: GuardPort;
  editor: SettingsEditor;
}): HandlersOf<'guard' | 'releaseSource'> {
  const { guard, editor } = parts;
  return {
    guard: async () => {
      const { active, bans, counters } = await guard.list();
      return { active, counters, bans: bans.map((ban) => ({ ...ban, id: ban.source.replaceAll(':', '-') })) };
    },

    releaseSource: async (request) => {
      const source = request.params.source.replaceAll('-', ':');
      if (!(await guard.release(source))) throw notFound(`ban of ${source}`);
      editor.record(request, 'guard.release', source);
      return new Response(null, { status: 204 });
    },
  };
}
