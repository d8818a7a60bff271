/** Values that may be left out of the settings. */
import { languageNames, t, type UiLanguage } from '../i18n/translate.ts';
import type { Choice } from './form.tsx';

/** `{key: text}`, or the key left out when the text is empty (undefined does not survive JSON). */
export function optionalText<Key extends string>(key: Key, text: string): { [K in Key]: string | undefined } {
  return { [key]: text.trim() === '' ? undefined : text } as { [K in Key]: string | undefined };
}

/** The languages of prompts, the office's own first. */
export function languageChoices(): Choice<UiLanguage | ''>[] {
  return [
    { value: '', label: t('field.officeLanguage') },
    ...Object.entries(languageNames).map(([value, label]) => ({ value: value as UiLanguage, label })),
  ];
}
