/** A list of things of one kind: a table on wide screens, one block per row on a phone. */
import type { ComponentChildren, VNode } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { language, t } from '../i18n/translate.ts';
import { Icon } from './icon.tsx';
import { held, matching, type Order, type SortValue, sorted } from './table-rows.ts';

export interface Column<Row> {
  key: string;
  label: string;
  cell: (row: Row) => ComponentChildren;
  /** Figures are set to the right. */
  numeric?: boolean;
  /** Left out where an opened item leaves little room. */
  extra?: boolean;
  /** What the column is sorted by when its heading is pressed; without it the heading is plain. */
  sort?: (row: Row) => SortValue;
}

function cellClass<Row>(column: Column<Row>): string {
  return [column.numeric && 'num', column.extra && 'cell-extra'].filter(Boolean).join(' ');
}

/** What a cell says in plain words; undefined for one that is drawn. */
export function plainCell<Row>(column: Column<Row>, row: Row): string | number | undefined {
  const cell = column.cell(row);
  return typeof cell === 'string' || typeof cell === 'number' ? cell : undefined;
}

function withPlainSort<Row>(column: Column<Row>, rows: readonly Row[]): Column<Row> {
  if (column.sort || column.label === '') return column;
  const plain = rows.every((row) => plainCell(column, row) !== undefined);
  return plain ? { ...column, sort: (row) => plainCell(column, row) } : column;
}

/** From how many rows on the filter field is worth its space. */
const filterFrom = 8;

/**
 * Keyboard: the arrows, Home and End go from row to row, Enter opens. `search` gives the text that the filter field
 * looks in. While the pointer or the focus is in a `live` table its rows keep their order.
 */
export function Table<Row>(props: {
  label: string;
  columns: Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Where a row leads; the first column becomes the link. */
  href?: (row: Row) => string;
  currentKey?: string | undefined;
  search?: (row: Row) => string;
  /** Every column whose cells are plain texts or numbers can be sorted by them. */
  sortable?: boolean;
  order?: Order;
  live?: boolean;
}): VNode {
  const { route } = useLocation();
  const [words, setWords] = useState('');
  const [order, setOrder] = useState<Order | undefined>(props.order);
  const [touched, setTouched] = useState(false);
  const lastOrder = useRef<string[]>([]);
  const body = useRef<HTMLTableSectionElement>(null);

  const columns = props.sortable
    ? props.columns.map((each) => withPlainSort(each, props.rows))
    : props.columns;
  const column = columns.find((each) => each.key === order?.key);
  let rows = props.search ? matching(props.rows, words, props.search) : props.rows;
  if (order && column?.sort) rows = sorted(rows, column.sort, order.down, language.value);
  if (props.live && touched) rows = held(rows, lastOrder.current, props.rowKey);
  lastOrder.current = rows.map(props.rowKey);

  const open = (event: MouseEvent, href: string): void => {
    const target = event.target as HTMLElement;
    if (target.closest('a, button, input, select, audio, label')) return;
    if (getSelection()?.toString()) return;
    route(href);
  };
  // One stop for the tab key: the row that is open, else the first.
  const stop = rows.some((row) => props.rowKey(row) === props.currentKey)
    ? props.currentKey
    : rows[0] && props.rowKey(rows[0]);
  const find = props.search && (props.rows.length >= filterFrom || words !== '');

  return (
    <div class="stack">
      {find && <FilterField label={props.label} words={words} onInput={setWords} />}
      {find && words !== '' && (
        <p class="quiet" role="status">
          {t('table.shown', { count: rows.length, all: props.rows.length })}
        </p>
      )}
      <div
        class="table-wrap"
        onPointerEnter={() => setTouched(true)}
        onPointerLeave={(event) => setTouched(event.currentTarget.contains(document.activeElement))}
        onFocusIn={() => setTouched(true)}
        onFocusOut={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setTouched(false);
        }}
      >
        <table class="table" aria-label={props.label}>
          <thead>
            <tr>
              {columns.map((each) => (
                <Heading key={each.key} column={each} order={order} onOrder={setOrder} />
              ))}
            </tr>
          </thead>
          <tbody
            ref={body}
            onKeyDown={(event) => {
              if (props.href) walkRows(event, body.current);
            }}
          >
            {rows.map((row) => {
              const key = props.rowKey(row);
              const href = props.href?.(row);
              return (
                <tr
                  key={key}
                  data-href={href}
                  aria-current={key === props.currentKey ? 'true' : undefined}
                  onClick={href ? (event) => open(event, href) : undefined}
                >
                  {props.columns.map((each, index) => (
                    <td key={each.key} class={cellClass(each)} data-label={each.label}>
                      {index === 0 && href ? (
                        <a class="row-link" href={href} tabIndex={key === stop ? 0 : -1}>
                          {each.cell(row)}
                        </a>
                      ) : (
                        each.cell(row)
                      )}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </div>
  );
}

/** The arrows move the focus between the links of the rows. */
function walkRows(event: KeyboardEvent, body: HTMLElement | null): void {
  const links = [...(body?.querySelectorAll<HTMLElement>('.row-link') ?? [])];
  const here = links.indexOf(event.target as HTMLElement);
  if (here < 0) return;
  const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: links.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  links[next]?.focus();
}

function Heading<Row>(props: {
  column: Column<Row>;
  order: Order | undefined;
  onOrder: (order: Order | undefined) => void;
}): VNode {
  const { column, order } = props;
  if (!column.sort)
    return (
      <th scope="col" class={cellClass(column)}>
        {column.label === '' ? <span class="sr-only">{t('table.actions')}</span> : column.label}
      </th>
    );
  const mine = order?.key === column.key;
  // Up, down, and back to the order the list came in.
  const next = !mine ? { key: column.key, down: false } : order.down ? undefined : { ...order, down: true };
  return (
    <th
      scope="col"
      class={cellClass(column)}
      aria-sort={mine ? (order.down ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" class={`sort ${mine ? 'sort-on' : ''}`} onClick={() => props.onOrder(next)}>
        {column.label}
        <Icon name={mine ? (order.down ? 'sortDown' : 'sortUp') : 'sortNone'} />
      </button>
    </th>
  );
}

/** Narrows a list by words; Escape empties it. */
export function FilterField(props: {
  label: string;
  words: string;
  onInput: (words: string) => void;
}): VNode {
  const id = useId();
  return (
    <div class="filter">
      <span class="filter-icon">
        <Icon name="search" />
      </span>
      <label class="sr-only" for={id}>
        {t('table.filter', { list: props.label })}
      </label>
      <input
        id={id}
        class="input"
        type="search"
        autocomplete="off"
        spellcheck={false}
        placeholder={t('table.filterHint')}
        value={props.words}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || props.words === '') return;
          event.stopPropagation();
          event.preventDefault();
          props.onInput('');
        }}
      />
    </div>
  );
}
