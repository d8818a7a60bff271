/** How bright lamps are through the day, on the clocks of the office. */
import type { LampState } from '../../codec/panel-message.ts';
import { calendarOf } from '../metrics/calendar.ts';
import type { Brightness } from '../settings/lamps.ts';

/** Dimmer than this a lit lamp cannot be told from a dark one. */
const leastBrightness = 8;

/** The light of a moment, and when it may be another. Red is never dimmed: it must be seen. */
export function dimmed(
  hours: readonly Brightness[],
  timeZone: string,
  at: number,
): { of: (state: LampState) => LampState; changesAt?: number } {
  if (hours.length === 0) return { of: (state) => state };
  const calendar = calendarOf(timeZone);
  const percent = percentAt(hours, calendar.hourAt(at));
  return {
    of: (state) =>
      state.colour === 'red' || state.colour === 'off' || percent === 100
        ? state
        : { ...state, brightness: Math.max(leastBrightness, Math.round((state.brightness * percent) / 100)) },
    changesAt: calendar.intervalAt(at, 'hour').endAt,
  };
}

/** What was said last before this hour; before the first of a day what was said last on the day before. */
export function percentAt(hours: readonly Brightness[], hour: number): number {
  const since = ({ fromHour }: Brightness): number => (hour - fromHour + 24) % 24;
  return hours.reduce(
    (last, one) => (since(one) < since(last) ? one : last),
    hours[0] ?? { fromHour: 0, percent: 100 },
  ).percent;
}
