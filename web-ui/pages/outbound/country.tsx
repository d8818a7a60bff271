/** The country of numbers that are written without one. */
import type { VNode } from 'preact';
import { SelectField } from '../../components/form.tsx';
import { language, t } from '../../i18n/translate.ts';

/** The countries of our languages and their neighbours first; any other by its two letters. */
const countries = [
  'HU',
  'SK',
  'LT',
  'TR',
  'RU',
  'GB',
  'IE',
  'US',
  'CA',
  'AU',
  'NZ',
  'DE',
  'AT',
  'CH',
  'CZ',
  'PL',
  'RO',
  'RS',
  'HR',
  'SI',
  'UA',
  'BY',
  'KZ',
  'LV',
  'EE',
  'FI',
  'SE',
  'NO',
  'DK',
  'NL',
  'BE',
  'LU',
  'FR',
  'ES',
  'PT',
  'IT',
  'GR',
  'BG',
  'CY',
  'MT',
  'AZ',
  'GE',
  'AM',
  'IL',
  'ZA',
  'IN',
];

const byLanguage: Record<string, string> = { hu: 'HU', sk: 'SK', lt: 'LT', tr: 'TR', ru: 'RU', en: 'GB' };

/** What the browser's region or the reader's language suggests. */
export function countryOfOffice(): string {
  for (const tag of navigator.languages) {
    const region = new Intl.Locale(tag).region;
    if (region && countries.includes(region)) return region;
  }
  return byLanguage[language.value] ?? 'GB';
}

export function CountryField(props: { value: string; onInput: (country: string) => void }): VNode {
  const names = new Intl.DisplayNames([language.value], { type: 'region' });
  const choices = countries
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .sort((a, b) => a.label.localeCompare(b.label, language.value));
  return (
    <SelectField
      label={t('leadImport.country')}
      help={t('leadImport.countryHelp')}
      value={props.value}
      choices={choices}
      onInput={props.onInput}
    />
  );
}
