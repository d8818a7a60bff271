/** What the buttons of the panel do, and how bright its lamps are through the day. */
import type { VNode } from 'preact';
import { NumberField, SelectField } from '../../components/form.tsx';
import { t } from '../../i18n/translate.ts';
import { live } from '../../state/live.ts';
import type { PanelSettings } from './facts.ts';

type Button = NonNullable<PanelSettings['buttons']>[number];
type Brightness = NonNullable<PanelSettings['brightness']>[number];
interface Props {
  value: PanelSettings;
  set: (patch: Partial<PanelSettings>) => void;
  errorAt: (path: string) => string | undefined;
}

export function ButtonFields({ value, set, errorAt }: Props): VNode {
  const buttons = value.buttons ?? [];
  const change = (at: number, next: Button): void =>
    set({ buttons: buttons.map((button, index) => (index === at ? next : button)) });
  const nextButton = Math.max(-1, ...buttons.map(({ button }) => button)) + 1;
  return (
    <fieldset class="fieldset">
      <legend class="field-legend">{t('lamps.buttons')}</legend>
      {buttons.map((button, at) => (
        <div class="panel-fields panel-button" key={`${at}`}>
          <NumberField
            label={t('lamps.button')}
            value={button.button + 1}
            onInput={(number) => change(at, { ...button, button: number - 1 })}
            error={errorAt(`buttons.${at}.button`)}
            min={1}
            max={16}
          />
          <SelectField
            label={t('lamps.when')}
            value={button.when ?? 'press'}
            choices={[
              { value: 'press', label: t('lamps.whenPress') },
              { value: 'long', label: t('lamps.whenLong') },
            ]}
            onInput={(when) => change(at, { ...button, when })}
          />
          <ActField
            does={button.does}
            onInput={(does) => change(at, { ...button, does })}
            error={errorAt(`buttons.${at}.does`)}
          />
          <button
            type="button"
            class="button"
            aria-label={t('lamps.removeButton', { button: button.button + 1 })}
            onClick={() => set({ buttons: buttons.filter((_, index) => index !== at) })}
          >
            {t('action.remove')}
          </button>
        </div>
      ))}
      <div class="actions">
        <button
          type="button"
          class="button"
          onClick={() => set({ buttons: [...buttons, { button: nextButton, does: { act: 'night' } }] })}
        >
          {t('lamps.addButton')}
        </button>
      </div>
    </fieldset>
  );
}

function ActField(props: {
  does: Button['does'];
  onInput: (does: Button['does']) => void;
  error: string | undefined;
}): VNode {
  const { does } = props;
  const agents = live.value?.agents ?? [];
  return (
    <SelectField
      label={t('lamps.does')}
      value={does.act === 'agent' ? `agent ${does.agentId}` : does.act}
      choices={[
        { value: 'night', label: t('lamps.actNight') },
        { value: 'acknowledge', label: t('lamps.actAcknowledge') },
        ...agents.map(({ agentId, name }) => ({
          value: `agent ${agentId}`,
          label: t('lamps.actAgent', { agent: name }),
        })),
      ]}
      onInput={(text) => {
        const [act, agentId] = text.split(' ');
        if (agentId) props.onInput({ act: 'agent', agentId });
        else props.onInput({ act: act === 'night' ? 'night' : 'acknowledge' });
      }}
      error={props.error}
    />
  );
}

export function BrightnessFields({ value, set, errorAt }: Props): VNode {
  const hours = value.brightness ?? [];
  const change = (at: number, next: Brightness): void =>
    set({ brightness: hours.map((hour, index) => (index === at ? next : hour)) });
  const nextHour = (Math.max(-12, ...hours.map(({ fromHour }) => fromHour)) + 20) % 24;
  return (
    <fieldset class="fieldset">
      <legend class="field-legend">{t('lamps.brightness')}</legend>
      <p class="field-help">{t('lamps.brightnessHelp')}</p>
      {hours.map((hour, at) => (
        <div class="panel-fields ivr-option" key={`${at}`}>
          <NumberField
            label={t('lamps.fromHour')}
            value={hour.fromHour}
            onInput={(fromHour) => change(at, { ...hour, fromHour })}
            error={errorAt(`brightness.${at}.fromHour`)}
            min={0}
            max={23}
          />
          <NumberField
            label={t('lamps.percent')}
            value={hour.percent}
            onInput={(percent) => change(at, { ...hour, percent })}
            error={errorAt(`brightness.${at}.percent`)}
            unit="%"
            min={5}
            max={100}
          />
          <button
            type="button"
            class="button"
            aria-label={t('lamps.removeBrightness', { hour: hour.fromHour })}
            onClick={() => set({ brightness: hours.filter((_, index) => index !== at) })}
          >
            {t('action.remove')}
          </button>
        </div>
      ))}
      <div class="actions">
        <button
          type="button"
          class="button"
          onClick={() =>
            set({ brightness: [...hours, { fromHour: nextHour, percent: hours.length > 0 ? 30 : 100 }] })
          }
        >
          {t('lamps.addBrightness')}
        </button>
      </div>
    </fieldset>
  );
}
