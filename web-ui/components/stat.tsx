/** Figures that are the content: big, tabular, with their course and, on hover or focus, how they are computed. */
import type { ComponentChildren, VNode } from 'preact';
import { useId, useState } from 'preact/hooks';

export interface StatProps {
  label: string;
  /** The figure as it is read: "87 %", "0:42". Undefined: not known, shown as a dash. */
  value: ComponentChildren;
  /** Under the figure, quiet: what it is compared with, its unit, its window. */
  note?: ComponentChildren;
  /** How it is computed, and over which time; shown on hover and focus. */
  formula?: string | undefined;
  /** Its course, oldest first; undefined where nothing was measured. */
  course?: readonly (number | undefined)[];
  /** Over a threshold: an amber frame, never colour alone (say it in `note`). */
  over?: boolean;
  href?: string;
}

/** One tile; `Stats` lays several out. */
export function Stat(props: StatProps): VNode {
  const id = useId();
  const [shown, setShown] = useState(false);
  const formula = props.formula;
  const label = props.href ? <a href={props.href}>{props.label}</a> : props.label;
  return (
    <div
      class={`stat ${props.over ? 'stat-over' : ''}`}
      onPointerEnter={() => setShown(true)}
      onPointerLeave={() => setShown(false)}
    >
      <dt>{label}</dt>
      <dd>
        {formula ? (
          <button
            type="button"
            class="figure stat-figure"
            aria-describedby={shown ? id : undefined}
            onFocus={() => setShown(true)}
            onBlur={() => setShown(false)}
            onClick={() => setShown(true)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || !shown) return;
              event.stopPropagation();
              setShown(false);
            }}
          >
            {props.value ?? '–'}
          </button>
        ) : (
          <span class="figure">{props.value ?? '–'}</span>
        )}
        {props.course && <Sparkline values={props.course} />}
        {props.note && <span class="stat-note">{props.note}</span>}
        {formula && shown && (
          <span class="tip" role="tooltip" id={id}>
            {formula}
          </span>
        )}
      </dd>
    </div>
  );
}

export function Stats({ children }: { children: ComponentChildren }): VNode {
  return <dl class="stats">{children}</dl>;
}

/** Points of a line through the values in a box of 100 by 24; a gap where a value is missing. */
export function sparkPath(values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return '';
  const low = Math.min(0, ...known);
  const span = Math.max(...known) - low || 1;
  const step = values.length > 1 ? 100 / (values.length - 1) : 0;
  let pen = 'M';
  let path = '';
  values.forEach((value, index) => {
    if (value === undefined) {
      pen = 'M';
      return;
    }
    path += `${pen}${(index * step).toFixed(1)} ${(23 - ((value - low) / span) * 22).toFixed(1)}`;
    pen = 'L';
  });
  return path;
}

/** The course of a figure without axes; the figure beside it says the value, so it is hidden from readers. */
export function Sparkline({ values }: { values: readonly (number | undefined)[] }): VNode {
  return (
    <svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      <path d={sparkPath(values)} />
    </svg>
  );
}
