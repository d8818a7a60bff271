/** Name, language and time zone of the office; addresses; when recording stops for lack of space. */
import type { VNode } from 'preact';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { useDraft } from '../../components/draft.ts';
import { DraftForm, SelectField, TextField } from '../../components/form.tsx';
import { Card, LoadFailed, Skeleton } from '../../components/page.tsx';
import { RecordingForm } from '../../components/recording-settings.tsx';
import { SchemaFields } from '../../components/schema-form.tsx';
import { toastWithUndo } from '../../components/settings-undo.ts';
import { t } from '../../i18n/translate.ts';
import { settingsRevision } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
import { officeStatus } from '../../state/session.ts';
import { FigureSettingsForm } from './figure-settings.tsx';

export function OfficeSettings(): VNode {
  const loaded = useLoad(`office ${settingsRevision.value}`, async (signal) => {
    const [office, network, recording] = await Promise.all([
      api('getOffice', { signal }),
      api('getNetwork', { signal }),
      api('getRecordingSettings', { signal }),
    ]);
    return { office, network, recording };
  });
  if (!loaded.value)
    return loaded.error ? (
      <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />
    ) : (
      <Skeleton lines={10} />
    );
  const { office, network, recording } = loaded.value;
  return (
    <div class="stack-wide">
      <Card title={t('office.title')}>
        <OfficeForm office={office} />
      </Card>
      <Card title={t('figures.settings')}>
        <FigureSettingsForm />
      </Card>
      <Card title={t('network.title')}>
        <NetworkForm network={network} />
      </Card>
      <Card title={t('place.recordings')}>
        <RecordingForm recording={recording} />
      </Card>
    </div>
  );
}

function timeZones(current: string): string[] {
  return [...new Set([current, 'UTC', ...Intl.supportedValuesOf('timeZone')])];
}

function OfficeForm({ office }: { office: EndpointResponse<'getOffice'> }): VNode {
  const draft = useDraft(office, async (body) => {
    const saved = await api('replaceOffice', { body });
    if (officeStatus.value)
      officeStatus.value = { ...officeStatus.value, officeName: saved.name, language: saved.language };
    void toastWithUndo(t('form.saved', { thing: t('office.title') }));
  });
  const { value, set, errorAt } = draft;
  return (
    <DraftForm draft={draft}>
      <SchemaFields
        of="replaceOffice"
        draft={draft}
        words={{
          name: { label: 'field.name' },
          language: { label: 'office.language', help: 'office.languageHelp', choices: 'languageName' },
        }}
        own={{
          timeZone: () => (
            <SelectField
              key="timeZone"
              label={t('office.timeZone')}
              value={value.timeZone}
              choices={timeZones(value.timeZone).map((zone) => ({ value: zone, label: zone }))}
              onInput={(timeZone) => set({ timeZone })}
              error={errorAt('timeZone')}
            />
          ),
          country: () => (
            <TextField
              key="country"
              label={t('office.country')}
              help={t('office.countryHelp')}
              value={value.country}
              onInput={(country) => set({ country: country.toUpperCase() })}
              error={errorAt('country')}
              maxLength={2}
            />
          ),
        }}
      />
    </DraftForm>
  );
}

function NetworkForm({ network }: { network: EndpointResponse<'getNetwork'> }): VNode {
  const draft = useDraft(network, async (value) => {
    await api('replaceNetwork', {
      body: { ...value, localNetworks: value.localNetworks.filter((block) => block !== '') },
    });
    void toastWithUndo(t('form.saved', { thing: t('network.title') }));
  });
  return (
    <DraftForm draft={draft} effect={t('network.effect')}>
      <SchemaFields
        of="replaceNetwork"
        draft={draft}
        words={{
          publicAddress: { label: 'network.public', help: 'network.publicHelp', mono: true },
          localNetworks: { label: 'network.local', help: 'network.localHelp' },
        }}
      />
    </DraftForm>
  );
}
