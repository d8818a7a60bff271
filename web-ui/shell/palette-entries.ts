/** Everything that the palette finds without asking the box, for the role that sits here. */
import type { IconName } from '../components/icon.tsx';
import { type Key, t } from '../i18n/translate.ts';
import { live } from '../state/live.ts';
import { useList } from '../state/load.ts';
import { isAdmin } from '../state/session.ts';
import { chooseTheme, theme } from '../state/theme.ts';
import { myPlaces } from './my-places.ts';
import { foldRail } from './rail.tsx';
import type { Findable } from './ranking.ts';
import { settingIndex } from './setting-index.ts';

export interface Entry extends Findable {
  id: string;
  /** Its kind or where it is, beside the text. */
  note: string;
  icon: IconName;
  /** Where it leads, or what it does. */
  to: string | (() => void);
}

const word = (key: Key): string => t(key as 'place.live');

function pageEntries(): Entry[] {
  return myPlaces.value.flatMap((place) =>
    place.pages.map((page) => ({
      id: `page ${page.path}`,
      text: word(page.key),
      note: place.pages.length > 1 ? word(place.key) : t('palette.page'),
      also: `${word(place.key)} ${page.path}`,
      icon: place.icon,
      to: page.path,
    })),
  );
}

function settingEntries(): Entry[] {
  const pages = myPlaces.value.flatMap((place) => place.pages);
  return settingIndex.flatMap(([path, labels]) => {
    const page = pages.find((each) => each.path === path);
    if (!page) return [];
    return labels.map((key) => ({
      id: `setting ${key}`,
      text: word(key),
      note: t('palette.settingIn', { page: word(page.key) }),
      icon: 'setting' as const,
      to: path,
    }));
  });
}

/** What can be done from anywhere. */
function actionEntries(): Entry[] {
  const adds: [path: string, key: Key][] = [
    ['/extensions/new', 'extension.add'],
    ['/agents/new', 'agent.add'],
    ['/queues/new', 'queue.add'],
    ['/ivr/new', 'ivr.add'],
    ['/trunks/new', 'trunk.add'],
    ['/numbers/new', 'number.add'],
    ['/users/new', 'user.add'],
  ];
  const dark = theme.value === 'dark';
  return [
    ...(isAdmin.value ? adds : []).map(([to, key]) => ({
      id: `add ${to}`,
      text: word(key),
      note: t('palette.action'),
      icon: 'add' as const,
      to,
    })),
    {
      id: 'theme',
      text: dark ? t('palette.light') : t('palette.dark'),
      note: t('palette.action'),
      icon: 'setting',
      to: () => chooseTheme(dark ? 'light' : 'dark'),
    },
    { id: 'fold', text: t('palette.fold'), note: t('palette.action'), icon: 'collapse', to: foldRail },
  ];
}

/** Calls of this moment, by who calls whom. */
function callEntries(): Entry[] {
  return (live.value?.calls ?? []).map((call) => ({
    id: `call ${call.callId}`,
    text: `${call.fromName ? `${call.fromName} ` : ''}${call.from} → ${call.to}`,
    note: t('palette.callNow'),
    also: call.callId,
    icon: 'calls',
    to: `/calls/${encodeURIComponent(call.callId)}`,
  }));
}

/** Things of the settings; empty for those who may not see them. */
function useThings(): Entry[] {
  const entries: Entry[] = [];
  const add =
    (kind: string, icon: IconName, base: string, key: Key) =>
    (id: string, text: string, also = '') =>
      entries.push({ id: `${kind} ${id}`, text, note: word(key), also, icon, to: `${base}/${id}` });
  const extension = add('extension', 'extension', '/extensions', 'palette.extension');
  for (const each of useList('listExtensions').list?.items ?? [])
    extension(each.id, `${each.number} ${each.name}`, each.id);
  const agent = add('agent', 'user', '/agents', 'palette.agent');
  for (const each of useList('listAgents').list?.items ?? []) agent(each.id, each.name);
  const queue = add('queue', 'queues', '/queues', 'palette.queue');
  for (const each of useList('listQueues').list?.items ?? []) queue(each.id, each.name, each.number);
  const menu = add('menu', 'queues', '/ivr', 'palette.menu');
  for (const each of useList('listIvrMenus').list?.items ?? []) menu(each.id, each.name, each.number);
  const trunk = add('trunk', 'lines', '/trunks', 'palette.trunk');
  for (const each of useList('listTrunks').list?.items ?? []) trunk(each.id, each.name, each.host);
  const number = add('number', 'number', '/numbers', 'palette.number');
  for (const each of useList('listNumbers').list?.items ?? []) number(each.id, each.number);
  const login = add('user', 'lock', '/users', 'palette.user');
  for (const each of useList('listUsers').list?.items ?? []) login(each.id, each.name);
  return entries;
}

export function useEntries(): Entry[] {
  const things = useThings();
  return [...pageEntries(), ...things, ...callEntries(), ...actionEntries(), ...settingEntries()];
}
