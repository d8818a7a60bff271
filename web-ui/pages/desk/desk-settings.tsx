/** What agents choose from in the whole office: how calls ended, and why they are on a break. */
import type { VNode } from 'preact';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import type { PauseReason } from '../../../src/domain/settings/desk.ts';
import { api, errorText } from '../../api/client.ts';
import { useDraft } from '../../components/draft.ts';
import { toast } from '../../components/feedback.tsx';
import { DraftForm } from '../../components/form.tsx';
import { LoadFailed, Page, Skeleton } from '../../components/page.tsx';
import { t } from '../../i18n/translate.ts';
import { settingsRevision } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
import { DispositionsField } from '../queue-dispositions.tsx';
import { ChoicesField } from './choices-field.tsx';

type DeskSettings = EndpointResponse<'getDeskSettings'>;

export function DeskSettingsPage(): VNode {
  const loaded = useLoad(`${settingsRevision.value}`, (signal) => api('getDeskSettings', { signal }));
  return (
    <Page title={t('place.deskSettings')} intro={t('deskSettings.intro')}>
      <section class="card">
        {loaded.value ? (
          <Form settings={loaded.value} />
        ) : loaded.error ? (
          <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />
        ) : (
          <Skeleton lines={8} />
        )}
      </section>
    </Page>
  );
}

function Form({ settings }: { settings: DeskSettings }): VNode {
  const draft = useDraft<DeskSettings>(settings, async (body) => {
    await api('replaceDeskSettings', { body });
    toast(t('form.saved', { thing: t('place.deskSettings') }));
  });
  const { value, set, errorAt } = draft;
  return (
    <DraftForm draft={draft}>
      <DispositionsField
        value={value.dispositions}
        errorAt={errorAt}
        help={t('deskSettings.dispositionsHelp')}
        onInput={(dispositions) => set({ dispositions: dispositions as DeskSettings['dispositions'] })}
      />
      <ChoicesField<PauseReason>
        label={t('deskSettings.pauseReasons')}
        help={t('deskSettings.pauseReasonsHelp')}
        items={value.pauseReasons}
        known={settings.pauseReasons}
        blank={{ code: '', name: '', paid: true }}
        error={errorAt('pauseReasons')}
        onInput={(pauseReasons) => set({ pauseReasons })}
        more={(item, change) => (
          <label class="check">
            <input
              type="checkbox"
              checked={item.paid}
              onChange={(event) => change({ paid: event.currentTarget.checked })}
            />
            {t('deskSettings.paid')}
          </label>
        )}
      />
    </DraftForm>
  );
}
