/** Whether the audio of a phone or trunk is encrypted, and what that is worth. */
import type { VNode } from 'preact';
import { t } from '../i18n/translate.ts';
import { SelectField } from './form.tsx';

type Mode = 'off' | 'optional' | 'required';

/** @param props.readable its SIP travels so that anybody on the way can read it, the keys too */
export function MediaEncryptionField(props: {
  value: Mode;
  readable: boolean;
  onInput: (value: Mode) => void;
  error: string | undefined;
}): VNode {
  return (
    <>
      <SelectField
        label={t('encryption.label')}
        help={t(`encryption.${props.value}Help`)}
        value={props.value}
        choices={[
          { value: 'off', label: t('encryption.off') },
          { value: 'optional', label: t('encryption.optional') },
          { value: 'required', label: t('encryption.required') },
        ]}
        onInput={props.onInput}
        error={props.error}
      />
      {props.value !== 'off' && props.readable && (
        <p class="field-error" role="status">
          {t('encryption.readable')}
        </p>
      )}
    </>
  );
}
