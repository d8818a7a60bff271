/** The queues: who answers, how long it rings, what callers hear and where they go. */
import type { VNode } from 'preact';
import type { EndpointBody, EndpointResponse } from '../../src/api/contract.ts';
import { api } from '../api/client.ts';
import { DestinationField } from '../components/destination.tsx';
import { CheckField, ChecksField, NumberField, SelectField, TextField } from '../components/form.tsx';
import { WaitingCapsule } from '../components/lamp.tsx';
import { languageChoices, optionalText } from '../components/optional.ts';
import { type Resource, ResourcePage } from '../components/resource-page.tsx';
import { TodayFigures } from '../components/today-figures.tsx';
import { t, translateCode } from '../i18n/translate.ts';
import type { PageProps } from '../shell/lazy-page.tsx';
import { live } from '../state/live.ts';
import { useList } from '../state/load.ts';

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
    fields: ({ value, set, errorAt }) => (
      <>
        {value.id !== undefined && <TodayFigures queueId={value.id} />}
        <TextField
          label={t('field.name')}
          value={value.name}
          onInput={(name) => set({ name })}
          error={errorAt('name')}
        />
        <TextField
          label={t('field.numberOptional')}
          help={t('queue.numberHelp')}
          value={value.number ?? ''}
          onInput={(number) => set(optionalText('number', number))}
          error={errorAt('number')}
          inputMode="tel"
        />
        <ChecksField
          label={t('queue.agents')}
          help={agents.length === 0 ? t('queue.noAgents') : t('queue.agentsHelp')}
          values={value.agentIds ?? []}
          choices={agents.map((agent) => ({ value: agent.id, label: agent.name }))}
          onInput={(agentIds) => set({ agentIds })}
          error={errorAt('agentIds')}
        />
        <SelectField
          label={t('queue.strategy')}
          value={value.strategy ?? 'longest-idle'}
          choices={[
            { value: 'longest-idle', label: t('strategy.longest-idle') },
            { value: 'ring-all', label: t('strategy.ring-all') },
          ]}
          onInput={(strategy) => set({ strategy })}
          error={errorAt('strategy')}
        />
        <Seconds
          label={t('queue.ringTimeout')}
          help={t('queue.ringTimeoutHelp')}
          value={value.ringTimeoutMs ?? 20_000}
          onInput={(ringTimeoutMs) => set({ ringTimeoutMs })}
          error={errorAt('ringTimeoutMs')}
        />
        <Seconds
          label={t('queue.missedPause')}
          help={t('queue.missedPauseHelp')}
          value={value.missedPauseMs ?? 0}
          onInput={(missedPauseMs) => set({ missedPauseMs })}
          error={errorAt('missedPauseMs')}
        />
        <Seconds
          label={t('queue.wrapUp')}
          help={t('queue.wrapUpHelp')}
          value={value.wrapUpMs ?? 0}
          onInput={(wrapUpMs) => set({ wrapUpMs })}
          error={errorAt('wrapUpMs')}
        />
        <Seconds
          label={t('queue.maxWait')}
          help={t('queue.maxWaitHelp')}
          value={value.maxWaitMs ?? 0}
          onInput={(maxWaitMs) => set({ maxWaitMs })}
          error={errorAt('maxWaitMs')}
        />
        <DestinationField
          label={t('queue.overflow')}
          help={t('queue.overflowHelp')}
          value={value.overflow ?? { kind: 'hang-up' }}
          onInput={(overflow) => set({ overflow })}
          error={errorAt('overflow')}
        />
        <CheckField
          label={t('queue.announce')}
          value={value.announcePosition ?? true}
          onInput={(announcePosition) => set({ announcePosition })}
          error={errorAt('announcePosition')}
        />
        {value.announcePosition && (
          <Seconds
            label={t('queue.announceEvery')}
            value={value.announceEveryMs ?? 30_000}
            onInput={(announceEveryMs) => set({ announceEveryMs })}
            error={errorAt('announceEveryMs')}
          />
        )}
        <Seconds
          label={t('figures.answerWithin')}
          help={t('figures.answerWithinHelp')}
          value={value.answerWithinMs ?? 20_000}
          onInput={(answerWithinMs) => set({ answerWithinMs })}
          error={errorAt('answerWithinMs')}
        />
        <NumberField
          label={t('queue.threshold')}
          help={t('queue.thresholdHelp')}
          unit={t('unit.calls')}
          value={value.waitingThreshold ?? 3}
          onInput={(waitingThreshold) => set({ waitingThreshold })}
          error={errorAt('waitingThreshold')}
          min={0}
          max={200}
        />
        <CheckField
          label={t('queue.record')}
          help={t('queue.recordHelp')}
          value={value.record ?? true}
          onInput={(record) => set({ record })}
          error={errorAt('record')}
        />
        <SelectField
          label={t('field.promptLanguage')}
          value={value.language ?? ''}
          choices={languageChoices()}
          onInput={(language) => set({ language: language === '' ? undefined : language })}
          error={errorAt('language')}
        />
      </>
    ),
  };
}

function Seconds(props: {
  label: string;
  help?: string;
  value: number;
  onInput: (valueMs: number) => void;
  error: string | undefined;
}): VNode {
  return <NumberField {...props} unit={t('unit.seconds')} scale={1000} min={0} />;
}

export function QueuesPage(props: PageProps): VNode {
  const agents = useList('listAgents').list?.items ?? [];
  return <ResourcePage {...props} resource={resource(agents)} />;
}
