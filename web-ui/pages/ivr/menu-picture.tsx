/** The tree of a menu as a picture, and as a nested list for whoever does not see it. */
import type { VNode } from 'preact';
import { t } from '../../i18n/translate.ts';
import type { Names } from '../../state/names.ts';
import { type DraftMenu, menuTree, type TreeNode } from './menu-tree.ts';

const box = { width: 168, height: 34, gapX: 46, gapY: 10 };

export function MenuPicture(props: { menu: DraftMenu; menus: readonly DraftMenu[]; names: Names }): VNode {
  const { menu, names } = props;
  const { root, rows, columns } = menuTree(menu, props.menus);
  const label = (node: TreeNode): string =>
    node.destination.kind === 'ivr' && node.destination.ivrMenuId === menu.id
      ? menu.name || t('ivr.thisMenu')
      : names.destination(node.destination);
  const x = (node: TreeNode): number => node.column * (box.width + box.gapX);
  const y = (node: TreeNode): number => node.row * (box.height + box.gapY);
  const all: TreeNode[] = [];
  const collect = (node: TreeNode): void => {
    all.push(node);
    for (const child of node.children) collect(child);
  };
  collect(root);
  const width = columns * (box.width + box.gapX) - box.gapX;
  const height = rows * (box.height + box.gapY) - box.gapY;
  return (
    <div class="stack">
      <div class="menu-picture">
        <svg viewBox={`-1 -1 ${width + 2} ${height + 2}`} width={width} height={height} aria-hidden="true">
          {all.flatMap((node) =>
            node.children.map((child) => {
              const [fromX, fromY] = [x(node) + box.width, y(node) + box.height / 2];
              const [toX, toY] = [x(child), y(child) + box.height / 2];
              const middle = fromX + box.gapX / 3;
              return (
                <g key={child.key}>
                  <path
                    class="menu-edge"
                    d={`M${fromX} ${fromY}C${middle} ${fromY} ${middle} ${toY} ${toX} ${toY}`}
                  />
                  <text class="menu-key" x={toX - 12} y={toY - 5} text-anchor="middle">
                    {child.digit || '…'}
                  </text>
                </g>
              );
            }),
          )}
          {all.map((node) => (
            <g key={node.key}>
              <rect
                class={node.again ? 'menu-box menu-box-again' : 'menu-box'}
                x={x(node)}
                y={y(node)}
                width={box.width}
                height={box.height}
                rx="6"
              />
              <text class="menu-label" x={x(node) + 10} y={y(node) + box.height / 2 + 4}>
                {cut(label(node))}
                <title>{label(node)}</title>
              </text>
            </g>
          ))}
        </svg>
      </div>
      <details>
        <summary>{t('ivr.asList')}</summary>
        <ul class="test-tree">
          <ListNode node={root} label={label} />
        </ul>
      </details>
    </div>
  );
}

/** What fits into a box. */
function cut(text: string): string {
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}

function ListNode({ node, label }: { node: TreeNode; label: (node: TreeNode) => string }): VNode {
  const way =
    node.column === 0 ? '' : node.digit ? t('callTest.digit', { digit: node.digit }) : t('callTest.noChoice');
  return (
    <li>
      {way && <span class="quiet">{way} </span>}
      {label(node)}
      {node.again && <span class="quiet"> {t('callTest.seeAbove')}</span>}
      {node.children.length > 0 && (
        <ul class="test-tree">
          {node.children.map((child) => (
            <ListNode key={child.key} node={child} label={label} />
          ))}
        </ul>
      )}
    </li>
  );
}
