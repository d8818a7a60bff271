/** The queues: who answers, how long it rings, what callers hear and where they go. */
import type { VNode } from 'preact';
import type { EndpointBody, EndpointResponse } from '../../src/api/contract.ts';
import { api } from '../api/client.ts';
import { DestinationField } from '../components/destination.tsx';
import { ChecksField } from '../components/form.tsx';
import { WaitingCapsule } from '../components/lamp.tsx';
import { type Resource, ResourcePage } from '../components/resource-page.tsx';
import { SchemaFields, type SchemaFieldsProps } from '../components/schema-form.tsx';
import { TodayFigures } from '../components/today-figures.tsx';
import { t, translateCode } from '../i18n/translate.ts';
import type { PageProps } from '../shell/lazy-page.tsx';
import { live } from '../state/live.ts';
import { useList } from '../state/load.ts';
import { DispositionsField } from './queue-dispositions.tsx';

type View = EndpointResponse<'getQueue'>;
type Input = EndpointBody<'createQueue'>;

function resource(agents: { id: string; name: string }[]): Resource<View, Input> {
  return {
    base: '/queues',
    list: 'listQueues',
    title: t('place.queues'),
    intro: t('queue.intro'),
    addLabel: t('queue.add'),
    emptyTitle: t('queue.none'),
    emptyText: t('queue.noneText'),
    nameOf: (view) => view.name,
    deleteText: t('queue.deleteText'),
    effect: t('queue.effect'),
    columns: [
      { key: 'name', label: t('field.name'), cell: (view) => view.name },
      { key: 'number', label: t('field.number'), cell: (view) => view.number ?? '' },
      {
        key: 'strategy',
        label: t('queue.strategy'),
        cell: (view) => translateCode(`strategy.${view.strategy}`),
      },
      { key: 'agents', label: t('place.agents'), numeric: true, cell: (view) => view.agentIds.length },
      {
        key: 'waiting',
        label: t('live.waiting'),
        numeric: true,
        sort: (view) => live.value?.queues.find((queue) => queue.queueId === view.id)?.waiting ?? 0,
        cell: (view) => {
          const waiting = live.value?.queues.find((queue) => queue.queueId === view.id)?.waiting ?? 0;
          return <WaitingCapsule count={waiting} over={waiting > view.waitingThreshold} />;
        },
      },
    ],
    blank: () => ({
      name: '',
      strategy: 'longest-idle',
      agentIds: [],
      ringTimeoutMs: 20_000,
      missedPauseMs: 10_000,
      wrapUpMs: 15_000,
      maxWaitMs: 0,
      overflow: { kind: 'hang-up' },
      announcePosition: true,
      announceEveryMs: 30_000,
      waitingThreshold: 3,
      answerWithinMs: 20_000,
      record: true,
    }),
    inputOf: (view) => view,
    create: (body, revision) => api('createQueue', { body, revision }),
    replace: (id, body, revision) => api('replaceQueue', { params: { id }, body, revision }),
    remove: (id) => api('deleteQueue', { params: { id } }),
    above: (view) => <TodayFigures queueId={view.id} />,
    fields: (draft) => (
      <SchemaFields
        of="replaceQueue"
        draft={draft}
        words={words}
        own={{
          agentIds: () => (
            <ChecksField
              key="agentIds"
              label={t('queue.agents')}
              help={agents.length === 0 ? t('queue.noAgents') : t('queue.agentsHelp')}
              values={draft.value.agentIds ?? []}
              choices={agents.map((agent) => ({ value: agent.id, label: agent.name }))}
              onInput={(agentIds) => draft.set({ agentIds })}
              error={draft.errorAt('agentIds')}
            />
          ),
          overflow: () => (
            <DestinationField
              key="overflow"
              label={t('queue.overflow')}
              help={t('queue.overflowHelp')}
              value={draft.value.overflow ?? { kind: 'hang-up' }}
              onInput={(overflow) => draft.set({ overflow })}
              error={draft.errorAt('overflow')}
            />
          ),
          dispositions: () => (
            <DispositionsField
              key="dispositions"
              value={draft.value.dispositions ?? []}
              onInput={(dispositions) => draft.set({ dispositions })}
              errorAt={draft.errorAt}
            />
          ),
        }}
      />
    ),
  };
}

const hasDispositions = (value: Input): boolean => (value.dispositions ?? []).length > 0;

const words: SchemaFieldsProps<Input>['words'] = {
  name: { label: 'field.name' },
  number: { label: 'field.numberOptional', help: 'queue.numberHelp' },
  strategy: { label: 'queue.strategy', choices: 'strategy' },
  ringTimeoutMs: { label: 'queue.ringTimeout', help: 'queue.ringTimeoutHelp' },
  missedPauseMs: { label: 'queue.missedPause', help: 'queue.missedPauseHelp' },
  wrapUpMs: { label: 'queue.wrapUp', help: 'queue.wrapUpHelp' },
  maxWaitMs: { label: 'queue.maxWait', help: 'queue.maxWaitHelp' },
  announcePosition: { label: 'queue.announce' },
  announceEveryMs: { label: 'queue.announceEvery', shownIf: (value) => value.announcePosition !== false },
  waitingThreshold: { label: 'queue.threshold', help: 'queue.thresholdHelp', unit: 'unit.calls' },
  answerWithinMs: { label: 'figures.answerWithin', help: 'figures.answerWithinHelp' },
  record: { label: 'queue.record', help: 'queue.recordHelp' },
  language: { label: 'field.promptLanguage', choices: 'languageName', none: 'field.officeLanguage' },
  dispositionRequired: {
    label: 'queue.dispositionRequired',
    help: 'queue.dispositionRequiredHelp',
    shownIf: hasDispositions,
  },
  dispositionCapMs: {
    label: 'queue.dispositionCap',
    help: 'queue.dispositionCapHelp',
    shownIf: (value) => hasDispositions(value) && value.dispositionRequired === true,
  },
  moreWrapUpMs: { label: 'queue.moreWrapUp', help: 'queue.moreWrapUpHelp' },
};

export function QueuesPage(props: PageProps): VNode {
  const agents = useList('listAgents').list?.items ?? [];
  return <ResourcePage {...props} resource={resource(agents)} />;
}
