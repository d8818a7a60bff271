import { expect, it } from 'vitest';
import { type MenuSurroundings, menuFaults } from '../../../src/domain/ivr-check.ts';
import type { Destination } from '../../../src/domain/settings.ts';

const to = (ivrMenuId: string): Destination => ({ kind: 'ivr', ivrMenuId });
const hangUp: Destination = { kind: 'hang-up' };
const sales: Destination = { kind: 'queue', queueId: 'sales' };
const menu = (id: string, keys: Destination[], otherwise: Destination = sales) => ({
  id,
  greeting: 'greeting',
  options: keys.map((destination, at) => ({ digit: String(at + 1), destination })),
  otherwise,
});
const around = (change: Partial<MenuSurroundings>): MenuSurroundings => ({
  menus: [],
  entries: [to('a')],
  exists: () => true,
  promptIds: ['greeting'],
  ...change,
});

it.each<[string, Partial<MenuSurroundings>, string[]]>([
  ['in order', { menus: [menu('a', [sales])] }, []],
  ['without a way in', { menus: [menu('a', [sales])], entries: [] }, ['unreachable']],
  ['reached from another menu only', { menus: [menu('a', [sales]), menu('b', [to('a')])], entries: [] }, []],
  ['that leads to itself only', { menus: [menu('a', [to('a')], to('a'))] }, ['circle']],
  [
    'in a circle of two',
    { menus: [menu('a', [to('b')], to('b')), menu('b', [to('a')], to('a'))] },
    ['circle'],
  ],
  ['with a way out in the next', { menus: [menu('a', [to('b')], to('b')), menu('b', [to('a')])] }, []],
  ['without keys', { menus: [menu('a', [])] }, ['no-keys']],
  ['with a greeting that is gone', { menus: [menu('a', [sales])], promptIds: [] }, ['greeting-missing']],
  ['while the prompts are not known', { menus: [menu('a', [sales])], promptIds: undefined }, []],
  ['that hangs up on silence', { menus: [menu('a', [sales], hangUp)] }, ['silence-ends']],
  ['with a key to nowhere', { menus: [menu('a', [sales])], exists: () => false }, ['gone']],
])('a menu %s has these faults', (_, change, faults) => {
  expect(menuFaults('a', around(change))).toEqual(faults);
});
