/** The lamp panel: what it shows now, where it is plugged in, and which lamp means what. */
import type { VNode } from 'preact';
import type { EndpointBody, EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { useDraft } from '../../components/draft.ts';
import { toast } from '../../components/feedback.tsx';
import { DraftForm, NumberField, SelectField, TextField } from '../../components/form.tsx';
import { Lamp } from '../../components/lamp.tsx';
import { Card, Empty, LoadFailed, Page, Skeleton } from '../../components/page.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { live, panelLamps, settingsRevision } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
import { LampPicture } from './lamp-picture.tsx';

type View = EndpointResponse<'panel'>;
type Settings = EndpointBody<'replacePanel'>;
type Assignment = NonNullable<Settings['lamps']>[number];

export function PanelPage(): VNode {
  // Asked again when the settings change and when the panel comes or goes (a fault says so).
  const fault = live.value?.faults.some((each) => each.code.startsWith('panel.'));
  const panel = useLoad(`panel ${settingsRevision.value} ${fault}`, (signal) => api('panel', { signal }));
  if (!panel.value)
    return (
      <Page title={t('place.panel')}>
        {panel.error ? (
          <LoadFailed text={errorText(panel.error)} retry={panel.reload} />
        ) : (
          <Skeleton lines={8} />
        )}
      </Page>
    );
  const view = panel.value;
  const lamps = panelLamps.value ?? view.lamps;
  return (
    <Page title={t('place.panel')} intro={t('panel.intro')}>
      <Card title={t('panel.now')} aside={<PanelState view={view} />}>
        {lamps.length === 0 ? (
          <Empty title={t('panel.noLamps')} text={t('panel.noLampsText')} />
        ) : (
          <LampPicture lamps={lamps} />
        )}
      </Card>
      <Card title={t('panel.settings')}>
        <PanelForm settings={view.settings} saved={panel.reload} />
      </Card>
    </Page>
  );
}

function PanelState({ view }: { view: View }): VNode {
  const lamp = view.state === 'connected' ? 'available' : view.state === 'absent' ? 'dark' : 'fault';
  const detail = [view.device, view.firmware].filter(Boolean).join(' · ');
  return (
    <>
      <Lamp state={lamp} text={translateCode(`panelState.${view.state}`)} />
      {detail && <span class="quiet">{detail}</span>}
    </>
  );
}

function PanelForm(props: { settings: View['settings']; saved: () => void }): VNode {
  const draft = useDraft<Settings>(props.settings, async (body) => {
    await api('replacePanel', { body });
    toast(t('form.saved', { thing: t('place.panel') }));
    props.saved();
  });
  const { value, set, errorAt } = draft;
  const lamps = value.lamps ?? [];
  const change = (at: number, next: Assignment): void =>
    set({ lamps: lamps.map((lamp, index) => (index === at ? next : lamp)) });
  const nextLamp = Math.max(-1, ...lamps.map((lamp) => lamp.lamp)) + 1;
  return (
    <DraftForm draft={draft}>
      <TextField
        label={t('panel.device')}
        help={t('panel.deviceHelp')}
        value={value.device ?? ''}
        onInput={(device) => set({ device })}
        error={errorAt('device')}
        mono
      />
      <NumberField
        label={t('panel.address')}
        help={t('panel.addressHelp')}
        value={value.address ?? 1}
        onInput={(address) => set({ address })}
        error={errorAt('address')}
        min={1}
        max={247}
      />
      <fieldset class="fieldset">
        <legend class="field-legend">{t('panel.lamps')}</legend>
        {lamps.map((lamp, index) => (
          <div class="ivr-option" key={`${index}`}>
            <NumberField
              label={t('panel.lamp')}
              value={lamp.lamp}
              onInput={(number) => change(index, { ...lamp, lamp: number })}
              error={errorAt(`lamps.${index}.lamp`)}
              min={0}
              max={127}
            />
            <FactField
              assignment={lamp}
              onInput={(shows) => change(index, { ...lamp, shows })}
              error={errorAt(`lamps.${index}.shows`)}
            />
            <button
              type="button"
              class="button"
              aria-label={t('panel.removeLamp', { lamp: String(lamp.lamp) })}
              onClick={() => set({ lamps: lamps.filter((_, other) => other !== index) })}
            >
              {t('action.remove')}
            </button>
          </div>
        ))}
        <div class="actions">
          <button
            type="button"
            class="button"
            onClick={() => set({ lamps: [...lamps, { lamp: nextLamp, shows: { fact: 'waiting' } }] })}
          >
            {t('panel.addLamp')}
          </button>
        </div>
      </fieldset>
    </DraftForm>
  );
}

function FactField(props: {
  assignment: Assignment;
  onInput: (shows: Assignment['shows']) => void;
  error: string | undefined;
}): VNode {
  const { shows } = props.assignment;
  const value =
    shows.fact === 'agent'
      ? `agent ${shows.agentId}`
      : shows.fact === 'waiting' && shows.queueId
        ? `waiting ${shows.queueId}`
        : shows.fact;
  const decode = (text: string): Assignment['shows'] => {
    const [fact, id] = text.split(' ');
    if (fact === 'agent' && id) return { fact, agentId: id };
    if (fact === 'waiting') return id ? { fact, queueId: id } : { fact };
    return fact === 'trunks' ? { fact } : { fact: 'faults' };
  };
  const now = live.value;
  const choices = [
    { value: 'waiting', label: t('panel.waitingAll') },
    ...(now?.queues ?? []).map((queue) => ({
      value: `waiting ${queue.queueId}`,
      label: t('panel.waitingIn', { queue: queue.name }),
    })),
    ...(now?.agents ?? []).map((agent) => ({
      value: `agent ${agent.agentId}`,
      label: t('panel.agent', { agent: agent.name }),
    })),
    { value: 'trunks', label: t('panel.trunks') },
    { value: 'faults', label: t('panel.faults') },
  ];
  return (
    <SelectField
      label={t('panel.shows')}
      value={value}
      choices={choices}
      onInput={(text) => props.onInput(decode(text))}
      error={props.error}
    />
  );
}
