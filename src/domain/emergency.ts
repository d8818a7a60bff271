/** Numbers that must be reached whatever else goes on. */
import type { Settings } from './settings.ts';

/** Where none of these is an extension of the office, these reach help from every network. */
const everywhere = ['112', '911'];
const byCountry: Readonly<Record<string, readonly string[]>> = {
  AT: ['122', '133', '144'],
  AU: ['000', '106'],
  CZ: ['150', '155', '158'],
  DE: ['110'],
  FR: ['15', '17', '18'],
  GB: ['999', '18000'],
  HU: ['104', '105', '107'],
  IE: ['999'],
  LT: ['101', '102', '103'],
  NZ: ['111'],
  RU: ['101', '102', '103'],
  SK: ['150', '155', '158'],
  TR: ['110', '155', '156'],
};

/** Every number that calls for help somewhere. */
export const anyEmergencyNumber: ReadonlySet<string> = new Set([
  ...everywhere,
  ...Object.values(byCountry).flat(),
]);

/** Emergency numbers where the office is, without those that it has given to one of its own phones. */
export function emergencyNumbers(settings: Pick<Settings, 'office' | 'extensions'>): string[] {
  const { office, extensions } = settings;
  return [...everywhere, ...(byCountry[office.country] ?? [])].filter(
    (number) => !extensions.some((extension) => extension.number === number),
  );
}
