/** Both parties of a recording as two lanes, and the place that is heard; a click or the arrows go to another. */
import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Peaks } from '../../../src/api/contract.ts';
import { t } from '../../i18n/translate.ts';
import { formatDuration } from '../time.tsx';
import { type Playback, stepMs } from './playback.ts';

const laneHeight = 100;

/** One lane as a closed outline: louder is wider. */
function outline(base64: string): string {
  const peaks = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const half = laneHeight / 2;
  const point = (index: number, sign: number): string =>
    `${index} ${(half + sign * Math.max(1, ((peaks[index] ?? 0) / 255) * half)).toFixed(1)}`;
  const there = Array.from(peaks, (_, index) => point(index, -1));
  const back = Array.from(peaks, (_, index) => point(peaks.length - 1 - index, 1));
  return `M${[...there, ...back].join('L')}Z`;
}

export function Waveform(props: { peaks: Peaks | undefined; playback: Playback; label: string }): VNode {
  const { peaks, playback } = props;
  const lanes = useMemo(
    () => (peaks ? ([peaks.left, peaks.right] as const).map((lane) => outline(lane)) : ['', '']),
    [peaks],
  );
  const width = Math.max(1, Math.ceil((peaks?.durationMs ?? 1) / (peaks?.stepMs ?? 1)));
  const { durationMs } = playback;
  const percent = (ms: number): number => (100 * ms) / Math.max(1, durationMs);
  const keys = (event: KeyboardEvent): void => {
    const at = playback.positionMs.value;
    const to = {
      ArrowRight: at + stepMs,
      ArrowLeft: at - stepMs,
      ArrowUp: at + stepMs,
      ArrowDown: at - stepMs,
      PageUp: at + 6 * stepMs,
      PageDown: at - 6 * stepMs,
      Home: 0,
      End: durationMs,
    }[event.key];
    if (to !== undefined) playback.seek(to);
    else if (event.key === ' ' || event.key === 'k') playback.toggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const point = (event: PointerEvent): void => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    playback.seek(((event.clientX - box.left) / box.width) * durationMs);
  };
  return (
    <div
      class="wave"
      role="slider"
      tabIndex={0}
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={Math.round(durationMs / 1000)}
      aria-valuenow={Math.round(playback.positionMs.value / 1000)}
      aria-valuetext={t('player.positionOf', {
        position: formatDuration(playback.positionMs.value),
        duration: formatDuration(durationMs),
      })}
      onKeyDown={keys}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
        point(event);
      }}
      onPointerMove={(event) => {
        if ((event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) point(event);
      }}
    >
      {playback.skipping.value &&
        peaks?.silences.map(([from, to]) => (
          <span
            key={from}
            class="wave-silence"
            style={{ left: `${percent(from)}%`, width: `${percent(to - from)}%` }}
          />
        ))}
      {lanes.map((lane, side) => (
        <svg
          key={side === 0 ? 'caller' : 'agent'}
          class={`wave-lane ${playback.muted.value[side] ? 'wave-muted' : ''}`}
          viewBox={`0 0 ${width} ${laneHeight}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <path d={lane} fill="currentColor" />
        </svg>
      ))}
      <span class="wave-cursor" style={{ left: `${percent(playback.positionMs.value)}%` }} />
    </div>
  );
}
