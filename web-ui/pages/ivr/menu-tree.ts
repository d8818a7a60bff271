/** The menus under one menu as a tree, laid out for a picture. A menu met again is a leaf that refers to itself. */
import type { Destination, IvrMenu } from '../../../src/domain/settings.ts';

export type DraftMenu = Pick<IvrMenu, 'id' | 'name' | 'greeting' | 'options' | 'otherwise'>;

export interface TreeNode {
  /** Names the node among all. */
  key: string;
  destination: Destination;
  /** The key that leads here; empty when nothing is chosen. */
  digit: string;
  children: TreeNode[];
  /** Its menu stands elsewhere in the tree. */
  again: boolean;
  /** Column and row of the picture, from 0; rows may be halves. */
  column: number;
  row: number;
}

/** Menus drawn below each other at most this deep. */
const deepest = 4;

export function menuTree(
  root: DraftMenu,
  menus: readonly DraftMenu[],
): { root: TreeNode; rows: number; columns: number } {
  const seen = new Set<string>();
  let rows = 0;
  let columns = 1;
  const place = (destination: Destination, digit: string, key: string, column: number): TreeNode => {
    columns = Math.max(columns, column + 1);
    const menuId = destination.kind === 'ivr' ? destination.ivrMenuId : undefined;
    const menu = menuId === root.id ? root : menus.find(({ id }) => id === menuId);
    const again = menuId !== undefined && seen.has(menuId);
    const node: TreeNode = { key, destination, digit, children: [], again, column, row: 0 };
    if (menu && !again && column < deepest) {
      seen.add(menu.id);
      node.children = [
        ...menu.options.map((option, at) =>
          place(option.destination, option.digit, `${key}.${at}`, column + 1),
        ),
        place(menu.otherwise, '', `${key}.o`, column + 1),
      ];
    }
    const [first, last] = [node.children[0], node.children.at(-1)];
    node.row = first && last ? (first.row + last.row) / 2 : rows++;
    return node;
  };
  const tree = place({ kind: 'ivr', ivrMenuId: root.id }, '', '0', 0);
  return { root: tree, rows, columns };
}
