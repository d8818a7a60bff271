/** A report as a table: a row for each group, the total below; what a column means is said as it is pointed at. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { type FigureId, figureIds, figures } from '../../../src/domain/metrics/figures.ts';
import {
  amountText,
  type FigureValue,
  type FigureValues,
  figureName,
  figureText,
  formulaText,
  numbersText,
} from '../../components/figure-text.ts';
import { Icon } from '../../components/icon.tsx';
import { sorted } from '../../components/table-rows.ts';
import { language, t } from '../../i18n/translate.ts';
import { callsBehind, usualColumns } from './columns.ts';
import { callsHref, type ReportQuery } from './report-query.ts';

type Report = EndpointResponse<'report'>;

interface Order {
  id: FigureId;
  down: boolean;
}

export function ReportTable(props: {
  report: Report;
  query: ReportQuery;
  label: string;
  nameOf: (key: string) => string;
}): VNode {
  const { report, query, nameOf } = props;
  const [showsAll, setShowsAll] = useState(false);
  const [order, setOrder] = useState<Order>();
  const [pointed, setPointed] = useState<{ id: FigureId; row: string | undefined }>();
  const known = figureIds.filter((id) => report.rows.some((row) => row.figures[id]) || report.total[id]);
  const usual = usualColumns(query.by, report.serviceLevel).filter((id) => known.includes(id));
  const columns = showsAll ? known : usual;
  const rows = order
    ? sorted(report.rows, (row) => row.figures[order.id]?.value ?? undefined, order.down, language.value)
    : report.rows;
  const before = new Map(report.before?.rows.map((row) => [row.key, row.figures]));
  const isOfTime = query.by === 'day'; // other rows have no counterpart by day
  const cell = (id: FigureId, values: FigureValues, old: FigureValues | undefined, row?: string): VNode => (
    <td
      key={id}
      class="num"
      data-label={figureName(id)}
      onPointerEnter={() => setPointed({ id, row })}
      onFocusIn={() => setPointed({ id, row })}
    >
      <Cell id={id} figure={values[id]} href={hrefOf(id, report, query, row)} />
      {old && <Change id={id} figure={values[id]} before={old[id]} />}
    </td>
  );
  const explained = pointed && {
    ...pointed,
    figure:
      (pointed.row === undefined ? undefined : report.rows.find(({ key }) => key === pointed.row)?.figures) ??
      report.total,
  };
  return (
    <div class="stack">
      <div class="table-wrap report-wrap">
        <table class="table report-table" aria-label={props.label}>
          <thead>
            <tr>
              <th scope="col">{props.label}</th>
              {columns.map((id) => (
                <th key={id} scope="col" class="num" aria-sort={sortOf(order, id)}>
                  <button
                    type="button"
                    class={`sort ${order?.id === id ? 'sort-on' : ''}`}
                    title={formulaText(id, report, queueOf(query, undefined))}
                    onClick={() => setOrder(nextOrder(order, id))}
                    onFocus={() => setPointed({ id, row: undefined })}
                    onPointerEnter={() => setPointed({ id, row: undefined })}
                  >
                    {figureName(id)}
                    <Icon name={order?.id !== id ? 'sortNone' : order.down ? 'sortDown' : 'sortUp'} />
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key, figures: values }) => (
              <tr key={key}>
                <th scope="row">
                  <RowName href={rowHref(report, query, key)}>{nameOf(key)}</RowName>
                </th>
                {columns.map((id) => cell(id, values, isOfTime ? undefined : before.get(key), key))}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('figures.total')}</th>
              {columns.map((id) => cell(id, report.total, report.before?.total))}
            </tr>
          </tfoot>
        </table>
      </div>
      <p class="report-explained quiet">
        {explained ? (
          <>
            <strong>{figureName(explained.id)}</strong> ={' '}
            {[
              formulaText(explained.id, report, queueOf(query, explained.row)),
              numbersText(explained.id, explained.figure[explained.id]),
            ]
              .filter((text) => text !== '')
              .join(' · ')}
          </>
        ) : (
          t('figures.pointAt')
        )}
      </p>
      {known.length > usual.length && (
        <div class="actions report-more">
          <button
            type="button"
            class="button button-small"
            aria-expanded={showsAll}
            onClick={() => setShowsAll(!showsAll)}
          >
            {showsAll ? t('figures.usual') : t('figures.all', { count: known.length })}
          </button>
        </div>
      )}
    </div>
  );
}

function RowName({ href, children }: { href: string | undefined; children: string }): VNode {
  return href === undefined ? <span>{children}</span> : <a href={href}>{children}</a>;
}

function Cell(props: { id: FigureId; figure: FigureValue | undefined; href: string | undefined }): VNode {
  const text = figureText(props.id, props.figure);
  if (text === undefined) return <span class="quiet">–</span>;
  if (props.href === undefined || !props.figure?.value) return <span>{text}</span>;
  return <a href={props.href}>{text}</a>;
}

/** What differs from the period before, with its sign. */
export function Change(props: {
  id: FigureId;
  figure: FigureValue | undefined;
  before: FigureValue | undefined;
}): VNode | null {
  const [now, then] = [props.figure?.value ?? null, props.before?.value ?? null];
  if (now === null || then === null) return null;
  return <span class="report-change">{changeText(props.id, now - then)}</span>;
}

/** `+3`, `−0:12`, `+4.5 %` (points, for shares), `±0`. */
export function changeText(id: FigureId, change: number): string {
  const unit = figures[id].unit;
  const amount = amountText(Math.abs(change), unit);
  if (amount === amountText(0, unit)) return `±${amountText(0, unit)}`;
  return `${change > 0 ? '+' : '−'}${amount}`;
}

function sortOf(order: Order | undefined, id: FigureId): 'ascending' | 'descending' | undefined {
  if (order?.id !== id) return undefined;
  return order.down ? 'descending' : 'ascending';
}

/** The largest first, then the smallest, then as they came. */
function nextOrder(order: Order | undefined, id: FigureId): Order | undefined {
  if (order?.id !== id) return { id, down: true };
  return order.down ? { id, down: false } : undefined;
}

function queueOf(query: ReportQuery, row: string | undefined): string | undefined {
  return query.by === 'queue' && row !== undefined ? row : query.queueId;
}

/** Hours and weekdays are no filter of the calls list. */
function rowHref(report: Report, query: ReportQuery, row: string): string | undefined {
  return query.by === 'hour' || query.by === 'weekday' ? undefined : callsHref(query, report, row);
}

function hrefOf(
  id: FigureId,
  report: Report,
  query: ReportQuery,
  row: string | undefined,
): string | undefined {
  const filters = callsBehind[id];
  if (!filters || (row !== undefined && rowHref(report, query, row) === undefined)) return undefined;
  return callsHref(query, report, row, filters);
}
