/** Name, language and time zone of the office; addresses; when recording stops for lack of space. */
import type { VNode } from 'preact';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { useDraft } from '../../components/draft.ts';
import { toast } from '../../components/feedback.tsx';
import { DraftForm, SelectField, TextArea, TextField } from '../../components/form.tsx';
import { Card, LoadFailed, Skeleton } from '../../components/page.tsx';
import { RecordingForm } from '../../components/recording-settings.tsx';
import { languageNames, t, type UiLanguage } from '../../i18n/translate.ts';
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
    toast(t('form.saved', { thing: t('office.title') }));
  });
  const { value, set, errorAt } = draft;
  return (
    <DraftForm draft={draft}>
      <TextField
        label={t('field.name')}
        value={value.name}
        onInput={(name) => set({ name })}
        error={errorAt('name')}
      />
      <SelectField
        label={t('office.language')}
        help={t('office.languageHelp')}
        value={value.language}
        choices={Object.entries(languageNames).map(([code, label]) => ({ value: code as UiLanguage, label }))}
        onInput={(language) => set({ language })}
        error={errorAt('language')}
      />
      <SelectField
        label={t('office.timeZone')}
        value={value.timeZone}
        choices={timeZones(value.timeZone).map((zone) => ({ value: zone, label: zone }))}
        onInput={(timeZone) => set({ timeZone })}
        error={errorAt('timeZone')}
      />
      <TextField
        label={t('office.country')}
        help={t('office.countryHelp')}
        value={value.country}
        onInput={(country) => set({ country: country.toUpperCase() })}
        error={errorAt('country')}
        maxLength={2}
      />
    </DraftForm>
  );
}

function NetworkForm({ network }: { network: EndpointResponse<'getNetwork'> }): VNode {
  const draft = useDraft(network, async (value) => {
    await api('replaceNetwork', {
      body: { ...value, localNetworks: value.localNetworks.filter((block) => block !== '') },
    });
    toast(t('form.saved', { thing: t('network.title') }));
  });
  const { value, set, errorAt } = draft;
  return (
    <DraftForm draft={draft} effect={t('network.effect')}>
      <TextField
        label={t('network.public')}
        help={t('network.publicHelp')}
        value={value.publicAddress ?? ''}
        onInput={(address) => set({ publicAddress: address.trim() === '' ? null : address.trim() })}
        error={errorAt('publicAddress')}
        mono
      />
      <TextArea
        label={t('network.local')}
        help={t('network.localHelp')}
        value={value.localNetworks.join('\n')}
        onInput={(text) => set({ localNetworks: text.split('\n').map((line) => line.trim()) })}
        error={errorAt('localNetworks')}
      />
    </DraftForm>
  );
}
