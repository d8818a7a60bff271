import { describe, expect, it } from 'vitest';
import { guessLeadRoles, type LeadRole } from '../../../../src/domain/imports/lead-columns.ts';
import { judgeLead, phoneNumber } from '../../../../src/domain/imports/lead-import.ts';
import { looksLikeHeader } from '../../../../src/domain/imports/table.ts';

describe('the columns are told', () => {
  it.each<[string, string[], (string | null)[]]>([
    [
      'in English',
      ['Name', 'Phone', 'Company', 'Notes', 'City'],
      ['name', 'number', 'company', 'note', 'field'],
    ],
    ['with two numbers', ['phone2', 'phone', ''], ['second-number', 'number', null]],
    ['in Hungarian', ['Név', 'Telefonszám', 'Cégnév', 'Megjegyzés'], ['name', 'number', 'company', 'note']],
    ['in Russian', ['Имя', 'Фамилия', 'Телефон'], ['first-name', 'last-name', 'number']],
    ['in Slovak', ['Meno', 'Telefónne číslo', 'Firma'], ['name', 'number', 'company']],
    ['in Lithuanian', ['Vardas', 'Pavardė', 'Telefono numeris'], ['first-name', 'last-name', 'number']],
    ['in Turkish', ['AD SOYAD', 'Telefon', 'Şirket'], ['name', 'number', 'company']],
  ])('%s', (_, headers, roles) => {
    expect(guessLeadRoles(headers)).toEqual(roles);
  });

  it('a first row of data is no header', () => {
    expect(looksLikeHeader(['name', 'number'])).toBe(true);
    expect(looksLikeHeader(['Anna', '+36 30 123 4567'])).toBe(false);
    expect(looksLikeHeader(["'+36301234567"])).toBe(false);
  });
});

describe('a number', () => {
  it.each([
    ['06 30 123 4567', 'HU', '+36301234567'],
    ['+36 (30) 123-4567', 'SK', '+36301234567'],
    ['0036301234567', 'HU', '+36301234567'],
    ['36301234567.0', 'HU', '+36301234567'],
    ['8 (912) 345-67-89', 'RU', '+79123456789'],
    ['0905 123 456', 'SK', '+421905123456'],
    ['8 612 34567', 'LT', '+37061234567'],
    ['0532 123 45 67', 'TR', '+905321234567'],
    ['tel:+442079460123', 'HU', '+442079460123'],
  ])('%s in %s is %s', (text, country, number) => {
    expect(phoneNumber(text, country)).toEqual({ number });
  });

  it.each([
    ['', 'number-missing'],
    ['n/a', 'number-invalid'],
    ['3,63012E+10', 'number-rounded'],
    ['12', 'number-not-assigned'],
    ['+36 1', 'number-too-short'],
    ['+3630123456789012345678', 'number-too-long'],
    ['<script>alert(1)</script>', 'number-invalid'],
    ["=cmd|' /C calc'!A0", 'number-invalid'],
    ['06301234567; 06307654321', 'number-extension'],
    ['+999 123 4567', 'number-no-country'],
    ['9'.repeat(5000), 'number-invalid'],
  ])('%j is refused: %s', (text, code) => {
    expect(phoneNumber(text, 'HU')).toMatchObject({ fault: { code } });
  });

  it('without its country is refused when nobody says which', () => {
    expect(phoneNumber('0630 123 4567', '')).toMatchObject({ fault: { code: 'number-no-country' } });
  });
});

describe('a row', () => {
  const headers = ['Phone', 'Name', 'Second', 'Company', 'Note', 'Zone', 'City', 'City'];
  const roles: (LeadRole | null)[] = [
    'number',
    'name',
    'second-number',
    'company',
    'note',
    'time-zone',
    'field',
    'field',
  ];
  const judge = (...cells: string[]) => judgeLead(cells, { roles, headers, country: 'HU' });

  it('becomes a lead with every column where it belongs', () => {
    expect(
      judge('0630 123 4567', ' Anna ', '061 234 5678', 'Kft', 'likes tea', 'Europe/Budapest', 'Pécs', 'Győr'),
    ).toEqual({
      lead: {
        number: '+36301234567',
        name: 'Anna',
        note: 'likes tea',
        zone: 'Europe/Budapest',
        fields: { 'second-number': '+3612345678', company: 'Kft', City: 'Pécs', 'City (8)': 'Győr' },
      },
      faults: [],
      warnings: [],
    });
  });

  it('keeps no wrong second number, and says so', () => {
    expect(judge('06301234567', 'Anna', 'none')).toMatchObject({
      lead: { fields: {} },
      warnings: [{ column: 2, code: 'second-number-invalid' }],
    });
  });

  it('names every fault with its column', () => {
    const { lead, faults } = judge('x', 'y'.repeat(300), '', '', '', 'Mars/Base', '', '', 'more');
    expect(lead).toBeUndefined();
    expect(faults.map(({ column, code }) => [column, code])).toEqual([
      [undefined, 'extra-cells'],
      [0, 'number-invalid'],
      [1, 'text-too-long'],
      [5, 'zone-unknown'],
    ]);
  });

  it('cannot name a field that changes what all objects have', () => {
    const { lead } = judgeLead(['06301234567', 'polluted'], {
      roles: ['number', 'field'],
      headers: ['n', '__proto__'],
      country: 'HU',
    });
    expect(Object.keys(lead?.fields ?? {})).toEqual(['__proto__ (2)']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('of a file without a column of numbers is refused', () => {
    expect(judgeLead(['Anna'], { roles: ['name'], headers: ['Name'], country: 'HU' }).faults).toEqual([
      { code: 'number-missing' },
    ]);
  });
});
