/**
 * A call as one horizontal line: what it went through, each part as long as it took, with a mark where something was
 * decided. The arrows go from part to part; what is pointed at or focused is told in full under the line.
 */
import type { ComponentChildren, VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Stretch } from '../../../src/domain/call-course.ts';
import { traceText } from '../../i18n/reasons.ts';
import { t, translateCode } from '../../i18n/translate.ts';
import type { Names } from '../../state/names.ts';
import { formatDuration, formatPrecise } from '../time.tsx';
import { type Axis, placeOn } from './stretches.ts';

export interface TimelineNote {
  at: number;
  code: string;
  params: Record<string, string | number>;
}

/** What was spent with whom: "Waiting, Sales". */
export function stretchText(stretch: Stretch, names: Names): string {
  const word = translateCode(`stretch.${stretch.kind}`);
  const name =
    stretch.kind === 'ivr'
      ? names.menu(stretch.id)
      : stretch.kind === 'waiting'
        ? names.queue(stretch.id)
        : names.agent(stretch.id);
  return name ? `${word}, ${name}` : word;
}

export function Timeline(props: {
  stretches: readonly Stretch[];
  notes: readonly TimelineNote[];
  names: Names;
  axis: Axis;
  now: number;
  /** Where the recording is being heard. */
  cursor?: number | undefined;
  /** A moment was chosen; without it the line only tells. */
  onSeek?: ((at: number) => void) | undefined;
  /** What stands under the line on the same axis: the waveform. */
  children?: ComponentChildren;
}): VNode | null {
  const { stretches, notes, names, axis, now } = props;
  const [shown, setShown] = useState<number>();
  const list = useRef<HTMLOListElement>(null);
  if (stretches.length === 0) return null;
  const current = Math.min(shown ?? 0, stretches.length - 1);
  const times = (stretch: Stretch): string =>
    t('timeline.fromTo', {
      from: formatPrecise(stretch.from),
      to: stretch.to === undefined ? t('timeline.now') : formatPrecise(stretch.to),
      duration: formatDuration((stretch.to ?? now) - stretch.from),
    });
  const move = (event: KeyboardEvent): void => {
    const next = { ArrowRight: current + 1, ArrowLeft: current - 1, Home: 0, End: stretches.length - 1 }[
      event.key
    ];
    if (next === undefined || next < 0 || next >= stretches.length) return;
    event.preventDefault();
    setShown(next);
    list.current?.querySelectorAll('button')[next]?.focus();
  };
  const told = shown === undefined ? undefined : stretches[shown];
  return (
    <div class="course">
      <ol class="course-line" ref={list} aria-label={t('call.timeline')} onKeyDown={move}>
        {stretches.map((stretch, index) => {
          const left = placeOn(axis, stretch.from);
          const width = placeOn(axis, stretch.to ?? now) - left;
          if (width <= 0) return null;
          const text = stretchText(stretch, names);
          return (
            <li key={`${stretch.kind} ${stretch.from}`} style={{ left: `${left}%`, width: `${width}%` }}>
              <button
                type="button"
                class={`course-part course-${stretch.kind}`}
                tabIndex={index === current ? 0 : -1}
                onFocus={() => setShown(index)}
                onMouseEnter={() => setShown(index)}
                onClick={(event) => props.onSeek?.(pointedAt(event, axis) ?? stretch.from)}
              >
                <span>{translateCode(`stretch.${stretch.kind}`)}</span>
                <span class="course-time">{formatDuration((stretch.to ?? now) - stretch.from)}</span>
                <span class="sr-only">
                  {text}, {times(stretch)}
                </span>
              </button>
            </li>
          );
        })}
        {props.cursor !== undefined && (
          <li class="course-cursor" aria-hidden="true" style={{ left: `${placeOn(axis, props.cursor)}%` }} />
        )}
      </ol>
      <div class="course-notes" aria-hidden="true">
        {notes.map((each, index) => (
          <span
            key={`${index}`}
            class="course-note"
            style={{ left: `${placeOn(axis, each.at)}%` }}
            title={`${formatPrecise(each.at)} ${traceText(each.code, each.params)}`}
          />
        ))}
      </div>
      {props.children}
      <div class="course-ends quiet">
        <span>{formatPrecise(axis.from)}</span>
        <span class="course-told" aria-hidden="true">
          {told ? `${stretchText(told, names)} · ${times(told)}` : ''}
        </span>
        <span>{formatPrecise(axis.to)}</span>
      </div>
    </div>
  );
}

/** The moment under the pointer; undefined for a press by key. */
function pointedAt(event: MouseEvent, axis: Axis): number | undefined {
  const line = (event.currentTarget as HTMLElement).closest('ol')?.getBoundingClientRect();
  if (!line || event.detail === 0) return undefined;
  return axis.from + ((event.clientX - line.left) / line.width) * (axis.to - axis.from);
}
