/** How a phone or trunk sends and takes digits. */
import type { VNode } from 'preact';
import { t } from '../i18n/translate.ts';
import { SelectField } from './form.tsx';

type Mode = 'auto' | 'rfc4733' | 'info' | 'inband';

export function DtmfField(props: {
  value: Mode;
  onInput: (value: Mode) => void;
  error: string | undefined;
}): VNode {
  return (
    <SelectField
      label={t('dtmf.label')}
      help={t(`dtmf.${props.value}Help`)}
      value={props.value}
      choices={[
        { value: 'auto', label: t('dtmf.auto') },
        { value: 'rfc4733', label: t('dtmf.rfc4733') },
        { value: 'info', label: t('dtmf.info') },
        { value: 'inband', label: t('dtmf.inband') },
      ]}
      onInput={props.onInput}
      error={props.error}
    />
  );
}
