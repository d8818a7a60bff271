/** Leads from a CSV file: one row made a lead, or refused with every reason. */
import {
  type CountryCode,
  isSupportedCountry,
  ParseError,
  parsePhoneNumberWithError,
} from 'libphonenumber-js/max';
import { type LeadRole, leadFieldKeys } from './lead-columns.ts';
import { type CellFault, cellText, extraCells } from './table.ts';

export interface LeadImportOptions {
  roles: readonly (LeadRole | null)[];
  headers: readonly string[];
  /** Two letters: of numbers written without their country. */
  country: string;
}

/** A row as a lead; domain/campaign/lead.ts has the same as NewLead. */
export interface ImportedLead {
  number: string;
  name: string;
  note: string;
  fields: Record<string, string>;
  zone: string | null;
}

export const leadLimits = { name: 200, note: 4000, fieldName: 60, fieldValue: 1000, fields: 40 } as const;

/** One row judged. With faults there is no lead; warnings tell what was left out of it. */
export function judgeLead(
  cells: readonly string[],
  options: LeadImportOptions,
): { lead?: ImportedLead; faults: CellFault[]; warnings: CellFault[] } {
  const { roles, headers } = options;
  const faults = extraCells(cells, roles.length);
  const warnings: CellFault[] = [];
  const fields: Record<string, string> = {};
  const parts = { number: '', name: '', first: '', last: '', note: '', zone: '' };
  const within = (text: string, max: number, column: number): string => {
    if (text.length > max) faults.push({ column, code: 'text-too-long', params: { max } });
    return text;
  };

  roles.forEach((role, column) => {
    if (role === null) return;
    const text = cellText(cells, column);
    switch (role) {
      case 'number': {
        const found = phoneNumber(text, options.country);
        if ('fault' in found) faults.push({ column, ...found.fault });
        else parts.number = found.number;
        break;
      }
      case 'second-number': {
        if (text === '') break;
        const found = phoneNumber(text, options.country);
        if ('fault' in found) warnings.push({ column, code: 'second-number-invalid' });
        else fields[leadFieldKeys.secondNumber] = found.number;
        break;
      }
      case 'time-zone':
        if (text !== '' && !isZone(text)) faults.push({ column, code: 'zone-unknown' });
        parts.zone = text;
        break;
      case 'company':
        if (text !== '') fields[leadFieldKeys.company] = within(text, leadLimits.fieldValue, column);
        break;
      case 'name':
        parts.name = within(text, leadLimits.name, column);
        break;
      case 'first-name':
        parts.first = within(text, leadLimits.name / 2 - 1, column);
        break;
      case 'last-name':
        parts.last = within(text, leadLimits.name / 2 - 1, column);
        break;
      case 'note':
        parts.note = within(text, leadLimits.note, column);
        break;
      case 'field': {
        if (text === '') break;
        const key = fieldName(headers, column);
        // JSON's own keys and ours are never a column's.
        if (key in fields || key === '__proto__')
          fields[`${key} (${column + 1})`] = within(text, leadLimits.fieldValue, column);
        else fields[key] = within(text, leadLimits.fieldValue, column);
        break;
      }
    }
  });
  if (!roles.includes('number')) faults.push({ code: 'number-missing' });
  if (Object.keys(fields).length > leadLimits.fields)
    faults.push({ code: 'too-many-fields', params: { max: leadLimits.fields } });
  if (faults.length > 0) return { faults, warnings };
  const name = parts.name || [parts.first, parts.last].filter(Boolean).join(' ');
  return {
    lead: { number: parts.number, name, note: parts.note, fields, zone: parts.zone || null },
    faults,
    warnings,
  };
}

/** The name a column's values are kept under. */
function fieldName(headers: readonly string[], column: number): string {
  const text = (headers[column] ?? '').replace(/\s+/g, ' ').trim().slice(0, leadLimits.fieldName);
  return text || String(column + 1);
}

/** A number as people and spreadsheets write it, in E.164, or what is wrong with it. */
export function phoneNumber(
  text: string,
  country: string,
): { number: string } | { fault: Pick<CellFault, 'code' | 'params'> } {
  if (text === '') return { fault: { code: 'number-missing' } };
  // 36301234567 as a spreadsheet shows and saves it: its last digits are gone.
  if (/^\d(?:[.,]\d+)?e\+?\d+$/i.test(text)) return { fault: { code: 'number-rounded' } };
  const whole = text.replace(/[.,]0$/, '').replace(/^(?:tel|callto|sip):/i, '');
  if (whole.length > 60) return { fault: { code: 'number-invalid' } };
  try {
    const parsed = parsePhoneNumberWithError(whole, {
      ...(isSupportedCountry(country) ? { defaultCountry: country as CountryCode } : {}),
      extract: false,
    });
    if (parsed.ext) return { fault: { code: 'number-extension' } };
    return parsed.isValid() ? { number: parsed.number } : { fault: { code: 'number-not-assigned' } };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const codes: Record<string, string> = {
      TOO_SHORT: 'number-too-short',
      TOO_LONG: 'number-too-long',
      INVALID_COUNTRY: 'number-no-country',
    };
    return { fault: { code: codes[error.message] ?? 'number-invalid' } };
  }
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
