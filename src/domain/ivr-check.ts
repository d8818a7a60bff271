/** What is wrong with a menu as it stands among the others, said before it is saved. Pure. */
import type { Destination, IvrMenu } from './settings.ts';

export type MenuFault =
  /** It has no number, and no number, trunk, queue or menu leads to it. */
  | 'unreachable'
  /** From here callers get to menus only. */
  | 'circle'
  | 'no-keys'
  /** Its greeting is no prompt that exists. */
  | 'greeting-missing'
  /** Who chooses nothing is hung up on. */
  | 'silence-ends'
  /** A key leads to something that was removed. */
  | 'gone';

type Menu = Pick<IvrMenu, 'id' | 'greeting' | 'options' | 'otherwise'> & {
  number?: string | undefined;
  hours?: { closed: Destination } | undefined;
};

export interface MenuSurroundings {
  /** All menus, the one that is checked as it would be saved. */
  menus: readonly Menu[];
  /** Where numbers, trunks and queues lead. */
  entries: readonly Destination[];
  /** Whether a destination exists. */
  exists: (destination: Destination) => boolean;
  /** Undefined while they are not known. */
  promptIds: readonly string[] | undefined;
}

/** The faults of one menu, the worst first. */
export function menuFaults(menuId: string, around: MenuSurroundings): MenuFault[] {
  const menu = around.menus.find(({ id }) => id === menuId);
  if (!menu) return [];
  const faults: MenuFault[] = [];
  if (menu.options.some(({ destination }) => !around.exists(destination)) || !around.exists(menu.otherwise))
    faults.push('gone');
  if (!leadsOut(menu, around.menus)) faults.push('circle');
  if (menu.options.length === 0) faults.push('no-keys');
  if (around.promptIds && !around.promptIds.includes(menu.greeting)) faults.push('greeting-missing');
  const others = around.menus.filter(({ id }) => id !== menuId).flatMap(waysOf);
  const isMeant = (to: Destination): boolean => to.kind === 'ivr' && to.ivrMenuId === menuId;
  if (!menu.number && ![...around.entries, ...others].some(isMeant)) faults.push('unreachable');
  if (menu.otherwise.kind === 'hang-up') faults.push('silence-ends');
  return faults;
}

/** Everywhere a menu leads. */
export function waysOf(menu: Menu): Destination[] {
  const ways = [...menu.options.map(({ destination }) => destination), menu.otherwise];
  return menu.hours ? [...ways, menu.hours.closed] : ways;
}

function leadsOut(from: Menu, menus: readonly Menu[]): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let menu = open.pop(); menu; menu = open.pop()) {
    if (seen.has(menu.id)) continue;
    seen.add(menu.id);
    for (const way of waysOf(menu)) {
      if (way.kind !== 'ivr') return true;
      const next = menus.find(({ id }) => id === way.ivrMenuId);
      if (next) open.push(next);
    }
  }
  return false;
}
