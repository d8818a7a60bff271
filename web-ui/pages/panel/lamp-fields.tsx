/** One lamp of the form: its number, what it shows, from when it flashes, and what else is on it. */
import type { VNode } from 'preact';
import { NumberField, SelectField } from '../../components/form.tsx';
import { t } from '../../i18n/translate.ts';
import { type Assignment, type Fact, factKey, useFacts, useFactText } from './facts.ts';

interface Props {
  lamp: Assignment;
  onInput: (lamp: Assignment) => void;
  onRemove: () => void;
  errorAt: (path: string) => string | undefined;
}

export function LampFields({ lamp, onInput, onRemove, errorAt }: Props): VNode {
  const also = lamp.also ?? [];
  const setAlso = (at: number, fact: Fact | undefined): void => {
    const next = fact ? [...also.slice(0, at), fact, ...also.slice(at + 1)] : also.filter((_, i) => i !== at);
    onInput({ ...lamp, also: next });
  };
  return (
    <div class="panel-fields">
      <div class="ivr-option">
        <NumberField
          label={t('panel.lamp')}
          value={lamp.lamp}
          onInput={(number) => onInput({ ...lamp, lamp: number })}
          error={errorAt('lamp')}
          min={0}
          max={127}
        />
        <FactField
          label={t('panel.shows')}
          fact={lamp.shows}
          onInput={(shows) => shows && onInput({ ...lamp, shows })}
          error={errorAt('shows')}
        />
        <button
          type="button"
          class="button"
          aria-label={t('panel.removeLamp', { lamp: String(lamp.lamp) })}
          onClick={onRemove}
        >
          {t('action.remove')}
        </button>
      </div>
      <Threshold fact={lamp.shows} onInput={(shows) => onInput({ ...lamp, shows })} />
      <details class="panel-also" open={also.length > 0}>
        <summary>{t('lamps.also')}</summary>
        {[...also, undefined].slice(0, 7).map((fact, at) => (
          <div key={`${at}`}>
            <FactField
              label={t('panel.shows')}
              help={at === 0 ? t('lamps.alsoHelp') : undefined}
              fact={fact}
              none
              onInput={(next) => setAlso(at, next)}
              error={errorAt(`also.${at}`)}
            />
            {fact && <Threshold fact={fact} onInput={(next) => setAlso(at, next)} />}
          </div>
        ))}
      </details>
    </div>
  );
}

function FactField(props: {
  label: string;
  help?: string | undefined;
  fact: Fact | undefined;
  /** Nothing may be chosen. */
  none?: boolean;
  onInput: (fact: Fact | undefined) => void;
  error: string | undefined;
}): VNode {
  const text = useFactText();
  const facts = useFacts();
  const { fact } = props;
  const value = fact ? factKey(fact) : '';
  const isKnown = fact === undefined || facts.some((one) => factKey(one) === value);
  const offered = isKnown ? facts : [fact, ...facts];
  return (
    <SelectField
      label={props.label}
      help={props.help}
      value={value}
      choices={[
        ...(props.none ? [{ value: '', label: t('lamps.nothingMore') }] : []),
        ...offered.map((one) => ({ value: factKey(one), label: text(one) })),
      ]}
      onInput={(key) => props.onInput(offered.find((one) => factKey(one) === key))}
      error={props.error}
    />
  );
}

/** Where a lamp goes over, and where it comes back. */
function Threshold({ fact, onInput }: { fact: Fact; onInput: (fact: Fact) => void }): VNode | null {
  switch (fact.fact) {
    case 'longest-wait':
      return (
        <div class="panel-threshold">
          <NumberField
            label={t('lamps.over')}
            value={fact.overMs ?? 60_000}
            onInput={(overMs) =>
              onInput({ ...fact, overMs, backMs: Math.min(fact.backMs ?? 30_000, overMs) })
            }
            scale={1000}
            unit="s"
            min={1}
          />
          <NumberField
            label={t('lamps.backDown')}
            value={fact.backMs ?? 30_000}
            onInput={(backMs) => onInput({ ...fact, backMs })}
            scale={1000}
            unit="s"
            min={0}
          />
        </div>
      );
    case 'service-level':
    case 'disk': {
      const under = fact.under ?? (fact.fact === 'disk' ? 0.1 : 0.8);
      const back = fact.back ?? (fact.fact === 'disk' ? 0.15 : 0.85);
      const percent = (share: number): number => Math.round(share * 100);
      return (
        <div class="panel-threshold">
          <NumberField
            label={t('lamps.under')}
            value={percent(under)}
            onInput={(value) => onInput({ ...fact, under: value / 100, back: Math.max(back, value / 100) })}
            unit="%"
            min={0}
            max={100}
          />
          <NumberField
            label={t('lamps.backUp')}
            value={percent(back)}
            onInput={(value) => onInput({ ...fact, under, back: value / 100 })}
            unit="%"
            min={0}
            max={100}
          />
        </div>
      );
    }
    default:
      return null;
  }
}
