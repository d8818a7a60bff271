/** The form of a campaign: whom it calls, when, by whom, how often, and what is said. */
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso/router';
import type { EndpointBody } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { useDraft } from '../../components/draft.ts';
import { confirmAct, toast } from '../../components/feedback.tsx';
import {
  CheckField,
  ChecksField,
  DraftForm,
  NumberField,
  SelectField,
  TextArea,
  TextField,
} from '../../components/form.tsx';
import { t } from '../../i18n/translate.ts';
import { live } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
import type { CampaignSetUp } from './campaign-live.tsx';
import { OutcomeFields, RetryFields, WindowFields } from './campaign-rules.tsx';

export type CampaignInput = EndpointBody<'createCampaign'>;

function blank(): CampaignInput {
  return {
    name: '',
    listIds: [],
    agentIds: [],
    windows: [{ days: [1, 2, 3, 4, 5], from: '09:00', until: '20:00' }],
    ringTimeoutMs: 25_000,
    wrapUpMs: 30_000,
    maxAttempts: 5,
    maxAttemptsPerDay: 3,
    maxLines: 0,
    record: true,
    script: '',
  };
}

export function CampaignEditor(props: {
  campaign?: CampaignSetUp;
  revision: number | undefined;
  onSaved: () => void;
}): VNode {
  const { campaign } = props;
  const { route } = useLocation();
  const lists = useLoad('lists', (signal) => api('listLeadLists', { signal }));
  const desk = useLoad('desk', (signal) => api('desk', { signal }));
  const draft = useDraft<CampaignInput>(campaign ?? blank(), async (body) => {
    const saved = campaign
      ? await api('replaceCampaign', { params: { id: campaign.id }, body, revision: props.revision })
      : await api('createCampaign', { body, revision: props.revision });
    toast(t('form.saved', { thing: saved.name }));
    props.onSaved();
    route(`/campaigns/${saved.id}`, true);
  });
  const remove = async (one: CampaignSetUp): Promise<void> => {
    const yes = await confirmAct({
      title: t('form.deleteTitle', { thing: one.name }),
      text: t('campaign.deleteText'),
      action: t('action.delete'),
    });
    if (!yes) return;
    try {
      await api('deleteCampaign', { params: { id: one.id } });
      draft.reset();
      toast(t('form.deleted', { thing: one.name }));
      props.onSaved();
      route('/campaigns', true);
    } catch (error) {
      toast(errorText(error));
    }
  };
  const { value, set, errorAt } = draft;
  const now = live.value;
  const listIds = value.listIds ?? [];
  const knownLists = lists.value?.items ?? [];
  const queueDispositions =
    desk.value?.queues.find((queue) => queue.queueId === value.queueId)?.dispositions ?? [];
  const dispositions = queueDispositions.length > 0 ? queueDispositions : (desk.value?.dispositions ?? []);

  return (
    <>
      <DraftForm draft={draft} isNew={!campaign} effect={t('campaign.effect')}>
        <TextField
          label={t('field.name')}
          value={value.name}
          onInput={(name) => set({ name })}
          error={errorAt('name')}
        />
        <ChecksField
          label={t('campaign.lists')}
          help={lists.value && knownLists.length === 0 ? t('campaign.noLists') : t('campaign.listsHelp')}
          values={listIds}
          choices={[
            ...knownLists.map((list) => ({ value: list.listId, label: list.name })),
            // Lists that are gone can still be taken out.
            ...listIds
              .filter((id) => lists.value && !knownLists.some((list) => list.listId === id))
              .map((id) => ({ value: id, label: id })),
          ]}
          onInput={(next) => set({ listIds: next })}
          error={errorAt('listIds')}
        />
        <SelectField
          label={t('campaign.queue')}
          help={t('campaign.queueHelp')}
          value={value.queueId ?? ''}
          choices={[
            { value: '', label: t('campaign.noQueue') },
            ...(now?.queues ?? []).map((queue) => ({ value: queue.queueId, label: queue.name })),
          ]}
          onInput={(queueId) => set({ queueId: queueId === '' ? undefined : queueId })}
          error={errorAt('queueId')}
        />
        <ChecksField
          label={t('campaign.moreAgents')}
          values={value.agentIds ?? []}
          choices={(now?.agents ?? []).map((agent) => ({ value: agent.agentId, label: agent.name }))}
          onInput={(agentIds) => set({ agentIds })}
          error={errorAt('agentIds')}
        />
        <TextArea
          label={t('campaign.script')}
          help={t('campaign.scriptHelp')}
          value={value.script ?? ''}
          onInput={(script) => set({ script })}
          maxLength={8000}
          error={errorAt('script')}
        />
        <h3>{t('campaign.when')}</h3>
        <WindowFields
          windows={value.windows ?? []}
          onInput={(windows) => set({ windows })}
          errorAt={errorAt}
        />
        <TextArea
          label={t('campaign.holidays')}
          help={t('campaign.holidaysHelp')}
          value={(value.holidays ?? []).join('\n')}
          onInput={(text) => set({ holidays: text.split(/[\s,;]+/).filter(Boolean) })}
          error={errorAt('holidays')}
        />
        <h3>{t('campaign.how')}</h3>
        <ChecksField
          label={t('place.trunks')}
          help={t('campaign.trunksHelp')}
          values={value.trunkIds ?? []}
          choices={(now?.trunks ?? []).map((trunk) => ({ value: trunk.trunkId, label: trunk.name }))}
          onInput={(trunkIds) => set({ trunkIds })}
          error={errorAt('trunkIds')}
        />
        <TextField
          label={t('campaign.callerNumber')}
          help={t('campaign.callerNumberHelp')}
          value={value.callerNumber ?? ''}
          onInput={(text) => set({ callerNumber: text.trim() === '' ? undefined : text.trim() })}
          inputMode="tel"
          error={errorAt('callerNumber')}
        />
        <NumberField
          label={t('campaign.ring')}
          unit={t('unit.seconds')}
          scale={1000}
          min={15}
          max={120}
          value={value.ringTimeoutMs ?? 25_000}
          onInput={(ringTimeoutMs) => set({ ringTimeoutMs })}
          error={errorAt('ringTimeoutMs')}
        />
        <NumberField
          label={t('campaign.wrapUp')}
          unit={t('unit.seconds')}
          scale={1000}
          min={0}
          max={600}
          value={value.wrapUpMs ?? 30_000}
          onInput={(wrapUpMs) => set({ wrapUpMs })}
          error={errorAt('wrapUpMs')}
        />
        <NumberField
          label={t('campaign.maxLines')}
          help={t('campaign.maxLinesHelp')}
          min={0}
          max={200}
          value={value.maxLines ?? 0}
          onInput={(maxLines) => set({ maxLines })}
          error={errorAt('maxLines')}
        />
        <CheckField
          label={t('campaign.record')}
          value={value.record ?? true}
          onInput={(record) => set({ record })}
        />
        <h3>{t('campaign.again')}</h3>
        <NumberField
          label={t('campaign.maxAttempts')}
          min={1}
          max={20}
          value={value.maxAttempts ?? 5}
          onInput={(maxAttempts) => set({ maxAttempts })}
          error={errorAt('maxAttempts')}
        />
        <NumberField
          label={t('campaign.maxPerDay')}
          min={1}
          max={10}
          value={value.maxAttemptsPerDay ?? 3}
          onInput={(maxAttemptsPerDay) => set({ maxAttemptsPerDay })}
          error={errorAt('maxAttemptsPerDay')}
        />
        <RetryFields retry={value.retry ?? {}} onInput={(retry) => set({ retry })} errorAt={errorAt} />
        <OutcomeFields
          dispositions={dispositions}
          outcomes={value.outcomes ?? []}
          onInput={(outcomes) => set({ outcomes })}
        />
      </DraftForm>
      {campaign && (
        <div class="actions">
          <button type="button" class="button" onClick={() => void remove(campaign)}>
            {t('form.deleteThing', { thing: campaign.name })}
          </button>
        </div>
      )}
    </>
  );
}
