/** Changes of the settings in words: things by name, fields as the pages call them, values as people read them. Pure. */
import type { Destination } from '../../../src/domain/settings.ts';
import { formatBytes } from '../../components/time.tsx';
import { hasText, language, languageNames, t, translateCode } from '../../i18n/translate.ts';
import { labelOf } from './setting-labels.ts';

export interface Change {
  path: string;
  before?: unknown;
  after?: unknown;
}
/** Of things, by their path: `queues[sales]`. */
export type Names = Readonly<Record<string, string>>;

/** As the box writes a secret that is not to be seen. */
const mask = '••••••••';
const longestValue = 60;

/** The audit's word for what a section holds. */
const thingOf: Record<string, string> = {
  extensions: 'extension',
  agents: 'agent',
  queues: 'queue',
  ivrMenus: 'ivr-menu',
  trunks: 'trunk',
  numbers: 'number',
  schedules: 'schedule',
  users: 'user',
  wallboards: 'wallboard',
  campaigns: 'campaign',
  prompts: 'prompt',
  ownPrompts: 'prompt',
  signIn: 'sign-in',
};
/** Where the thing is that a field names. */
const sectionOf: Record<string, string> = {
  queueId: 'queues',
  queueIds: 'queues',
  agentId: 'agents',
  agentIds: 'agents',
  extensionId: 'extensions',
  ivrMenuId: 'ivrMenus',
  trunkIds: 'trunks',
  scheduleId: 'schedules',
};
/** Beginnings of the keys of words that a field chooses from. */
const choicesOf: Record<string, string> = {
  strategy: 'strategy',
  mediaEncryption: 'encryption',
  dtmf: 'dtmf',
  role: 'role',
  secondFactorFor: 'role',
  kind: 'trunkKind',
  theme: 'theme',
};
const placeKeys = ['queueId', 'ivrMenuId', 'extensionId', 'promptId'];
const placeKinds: Record<string, string> = {
  queueId: 'queue',
  ivrMenuId: 'ivr',
  extensionId: 'extension',
  promptId: 'announcement',
};

/** Names of things that exist no more, as the changes that removed them tell. */
export function namesWithin(changes: readonly Change[], names: Names): Names {
  const found: Record<string, string> = {};
  for (const { path, before, after } of changes) {
    const { name, number } = ((before ?? after) || {}) as { name?: unknown; number?: unknown };
    const said = [number, name].filter((part) => typeof part === 'string').join(' ');
    if (/^\w+\[[^\]]+\]$/.test(path) && said !== '') found[path] = said;
  }
  return { ...found, ...names };
}

/** One line for each change; a destination that changed in several parts is one. */
export function changeLines(changes: readonly Change[], names: Names): string[] {
  return withWholePlaces(changes).map((change) => changeText(change, names));
}

function changeText({ path, before, after }: Change, names: Names): string {
  const [, section = '', id, rest] = /^(\w+)(?:\[([^\]]+)\])?(?:\.(.*))?$/.exec(path) ?? [];
  const thing = translateCode(`auditThing.${thingOf[section] ?? section}`);
  if (id === 'order') return `${thing}: ${t('history.moved')}`;
  if (section === 'prompts') return promptText(thing, rest ?? '', before, after, names);
  const head = id === undefined ? thing : `${thing} ${names[`${section}[${id}]`] ?? id}`;
  if (rest === undefined) {
    const verb = before === undefined ? 'create' : after === undefined ? 'delete' : 'change';
    return `${head}: ${translateCode(`auditVerb.${verb}`)}`;
  }
  const [field = '', ...deeper] = rest.split('.');
  const label = labelOf(section, field);
  const within = deeper.map((part) => translateCode(`attemptResult.${part}`, {}, '')).filter(Boolean);
  const what = [label ? t(label) : field, ...within].join(', ');
  if ([before, after].some((value) => JSON.stringify(value)?.includes(mask)))
    return `${head}: ${what}: ${translateCode('auditVerb.change')}`;
  if (isList(before) && isList(after)) return `${head}: ${what}: ${listText(field, before, after, names)}`;
  const leaf = deeper.at(-1) ?? field;
  const said = (value: unknown): string => valueText(leaf, value, names);
  return `${head}: ${what}: ${said(before)} → ${said(after)}`;
}

/** `prompts.<id>.<language>`: the words of a prompt; too long for a line as a rule. */
function promptText(thing: string, rest: string, before: unknown, after: unknown, names: Names): string {
  const [promptId = '', tongue] = rest.split('.');
  const name = promptName(promptId, names);
  const where = tongue === undefined ? '' : ` (${languageText(tongue)})`;
  const said = (value: unknown): string => valueText('text', value, names);
  return `${thing} ${name}${where}: ${said(before)} → ${said(after)}`;
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** What came and what went; what is there before and after under the same name has changed. */
function listText(field: string, before: unknown[], after: unknown[], names: Names): string {
  const without = (list: unknown[], other: unknown[]): string[] => {
    const known = new Set(other.map((item) => JSON.stringify(item)));
    return list
      .filter((item) => !known.has(JSON.stringify(item)))
      .map((item) => itemText(field, item, names));
  };
  const [gone, come] = [without(before, after), without(after, before)];
  const changed = come.filter((name) => gone.includes(name));
  const parts = [
    ...come.filter((name) => !changed.includes(name)).map((name) => `+ ${name}`),
    ...gone.filter((name) => !changed.includes(name)).map((name) => `− ${name}`),
    ...changed.map((name) => `${name} (${translateCode('auditVerb.change')})`),
  ];
  return parts.length === 0 ? t('history.moved') : parts.join(', ');
}

function itemText(field: string, item: unknown, names: Names): string {
  if (typeof item !== 'object' || item === null) return valueText(field, item, names);
  const { name, code, digit, from, until, days, lamp, shows } = item as Record<string, unknown>;
  if (isList(days)) return `${days.map((day) => weekday(Number(day))).join(' ')} ${from}–${until}`;
  const said = name ?? code ?? digit ?? lamp ?? shows;
  return said === undefined || typeof said === 'object' ? shortened(item) : String(said);
}

function weekday(day: number): string {
  const monday = Date.UTC(2024, 0, 1);
  return new Intl.DateTimeFormat(language.value, { weekday: 'short', timeZone: 'UTC' }).format(
    monday + (day - 1) * 86_400_000,
  );
}

function valueText(field: string, value: unknown, names: Names): string {
  if (value === undefined || value === null || value === '') return '–';
  if (typeof value === 'boolean') return value ? t('history.yes') : t('history.no');
  if (typeof value === 'number') return numberText(field, value);
  if (isList(value))
    return value.length === 0 ? '–' : shortened(value.map((item) => itemText(field, item, names)).join(', '));
  if (typeof value === 'object')
    return 'kind' in value ? placeText(value as Destination, names) : shortened(value);
  const text = String(value);
  const section = sectionOf[field];
  if (section) return names[`${section}[${text}]`] ?? text;
  if (field === 'promptId' || field === 'greeting') return promptName(text, names);
  if (field === 'language') return languageText(text);
  const choice = choicesOf[field];
  return choice ? translateCode(`${choice}.${text}`, {}, text) : shortened(text);
}

function numberText(field: string, value: number): string {
  if (field.endsWith('Bytes')) return formatBytes(value);
  if (field.endsWith('Ms')) return durationText(value);
  if (/[a-z]S$/.test(field)) return durationText(value * 1000);
  const style = field === 'serviceLevelGoal' ? { style: 'percent' as const } : {};
  return new Intl.NumberFormat(language.value, style).format(value);
}

/** In the largest unit that says it in whole numbers, minutes from two on. */
function durationText(durationMs: number): string {
  const units = [
    ['day', 86_400_000, 2],
    ['hour', 3_600_000, 2],
    ['minute', 60_000, 2],
  ] as const;
  const [unit, unitMs] = units.find(([, ms, least]) => durationMs % ms === 0 && durationMs >= least * ms) ?? [
    'second',
    1000,
  ];
  return new Intl.NumberFormat(language.value, { style: 'unit', unit, unitDisplay: 'short' }).format(
    durationMs / unitMs,
  );
}

function placeText(place: Destination, names: Names): string {
  switch (place.kind) {
    case 'queue':
      return t('destination.toQueue', { name: valueText('queueId', place.queueId, names) });
    case 'ivr':
      return t('destination.toIvr', { name: valueText('ivrMenuId', place.ivrMenuId, names) });
    case 'extension':
      return t('destination.toExtension', { name: valueText('extensionId', place.extensionId, names) });
    case 'announcement':
      return t('destination.toAnnouncement', { name: promptName(place.promptId, names) });
    case 'hang-up':
      return t('destination.hangUp');
  }
}

/** Kind and id of a destination change apart, and mean one thing: the place. */
function withWholePlaces(changes: readonly Change[]): Change[] {
  const parents = new Set(
    changes.flatMap(({ path }) => (path.endsWith('.kind') ? [path.slice(0, -'.kind'.length)] : [])),
  );
  const whole = new Map<string, Change>();
  const result: Change[] = [];
  for (const change of changes) {
    const [, parent = '', leaf = ''] = /^(.*)\.(\w+)$/.exec(change.path) ?? [];
    const isPart = parents.has(parent) && parent.includes('.') && [...placeKeys, 'kind'].includes(leaf);
    if (!isPart) {
      result.push(change);
      continue;
    }
    const known = whole.get(parent) ?? { path: parent };
    if (!whole.has(parent)) result.push(known);
    whole.set(parent, known);
    for (const side of ['before', 'after'] as const) {
      const value = change[side];
      if (value === undefined) continue;
      const kind = placeKinds[leaf];
      const place = (known[side] ?? {}) as object;
      known[side] = kind ? { ...place, kind, [leaf]: value } : { kind: value, ...place };
    }
  }
  return result;
}

function promptName(promptId: string, names: Names): string {
  const own = names[`ownPrompts[${promptId}]`];
  if (own !== undefined) return own;
  return hasText(`prompt.${promptId}`) ? translateCode(`prompt.${promptId}`) : promptId;
}

function languageText(tag: string): string {
  return (languageNames as Record<string, string>)[tag] ?? tag;
}

function shortened(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}
