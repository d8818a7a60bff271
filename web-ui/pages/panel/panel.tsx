/** The lamp panel: what it shows now, where it is plugged in, and which lamp means what. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { EndpointResponse, LampState } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { useDraft } from '../../components/draft.ts';
import { toast } from '../../components/feedback.tsx';
import { DraftForm, NumberField, TextField } from '../../components/form.tsx';
import { Lamp } from '../../components/lamp.tsx';
import { Card, Empty, LoadFailed, Page, Skeleton } from '../../components/page.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { live, panelLamps, settingsRevision } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
import { BrightnessFields, ButtonFields } from './button-fields.tsx';
import type { Assignment, PanelSettings } from './facts.ts';
import { LampFields } from './lamp-fields.tsx';
import { LampPicture } from './lamp-picture.tsx';

type View = EndpointResponse<'panel'>;
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
        {lamps.some((lamp) => lamp.simulated) && (
          <p class="notice" role="status">
            {t('lamps.simulating')}
          </p>
        )}
        <div class="actions">
          <button type="button" class="button" onClick={() => void simulate()}>
            {t('lamps.simulate')}
          </button>
        </div>
      </Card>
      <Card title={t('panel.settings')}>
        <PanelForm settings={view.settings} saved={panel.reload} />
      </Card>
    </Page>
  );
}

async function simulate(): Promise<void> {
  try {
    await api('simulateAlarm');
  } catch (error) {
    toast(errorText(error));
  }
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
  const draft = useDraft<PanelSettings>(props.settings, async (body) => {
    await api('replacePanel', { body });
    toast(t('form.saved', { thing: t('place.panel') }));
    props.saved();
  });
  const { value, set, errorAt } = draft;
  const lamps = value.lamps ?? [];
  const nextLamp = Math.max(-1, ...lamps.map((lamp) => lamp.lamp)) + 1;
  const suggest = async (): Promise<void> => {
    try {
      const suggested = await api('suggestLamps');
      set({ lamps: suggested.lamps });
      toast(t('lamps.suggested'), { undo: () => set({ lamps }) });
    } catch (error) {
      toast(errorText(error));
    }
  };
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
          <LampFields
            key={`${index}`}
            lamp={lamp}
            onInput={(next) => set({ lamps: lamps.map((old, at) => (at === index ? next : old)) })}
            onRemove={() => set({ lamps: lamps.filter((_, at) => at !== index) })}
            errorAt={(path) => errorAt(`lamps.${index}.${path}`)}
          />
        ))}
        <div class="actions">
          <button
            type="button"
            class="button"
            onClick={() => set({ lamps: [...lamps, { lamp: nextLamp, shows: { fact: 'waiting' } }] })}
          >
            {t('panel.addLamp')}
          </button>
          <button type="button" class="button" onClick={() => void suggest()}>
            {t('lamps.suggest')}
          </button>
        </div>
        {draft.dirty && lamps.length > 0 && <Preview lamps={lamps} />}
      </fieldset>
      <ButtonFields value={value} set={set} errorAt={errorAt} />
      <BrightnessFields value={value} set={set} errorAt={errorAt} />
    </DraftForm>
  );
}

/** Asked for so long after the last change of the form. */
const restMs = 250;

/** The lamps of the form as they would shine now. What cannot be drawn yet leaves the last picture. */
function Preview({ lamps }: { lamps: Assignment[] }): VNode | null {
  const [picture, setPicture] = useState<LampState[]>();
  const wanted = JSON.stringify(lamps);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      api('previewLamps', { body: { lamps }, signal: abort.signal }).then(
        (answer) => {
          if (!abort.signal.aborted) setPicture(answer.lamps);
        },
        () => undefined,
      );
    }, restMs);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [wanted]);
  if (!picture) return null;
  return (
    <section class="panel-preview" aria-label={t('lamps.preview')}>
      <h3>{t('lamps.preview')}</h3>
      <p class="field-help">{t('lamps.previewHint')}</p>
      <LampPicture lamps={picture} preview />
    </section>
  );
}
