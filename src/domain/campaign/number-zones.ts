/**
 * In which time zones a number's owner may be. The country comes from the numbering plan (libphonenumber), its zones
 * from the runtime's own data (CLDR); a few area codes narrow them down where a country has several. A number of
 * which nothing is known may be anywhere, and then no hour is right everywhere: the lead needs a zone by name.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { anyEmergencyNumber } from '../emergency.ts';

/**
 * How a lead's place is kept: a zone that somebody named, or `+` and what its number says, countries and zones with |
 * between them (`+HU`, `+GG|JE`, `+Atlantic/Canary`; `+` alone: nothing).
 */
export type Place = string;

/** Where a number belongs. */
export function placeOfNumber(number: string): Place {
  const zone = areas.find(([prefixes]) => prefixes.some((prefix) => number.startsWith(prefix)))?.[1];
  if (zone !== undefined) return `+${zone}`;
  const parsed = parsePhoneNumberFromString(number);
  return `+${parsed ? (parsed.country ?? parsed.getPossibleCountries().join('|')) : ''}`;
}

/** Whether a number of E.164 calls for help where it belongs: no campaign ever dials it. */
export function isEmergencyNumber(number: string): boolean {
  const national = parsePhoneNumberFromString(number)?.nationalNumber;
  return national === undefined || anyEmergencyNumber.has(national);
}

/** Whether this can be the number of a telephone: of a length that its country has, and no emergency number. */
export function isCallable(number: string): boolean {
  return parsePhoneNumberFromString(number)?.isPossible() === true && !isEmergencyNumber(number);
}

/** All zones that a place may lie in; empty: nobody knows. */
export function zonesOfPlace(place: Place): readonly string[] {
  if (!place.startsWith('+')) return [place];
  const known = remembered.get(place);
  if (known) return known;
  const parts = place.slice(1).split('|');
  const zones = [...new Set(parts.flatMap((part) => (part.length > 2 ? [part] : zonesOfCountry(part))))];
  remembered.set(place, zones);
  return zones;
}

/** The zone that somebody named, if so. */
export function namedZone(place: Place): string | null {
  return place.startsWith('+') ? null : place;
}

const remembered = new Map<Place, readonly string[]>();

function zonesOfCountry(country: string): string[] {
  if (!/^[A-Z]{2}$/.test(country)) return [];
  const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones?: () => string[] };
  return locale.getTimeZones?.() ?? [];
}

/** Land lines whose area lies in one zone of a country that has several; mobile phones are anywhere in it. */
const areas: readonly (readonly [prefixes: readonly string[], zone: string])[] = [
  [['+34922', '+34928', '+34822', '+34828'], 'Atlantic/Canary'],
  [['+3491', '+3493'], 'Europe/Madrid'],
  [['+351291'], 'Atlantic/Madeira'],
  [['+351292', '+351295', '+351296'], 'Atlantic/Azores'],
  [['+35121', '+35122'], 'Europe/Lisbon'],
  [['+7495', '+7498', '+7499', '+7812'], 'Europe/Moscow'],
];
