import { describe, expect, it } from 'vitest';
import {
  type ExtensionImportOptions,
  guessExtensionRoles,
  planExtensions,
} from '../../../../src/domain/imports/extension-import.ts';
import { settingsSchema } from '../../../../src/domain/settings.ts';

const office = settingsSchema.parse({
  version: 1,
  extensions: [{ id: 'anna', number: '101', name: 'Anna', secret: 'anna-secret' }],
  agents: [{ id: 'anna', name: 'Anna', extensionId: 'anna' }],
  queues: [{ id: 'sales', name: 'Sales', number: '300' }],
});
const options: ExtensionImportOptions = {
  roles: ['number', 'name', 'secret'],
  existing: 'update',
  createAgents: false,
};

function plan(rows: string[][], more: Partial<ExtensionImportOptions> = {}, settings = office) {
  const numbered = rows.map((cells, at) => ({ line: at + 2, cells }));
  return planExtensions(numbered, { ...options, ...more }, settings);
}
const codes = (faults: { code: string }[]): string[] => faults.map((fault) => fault.code);

describe('the columns are told', () => {
  it.each<[string, string[], (string | null)[]]>([
    [
      'of FreePBX',
      ['extension', 'password', 'name', 'voicemail', 'ringtimer', 'secret', 'tech'],
      ['number', null, 'name', null, null, 'secret', null],
    ],
    [
      'of 3CX',
      ['Number', 'FirstName', 'LastName', 'EmailAddress', 'MobileNumber', 'AuthID', 'AuthPassword'],
      ['number', 'first-name', 'last-name', null, null, 'sign-in', 'secret'],
    ],
    ['of FusionPBX', ['extension', 'password', 'effective_caller_id_name'], ['number', 'secret', 'name']],
    ['in Hungarian', ['Mellék', 'Név', 'Jelszó'], ['number', 'name', 'secret']],
    ['in Russian', ['Номер', 'Имя', 'Пароль'], ['number', 'name', 'secret']],
    ['in Slovak', ['Klapka', 'Meno', 'Priezvisko'], ['number', 'first-name', 'last-name']],
    ['in Lithuanian', ['Vidinis numeris', 'Vardas', 'Pavardė'], ['number', 'first-name', 'last-name']],
    ['in Turkish', ['DAHİLİ NO', 'Ad Soyad', 'Şifre'], ['number', 'name', 'secret']],
  ])('%s', (_, headers, roles) => {
    expect(guessExtensionRoles(headers)).toEqual(roles);
  });
});

describe('a row', () => {
  it('becomes a new extension with the secret of the file when it is long enough', () => {
    expect(plan([['102', 'Ben', 'long-enough']])).toMatchObject([
      {
        line: 2,
        number: '102',
        name: 'Ben',
        outcome: 'create',
        secret: 'long-enough',
        faults: [],
        notes: [],
      },
    ]);
  });

  it('with a short secret or none gets a new one, and that is told', () => {
    const [short, none] = plan([
      ['102', 'Ben', '1234'],
      ['103', 'Cora', ''],
    ]);
    expect([codes(short?.notes ?? []), short?.secret]).toEqual([['secret-short'], undefined]);
    expect(codes(none?.notes ?? [])).toEqual(['secret-new']);
  });

  it('of a number that the office has changes that extension, or is skipped', () => {
    expect(plan([['101', 'Anna Nagy', '']])).toMatchObject([{ outcome: 'update', extensionId: 'anna' }]);
    expect(plan([['101', 'Anna', '']])).toMatchObject([{ outcome: 'same' }]);
    expect(plan([['101', 'Anna Nagy', '']], { existing: 'skip' })).toMatchObject([{ outcome: 'skip' }]);
  });

  it('keeps the secret of an extension that is changed when the new one is too short', () => {
    expect(plan([['101', 'Anna Nagy', '12']])).toMatchObject([
      { outcome: 'update', notes: [{ code: 'secret-kept' }] },
    ]);
  });

  it.each<[string, string[][], string]>([
    ['without a number', [['', 'Ben', '']], 'number-missing'],
    ['with a number that cannot be dialled', [['=1+1', 'Ben', '']], 'extension-number-invalid'],
    [
      'with a number of the file',
      [
        ['102', 'A', ''],
        ['102', 'B', ''],
      ],
      'number-twice',
    ],
    ['with the number of a queue', [['300', 'Ben', '']], 'number-taken'],
    ['with a name too long', [['102', 'x'.repeat(81), '']], 'text-too-long'],
    ['with a secret that looks sealed', [['102', 'Ben', 'sealed:abcdefgh']], 'secret-sealed'],
    ['with more cells than columns', [['102', 'Ben', '', 'x']], 'extra-cells'],
  ])('%s is refused, and the others are not', (_, rows, code) => {
    const planned = plan([...rows, ['199', 'Last', '']]);
    expect(codes(planned[rows.length - 1]?.faults ?? [])).toEqual([code]);
    expect(planned[rows.length - 1]?.outcome).toBe('fault');
    expect(planned.at(-1)?.outcome).toBe('create');
  });

  it('names the column of each fault, all of them at once', () => {
    expect(plan([['', 'x'.repeat(81), 'sealed:x']])[0]?.faults.map((fault) => fault.column)).toEqual([
      0, 1, 2,
    ]);
  });

  it('of 3CX joins the names and says that phones sign in by number', () => {
    const roles = ['number', 'first-name', 'last-name', 'sign-in', 'secret'] as const;
    expect(plan([['102', 'Ben', 'Kis', 'aUthX1', 'long-enough']], { roles: [...roles] })).toMatchObject([
      { name: 'Ben Kis', notes: [{ code: 'sign-in-is-number', column: 3, params: { name: 'aUthX1' } }] },
    ]);
  });

  it('brings an agent when asked to, unless its extension has one', () => {
    const planned = plan(
      [
        ['101', 'Anna', ''],
        ['102', 'Ben', ''],
      ],
      { createAgents: true },
    );
    expect(planned.map((row) => row.agent)).toEqual([false, true]);
  });

  it('beyond the two hundred that an office takes is refused', () => {
    const rows = Array.from({ length: 201 }, (_, at) => [String(1000 + at), `P${at}`, '']);
    const planned = plan(rows);
    expect(planned.filter((row) => row.outcome === 'create').length).toBe(199);
    expect(codes(planned.at(-1)?.faults ?? [])).toEqual(['office-full']);
  });

  it('reads numbers that a spreadsheet was kept from computing', () => {
    expect(plan([["'+36", 'Ben', '']])).toMatchObject([{ number: '+36', outcome: 'create' }]);
  });
});
