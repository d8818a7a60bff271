/** Which service level is shown, and what counts as abandoned at once. */
import type { VNode } from 'preact';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { serviceLevels } from '../../../src/domain/metrics/figures.ts';
import { defaultTargets } from '../../../src/domain/metrics/state.ts';
import { api, errorText } from '../../api/client.ts';
import { useDraft } from '../../components/draft.ts';
import { toast } from '../../components/feedback.tsx';
import { figureName, formulaText } from '../../components/figure-text.ts';
import { DraftForm, NumberField, SelectField } from '../../components/form.tsx';
import { LoadFailed, Skeleton } from '../../components/page.tsx';
import { t } from '../../i18n/translate.ts';
import { settingsRevision } from '../../state/live.ts';
import { useList, useLoad } from '../../state/load.ts';

type Settings = EndpointResponse<'getFigureSettings'>;

export function FigureSettingsForm(): VNode {
  const loaded = useLoad(`figures ${settingsRevision.value}`, (signal) =>
    api('getFigureSettings', { signal }),
  );
  if (loaded.value) return <Form settings={loaded.value} />;
  if (loaded.error === undefined) return <Skeleton lines={4} />;
  return <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />;
}

function Form({ settings }: { settings: Settings }): VNode {
  const draft = useDraft(settings, async (body) => {
    await api('replaceFigureSettings', { body });
    toast(t('form.saved', { thing: t('figures.settings') }));
  });
  const { value, set, errorAt } = draft;
  const queues = useList('listQueues').list?.items ?? [];
  const limits = {
    answerWithinMs: defaultTargets.answerWithinMs,
    shortAbandonMs: value.shortAbandonMs,
    queues: Object.fromEntries(queues.map(({ id, answerWithinMs }) => [id, answerWithinMs])),
  };
  return (
    <DraftForm draft={draft}>
      <SelectField
        label={t('figures.serviceLevel')}
        help={t('figures.serviceLevelHelp', { formula: formulaText(value.serviceLevel, { limits }) })}
        value={value.serviceLevel}
        choices={serviceLevels.map((id) => ({ value: id, label: figureName(id) }))}
        onInput={(serviceLevel) => set({ serviceLevel })}
        error={errorAt('serviceLevel')}
      />
      <NumberField
        label={t('figures.shortAbandon')}
        help={t('figures.shortAbandonHelp')}
        unit={t('unit.seconds')}
        scale={1000}
        min={0}
        value={value.shortAbandonMs}
        onInput={(shortAbandonMs) => set({ shortAbandonMs })}
        error={errorAt('shortAbandonMs')}
      />
    </DraftForm>
  );
}
