/**
 * Extensions from a CSV file, ours or another system's. The plan says of every row what would be done with it and
 * why; nothing is changed by making it.
 */
import type { Settings } from '../settings.ts';
import { type CellFault, cellText, extraCells, guessRoles, type HeaderNames } from './table.ts';

export const extensionRoles = ['number', 'name', 'first-name', 'last-name', 'secret', 'sign-in'] as const;
export type ExtensionRole = (typeof extensionRoles)[number];

/**
 * Headers of FreePBX (bulk handler: extension, name, secret; older: devinfo_secret), 3CX (Number, FirstName, LastName,
 * AuthID, AuthPassword), FusionPBX and Yeastar, and what people write.
 */
const names: HeaderNames<ExtensionRole> = {
  number: [
    'extension',
    'extension number',
    'number',
    'ext',
    'exten',
    'extn',
    'phone',
    'mellék',
    'mellékszám',
    'szám',
    'внутренний номер',
    'добавочный',
    'номер',
    'klapka',
    'linka',
    'číslo',
    'vidinis numeris',
    'numeris',
    'dahili',
    'dahili no',
    'dahili numara',
    'numara',
  ],
  secret: [
    'secret',
    'devinfo_secret',
    'AuthPassword',
    'registration password',
    'sip password',
    'sip secret',
    'password',
    'jelszó',
    'пароль',
    'heslo',
    'slaptažodis',
    'şifre',
    'parola',
  ],
  'sign-in': ['AuthID', 'registration name', 'auth user', 'sipname'],
  'first-name': [
    'FirstName',
    'first name',
    'given name',
    'keresztnév',
    'utónév',
    'имя',
    'meno',
    'krstné meno',
    'vardas',
    'ad',
  ],
  'last-name': [
    'LastName',
    'last name',
    'surname',
    'family name',
    'vezetéknév',
    'фамилия',
    'priezvisko',
    'pavardė',
    'soyad',
    'soyadı',
  ],
  name: [
    'name',
    'display name',
    'effective_caller_id_name',
    'directory_full_name',
    'full name',
    'caller id',
    'description',
    'név',
    'teljes név',
    'имя',
    'фио',
    'название',
    'meno',
    'názov',
    'vardas',
    'pavadinimas',
    'ad',
    'isim',
    'ad soyad',
    'adı',
  ],
};

/** The role of each column; `null`: not used. Names stand in one column or in two. */
export function guessExtensionRoles(headers: readonly string[]): (ExtensionRole | null)[] {
  const roles = guessRoles(headers, names).map((role) => role ?? null);
  // Half a name without the other half is the name.
  if (!roles.includes('last-name') && !roles.includes('name'))
    return roles.map((role) => (role === 'first-name' ? 'name' : role));
  if (roles.includes('name') && roles.includes('first-name') && !roles.includes('last-name'))
    return roles.map((role) => (role === 'first-name' ? null : role));
  return roles;
}

export interface ExtensionImportOptions {
  roles: readonly (ExtensionRole | null)[];
  /** What is done with numbers that the office has already. */
  existing: 'update' | 'skip';
  /** An agent of the same name for each extension without one. */
  createAgents: boolean;
}

export type ExtensionOutcome = 'create' | 'update' | 'same' | 'skip' | 'fault';

export interface PlannedExtension {
  line: number;
  number: string;
  name: string;
  outcome: ExtensionOutcome;
  faults: CellFault[];
  /** What will be different from the file, or must be done at the phone. */
  notes: CellFault[];
  /** Taken from the file; absent: kept, or a new one is made. */
  secret?: string;
  /** Of the one that is changed. */
  extensionId?: string;
  agent: boolean;
}

const maxExtensions = 200;
const maxNameLength = 80;
const secretLength = { min: 8, max: 400 };

/** What importing these rows would do to the office. */
export function planExtensions(
  rows: readonly { line: number; cells: readonly string[] }[],
  options: ExtensionImportOptions,
  settings: Pick<Settings, 'extensions' | 'queues' | 'ivrMenus' | 'agents'>,
): PlannedExtension[] {
  const column = new Map(options.roles.flatMap((role, at) => (role ? [[role, at] as const] : [])));
  const taken = new Map<string, string>();
  for (const one of [...settings.queues, ...settings.ivrMenus])
    if (one.number) taken.set(one.number, one.name);
  const known = new Map(settings.extensions.map((extension) => [extension.number, extension]));
  const withAgent = new Set(settings.agents.map((agent) => agent.extensionId));
  const seen = new Map<string, number>();
  let total = settings.extensions.length;

  return rows.map(({ line, cells }) => {
    const text = (role: ExtensionRole): string => {
      const at = column.get(role);
      return at === undefined ? '' : cellText(cells, at);
    };
    const faults = extraCells(cells, options.roles.length);
    const notes: CellFault[] = [];
    const add = (
      list: CellFault[],
      role: ExtensionRole,
      code: string,
      params?: CellFault['params'],
    ): void => {
      const at = column.get(role);
      list.push({ ...(at === undefined ? {} : { column: at }), code, ...(params ? { params } : {}) });
    };

    const number = text('number').replace(/[\s.-]/g, '');
    const before = known.get(number);
    const firstLine = seen.get(number);
    if (number === '') add(faults, 'number', 'number-missing');
    else if (!/^[0-9*#+]{1,24}$/.test(number)) add(faults, 'number', 'extension-number-invalid');
    else if (firstLine !== undefined) add(faults, 'number', 'number-twice', { line: firstLine });
    else if (taken.has(number)) add(faults, 'number', 'number-taken', { name: taken.get(number) ?? '' });
    if (number !== '' && firstLine === undefined) seen.set(number, line);

    const inFile = text('name') || [text('first-name'), text('last-name')].filter(Boolean).join(' ');
    const name = inFile || before?.name || number;
    if (inFile === '' && !before && number !== '') add(notes, 'name', 'name-from-number');
    if (name.length > maxNameLength) add(faults, 'name', 'text-too-long', { max: maxNameLength });

    let secret: string | undefined;
    const given = text('secret');
    if (given.startsWith('sealed:')) add(faults, 'secret', 'secret-sealed');
    else if (given.length > secretLength.max)
      add(faults, 'secret', 'text-too-long', { max: secretLength.max });
    else if (given.length >= secretLength.min) secret = given;
    else if (!before)
      add(notes, 'secret', given === '' ? 'secret-new' : 'secret-short', { min: secretLength.min });
    else if (given !== '') add(notes, 'secret', 'secret-kept', { min: secretLength.min });
    const signIn = text('sign-in');
    if (signIn !== '' && signIn !== number && faults.length === 0)
      add(notes, 'sign-in', 'sign-in-is-number', { name: signIn });

    let outcome: ExtensionOutcome;
    if (faults.length > 0) outcome = 'fault';
    else if (!before) {
      outcome = 'create';
      if (total >= maxExtensions) {
        outcome = 'fault';
        faults.push({ code: 'office-full', params: { max: maxExtensions } });
      } else total++;
    } else if (options.existing === 'skip') outcome = 'skip';
    else outcome = name === before.name && secret === undefined ? 'same' : 'update';

    const changes = outcome === 'create' || outcome === 'update' || outcome === 'same';
    const agent = options.createAgents && changes && !(before && withAgent.has(before.id));
    if (outcome === 'same' && agent) outcome = 'update';
    return {
      line,
      number,
      name,
      outcome,
      faults,
      notes: outcome === 'create' || outcome === 'update' ? notes : [],
      ...(secret === undefined ? {} : { secret }),
      ...(before ? { extensionId: before.id } : {}),
      agent,
    };
  });
}
