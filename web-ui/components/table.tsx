/** A list of things of one kind: a table on wide screens, one block per row on a phone. */
import type { ComponentChildren, VNode } from 'preact';
import { useLocation } from 'preact-iso/router';

export interface Column<Row> {
  key: string;
  label: string;
  cell: (row: Row) => ComponentChildren;
  /** Figures are set to the right. */
  numeric?: boolean;
  /** Left out where an opened item leaves little room. */
  extra?: boolean;
}

function cellClass<Row>(column: Column<Row>): string {
  return [column.numeric && 'num', column.extra && 'cell-extra'].filter(Boolean).join(' ');
}

export function Table<Row>(props: {
  label: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Where a row leads; the first column becomes the link. */
  href?: (row: Row) => string;
  currentKey?: string | undefined;
}): VNode {
  const { route } = useLocation();
  const open = (event: MouseEvent, href: string): void => {
    const target = event.target as HTMLElement;
    if (target.closest('a, button, input, select, audio, label')) return;
    if (getSelection()?.toString()) return;
    route(href);
  };
  return (
    <div class="table-wrap">
      <table class="table" aria-label={props.label}>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th key={column.key} scope="col" class={cellClass(column)}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => {
            const key = props.rowKey(row);
            const href = props.href?.(row);
            return (
              <tr
                key={key}
                data-href={href}
                aria-current={key === props.currentKey ? 'true' : undefined}
                onClick={href ? (event) => open(event, href) : undefined}
              >
                {props.columns.map((column, index) => (
                  <td key={column.key} class={cellClass(column)} data-label={column.label}>
                    {index === 0 && href ? <a href={href}>{column.cell(row)}</a> : column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
