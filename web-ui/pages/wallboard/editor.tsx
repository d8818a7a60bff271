/** Wallboards: the links that are out, and what each shows, with the board as it will look. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { EndpointBody, EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { Copy } from '../../components/copy.tsx';
import type { Draft } from '../../components/draft.ts';
import { confirmAct, toast } from '../../components/feedback.tsx';
import { CheckField, ChecksField, NumberField, SelectField, TextField } from '../../components/form.tsx';
import { type Resource, ResourcePage } from '../../components/resource-page.tsx';
import { Moment } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';
import type { PageProps } from '../../shell/lazy-page.tsx';
import { live } from '../../state/live.ts';
import { useList, useLoad } from '../../state/load.ts';
import { Board } from './board.tsx';
import { TilesField } from './tiles-field.tsx';
import { type FigureDefinitions, usualTiles, type WallFigures, type WallView } from './wall-values.ts';

type View = EndpointResponse<'listWallboards'>['items'][number];
type Input = EndpointBody<'createWallboard'>;

/** The link that was made just now: the box tells it this once. */
const freshLink = signal<{ id: string; url: string } | undefined>(undefined);

function keepLink(answer: EndpointResponse<'createWallboard'>): View {
  const { wallboard, token } = answer;
  freshLink.value = { id: wallboard.id, url: `${location.origin}/wall/${wallboard.id}#${token}` };
  return wallboard;
}

function Link({ view }: { view: View }): VNode {
  const fresh = freshLink.value?.id === view.id ? freshLink.value.url : undefined;
  const renew = async (): Promise<void> => {
    const yes = await confirmAct({
      title: t('walls.renewTitle', { name: view.name }),
      text: t('walls.renewText'),
      action: t('walls.renew'),
    });
    if (!yes) return;
    try {
      keepLink(await api('renewWallboard', { params: { id: view.id } }));
    } catch (error) {
      toast(errorText(error));
    }
  };
  return (
    <div class="stack">
      {fresh ? (
        <>
          <div class="wall-link">
            <Copy label={t('walls.link')} value={fresh} />
          </div>
          <p class="quiet">{t('walls.linkOnce')}</p>
        </>
      ) : (
        <p class="quiet">{t('walls.linkKept')}</p>
      )}
      <div class="actions">
        <a class="button button-small" href={`/wall/${view.id}`} target="_blank" rel="noreferrer">
          {t('walls.look')}
        </a>
        <button type="button" class="button button-small" onClick={() => void renew()}>
          {t('walls.renew')}
        </button>
      </div>
    </div>
  );
}

function Preview(props: {
  value: Input;
  figures: WallFigures | undefined;
  definitions: FigureDefinitions | undefined;
}): VNode | null {
  const { value, figures, definitions } = props;
  const now = live.value;
  if (!now) return null;
  const queueIds = value.queueIds ?? [];
  const seen = queueIds.length === 0 ? now.queues : now.queues.filter((q) => queueIds.includes(q.queueId));
  const wall = {
    tiles: (value.tiles ?? []) as WallView['tiles'],
    queueIds,
    showAgents: value.showAgents ?? true,
    serviceLevelGoal: value.serviceLevelGoal ?? 0.8,
    timeZone: figures?.timeZone ?? 'UTC',
  };
  return (
    <div
      class="wall-preview"
      style={value.theme === 'auto' ? '' : `color-scheme: ${value.theme ?? 'dark'}`}
      aria-label={t('walls.preview')}
      role="img"
    >
      <Board
        wall={wall}
        live={{ ...now, queues: seen }}
        figures={figures}
        definitions={definitions}
        staleSince={undefined}
      />
    </div>
  );
}

function Fields({ draft, queues }: { draft: Draft<Input>; queues: { id: string; name: string }[] }): VNode {
  const { value, set, errorAt } = draft;
  const definitions = useLoad('definitions', (signal) => api('figureDefinitions', { signal })).value?.items;
  const figures = useLoad('figures', (signal) => api('figures', { query: { by: 'queue' }, signal })).value;
  return (
    <>
      <TextField
        label={t('field.name')}
        value={value.name}
        onInput={(name) => set({ name })}
        error={errorAt('name')}
      />
      <Preview value={value} figures={figures} definitions={definitions} />
      <TilesField
        tiles={(value.tiles ?? []) as WallView['tiles']}
        queues={queues}
        definitions={definitions}
        error={errorAt('tiles')}
        onInput={(tiles) => set({ tiles })}
      />
      <ChecksField
        label={t('walls.queues')}
        help={t('walls.queuesHelp')}
        values={value.queueIds ?? []}
        choices={queues.map((queue) => ({ value: queue.id, label: queue.name }))}
        onInput={(queueIds) => set({ queueIds })}
        error={errorAt('queueIds')}
      />
      <CheckField
        label={t('walls.showAgents')}
        value={value.showAgents ?? true}
        onInput={(showAgents) => set({ showAgents })}
      />
      <NumberField
        label={t('walls.goal')}
        help={t('walls.goalHelp')}
        unit="%"
        scale={0.01}
        value={value.serviceLevelGoal ?? 0.8}
        onInput={(goal) => set({ serviceLevelGoal: goal })}
        error={errorAt('serviceLevelGoal')}
        min={0}
        max={100}
      />
      <SelectField
        label={t('shell.theme')}
        value={value.theme ?? 'dark'}
        choices={[
          { value: 'dark', label: t('theme.dark') },
          { value: 'light', label: t('theme.light') },
          { value: 'auto', label: t('theme.auto') },
        ]}
        onInput={(theme) => set({ theme })}
      />
    </>
  );
}

function resource(queues: { id: string; name: string }[]): Resource<View, Input> {
  return {
    base: '/wallboards',
    lasting: true,
    list: 'listWallboards',
    title: t('place.wallboards'),
    intro: t('walls.intro'),
    addLabel: t('walls.add'),
    emptyTitle: t('walls.none'),
    emptyText: t('walls.noneText'),
    nameOf: (view) => view.name,
    deleteText: t('walls.deleteText'),
    columns: [
      { key: 'name', label: t('field.name'), cell: (view) => view.name },
      {
        key: 'tiles',
        label: t('walls.tiles'),
        numeric: true,
        cell: (view) => view.tiles.length || usualTiles.length,
      },
      { key: 'by', label: t('walls.madeBy'), cell: (view) => view.createdBy },
      { key: 'at', label: t('walls.madeAt'), cell: (view) => <Moment at={view.createdAt} /> },
    ],
    blank: () => ({ name: '', tiles: usualTiles, queueIds: [], showAgents: true }),
    inputOf: ({ createdBy: _by, createdAt: _at, ...view }) => view,
    create: async (body, revision) => keepLink(await api('createWallboard', { body, revision })),
    replace: (id, body, revision) => api('replaceWallboard', { params: { id }, body, revision }),
    remove: (id) => api('deleteWallboard', { params: { id } }),
    above: (view) => <Link view={view} />,
    fields: (draft) => <Fields draft={draft} queues={queues} />,
  };
}

export function WallboardsPage(props: PageProps): VNode {
  const queues = useList('listQueues').list?.items ?? [];
  return <ResourcePage {...props} resource={resource(queues)} />;
}
