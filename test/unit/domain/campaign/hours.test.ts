import { describe, expect, it } from 'vitest';
import { isCallingTime, nextCallingTime } from '../../../../src/domain/campaign/hours.ts';
import { isCallable, placeOfNumber, zonesOfPlace } from '../../../../src/domain/campaign/number-zones.ts';

const office = {
  windows: [{ days: [1, 2, 3, 4, 5], from: '09:00', until: '20:00' }],
  holidays: ['2026-12-25'],
};
const at = (text: string): number => Date.parse(text);
const text = (moment: number | null): string => (moment === null ? 'never' : new Date(moment).toISOString());

describe('calling hours', () => {
  it.each([
    ['a minute before they begin', '2026-11-25T07:59:00Z', false],
    ['the minute they begin', '2026-11-25T08:00:00Z', true],
    ['the last minute', '2026-11-25T18:59:59Z', true],
    ['the minute they end', '2026-11-25T19:00:00Z', false],
    ['a Saturday', '2026-11-28T12:00:00Z', false],
    ['a holiday', '2026-12-25T12:00:00Z', false],
  ])('%s in Budapest: %s -> %s', (_, moment, open) => {
    expect(isCallingTime(office, ['Europe/Budapest'], at(moment))).toBe(open);
  });

  it('are those of every zone the number may be in', () => {
    const zones = ['America/New_York', 'America/Los_Angeles'];
    expect(isCallingTime(office, zones, at('2026-11-25T15:00:00Z'))).toBe(false); // 7:00 in Los Angeles
    expect(isCallingTime(office, zones, at('2026-11-25T17:00:00Z'))).toBe(true);
    expect(isCallingTime(office, zones, at('2026-11-26T01:00:00Z'))).toBe(false); // 20:00 in New York
  });

  it('are never where nobody knows the zone', () => {
    expect(isCallingTime(office, [], at('2026-11-25T12:00:00Z'))).toBe(false);
    expect(nextCallingTime(office, [], at('2026-11-25T12:00:00Z'))).toBeNull();
  });

  it.each([
    ['now, when it is a time', ['Europe/London'], '2026-11-25T12:00:00Z', '2026-11-25T12:00:00.000Z'],
    ['tomorrow morning', ['Europe/London'], '2026-11-25T20:00:00Z', '2026-11-26T09:00:00.000Z'],
    ['on Monday after a weekend', ['Europe/Budapest'], '2026-11-27T19:00:00Z', '2026-11-30T08:00:00.000Z'],
    ['after a holiday and a weekend', ['Europe/London'], '2026-12-24T20:00:00Z', '2026-12-28T09:00:00.000Z'],
    [
      'by summer time from its first day on',
      ['Europe/London'],
      '2026-03-27T20:00:00Z',
      '2026-03-30T08:00:00.000Z',
    ],
    [
      'when the last of two zones opens',
      ['Europe/London', 'America/New_York'],
      '2026-11-25T10:00:00Z',
      '2026-11-25T14:00:00.000Z',
    ],
    [
      'in the zone that is a day ahead',
      ['Pacific/Auckland'],
      '2026-11-25T12:00:00Z',
      '2026-11-25T20:00:00.000Z',
    ],
    [
      'never, when two zones are never open together',
      ['Pacific/Auckland', 'Europe/London'],
      '2026-11-25T12:00:00Z',
      'never',
    ],
  ])('open next %s', (_, zones, moment, expected) => {
    expect(text(nextCallingTime(office, zones, at(moment)))).toBe(expected);
  });
});

describe('the zone of a number', () => {
  it.each([
    ['+36301234567', ['Europe/Budapest']],
    ['+442079460123', ['Europe/London']],
    ['+34928123456', ['Atlantic/Canary']],
    ['+34911234567', ['Europe/Madrid']],
  ])('%s is in %s', (number, zones) => {
    expect(zonesOfPlace(placeOfNumber(number))).toEqual(zones);
  });

  it('of a country with several is all of them, of a mobile phone too', () => {
    expect(zonesOfPlace(placeOfNumber('+34612345678'))).toEqual(
      expect.arrayContaining(['Europe/Madrid', 'Atlantic/Canary']),
    );
    expect(zonesOfPlace(placeOfNumber('+12125550123')).length).toBeGreaterThan(5);
  });

  it('of a number that no plan knows is none, and of a named one that', () => {
    expect(zonesOfPlace(placeOfNumber('+999123456'))).toEqual([]);
    expect(zonesOfPlace('Asia/Tokyo')).toEqual(['Asia/Tokyo']);
  });

  it.each(['+36112', '+36104', '+44999', '+1911', '+4'])('%s is never called', (number) => {
    expect(isCallable(number)).toBe(false);
  });
});
