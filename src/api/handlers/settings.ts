/** Office, network, recording and panel settings, their history, and the sample office. */
import type { Settings } from '../../domain/settings.ts';
import type { EndpointParsedBody, EndpointResponse } from '../contract.ts';
import type { PanelPort, SettingsPort } from '../ports.ts';
import { invalidRequest, notFound } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import { sampleOffice } from '../sample-office.ts';
import { validated } from '../settings-change.ts';
import { type Author, changeDetails, type SettingsEditor } from '../settings-editor.ts';
import { extensionView } from './configuration.ts';

type SingleSection = 'office' | 'network' | 'recording' | 'panel';

export function settingsHandlers(parts: {
  editor: SettingsEditor;
  settings: SettingsPort;
  panel: PanelPort;
}): HandlersOf<
  | 'createSampleOffice'
  | 'getOffice'
  | 'replaceOffice'
  | 'getNetwork'
  | 'replaceNetwork'
  | 'getRecordingSettings'
  | 'replaceRecordingSettings'
  | 'panel'
  | 'replacePanel'
  | 'testLamp'
  | 'previewLamps'
  | 'suggestLamps'
  | 'simulateAlarm'
  | 'listRevisions'
  | 'rollbackChanges'
  | 'rollback'
> {
  const { editor, settings: store } = parts;

  const replace = async <S extends SingleSection>(
    author: Author,
    section: S,
    make: (before: Settings[S]) => Settings[S],
  ): Promise<Settings[S]> => {
    const { settings } = await editor.edit(author, {
      action: `${section}.change`,
      apply: (now) => validated({ ...now, [section]: make(now[section]) }, [section]),
    });
    return settings[section];
  };

  return {
    createSampleOffice: async (request) => {
      const { settings, revision } = await editor.edit(request, {
        action: 'office.sample',
        apply: (now) => validated(sampleOffice(now)),
      });
      const { extensions, agents, queues, ivrMenus } = settings;
      return { extensions: extensions.map(extensionView), agents, queues, ivrMenus, revision };
    },

    getOffice: () => editor.current.office,
    replaceOffice: (request) => replace(request, 'office', () => request.body),
    getNetwork: () => networkView(editor.current.network),
    replaceNetwork: async (request) =>
      networkView(await replace(request, 'network', (before) => networkOf(request.body, before))),
    getRecordingSettings: () => editor.current.recording,
    replaceRecordingSettings: (request) => replace(request, 'recording', () => request.body),

    panel: () => ({ settings: editor.current.panel, ...parts.panel.view() }),
    replacePanel: (request) => replace(request, 'panel', () => request.body),
    testLamp: async (request) => {
      await parts.panel.test(request.body.lamp);
      editor.record(request, 'panel.test', String(request.body.lamp));
      return undefined;
    },
    previewLamps: async (request) => ({ lamps: await parts.panel.preview(request.body.lamps) }),
    suggestLamps: () => ({ lamps: parts.panel.suggest() }),
    simulateAlarm: (request) => {
      parts.panel.simulateAlarm();
      editor.record(request, 'panel.simulate-alarm');
      return undefined;
    },

    listRevisions: async () => ({
      items: await store.revisions(),
      revision: store.revision,
      names: namesOf(store.current),
    }),
    rollbackChanges: async ({ params }) => {
      if (!/^\d{1,9}$/.test(params.id)) throw notFound(`revision ${params.id}`);
      return { changes: await store.rollbackChanges(Number(params.id)) };
    },
    rollback: async (request) => {
      const { revision, changes } = await store.rollback(request.body.revision, { who: request.user.name });
      editor.record(request, 'settings.rollback', String(request.body.revision), changeDetails(changes));
      return { revision };
    },
  };
}

function networkView(network: Settings['network']): EndpointResponse<'getNetwork'> {
  if (network.drachtio === null) return { ...network, drachtio: null };
  const { secret: _, ...drachtio } = network.drachtio;
  return { ...network, drachtio };
}

function networkOf(
  input: EndpointParsedBody<'replaceNetwork'>,
  before: Settings['network'],
): Settings['network'] {
  if (input.drachtio === null) return { ...input, drachtio: null };
  const secret = input.drachtio.secret ?? before.drachtio?.secret;
  if (secret === undefined)
    throw invalidRequest([{ path: 'drachtio.secret', message: 'the admin port needs a secret' }]);
  return { ...input, drachtio: { ...input.drachtio, secret } };
}

/** What people call the items of the lists, by the path they have in changes. */
function namesOf(settings: Settings): Record<string, string> {
  const names: Record<string, string> = {};
  for (const [section, list] of Object.entries(settings)) {
    if (!Array.isArray(list)) continue;
    for (const { id, name, number } of list as { id: string; name?: string; number?: string }[]) {
      const said = section === 'extensions' ? [number, name] : [name ?? number];
      names[`${section}[${id}]`] = said.filter((part) => part !== undefined).join(' ');
    }
  }
  return names;
}
