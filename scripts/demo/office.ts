/** The office of the demo: seven agents, two queues behind a menu, a carrier on this machine, and a panel. */
import { randomId } from '../../src/base/ids.ts';
import type { SettingsInput } from '../../src/domain/settings.ts';
import type { Random } from '../fuzzers/random.ts';

/** The simulated carrier; another loopback address than the phones'. */
export const carrierAddress = '127.0.0.2';
export const carrierPort = 5066;
/** Numbers that the outside dials. */
export const numbers = { main: '3615550100', sales: '3615550101', support: '3615550102' };
export const userName = 'demo';

/** How somebody works. */
export interface Habit {
  id: string;
  name: string;
  extension: string;
  /** Rings for about so long before the agent answers, ms. */
  answersAfterMs: number;
  /** Lets one in so many offers ring out; 0: none. */
  missesOneIn: number;
  /** Puts one in so many callers on hold to look something up. */
  holdsOneIn: number;
  /** Works for about so long between two breaks, and how long these are, minutes. */
  worksMin: number;
  breakMin: number;
}

export const habits: readonly Habit[] = [
  {
    id: 'anna',
    name: 'Anna Kovács',
    extension: '101',
    answersAfterMs: 1500,
    missesOneIn: 0,
    holdsOneIn: 5,
    worksMin: 14,
    breakMin: 2,
  },
  {
    id: 'ben',
    name: 'Ben Taylor',
    extension: '102',
    answersAfterMs: 3000,
    missesOneIn: 12,
    holdsOneIn: 4,
    worksMin: 9,
    breakMin: 3,
  },
  {
    id: 'clara',
    name: 'Clara Novák',
    extension: '103',
    answersAfterMs: 2500,
    missesOneIn: 0,
    holdsOneIn: 8,
    worksMin: 20,
    breakMin: 2,
  },
  {
    id: 'dmitri',
    name: 'Dmitri Ivanov',
    extension: '104',
    answersAfterMs: 6000,
    missesOneIn: 5,
    holdsOneIn: 3,
    worksMin: 7,
    breakMin: 4,
  },
  {
    id: 'elena',
    name: 'Elena Jonaitė',
    extension: '105',
    answersAfterMs: 2000,
    missesOneIn: 20,
    holdsOneIn: 6,
    worksMin: 16,
    breakMin: 3,
  },
  {
    id: 'fatma',
    name: 'Fatma Yılmaz',
    extension: '106',
    answersAfterMs: 1800,
    missesOneIn: 0,
    holdsOneIn: 10,
    worksMin: 12,
    breakMin: 2,
  },
  {
    id: 'george',
    name: 'George Black',
    extension: '107',
    answersAfterMs: 4500,
    missesOneIn: 8,
    holdsOneIn: 5,
    worksMin: 10,
    breakMin: 5,
  },
];

/** Reception: a phone that belongs to no agent. */
export const reception = { extension: '100', name: 'Reception' };

/** Sales is who answers there, support the others; two help out in both. */
const teams = {
  sales: ['anna', 'ben', 'clara', 'fatma'],
  support: ['dmitri', 'elena', 'fatma', 'george'],
};

export interface DemoOffice {
  settings: SettingsInput;
  /** Of the user `demo`, and of the phones by extension: made anew for each demo. */
  password: string;
  secrets: Map<string, string>;
}

export function demoOffice(): DemoOffice {
  const secrets = new Map(
    [...habits.map(({ extension }) => extension), reception.extension].map((number) => [
      number,
      randomId(20),
    ]),
  );
  const password = `${randomId(4)}-${randomId(4)}-${randomId(4)}`;
  const extension = (number: string, name: string) => ({
    id: `phone-${number}`,
    number,
    name,
    secret: secrets.get(number) ?? randomId(20),
  });
  const queue = {
    wrapUpMs: 12_000,
    ringTimeoutMs: 15_000,
    missedPauseMs: 20_000,
    announceEveryMs: 30_000,
    waitingThreshold: 2,
  };
  const users = [{ id: userName, name: userName, role: 'admin', password }];
  const settings = {
    version: 1,
    office: {
      name: 'Demo office',
      language: 'en',
      country: 'GB',
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
    extensions: [
      extension(reception.extension, reception.name),
      ...habits.map((habit) => extension(habit.extension, habit.name)),
    ],
    agents: habits.map(({ id, name, extension }) => ({ id, name, extensionId: `phone-${extension}` })),
    queues: [
      { id: 'sales', name: 'Sales', number: '600', agentIds: teams.sales, ...queue },
      { id: 'support', name: 'Support', number: '601', agentIds: teams.support, ...queue },
    ],
    ivrMenus: [
      {
        id: 'welcome',
        name: 'Welcome',
        number: '500',
        options: [
          { digit: '1', destination: { kind: 'queue', queueId: 'sales' } },
          { digit: '2', destination: { kind: 'queue', queueId: 'support' } },
          { digit: '0', destination: { kind: 'extension', extensionId: `phone-${reception.extension}` } },
        ],
        otherwise: { kind: 'queue', queueId: 'sales' },
      },
    ],
    trunks: [
      {
        id: 'carrier',
        name: 'Simulated carrier',
        kind: 'peer',
        host: carrierAddress,
        port: carrierPort,
        callerNumber: numbers.main,
      },
    ],
    numbers: [
      { id: 'main', number: numbers.main, destination: { kind: 'ivr', ivrMenuId: 'welcome' } },
      { id: 'sales', number: numbers.sales, destination: { kind: 'queue', queueId: 'sales' } },
      { id: 'support', number: numbers.support, destination: { kind: 'queue', queueId: 'support' } },
    ],
    desk: {
      dispositions: [
        { code: 'solved', name: 'Solved', kind: 'success' },
        { code: 'call-back', name: 'Wants a call back', kind: 'neutral' },
        { code: 'complaint', name: 'Complaint', kind: 'failure', needsNote: true },
      ],
      pauseReasons: [
        { code: 'break', name: 'Break' },
        { code: 'lunch', name: 'Lunch', paid: false },
        { code: 'meeting', name: 'Meeting' },
      ],
    },
    panel: {
      lamps: [
        { lamp: 0, shows: { fact: 'waiting' } },
        { lamp: 1, shows: { fact: 'waiting', queueId: 'sales' } },
        { lamp: 2, shows: { fact: 'waiting', queueId: 'support' } },
        ...habits.map(({ id }, i) => ({ lamp: 4 + i, shows: { fact: 'agent', agentId: id } })),
        { lamp: 14, shows: { fact: 'trunks' } },
        { lamp: 15, shows: { fact: 'faults' } },
      ],
    },
    users,
  };
  // `password` of a user is taken by a settings file only, where it is hashed.
  return { settings: settings as unknown as SettingsInput, password, secrets };
}

/** People whom the demo's campaign calls. */
export function leads(random: Random): { number: string; name: string; note: string }[] {
  const first = ['Amelia', 'Béla', 'Chloe', 'Daniel', 'Eva', 'Farid', 'Greta', 'Harry', 'Ilona', 'Jonas'];
  const last = ['Arnold', 'Bakker', 'Clarke', 'Dvořák', 'Edwards', 'Fekete', 'Grant', 'Hughes'];
  const notes = ['Prefers mornings', 'Asked for a call back', 'Customer since 2019', ''];
  return Array.from({ length: 150 }, (_, i) => ({
    // Numbers that Ofcom keeps for drama: they belong to nobody.
    number: `+44207946${String(100 + i).padStart(4, '0')}`,
    name: `${random.pick(first)} ${random.pick(last)}`,
    note: random.pick(notes),
  }));
}
