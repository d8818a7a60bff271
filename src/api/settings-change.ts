/** Common steps of every change to the settings document. */
import { CordboardError } from '../base/errors.ts';
import { randomId } from '../base/ids.ts';
import { type ButtonAct, itemOf, type LampFact } from '../domain/settings/lamps.ts';
import type { Hours } from '../domain/settings/schedules.ts';
import { type Destination, type Settings, settingsSchema } from '../domain/settings.ts';
import { fieldErrors, invalidRequest } from './problem.ts';

/** Lists of the document whose items have an id. */
export type Section =
  | 'extensions'
  | 'agents'
  | 'queues'
  | 'ivrMenus'
  | 'trunks'
  | 'numbers'
  | 'users'
  | 'wallboards'
  | 'schedules'
  | 'campaigns';

/**
 * The document if it is sound.
 * @param base path of the part that the request is about; faults in it get paths relative to the request
 * @throws CordboardError request.invalid with every fault
 */
export function validated(settings: Settings, base: readonly PropertyKey[] = []): Settings {
  const result = settingsSchema.safeParse(settings);
  if (!result.success) throw invalidRequest(fieldErrors(result.error.issues, base));
  const names = new Set<string>();
  result.data.users.forEach((user, i) => {
    const name = user.name.toLowerCase();
    if (names.has(name)) {
      const issue = { path: ['users', i, 'name'], message: `the name ${user.name} is already taken` };
      throw invalidRequest(fieldErrors([issue], base));
    }
    names.add(name);
  });
  return result.data;
}

/** An id made of a name (`Front desk` -> `front-desk`), unlike those in `taken`. */
export function itemIdOf(name: string, taken: readonly { id: string }[]): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 30)
    .replace(/-+$/, '');
  const isTaken = (id: string): boolean => taken.some((item) => item.id === id);
  if (slug === '') return randomId(8);
  let id = slug;
  for (let n = 2; isTaken(id); n++) id = `${slug}-${n}`;
  return id;
}

export interface Use {
  kind: string;
  id: string;
  name: string;
}

/** What refers to an item, so that it cannot be removed. */
export function usesOf(settings: Settings, section: Section, id: string): Use[] {
  const uses: Use[] = [];
  const use = (kind: string, item: { id: string; name?: string; number?: string | undefined }): void => {
    if (!uses.some((u) => u.kind === kind && u.id === item.id))
      uses.push({ kind, id: item.id, name: item.name ?? item.number ?? item.id });
  };
  const leadsHere = (destination: Destination): boolean =>
    (section === 'queues' && destination.kind === 'queue' && destination.queueId === id) ||
    (section === 'ivrMenus' && destination.kind === 'ivr' && destination.ivrMenuId === id) ||
    (section === 'extensions' && destination.kind === 'extension' && destination.extensionId === id);

  const closedHere = (hours: Hours | undefined): boolean =>
    hours !== undefined && (leadsHere(hours.closed) || (section === 'schedules' && hours.scheduleId === id));

  for (const agent of settings.agents)
    if (section === 'extensions' && agent.extensionId === id) use('agent', agent);
  for (const queue of settings.queues) {
    const itself = section === 'queues' && queue.id === id;
    if (!itself && leadsHere(queue.overflow)) use('queue', queue);
    if (section === 'agents' && queue.agentIds.includes(id)) use('queue', queue);
  }
  for (const menu of settings.ivrMenus) {
    const itself = section === 'ivrMenus' && menu.id === id;
    const destinations = [...menu.options.map((o) => o.destination), menu.otherwise];
    if (!itself && (destinations.some(leadsHere) || closedHere(menu.hours))) use('ivr-menu', menu);
  }
  for (const trunk of settings.trunks)
    if (leadsHere(trunk.inbound) || closedHere(trunk.hours)) use('trunk', trunk);
  for (const number of settings.numbers)
    if (leadsHere(number.destination) || closedHere(number.hours)) use('number', number);
  for (const user of settings.users) if (section === 'agents' && user.agentId === id) use('user', user);
  for (const wall of settings.wallboards) {
    const named = wall.queueIds.includes(id) || wall.tiles.some((tile) => tile.queueId === id);
    if (section === 'queues' && named) use('wallboard', wall);
  }
  for (const campaign of settings.campaigns) {
    if (section === 'agents' && campaign.agentIds.includes(id)) use('campaign', campaign);
    if (section === 'queues' && campaign.queueId === id) use('campaign', campaign);
    if (section === 'trunks' && campaign.trunkIds.includes(id)) use('campaign', campaign);
  }
  const isIt = (thing: LampFact | ButtonAct): boolean => {
    const item = itemOf(thing);
    return item?.section === section && item.id === id;
  };
  for (const { lamp, shows, also } of settings.panel.lamps)
    if ([shows, ...also].some(isIt)) use('lamp', { id: String(lamp), name: `lamp ${lamp}` });
  for (const { button, does } of settings.panel.buttons)
    if (isIt(does)) use('button', { id: String(button), name: `button ${button + 1}` });
  return uses;
}

/** @throws CordboardError in-use naming every user of the item */
export function refuseInUse(settings: Settings, section: Section, id: string): void {
  const usedBy = usesOf(settings, section, id);
  if (usedBy.length === 0) return;
  const names = usedBy.map((u) => `${u.kind} ${u.name}`).join(', ');
  throw new CordboardError('in-use', `Still used by ${names}. Change that first.`, { details: { usedBy } });
}
