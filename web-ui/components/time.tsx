/** Times and durations as people read them: local, tabular, ticking by themselves. */
import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { language } from '../i18n/translate.ts';

/** Difference between the box's clock and this browser's, milliseconds; set from what the box sends. */
export const clockOffsetMs = signal(0);
/** The box's wall clock, one step a second while anything shows it. */
export const nowMs = signal(Date.now());

let watchers = 0;
let ticker: ReturnType<typeof setInterval> | undefined;

/** Keeps `nowMs` ticking while the component is on the page. */
export function useTicking(): number {
  useEffect(() => {
    watchers += 1;
    if (watchers === 1) {
      const tick = (): void => {
        nowMs.value = Date.now() + clockOffsetMs.value;
      };
      tick();
      ticker = setInterval(tick, 1000);
    }
    return () => {
      watchers -= 1;
      if (watchers === 0) clearInterval(ticker);
    };
  }, []);
  return nowMs.value;
}

/** `0:07`, `12:34`, `1:02:03`; negative counts as zero. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Bytes with the unit a person expects. */
export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(language.value, {
    style: 'unit',
    unit: units[unit] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  }).format(value);
}

/** A duration that ticks: since `since` until now. */
export function Elapsed({ since }: { since: number }): VNode {
  const now = useTicking();
  return <span class="elapsed">{formatDuration(now - since)}</span>;
}

function formatter(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language.value, { hourCycle: 'h23', ...options });
}

/** A moment in local time: the clock alone for today, else with the date; the whole with its zone on hover. */
export function Moment({ at, seconds = false }: { at: number; seconds?: boolean }): VNode {
  const date = new Date(at);
  const today = new Date(nowMs.peek()).toDateString() === date.toDateString();
  const clock: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
  };
  const shown = today ? clock : { ...clock, day: 'numeric', month: 'short', ...yearOf(date) };
  const whole = formatter({ dateStyle: 'full', timeStyle: 'long' }).format(date);
  return (
    <time dateTime={date.toISOString()} title={whole}>
      {formatter(shown as Intl.DateTimeFormatOptions).format(date)}
    </time>
  );
}

function yearOf(date: Date): Intl.DateTimeFormatOptions {
  return date.getFullYear() === new Date(nowMs.peek()).getFullYear() ? {} : { year: 'numeric' };
}

/** The clock of the status strip. */
export function WallClock(): VNode {
  const now = useTicking();
  const date = new Date(now);
  const zone = formatter({ timeStyle: 'full' }).format(date);
  return (
    <time dateTime={date.toISOString()} title={zone}>
      {formatter({ hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(date)}
    </time>
  );
}

/** Clock with milliseconds, for traces and SIP. */
export function formatPrecise(at: number): string {
  return formatter({
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  }).format(new Date(at));
}
